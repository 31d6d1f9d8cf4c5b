//! The store against real databases: SQLite always, PostgreSQL when `PAYPLUS_TEST_POSTGRES` holds the URL of a superuser
//! (`cargo xtask postgres` prints one). Every test begins in a [`world::World`] and ends with an audit of what it left.

#![allow(clippy::unwrap_used)]

mod applications;
mod city;
mod codes;
mod enrolling;
mod finding;
mod histories;
mod history_search;
mod listening;
mod merchants;
mod missed;
mod notices;
mod outbox;
mod partners;
mod people;
mod pins;
mod pruning;
mod push;
mod rooms;
mod sale_days;
mod sales;
mod sessions;
mod settling;
mod staffing;
mod statements;
mod takings;
mod till;
mod upgrading;
mod wallets;
mod world;
