//! The city's console: operators, plans, what becomes of them, and the log of it all.

mod audit_log;
mod entering;
mod kinds;
mod plans;

use crate::world::World;
use domain::operator::{Login, Roles};
use domain::totp::{TotpSecret, step_at};
use domain::{OperatorId, Timestamp};
use store::{Entered, NewOperator, OperatorProof, Store, Token};

pub const PASSWORD: &str = "correct horse battery staple";

/// An operator with what it takes to sign in.
pub struct Operator {
    pub id: OperatorId,
    pub login: Login,
    pub totp: TotpSecret,
}

impl Operator {
    pub fn code(&self, now: Timestamp) -> String {
        self.totp.code(step_at(now))
    }

    /// Password given; the code is next.
    pub async fn entry(&self, world: &World, password: &str, now: Timestamp) -> Token {
        let address = format!("198.51.100.{}", world.next());
        world.store.begin_entry(self.login.as_str(), password, &address, now).await.unwrap().unwrap()
    }

    pub async fn enters(&self, world: &World, now: Timestamp) -> Token {
        let entry = self.entry(world, PASSWORD, now).await;
        entered(finish(&world.store, world, &entry, &self.code(now), now).await)
    }

    /// Signed in.
    pub async fn proof(&self, world: &World) -> OperatorProof {
        let token = self.enters(world, world.now).await;
        world.store.operator(&token, world.now).await.unwrap().unwrap()
    }
}

pub async fn finish(store: &Store, world: &World, entry: &Token, code: &str, now: Timestamp) -> Entered {
    store.finish_entry(entry, code, &format!("203.0.113.{}", world.next()), now).await.unwrap()
}

#[track_caller]
pub fn entered(entered: Entered) -> Token {
    match entered {
        Entered::In(token) => token,
        other => panic!("{other:?}"),
    }
}

pub async fn operator(world: &World, roles: &str) -> Operator {
    let number = world.next();
    let login = Login::parse(&format!("operator{number}")).unwrap();
    let mut secret = [7; 20];
    secret[0] = u8::try_from(number).unwrap();
    let totp = TotpSecret::new(secret);
    let new = NewOperator {
        login: &login,
        name: &format!("담당 {number}"),
        password: PASSWORD,
        totp: &totp,
        roles: Roles::parse(roles).unwrap(),
    };
    let id = world.store.make_operator(&new, world.now).await.unwrap();
    Operator { id, login, totp }
}

pub async fn signed_in(world: &World, roles: &str) -> OperatorProof {
    operator(world, roles).await.proof(world).await
}
