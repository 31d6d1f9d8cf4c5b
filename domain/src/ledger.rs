//! The double-entry ledger. Every movement of money is one balanced transfer; nothing is updated or deleted, a
//! correction is a new transfer. The postings are those of the specification's table, one constructor each.

use crate::ids::{EscrowId, KindId, LotId, MerchantId};
use crate::kind::Price;
use crate::settling::Settled;
use crate::spending::Draw;
use crate::won::Won;
use serde::{Deserialize, Serialize};

/// An account, and whose it is. Stored as a number ([`Account::code`]) and the owner's id ([`Account::owner`]).
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Account {
    /// Money that the bank owes us or got from us: citizens' debits, and what shops are paid.
    BankClearing,
    /// What is left of one lot.
    Lot(LotId),
    /// What the city owes a shop. In debit: more was cancelled than the shop has been paid since it was settled last.
    MerchantPayable(MerchantId),
    /// What a shop was settled and the bank has not paid yet.
    PayoutClearing(MerchantId),
    /// What was given and waits for an answer.
    Escrow(EscrowId),
    /// What shops pay for being paid.
    FeeIncome,
    /// What lots of a kind still had when their time was over (낙전), until it is claimed or the city gives it back.
    Breakage(KindId),
    /// The city's money for discounts of one kind.
    DiscountFund(KindId),
    /// Debited after the void, to be paid back.
    LateDebits,
}

impl Account {
    /// Number in the chart of accounts: 1xxx what we are owed, 2xxx what we owe, 4xxx what the city earns, 5xxx what the city spends.
    pub fn code(self) -> i64 {
        match self {
            Account::BankClearing => 1010,
            Account::Lot(_) => 2010,
            Account::MerchantPayable(_) => 2020,
            Account::LateDebits => 2030,
            Account::PayoutClearing(_) => 2040,
            Account::Escrow(_) => 2050,
            Account::FeeIncome => 4010,
            Account::Breakage(_) => 4020,
            Account::DiscountFund(_) => 5010,
        }
    }

    /// Zero for accounts that there is one of.
    pub fn owner(self) -> i64 {
        match self {
            Account::BankClearing | Account::LateDebits | Account::FeeIncome => 0,
            Account::Lot(lot) => lot.0,
            Account::Escrow(gift) => gift.0,
            Account::MerchantPayable(merchant) | Account::PayoutClearing(merchant) => merchant.0,
            Account::Breakage(kind) | Account::DiscountFund(kind) => kind.0,
        }
    }
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Side {
    Debit,
    Credit,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Entry {
    pub account: Account,
    pub side: Side,
    pub amount: Won,
}

impl Entry {
    pub fn debit(account: Account, amount: Won) -> Entry {
        Entry { account, side: Side::Debit, amount }
    }

    pub fn credit(account: Account, amount: Won) -> Entry {
        Entry { account, side: Side::Credit, amount }
    }

    /// As stored: debits positive, credits negative, so that a transfer's entries add up to zero.
    pub fn signed(&self) -> i64 {
        match self.side {
            Side::Debit => self.amount.get(),
            Side::Credit => -self.amount.get(),
        }
    }
}

/// Why a transfer was made.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Cause {
    Buy,
    Pay,
    Cancel,
    LateDebit,
    LateRefund,
    Refund,
    Expire,
    Revive,
    RefundExpired,
    Gift,
    GiftAccepted,
    GiftBack,
    Settle,
    Payout,
}

impl Cause {
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::Buy => "buy",
            Cause::Pay => "pay",
            Cause::Cancel => "cancel",
            Cause::LateDebit => "late_debit",
            Cause::LateRefund => "late_refund",
            Cause::Refund => "refund",
            Cause::Expire => "expire",
            Cause::Revive => "revive",
            Cause::RefundExpired => "refund_expired",
            Cause::Gift => "gift",
            Cause::GiftAccepted => "gift_accepted",
            Cause::GiftBack => "gift_back",
            Cause::Settle => "settle",
            Cause::Payout => "payout",
        }
    }
}

/// A balanced movement. There is no way to hold one that isn't: the fields are private and [`Transfer::new`] checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    cause: Cause,
    entries: Vec<Entry>,
}

/// Debits and credits differ, or there is nothing to move.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a transfer must move something and balance: debits {debits}, credits {credits}")]
pub struct Unbalanced {
    pub debits: i64,
    pub credits: i64,
}

impl Transfer {
    /// Entries of zero are left out (a kind without discount takes nothing from the fund).
    pub fn new(cause: Cause, entries: impl IntoIterator<Item = Entry>) -> Result<Transfer, Unbalanced> {
        let entries: Vec<Entry> = entries.into_iter().filter(|entry| !entry.amount.is_zero()).collect();
        let total = |side| {
            let amounts = entries.iter().filter(|entry| entry.side == side).map(|entry| i128::from(entry.amount.get()));
            amounts.sum::<i128>()
        };
        let (debits, credits) = (total(Side::Debit), total(Side::Credit));
        if entries.is_empty() || debits != credits {
            let clamp = |sum: i128| i64::try_from(sum).unwrap_or(i64::MAX);
            return Err(Unbalanced { debits: clamp(debits), credits: clamp(credits) });
        }
        Ok(Transfer { cause, entries })
    }

    /// Buy: bank clearing and the kind's fund against the new lot.
    pub fn buy(kind: KindId, lot: LotId, price: &Price) -> Result<Transfer, Unbalanced> {
        let entries = [
            Entry::debit(Account::BankClearing, price.paid),
            Entry::debit(Account::DiscountFund(kind), price.fund),
            Entry::credit(Account::Lot(lot), price.face),
        ];
        Transfer::new(Cause::Buy, entries)
    }

    /// Pay: the lots against what the shop is owed.
    pub fn pay(merchant: MerchantId, amount: Won, draws: &[Draw]) -> Result<Transfer, Unbalanced> {
        let lots = draws.iter().map(|draw| Entry::debit(Account::Lot(draw.lot), draw.amount));
        Transfer::new(Cause::Pay, lots.chain([Entry::credit(Account::MerchantPayable(merchant), amount)]))
    }

    /// Cancel: what the shop is owed goes back to the same lots.
    pub fn cancel(merchant: MerchantId, amount: Won, restores: &[Draw]) -> Result<Transfer, Unbalanced> {
        let lots = restores.iter().map(|draw| Entry::credit(Account::Lot(draw.lot), draw.amount));
        Transfer::new(Cause::Cancel, [Entry::debit(Account::MerchantPayable(merchant), amount)].into_iter().chain(lots))
    }

    /// The bank debited after the purchase was voided.
    pub fn late_debit(paid: Won) -> Result<Transfer, Unbalanced> {
        let entries = [Entry::debit(Account::BankClearing, paid), Entry::credit(Account::LateDebits, paid)];
        Transfer::new(Cause::LateDebit, entries)
    }

    /// The late debit went back to the person's account.
    pub fn late_refund(paid: Won) -> Result<Transfer, Unbalanced> {
        let entries = [Entry::debit(Account::LateDebits, paid), Entry::credit(Account::BankClearing, paid)];
        Transfer::new(Cause::LateRefund, entries)
    }

    /// Refund: what is left of a lot against the bank and the kind's fund. The price of a whole lot is what was paid for it.
    pub fn refund(kind: KindId, lot: LotId, price: &Price) -> Result<Transfer, Unbalanced> {
        let entries = [
            Entry::debit(Account::Lot(lot), price.face),
            Entry::credit(Account::BankClearing, price.paid),
            Entry::credit(Account::DiscountFund(kind), price.fund),
        ];
        Transfer::new(Cause::Refund, entries)
    }

    /// A lot expires: what is left of it is breakage.
    pub fn expire(kind: KindId, lot: LotId, left: Won) -> Result<Transfer, Unbalanced> {
        Transfer::new(Cause::Expire, [Entry::debit(Account::Lot(lot), left), Entry::credit(Account::Breakage(kind), left)])
    }

    /// The city lets a lot live on: what had become breakage is the lot's again.
    pub fn revive(kind: KindId, lot: LotId, left: Won) -> Result<Transfer, Unbalanced> {
        Transfer::new(Cause::Revive, [Entry::debit(Account::Breakage(kind), left), Entry::credit(Account::Lot(lot), left)])
    }

    /// Refund of a lot whose time is over: of the breakage, `price` goes to the bank and back to the kind's fund; the rest of it stays.
    pub fn refund_expired(kind: KindId, price: &Price) -> Result<Transfer, Unbalanced> {
        let entries = [
            Entry::debit(Account::Breakage(kind), price.face),
            Entry::credit(Account::BankClearing, price.paid),
            Entry::credit(Account::DiscountFund(kind), price.fund),
        ];
        Transfer::new(Cause::RefundExpired, entries)
    }

    /// Gift sent: the sender's lots against the escrow.
    pub fn gift(escrow: EscrowId, amount: Won, draws: &[Draw]) -> Result<Transfer, Unbalanced> {
        let lots = draws.iter().map(|draw| Entry::debit(Account::Lot(draw.lot), draw.amount));
        Transfer::new(Cause::Gift, lots.chain([Entry::credit(Account::Escrow(escrow), amount)]))
    }

    /// Gift accepted: the escrow against the receiver's lots.
    pub fn gift_accepted(escrow: EscrowId, amount: Won, lots: &[Draw]) -> Result<Transfer, Unbalanced> {
        Transfer::out_of_escrow(Cause::GiftAccepted, escrow, amount, lots)
    }

    /// Gift declined, taken back or returned: the escrow against the lots that it came from.
    pub fn gift_back(escrow: EscrowId, amount: Won, lots: &[Draw]) -> Result<Transfer, Unbalanced> {
        Transfer::out_of_escrow(Cause::GiftBack, escrow, amount, lots)
    }

    fn out_of_escrow(cause: Cause, escrow: EscrowId, amount: Won, lots: &[Draw]) -> Result<Transfer, Unbalanced> {
        let lots = lots.iter().map(|draw| Entry::credit(Account::Lot(draw.lot), draw.amount));
        Transfer::new(cause, [Entry::debit(Account::Escrow(escrow), amount)].into_iter().chain(lots))
    }

    /// Settle a day of a shop: what it is owed against what the bank is to pay, and the fee.
    pub fn settle(merchant: MerchantId, settled: &Settled) -> Result<Transfer, Unbalanced> {
        let taken = settled.taken().unwrap_or_default();
        let entries = [
            Entry::debit(Account::MerchantPayable(merchant), taken),
            Entry::credit(Account::PayoutClearing(merchant), settled.payout),
            Entry::credit(Account::FeeIncome, settled.fee),
        ];
        Transfer::new(Cause::Settle, entries)
    }

    /// The bank has paid a shop.
    pub fn payout(merchant: MerchantId, amount: Won) -> Result<Transfer, Unbalanced> {
        let entries = [Entry::debit(Account::PayoutClearing(merchant), amount), Entry::credit(Account::BankClearing, amount)];
        Transfer::new(Cause::Payout, entries)
    }

    pub fn cause(&self) -> Cause {
        self.cause
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}
