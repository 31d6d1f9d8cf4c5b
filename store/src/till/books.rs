//! The rows that a batch touches, as they were loaded and as they are now. What differs in the end is the net result.

use crate::lot_list::LotList;
use crate::refunds::Credit;
use domain::buying::{Allowance, BankReason, State, Wish};
use domain::calendar::{Day, Month};
use domain::gifting::{self, Card, Message, Part};
use domain::kind::{BasisPoints, Kind, Percent, Price};
use domain::ledger::{Account, Entry, Transfer};
use domain::merchant::Merchant;
use domain::notice::Notice;
use domain::partner::{Cap, Event};
use domain::paying::{self, Code};
use domain::phone::Phone;
use domain::room::Place;
use domain::sale::{Pool, Window};
use domain::spending::{Draw, Lot};
use domain::{
    CancelId, EscrowId, GiftId, KindId, LotId, MerchantId, OnceId, PartnerId, PaymentId, PersonId, PurchaseId, RefundId, TransferId,
    WindowId, Won, cancelling, refunding,
};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use uuid::Uuid;

/// Rows of one table by key, each as it was loaded (`None`: there was none) and as it is now.
pub(super) struct Table<K, T> {
    rows: HashMap<K, Tracked<T>>,
}

struct Tracked<T> {
    was: Option<T>,
    now: T,
}

/// A row to write.
pub(super) struct Changed<'a, K, T> {
    pub key: K,
    /// `None`: insert.
    pub was: Option<&'a T>,
    pub now: &'a T,
}

impl<K, T> Default for Table<K, T> {
    fn default() -> Self {
        Table { rows: HashMap::new() }
    }
}

impl<K: Copy + Eq + Hash + Ord, T: Clone + PartialEq> Table<K, T> {
    pub(super) fn loaded(&mut self, key: K, row: T) {
        self.rows.insert(key, Tracked { was: Some(row.clone()), now: row });
    }

    pub(super) fn get(&self, key: &K) -> Option<&T> {
        self.rows.get(key).map(|row| &row.now)
    }

    pub(super) fn set(&mut self, key: K, row: T) {
        match self.rows.get_mut(&key) {
            Some(tracked) => tracked.now = row,
            None => {
                self.rows.insert(key, Tracked { was: None, now: row });
            }
        }
    }

    /// As they are now, in no order.
    fn iter(&self) -> impl Iterator<Item = (&K, &T)> {
        self.rows.iter().map(|(key, row)| (key, &row.now))
    }

    /// What has to be written, in key order: locks are taken and indexes grow in that order.
    pub(super) fn changed(&self) -> Vec<Changed<'_, K, T>> {
        let differs = |row: &Tracked<T>| row.was.as_ref() != Some(&row.now);
        let changed = self.rows.iter().filter(|(_, row)| differs(row));
        let mut changed: Vec<_> = changed.map(|(key, row)| Changed { key: *key, was: row.was.as_ref(), now: &row.now }).collect();
        changed.sort_unstable_by_key(|row| row.key);
        changed
    }
}

/// The figures, and the list of the live lots that they are made of.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct AllowanceRow {
    pub allowance: Allowance,
    pub lots: LotList,
}

impl Default for AllowanceRow {
    fn default() -> AllowanceRow {
        AllowanceRow { allowance: Allowance::NONE, lots: LotList::default() }
    }
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct PurchaseRow {
    pub person: PersonId,
    pub window: WindowId,
    pub kind: KindId,
    /// Of its kind: its lot gets the terms of it, whatever the kind says by then.
    pub kind_version: i64,
    pub price: Price,
    pub discount: BasisPoints,
    /// The id of its lot, which is there once it is posted.
    pub lot: LotId,
    pub month: Month,
    pub state: State,
    pub reason: Option<BankReason>,
    pub account: String,
    pub created_ms: i64,
    pub decided_ms: Option<i64>,
    pub check_ms: Option<i64>,
    pub checks: i64,
    /// Of the pass it was made with.
    pub place: Option<Place>,
    /// Through whose app; `None`: our own.
    pub partner: Option<PartnerId>,
}

impl PurchaseRow {
    pub(super) fn answers(&self, wish: &Wish) -> bool {
        self.person == wish.person && self.window == wish.window && self.price.face == wish.face && self.partner == wish.partner
    }
}

/// What a version of a kind gives to a lot, but for the price, which stands in the purchase.
#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) struct LotTerms {
    pub validity_years: u8,
    pub refund_from: Percent,
}

impl LotTerms {
    /// Those that apply now.
    pub(super) fn of(kind: &Kind) -> LotTerms {
        LotTerms { validity_years: kind.validity_years, refund_from: kind.refund_from }
    }
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct LotRow {
    /// That it came of, whoever has it now.
    pub purchase: PurchaseId,
    pub person: PersonId,
    pub lot: Lot,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct RefundRow {
    pub lot: LotId,
    pub person: PersonId,
    pub kind: KindId,
    pub price: Price,
    /// The lot's time was over: so much more it gave up, for nothing.
    pub kept: Option<Won>,
    /// Of an untouched lot: in which its purchase counts.
    pub month: Option<Month>,
    pub state: refunding::State,
    pub reason: Option<BankReason>,
    pub account: String,
    pub created_ms: i64,
    pub decided_ms: Option<i64>,
    pub check_ms: Option<i64>,
    pub checks: i64,
}

impl RefundRow {
    pub(super) fn answers(&self, wish: &refunding::Wish) -> bool {
        self.person == wish.person && self.lot == wish.lot && self.price.paid == wish.back
    }

    pub(super) fn credit(&self, id: RefundId) -> Credit {
        Credit { id, state: self.state, account: self.account.clone(), paid: self.price.paid }
    }
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct GiftRow {
    pub escrow: EscrowId,
    pub sender: PersonId,
    pub kind: KindId,
    pub amount: Won,
    pub parts: Vec<PartRow>,
    pub to: Option<Phone>,
    pub card: Card,
    pub message: Message,
    /// When it was to be delivered, as it was asked for.
    pub wished_ms: Option<i64>,
    pub state: gifting::State,
    pub receiver: Option<PersonId>,
    /// In which it was accepted.
    pub month: Option<Month>,
    pub created_ms: i64,
    pub delivers_ms: i64,
    pub ends_ms: i64,
    pub decided_ms: Option<i64>,
}

#[derive(Copy, Clone, PartialEq, Eq)]
pub(super) struct PartRow {
    pub part: Part,
    /// The receiver's lot, once it is accepted.
    pub to: Option<LotId>,
}

impl GiftRow {
    pub(super) fn answers(&self, wish: &gifting::Wish) -> bool {
        (self.sender, self.kind, self.to, self.card) == (wish.sender, wish.kind, wish.to, wish.card)
            && self.message == wish.message
            && self.wished_ms == wish.deliver_at.map(crate::millis)
            && self.parts.iter().map(|row| row.part).eq(wish.parts.iter().copied())
    }

    pub(super) fn held(&self) -> gifting::Held {
        gifting::Held {
            sender: self.sender,
            to: self.to,
            amount: self.amount,
            state: self.state,
            receiver: self.receiver,
            delivers_at: crate::clock::at(self.delivers_ms),
            ends_at: crate::clock::at(self.ends_ms),
        }
    }
}

/// What a kind says about receiving it.
#[derive(Copy, Clone)]
pub(super) struct GiftTerms {
    pub holding_cap: Won,
    pub month_cap: Won,
    /// The receiver may have money back for it.
    pub keeps_refund: bool,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct PaymentRow {
    pub transfer: TransferId,
    pub payer: PersonId,
    pub merchant: MerchantId,
    pub kind: Option<KindId>,
    pub amount: Won,
    pub code: Code,
    pub created_ms: i64,
    /// The code on a screen that it used up.
    pub once: Option<OnceId>,
    /// What was given back of it.
    pub cancelled: Won,
}

impl PaymentRow {
    pub(super) fn answers(&self, wish: &paying::Wish) -> bool {
        self.payer == wish.payer
            && self.merchant == wish.merchant
            && self.amount == wish.amount
            && (self.kind, self.once) == (wish.kind, wish.once)
    }
}

/// Something of a payment was given back.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct CancelRow {
    pub payment: PaymentId,
    pub transfer: TransferId,
    pub by: PersonId,
    pub amount: Won,
    pub created_ms: i64,
}

impl CancelRow {
    pub(super) fn answers(&self, wish: &cancelling::Wish) -> bool {
        self.payment == wish.payment && self.amount == wish.amount && self.by == wish.by
    }
}

#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct DayRow {
    pub paid_count: i64,
    pub paid: Won,
    pub cancelled_count: i64,
    pub cancelled: Won,
}

pub(super) struct TransferRow {
    pub id: TransferId,
    pub subject: Uuid,
    pub created_ms: i64,
    pub transfer: Transfer,
}

/// What a partner's endpoint will be told.
pub(super) struct WebhookRow {
    pub id: i64,
    pub partner: PartnerId,
    pub purchase: PurchaseId,
    pub event: Event,
    pub created_ms: i64,
}

/// What the first round of loading needs: rows named by the commands that say what else they touch.
#[derive(Default)]
pub(super) struct Named {
    pub purchases: Vec<PurchaseId>,
    pub payments: Vec<PaymentId>,
    pub cancels: Vec<CancelId>,
    pub refunds: Vec<RefundId>,
    pub gifts: Vec<GiftId>,
    /// Codes on screens, to be used up.
    pub onces: Vec<OnceId>,
    /// Of passes.
    pub places: Vec<(WindowId, Place)>,
    /// Somebody pays or cancels: on which day depends on the days that are closed.
    pub days: bool,
}

/// What the second round needs. Each list sorted, without duplicates.
#[derive(Default)]
pub(super) struct Touched {
    pub windows: Vec<WindowId>,
    /// Versions of kinds that purchases to be posted were reserved under.
    pub versions: Vec<(KindId, i64)>,
    /// Of purchases through partners; there need be no cap.
    pub caps: Vec<(WindowId, PartnerId)>,
    /// All allowances of these.
    pub allowances_of: Vec<PersonId>,
    /// Some of `allowances_of`: all lots that those allowances list and that have something left.
    pub payers: Vec<PersonId>,
    pub merchants: Vec<MerchantId>,
    pub days: Vec<(MerchantId, Day)>,
    /// Ids to pay and to cancel with: another till may have used them while this one waited for the shop's count of notices.
    pub paying: Vec<PaymentId>,
    pub cancelling: Vec<CancelId>,
    /// To be cancelled: as they are once the shop's count of notices is held, where tills meet at it.
    pub cancelled: Vec<PaymentId>,
    /// Of payments to cancel: what they drew, and those lots, spent or not.
    pub drawn: Vec<TransferId>,
    /// Lots to refund, to give back what a refund took, to give or that gifts came from, or whose time ends or is made longer, spent or not; and in
    /// which month they were bought.
    pub refunded: Vec<LotId>,
    /// Gifts that a person has received of a kind in a month, and what the kind says about it.
    pub received: Vec<(PersonId, KindId, Month)>,
}

/// Sorts and removes duplicates.
pub(super) fn tidy<T: Ord>(keys: &mut Vec<T>) {
    keys.sort_unstable();
    keys.dedup();
}

#[derive(Default)]
pub(super) struct Books {
    // Read only.
    /// The midnight that ended the last closed day; nothing is paid or cancelled before it any more. 0: no day is closed, or nobody asked.
    pub open_since_ms: i64,
    pub windows: HashMap<WindowId, (Window, Kind)>,
    /// Which version of each kind applies now.
    pub versions: HashMap<KindId, i64>,
    /// Of the versions that apply now, and of those that purchases to be posted were reserved under.
    pub terms: HashMap<(KindId, i64), LotTerms>,
    /// Windows that are bought from with a pass only.
    pub rooms: HashSet<WindowId>,
    /// Places that a purchase has taken up.
    pub places: HashSet<(WindowId, Place)>,
    /// Codes on screens that a payment has used up.
    pub onces: HashSet<OnceId>,
    pub merchants: HashMap<MerchantId, Merchant>,
    /// What payments to cancel drew, in that order.
    pub draws: HashMap<TransferId, Vec<Draw>>,
    /// The month in which the purchase of a lot to refund counts.
    pub months: HashMap<LotId, Month>,
    /// The loaded lots of each person. Of a payer: all that have something left.
    pub lots_of: HashMap<PersonId, Vec<LotId>>,
    pub gift_terms: HashMap<KindId, GiftTerms>,
    // Changed in place.
    pub received: HashMap<(PersonId, KindId, Month), Won>,
    pub pools: Table<WindowId, Pool>,
    pub caps: Table<(WindowId, PartnerId), Cap>,
    pub allowances: Table<(PersonId, KindId), AllowanceRow>,
    pub purchases: Table<PurchaseId, PurchaseRow>,
    pub lots: Table<LotId, LotRow>,
    pub payments: Table<PaymentId, PaymentRow>,
    pub cancels: Table<CancelId, CancelRow>,
    pub refunds: Table<RefundId, RefundRow>,
    pub gifts: Table<GiftId, GiftRow>,
    pub notice_counts: Table<MerchantId, i64>,
    pub days: Table<(MerchantId, Day), DayRow>,
    // Appended.
    pub transfers: Vec<TransferRow>,
    pub notices: Vec<(MerchantId, Notice)>,
    pub webhooks: Vec<WebhookRow>,
}

impl Books {
    /// The lots that the allowances of these persons list, sorted.
    pub(super) fn lots_listed(&self, persons: &[PersonId]) -> Vec<LotId> {
        let theirs = self.allowances.iter().filter(|((person, _), _)| persons.binary_search(person).is_ok());
        let mut lots: Vec<LotId> = theirs.flat_map(|(_, row)| row.lots.ids()).collect();
        tidy(&mut lots);
        lots
    }

    /// With the version of its kind that applies now.
    pub(super) fn window_loaded(&mut self, window: Window, kind: Kind, version: i64) {
        self.versions.insert(kind.id, version);
        self.terms.insert((kind.id, version), LotTerms::of(&kind));
        self.windows.insert(window.id, (window, kind));
    }

    /// Once or again: a lot may be the payer's of one command and drawn on by the payment of another.
    pub(super) fn lot_loaded(&mut self, row: LotRow) {
        if self.lots.get(&row.lot.id).is_some() {
            return;
        }
        self.lots_of.entry(row.person).or_default().push(row.lot.id);
        self.lots.loaded(row.lot.id, row);
    }

    /// What the payment drew, in that order: as loaded, or as it was paid in this very batch.
    pub(super) fn draws_of(&self, transfer: TransferId) -> Vec<Draw> {
        if let Some(draws) = self.draws.get(&transfer) {
            return draws.clone();
        }
        let entries = self.transfers.iter().find(|row| row.id == transfer).map(|row| row.transfer.entries()).unwrap_or_default();
        let draw = |entry: &Entry| match entry.account {
            Account::Lot(lot) => self.lots.get(&lot).map(|row| Draw { lot, kind: row.lot.kind, amount: entry.amount }),
            _ => None,
        };
        entries.iter().filter_map(draw).collect()
    }

    /// In which month the purchase of a lot counts: as loaded, or as it was bought in this very batch.
    pub(super) fn bought_in(&self, lot: &LotRow) -> Option<Month> {
        self.months.get(&lot.lot.id).copied().or_else(|| self.purchases.get(&lot.purchase).map(|purchase| purchase.month))
    }

    /// Was this id used for a purchase, a payment or a refund?
    pub(super) fn is_used(&self, id: Uuid) -> bool {
        let bought = PurchaseId::try_from(id).is_ok_and(|id| self.purchases.get(&id).is_some());
        let refunded = RefundId::try_from(id).is_ok_and(|id| self.refunds.get(&id).is_some());
        bought || refunded || PaymentId::try_from(id).is_ok_and(|id| self.payments.get(&id).is_some())
    }
}
