//! Small databases with a short true history, one thing broken at a time. SQLite always; PostgreSQL too when
//! `PAYPLUS_TEST_POSTGRES` holds the URL of a superuser.

#![allow(clippy::unwrap_used)]

mod bank;
mod breaking;
mod breaking_expired;
mod breaking_gifted;
mod database;
mod history;
mod kinds;
mod reading;
