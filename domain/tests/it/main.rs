//! One binary for all tests of the rules; a file for each noun.
#![allow(clippy::unwrap_used)]

mod amount_input;
mod business_number;
mod buying;
mod calendar;
mod ids;
mod kind;
mod ledger;
mod merchant_number;
mod notice;
mod operator;
mod partner;
mod paying;
mod phone;
mod pin;
mod plan;
mod qr;
mod room;
mod sale;
mod spoken;
mod totp;
mod won;
