//! Refunds: the lots of a kind with what each would give back ([`lots`]), the page that asks for the PIN ([`page`]), the bank's part
//! ([`bank`]), and the page that follows a refund to its end ([`following`]).

#[cfg(feature = "ssr")]
pub mod bank;
pub mod calls;
mod following;
mod lots;
mod page;

use crate::words::{lang, money, words};
use domain::Won;
use domain::kind::Price;
use domain::refunding::given_up;

pub use following::RefundPage;
pub use lots::LotsPage;
pub(crate) use lots::lot_title;
pub use page::AskRefundPage;

/// What a lot gives up, and where each part of it goes. `kept`: its time was over.
fn parts(price: &Price, kept: Option<Won>) -> Vec<(String, String)> {
    let (lang, t) = (lang(), &words().refund);
    let given_up = given_up(price, kept).unwrap_or(Won::MAX);
    let mut parts = vec![(t.given_up, given_up), (t.to_account, price.paid), (t.to_city, price.fund)];
    parts.extend(kept.map(|kept| (t.kept, kept)));
    parts.into_iter().map(|(name, won)| (name.to_owned(), money(lang, won))).collect()
}
