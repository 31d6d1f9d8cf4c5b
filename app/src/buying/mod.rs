//! Buying: what is on sale for whoever looks ([`offer`]), the counter where an amount is chosen and the PIN is given
//! ([`page`]), the bank's part ([`bank`]), and the page that follows a purchase to its receipt ([`following`]),
//! which can be printed and sent on ([`slip`]) and says what was given back of it ([`given_back`]).

#[cfg(feature = "ssr")]
pub mod bank;
pub mod calls;
pub(crate) mod choosing;
mod following;
mod form;
mod given_back;
pub mod offer;
mod page;
mod slip;

pub use following::PurchasePage;
pub use page::BuyPage;
