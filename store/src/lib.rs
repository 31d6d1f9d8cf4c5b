//! What Pay+ remembers. SQL is written here and nowhere else; each public function is one transaction.
//!
//! - [`Store`] opens SQLite or PostgreSQL by its URL and migrates it. Reads and ordinary writes (people, sessions, shops)
//!   are portable SQL, written once, through sqlx's `Any`.
//! - [`till`] moves money. Nothing else writes to pools, allowances, lots, the ledger or notices.
//! - `partners` are other doors to the same till: keys, whom they brought, caps, webhooks.
//! - What somebody has proven is a value with a private field: [`PhoneProof`] by a code, [`PinProof`] by the PIN, [`StaffProof`] by a
//!   role, [`OperatorProof`] by a sign-in at the city's console. What needs the proof takes the value.
//! - Guesses are counted before they are answered, and limited by [`Limits`].
//! - An effect on the outside is a row of the [`Outbox`], written in the transaction of its cause.
//!
//! The way a purchase takes: [`till::Till::reserve`] -> the bank, outside of any transaction -> [`till::Till::settle`].

mod buying;
mod city;
mod clock;
mod codes;
mod columns;
mod db;
mod devices;
mod due;
mod enrolling;
mod error;
mod flake;
mod gather;
mod history;
mod keys;
mod left_over;
mod limits;
mod lot_list;
mod merchants;
mod notices;
mod outbox;
mod pace;
mod partners;
mod paying;
mod payments;
mod people;
mod pins;
mod plain;
mod pruning;
mod purchases;
mod rooms;
mod row;
mod sales;
mod sealed;
mod seeding;
mod sessions;
mod staff;
mod suspensions;
#[cfg(feature = "testing")]
mod testing;
pub mod till;
mod tokens;
mod wallet;
mod wire;

pub use buying::{Debit, Order};
pub use city::{Action, Chain, Entered, LogEntry, NewOperator, OperatorProof, PlanRow};
pub use clock::millis;
pub use codes::{CodeChecked, CodeRefused, CodeSent, PhoneProof, SMS};
pub use db::{Engine, Store};
pub use due::Due;
pub use enrolling::{Enrolment, EnrolmentRefused, Identity};
pub use error::{Error, Result};
pub use history::{HistoryRow, Mark, MonthTotals, NotAMark};
pub use keys::Keys;
pub use limits::{Limit, Limits};
pub use merchants::NewMerchant;
pub use notices::DayTotal;
pub use outbox::{AfterFailure, Depth, Effect, Outbox};
pub use pace::Pace;
pub use partners::{
    AfterTry, By, CapRow, Customer, CustomerRef, KeyProof, KeyRefused, KeyRow, NewKey, NewPartner, PartnerRow, ThroughPartner, Told, Tried,
    Webhook, WebhookSecret,
};
pub use paying::Bill;
pub use payments::Viewer;
pub use people::{Bank, Language, Member, TextSize};
pub use pins::{PinChecked, PinProof};
pub use rooms::{AdmissionRow, Joining, RoomRow, TicketRow};
pub use sales::{NewKind, NewSale, NewWindow, SaleView};
pub use sessions::{SESSION_LIFE_MS, Session};
pub use staff::StaffProof;
pub use tokens::Token;
pub use wallet::Wallet;
pub use wire::{Hearing, News, Telling};
