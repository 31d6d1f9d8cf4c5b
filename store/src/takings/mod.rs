//! A shop's takings: what a month brought is read from sums by the hour (`look`), a payment is found in the shop's own numbered notices
//! (`list`). The sums are made of the notices by a job (`tally`), each notice once, since the shop's tally remembers the last
//! one that was counted. What the job has not counted yet is added by whoever reads (`growth` is both), so figures are never behind.
//!
//! Nothing here is on the way of a payment: the till writes notices as it always did, and no index of theirs was added.

mod growth;
mod list;
mod look;
mod settled;
mod tally;

pub use list::{Page, ShopPayments};
pub use tally::Tallied;
