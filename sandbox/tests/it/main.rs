//! The sandbox seen from outside. `ask` calls the router directly, so that tests may stop the clock; `wire` uses a real socket where the line itself matters.

#![allow(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

mod ask;
mod bank;
mod faults;
mod identity;
mod journal;
mod magic;
mod pages;
mod push;
mod serving;
mod sms;
mod tax;
mod wire;
