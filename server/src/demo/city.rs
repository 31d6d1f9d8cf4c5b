//! The city's operators of the demo: three, so that a plan can be written by one and released by another.

use super::DemoError;
use app::city::demo::{OPERATORS, PASSWORD};
use domain::Timestamp;
use domain::operator::{Login, Roles};
use std::fmt::Write;
use store::{NewOperator, Store};

pub async fn operators(store: &Store) -> Result<(), DemoError> {
    for operator in &OPERATORS {
        let login = Login::parse(operator.login).ok_or(DemoError::Odd("no login"))?;
        if store.has_operator(&login).await? {
            continue;
        }
        let roles = Roles::parse(operator.roles).ok_or(DemoError::Odd("no roles"))?;
        let new = NewOperator { login: &login, name: operator.name, password: PASSWORD, totp: &operator.totp, roles };
        store.make_operator(&new, Timestamp::now()).await?;
    }
    Ok(())
}

/// How to sign in at the console.
pub fn told() -> String {
    let mut text = format!(
        "\n시 콘솔 /city\n  비밀번호는 모두 {PASSWORD} 이고, 인증 코드는 /city/start 에 보여요 (또는 인증 앱에 아래 비밀 값).\n  \
         Every password is {PASSWORD}; the codes are shown at /city/start (or add the secret below to an app).\n"
    );
    for operator in &OPERATORS {
        // Writing to a string can't fail.
        let _ = writeln!(text, "  {}  {} ({})  {}", operator.login, operator.name, operator.roles, operator.totp.uri(operator.login));
    }
    text
}
