//! The store against real databases: SQLite always, PostgreSQL when `PAYPLUS_TEST_POSTGRES` holds the URL of a superuser
//! (`cargo xtask postgres` prints one). Every test begins in a [`world::World`] and ends with an audit of what it left.

#![allow(clippy::unwrap_used)]

mod city;
mod codes;
mod enrolling;
mod histories;
mod merchants;
mod notices;
mod outbox;
mod partners;
mod people;
mod pins;
mod pruning;
mod rooms;
mod sale_days;
mod sales;
mod sessions;
mod till;
mod upgrading;
mod wallets;
mod world;
