//! People and shops that are made instead of signing up: the crowd of the demo and of measurements. Nobody sent them a code or verified
//! them, and no page or job comes here.

mod shops;

use crate::db::Store;
use crate::error::Result;
use crate::keys::Purpose;
use crate::people::Bank;
use crate::row;
use crate::sessions::SESSION_LIFE_MS;
use crate::tokens::{Token, TokenOf};
use domain::pin::Pin;
use domain::{PersonId, Timestamp};

/// Rows in one statement.
const AT_ONCE: usize = 500;
/// Their phones begin with it; seven digits follow.
const PREFIX: &str = "0107";
const BORN: [i64; 2] = [19_900_101, 19_910_101];

impl Store {
    /// So many new members with one PIN and one bank account, every other one born in an odd year.
    pub async fn seed_members(&self, count: u32, pin: &Pin, bank: &Bank, now: Timestamp) -> Result<Vec<PersonId>> {
        let mut write = self.write().await?;
        let select = sqlx::query("SELECT COUNT(*) AS made FROM member WHERE phone LIKE $1").bind(format!("{PREFIX}%"));
        let made = row::int(&select.fetch_one(write.tx()).await?, "made")?;
        let salt = [0; 16];
        let hash = self.pin_hash(&salt, pin);
        let numbers: Vec<i64> = (made..made + i64::from(count)).collect();
        let mut people = Vec::with_capacity(numbers.len());
        for some in numbers.chunks(AT_ONCE) {
            let ids: Vec<(i64, i64)> = some.iter().map(|number| (self.next_id(now), *number)).collect();
            let sql = format!("INSERT INTO person (id, person_key, name, birth_date, created_at) VALUES {}", row::lists(1, ids.len(), 5));
            let insert = ids.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, (id, number)| {
                let key = self.keys().hash(Purpose::PersonKey, &[b"seeded", &number.to_be_bytes()]);
                let born = BORN[usize::from(number % 2 == 1)];
                query.bind(*id).bind(key.to_vec()).bind(format!("모의 시민 {number}")).bind(born).bind(crate::millis(now))
            });
            insert.execute(write.tx()).await?;
            let sql = format!(
                "INSERT INTO member (person_id, phone, pin_salt, pin_hash, bank_account, bank_masked, created_at) VALUES {}",
                row::lists(1, ids.len(), 7)
            );
            let insert = ids.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, (id, number)| {
                let query = query.bind(*id).bind(format!("{PREFIX}{number:07}")).bind(salt.to_vec()).bind(hash.clone());
                query.bind(bank.account.clone()).bind(bank.masked.clone()).bind(crate::millis(now))
            });
            insert.execute(write.tx()).await?;
            people.extend(ids.iter().map(|(id, _)| PersonId(*id)));
        }
        write.commit().await?;
        Ok(people)
    }

    /// A session for each, as if they had signed in. In the order of the list.
    pub async fn seed_sessions(&self, people: &[PersonId], now: Timestamp) -> Result<Vec<Token>> {
        let mut write = self.write().await?;
        let (mut tokens, now_ms) = (Vec::with_capacity(people.len()), crate::millis(now));
        for some in people.chunks(AT_ONCE) {
            let sql = format!(
                "INSERT INTO session (id, token_hash, person_id, device, created_at, seen_at, expires_at) VALUES {}",
                row::lists(1, some.len(), 7)
            );
            let insert = some.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, person| {
                let token = Token::random();
                let query = query.bind(self.next_id(now)).bind(token.hash(self.keys(), TokenOf::Session)).bind(person.0);
                tokens.push(token);
                query.bind("").bind(now_ms).bind(now_ms).bind(now_ms + SESSION_LIFE_MS)
            });
            insert.execute(write.tx()).await?;
        }
        write.commit().await?;
        Ok(tokens)
    }
}
