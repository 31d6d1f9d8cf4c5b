//! The services outside: bank, identity verification, tax service. The server has one HTTP adapter for each; the sandbox plays the
//! other end. (SMS leaves through the outbox, so no page calls it.)

use domain::application::{BusinessState, WonCode};
use domain::business_number::BusinessNumber;
use domain::buying::BankSays;
use domain::calendar::Day;
use domain::phone::Phone;
use domain::{PayoutCheckId, PayoutTryId, PurchaseId, RefundId, Won};
use jiff::civil::Date;
use std::pin::Pin;
use store::BankLine;

/// What an adapter promises: an answer, some time.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The service did not answer, or not in words that we know. What it did is not known.
#[derive(Debug, thiserror::Error)]
#[error("{service} did not answer: {why}")]
pub struct NoAnswer {
    pub service: &'static str,
    pub why: String,
}

/// A bank account of a citizen, as the bank names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Opaque; goes into debits and credits.
    pub token: String,
    /// "신한 ***6789"
    pub masked: String,
}

/// Debits and credits are idempotent by the id of the purchase or refund: sending one again moves nothing twice.
pub trait Bank: Send + Sync {
    /// Is this the holder's account? `None`: no such account, or somebody else's.
    fn verify<'a>(&'a self, bank: &'a str, number: &'a str, holder: &'a str) -> Answer<'a, Result<Option<Account>, NoAnswer>>;
    /// Takes `paid` from the account. No answer is [`BankSays::Unclear`].
    fn debit<'a>(&'a self, id: PurchaseId, account: &'a str, paid: Won) -> Answer<'a, BankSays>;
    /// Gives a late debit back.
    fn credit<'a>(&'a self, id: PurchaseId, account: &'a str, paid: Won) -> Answer<'a, BankSays>;
    /// Pays what a lot gives back.
    fn refund<'a>(&'a self, id: RefundId, account: &'a str, back: Won) -> Answer<'a, BankSays>;
    /// One won to an account, the code in the sender's name. Idempotent by its id, as all that the bank is told.
    fn send_one_won<'a>(&'a self, id: PayoutCheckId, account: &'a str, code: WonCode) -> Answer<'a, BankSays>;
    /// What became of a debit?
    fn inquire_debit(&self, id: PurchaseId) -> Answer<'_, BankSays>;
    /// What became of a credit?
    fn inquire_credit(&self, id: PurchaseId) -> Answer<'_, BankSays>;
    /// Pays a shop for a day. Idempotent by the id of the try: sent again it moves nothing twice.
    fn pay_out<'a>(&'a self, id: PayoutTryId, account: &'a str, amount: Won, day: Day) -> Answer<'a, BankSays>;
    /// What became of it?
    fn inquire_payout(&self, id: PayoutTryId) -> Answer<'_, BankSays>;
    /// Money that moved, oldest first, from the first number above `after`. None: that was all.
    fn lines(&self, after: i64) -> Answer<'_, Result<Vec<BankLine>, NoAnswer>>;
}

/// A person as the provider confirmed.
#[derive(Clone)]
pub struct Verified {
    pub name: String,
    pub birth_date: Date,
    /// Connecting information: the same for the same human, whatever the phone.
    pub ci: String,
}

pub trait Identity: Send + Sync {
    /// `None`: the provider does not confirm that name, birth date and phone belong together.
    fn verify<'a>(&'a self, name: &'a str, birth_date: Date, phone: Phone) -> Answer<'a, Result<Option<Verified>, NoAnswer>>;
}

/// The National Tax Service.
pub trait Tax: Send + Sync {
    /// How a business is now.
    fn state(&self, business: BusinessNumber) -> Answer<'_, Result<BusinessState, NoAnswer>>;
}
