//! What the bank remembers: every debit and credit by its id, and the order in which money moved.
//!
//! The id decides: the first request under an id is carried out or refused, every later one with the same body gets the first
//! answer, one with another body is refused. Debits and credits have id spaces of their own.

use std::collections::HashMap;
use std::path::Path;
use std::{fmt, io};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::faults::Turn;
use crate::journal::Journal;

/// Orders remembered, debits and credits together. Twice what the largest sale we test needs; about 300 MB.
const ORDERS_MAX: usize = 1_000_000;
/// Largest single order; above it the bank rejects with `limit`.
const AMOUNT_MAX_WON: i64 = 10_000_000_000;
/// Transactions in one answer.
const PAGE_MAX: usize = 1_000;
const ACCOUNT_MAX_BYTES: usize = 64;
const MEMO_MAX_BYTES: usize = 400;

/// Which way the money goes: a debit takes it from the citizen, a credit gives it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Debit,
    Credit,
}

/// Why the bank rejects an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    #[default]
    InsufficientFunds,
    AccountClosed,
    Limit,
}

/// A UUID chosen by the caller, written 8-4-4-4-12 in lower case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrderId([u8; 16]);

impl OrderId {
    /// Reads 32 hexadecimal digits with dashes after the 8th, 12th, 16th and 20th.
    pub fn parse(text: &str) -> Option<Self> {
        let dashes_fit = text.len() == 36 && text.bytes().enumerate().all(|(at, byte)| (byte == b'-') == matches!(at, 8 | 13 | 18 | 23));
        let mut bytes = [0; 16];
        hex::decode_to_slice(dashes_fit.then(|| text.replace('-', ""))?, &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = hex::encode(self.0);
        write!(f, "{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..])
    }
}

impl fmt::Debug for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for OrderId {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("id: a UUID is expected")
    }
}

impl From<OrderId> for String {
    fn from(id: OrderId) -> Self {
        id.to_string()
    }
}

/// A debit or credit as asked for: `{"id","account","amount_won","memo"}`, `memo` optional.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawOrder")]
pub(crate) struct Order {
    pub id: OrderId,
    pub account: String,
    pub amount_won: i64,
    pub memo: String,
}

#[derive(Deserialize)]
struct RawOrder {
    id: OrderId,
    account: String,
    amount_won: i64,
    #[serde(default)]
    memo: String,
}

impl TryFrom<RawOrder> for Order {
    type Error = &'static str;

    fn try_from(raw: RawOrder) -> Result<Self, Self::Error> {
        let RawOrder { id, account, amount_won, memo } = raw;
        if account.is_empty() || account.len() > ACCOUNT_MAX_BYTES || !account.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("account: 1 to 64 visible ASCII characters are expected");
        }
        if amount_won <= 0 {
            return Err("amount_won: a positive amount is expected");
        }
        if memo.len() > MEMO_MAX_BYTES {
            return Err("memo: at most 400 bytes");
        }
        Ok(Self { id, account, amount_won, memo })
    }
}

/// How far an order has come. `seq` counts from 1 over debits and credits together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub(crate) enum State {
    Pending,
    Done { seq: u64, at: Timestamp },
    Rejected { reason: Reason, at: Timestamp },
}

/// A line of the journal: an order that was decided.
#[derive(Serialize, Deserialize)]
pub(crate) struct Record {
    kind: Kind,
    #[serde(flatten)]
    order: Order,
    #[serde(flatten)]
    state: State,
}

/// Money that moved: one line of `GET /bank/v1/transactions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// From 1, without gaps, debits and credits together.
    pub seq: u64,
    pub kind: Kind,
    pub id: OrderId,
    pub amount_won: i64,
    pub account: String,
    pub memo: String,
    pub at: Timestamp,
}

/// Totals since the first transaction: `GET /bank/v1/balance`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    pub debits: u64,
    pub credits: u64,
    pub debited_won: i64,
    pub credited_won: i64,
    /// Debited less credited.
    pub net_won: i64,
    /// Sequence number of the newest transaction, 0 before the first.
    pub last_seq: u64,
    /// Requests answered from memory because their id was known, since the start of the process.
    pub replays: u64,
}

/// Why an order was not even rejected.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The id belongs to an order with another body.
    IdReused,
    /// As many orders as we remember.
    Full,
    Journal(io::Error),
}

#[derive(Default)]
pub(crate) struct Ledger {
    debits: HashMap<OrderId, (Order, State)>,
    credits: HashMap<OrderId, (Order, State)>,
    done: Vec<(Kind, OrderId)>,
    credits_done: u64,
    debited_won: i64,
    credited_won: i64,
    replays: u64,
    journal: Option<Journal>,
}

impl Ledger {
    pub(crate) fn from_journal(path: &Path) -> io::Result<Self> {
        let mut ledger = Self::default();
        let journal = Journal::open(path, |record| {
            let known = ledger.find(record.kind, record.order.id).is_some();
            let in_order = match record.state {
                State::Pending => false,
                State::Done { seq, .. } => seq == ledger.next_seq(),
                State::Rejected { .. } => true,
            };
            if known || !in_order {
                return Err(io::Error::new(io::ErrorKind::InvalidData, format!("the journal contradicts itself at {}", record.order.id)));
            }
            ledger.remember(record);
            Ok(())
        })?;
        ledger.journal = Some(journal);
        Ok(ledger)
    }

    /// Carries an order out, or answers it as its id was answered before.
    pub(crate) fn submit(&mut self, kind: Kind, order: &Order, turn: Turn, now: Timestamp) -> Result<State, Trouble> {
        match self.find(kind, order.id) {
            Some((known, _)) if known != order => return Err(Trouble::IdReused),
            Some((_, State::Pending)) if turn == Turn::Due => {}
            Some((_, state)) => {
                let state = *state;
                self.replays += u64::from(turn != Turn::Due);
                return Ok(state);
            }
            None if self.debits.len() + self.credits.len() >= ORDERS_MAX => return Err(Trouble::Full),
            None => {}
        }
        let state = match turn {
            Turn::Later => State::Pending,
            Turn::Refuse(reason) => State::Rejected { reason, at: now },
            Turn::Now | Turn::Due if order.amount_won > AMOUNT_MAX_WON => State::Rejected { reason: Reason::Limit, at: now },
            Turn::Now | Turn::Due => State::Done { seq: self.next_seq(), at: now },
        };
        let record = Record { kind, order: order.clone(), state };
        if let Some(journal) = &mut self.journal
            && state != State::Pending
        {
            journal.append(&record).map_err(Trouble::Journal)?;
        }
        self.remember(record);
        Ok(state)
    }

    pub(crate) fn find(&self, kind: Kind, id: OrderId) -> Option<&(Order, State)> {
        match kind {
            Kind::Debit => self.debits.get(&id),
            Kind::Credit => self.credits.get(&id),
        }
    }

    pub(crate) fn transactions(&self, after: u64) -> Vec<Transaction> {
        let skip = usize::try_from(after).unwrap_or(usize::MAX);
        self.done.iter().skip(skip).take(PAGE_MAX).filter_map(|&(kind, id)| self.transaction(kind, id)).collect()
    }

    pub(crate) fn balance(&self) -> Balance {
        let last_seq = self.next_seq() - 1;
        Balance {
            debits: last_seq - self.credits_done,
            credits: self.credits_done,
            debited_won: self.debited_won,
            credited_won: self.credited_won,
            net_won: self.debited_won - self.credited_won,
            last_seq,
            replays: self.replays,
        }
    }

    fn next_seq(&self) -> u64 {
        self.done.len() as u64 + 1
    }

    fn transaction(&self, kind: Kind, id: OrderId) -> Option<Transaction> {
        let (order, State::Done { seq, at }) = self.find(kind, id)? else { return None };
        let Order { id, account, amount_won, memo } = order.clone();
        Some(Transaction { seq: *seq, kind, id, amount_won, account, memo, at: *at })
    }

    /// The only place that changes the memory. The sums stay far inside `i64`: `ORDERS_MAX * AMOUNT_MAX_WON` is 10^16.
    fn remember(&mut self, Record { kind, order, state }: Record) {
        if let State::Done { .. } = state {
            self.done.push((kind, order.id));
            match kind {
                Kind::Debit => self.debited_won += order.amount_won,
                Kind::Credit => {
                    self.credited_won += order.amount_won;
                    self.credits_done += 1;
                }
            }
        }
        let orders = match kind {
            Kind::Debit => &mut self.debits,
            Kind::Credit => &mut self.credits,
        };
        orders.insert(order.id, (order, state));
    }
}
