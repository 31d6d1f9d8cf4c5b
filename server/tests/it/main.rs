//! Journeys: what people do, over HTTP, against a server of this process and a sandbox that plays bank, identity provider and SMS
//! gateway. Each runs on SQLite and on PostgreSQL (`PAYPLUS_TEST_POSTGRES`) and ends with an audit of database and bank.

#![allow(clippy::unwrap_used, reason = "a test that can't go on should stop there")]

mod applications;
mod at_the_door;
mod attacks;
mod bad_input;
mod bank;
mod browser;
mod buying;
mod cancelling;
mod city;
mod cluster;
mod configuring;
mod crash;
mod demo;
mod expiring;
mod faults;
mod finding;
mod gifting;
mod histories;
mod kinds;
mod leaving;
mod listening;
mod matrix;
mod nodes;
mod notices;
mod partners;
mod paying;
mod process;
mod pushing;
mod refunding;
mod screen_codes;
mod settling;
mod shedding;
mod signing_up;
mod staffing;
mod statements;
mod takings;
mod waiting;
mod watching;
mod without_javascript;
mod world;
