//! What Pay+ remembers. SQL is written here and nowhere else; each public function is one transaction.
//!
//! - [`Store`] opens SQLite or PostgreSQL by its URL and migrates it. Reads and ordinary writes (people, sessions, shops)
//!   are portable SQL, written once, through sqlx's `Any`.
//! - [`till`] moves money. Nothing else writes to pools, allowances, lots, the ledger or notices.
//!
//! The way a purchase takes: [`till::Till::reserve`] -> the bank, outside of any transaction -> [`till::Till::settle`].

mod clock;
mod columns;
mod db;
mod error;
mod flake;
mod keys;
pub mod till;

pub use clock::millis;
pub use db::{Engine, Store};
pub use error::{Error, Result};
pub use keys::Keys;
