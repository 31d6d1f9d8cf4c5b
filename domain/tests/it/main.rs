//! One binary for all tests of the rules; a file for each noun.
#![allow(clippy::unwrap_used)]

mod amount_input;
mod business_number;
mod merchant_number;
mod phone;
mod pin;
mod qr;
mod spoken;
