//! One binary for all tests of the rules; a file for each noun.
#![allow(clippy::unwrap_used)]

mod amount_input;
mod application;
mod business_days;
mod business_number;
mod buying;
mod calendar;
mod cancelling;
mod category;
mod csv;
mod finding;
mod ids;
mod kind;
mod ledger;
mod listening;
mod merchant_number;
mod missed;
mod notice;
mod operator;
mod partner;
mod payer_code;
mod paying;
mod phone;
mod pin;
mod plan;
mod push;
mod qr;
mod refunding;
mod room;
mod sale;
mod settling;
mod spoken;
mod staff;
mod takings;
mod totp;
mod won;
