//! An empty database filled with people, shops and sales to try Pay+ with. Everything comes about as it would in life: people sign
//! up with a code that the sandbox's inbox received, verify themselves, link an account; vouchers are bought through the bank
//! and the till. Nothing here can do what people can't, but open the first shops and sales without the city.
//!
//! Each step looks first whether its work is there, so a start that broke off goes on at the next.

mod cast;
mod city;
pub(crate) mod crowd;
mod history;
mod partners;
mod selling;
mod shops;
mod signing_up;
mod waiting;

use app::web::Services;
use cast::{CASHIER, CITIZEN, LONG_AGO, NEW_CITIZEN, OF_OTHER_OWNER, OF_OWNER, OTHER_OWNER, OWNER, PIN};
use domain::Timestamp;
use domain::merchant_number::MerchantNumber;
use std::fmt::Write;
use std::path::Path;

/// Why the demo is not there.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Outside(#[from] app::outside::NoAnswer),
    #[error("the sandbox's inbox can't be read: {0}")]
    Inbox(#[from] reqwest::Error),
    #[error("a partner: {0}")]
    Partner(#[from] crate::partner::manage::NotDone),
    #[error("{0}")]
    Odd(&'static str),
    #[error("demo.txt: {0}")]
    File(#[from] std::io::Error),
}

/// Makes what is missing, with so many more shops, and writes `demo.txt` into the data folder.
pub async fn set_up(services: &Services, data_dir: &Path, shops: u32) -> Result<(), DemoError> {
    let sandbox = services.sandbox.as_deref().ok_or(DemoError::Odd("a demo needs a sandbox"))?;
    let citizen = signing_up::member(services, sandbox, &CITIZEN).await?;
    signing_up::member(services, sandbox, &NEW_CITIZEN).await?;
    let long_ago = signing_up::member(services, sandbox, &LONG_AGO).await?;
    let owner = signing_up::member(services, sandbox, &OWNER).await?;
    let cashier = signing_up::member(services, sandbox, &CASHIER).await?;
    let other_owner = signing_up::member(services, sandbox, &OTHER_OWNER).await?;
    for shop in &OF_OWNER {
        shops::open(services, shop, owner, &OWNER).await?;
    }
    for shop in &OF_OTHER_OWNER {
        shops::open(services, shop, other_owner, &OTHER_OWNER).await?;
    }
    shops::hire(services, &cast::CAFE, owner, cashier).await?;
    shops::crowd(services, shops, &OTHER_OWNER).await?;
    let told_before = std::fs::read_to_string(data_dir.join("demo.txt")).unwrap_or_default();
    let partners = partners::make(services, &told_before).await?;
    selling::sales(services, &partners, Timestamp::now()).await?;
    selling::life_of(services, citizen).await?;
    history::make(services, sandbox, Timestamp::now()).await?;
    history::long_ago(services, long_ago, Timestamp::now()).await?;
    waiting::sign_up(services, other_owner, &OTHER_OWNER).await?;
    city::operators(&services.store).await?;
    std::fs::write(data_dir.join("demo.txt"), told(sandbox) + &partners::told(&partners))?;
    Ok(())
}

fn number(shop: &cast::Shop) -> Result<MerchantNumber, DemoError> {
    MerchantNumber::from_serial(shop.serial).map_err(|_| DemoError::Odd("a shop's serial is out of range"))
}

/// What `cargo xtask run` prints.
fn told(sandbox: &str) -> String {
    let mut text = format!(
        "둘러보기 (demo)\n  로그인: 휴대폰 번호를 넣고, 인증번호는 {sandbox}/inbox 에서 읽어요. PIN은 모두 {PIN} 이에요.\n  \
         Sign in with a phone below; the code arrives at {sandbox}/inbox; every PIN is {PIN}.\n\n사람\n"
    );
    for person in [&CITIZEN, &NEW_CITIZEN, &LONG_AGO, &OWNER, &CASHIER, &OTHER_OWNER] {
        // Writing to a string can't fail.
        let _ = writeln!(text, "  {}  {}  {}", person.phone, person.name, person.says);
    }
    text.push_str("\n가게\n");
    for shop in OF_OWNER.iter().chain(&OF_OTHER_OWNER) {
        if let Ok(number) = number(shop) {
            let _ = writeln!(text, "  {number}  {} ({})  {}", shop.name, shop.district().ko(), shop.says());
        }
    }
    let _ = writeln!(text, "  {}  승인을 기다려요: 콘솔의 /city/shops 에서 승인해 보세요 (waits for the city)", cast::WAITING.0);
    text.push_str(&city::told());
    text
}
