//! What Pay+ remembers. SQL is written here and nowhere else; each public function is one transaction.
//!
//! - [`Store`] opens SQLite or PostgreSQL by its URL and migrates it. Reads and ordinary writes (people, sessions, shops)
//!   are portable SQL, written once, through sqlx's `Any`.
//! - [`till`] moves money. Nothing else writes to pools, allowances, lots, the ledger or notices.
//! - `settling` closes days, settles shops and follows payouts through the bank. It only appends to the ledger.
//! - `partners` are other doors to the same till: keys, whom they brought, caps, webhooks.
//! - What somebody has proven is a value with a private field: [`PhoneProof`] by a code, [`PinProof`] by the PIN, [`StaffProof`] by a
//!   role, [`OperatorProof`] by a sign-in at the city's console. What needs the proof takes the value.
//! - [`Finder`] holds an index of all open shops in memory, kept fresh from here.
//! - Guesses are counted before they are answered, and limited by [`Limits`].
//! - An effect on the outside is a row of the [`Outbox`], written in the transaction of its cause.
//!
//! The way a purchase takes: [`till::Till::reserve`] -> the bank, outside of any transaction -> [`till::Till::settle`].

mod alerts;
mod applications;
mod buying;
mod cancelling;
mod city;
mod clock;
mod codes;
mod columns;
mod db;
mod devices;
mod due;
mod ears;
mod enrolling;
mod error;
mod expiring;
mod finder;
mod finding;
mod flake;
mod gather;
mod gifts;
mod history;
mod invitations;
mod keys;
mod kinds;
mod left_over;
mod limits;
mod listening;
mod lot_list;
mod merchants;
mod missed;
mod notices;
mod once;
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
mod push;
mod refunds;
mod rooms;
mod row;
mod sales;
mod sealed;
mod seeding;
mod sessions;
mod settling;
mod shop_devices;
mod staff;
mod statement;
mod suspensions;
mod takings;
#[cfg(feature = "testing")]
mod testing;
pub mod till;
mod tokens;
mod tries;
mod wallet;
mod wire;

pub use alerts::AlertSetting;
pub use applications::{Application, OneWon, Photo, Written};
pub use buying::{Debit, Order};
pub use cancelling::{CancelOrder, CancelledPart};
pub use city::{
    Action, Chain, ChangeRow, DecisionRow, Ending, Entered, Extension, GiftSign, LogEntry, NewOperator, OperatorProof, PlanRow, ShopFile,
    ShopLine, Waiver,
};
pub use clock::millis;
pub use codes::{CodeChecked, CodeRefused, CodeSent, PhoneProof, SMS};
pub use db::{Engine, Store};
pub use due::Due;
pub use ears::Ear;
pub use enrolling::{Enrolment, EnrolmentRefused, Identity};
pub use error::{Error, Result};
pub use finder::{Finder, Held, Round};
pub use gifts::{GiftOrder, OpenedGift, SentGift};
pub use history::{HistoryFound, HistoryRow, Mark, MonthTotals, NotAMark};
pub use invitations::{Invitation, InvitationRow};
pub use keys::Keys;
pub use kinds::{DiscountCost, KindRow, KindVersion};
pub use limits::{Limit, Limits};
pub use listening::{Listened, Listening, Speaks};
pub use merchants::NewMerchant;
pub use missed::{Looked, Stretch};
pub use notices::DayTotal;
pub use once::{PaidOnce, PayerCodeState, Scan, Scanned, ShopCode, ShopCodeState, TakenState};
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
pub use push::{PushDevice, PushTarget, Subscription};
pub use refunds::{Credit, RefundOrder};
pub use rooms::{AdmissionRow, Joining, RoomRow, TicketRow};
pub use sales::{NewKind, NewSale, NewWindow, SaleView};
pub use sessions::{SESSION_LIFE_MS, Session};
pub use settling::{
    BankLine, DeskTotals, Difference, Matched, NotPaid, PayoutAct, PayoutOrder, PayoutRow, ReceiptEvent, ReceiptRow, SettlementRow,
    SomeSettled, UnsettledDay, What,
};
pub use shop_devices::{OnDevice, ShopDevice};
pub use staff::{StaffProof, StaffRow};
pub use statement::{StatementLine, StatementPage};
pub use takings::{Page, ShopPayments, Tallied};
pub use tokens::Token;
pub use tries::{Outcome, Try, Way};
pub use wallet::Wallet;
pub use wire::{Hearing, News, Telling};
