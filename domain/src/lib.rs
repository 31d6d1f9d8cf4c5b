//! What is allowed in Pay+, and nothing else.
//!
//! Everything here is a pure function of its arguments: no clock (callers pass `now`), no randomness, no SQL, no
//! async. The same code decides on the server and hints in the browser. Start with [`buying::decide`] and
//! [`paying::decide`]; both give a value that proves the decision, or a [`Refused`] with the figures a person needs.
//! The rules are those of the specification; each item names its paragraph.

pub mod amount_input;
pub mod application;
pub mod birth_date;
pub mod business_days;
pub mod business_number;
pub mod buying;
pub mod calendar;
pub mod cancelling;
pub mod category;
pub mod csv;
pub mod district;
pub mod expiring;
pub mod finding;
pub mod gifting;
pub mod history;
pub mod ids;
pub mod kind;
pub mod ledger;
pub mod listening;
pub mod measures;
pub mod merchant;
pub mod merchant_number;
pub mod missed;
pub mod notice;
pub mod operator;
pub mod partner;
pub mod payer_code;
pub mod paying;
pub mod phone;
pub mod pin;
pub mod plan;
pub mod push;
pub mod qr;
pub mod refunding;
mod refused;
pub mod room;
pub mod sale;
pub mod settling;
pub mod spending;
pub mod spoken;
pub mod staff;
pub mod statement;
pub mod takings;
pub mod totp;
mod typed;
pub mod won;

pub use ids::*;
pub use jiff::Timestamp;
pub use refused::Refused;
pub use won::Won;
