//! Refunds: the lots of a kind with what each would give back ([`lots`]), the page that asks for the PIN ([`page`]), the bank's part
//! ([`bank`]), and the page that follows a refund to its end ([`following`]).

#[cfg(feature = "ssr")]
pub mod bank;
pub mod calls;
mod following;
mod lots;
mod page;

pub use following::RefundPage;
pub use lots::LotsPage;
pub use page::AskRefundPage;
