//! What stands in a row, in the language of whoever asks. Nothing of the payer.

use app::words::{self, Lang, kind_name};
use domain::KindId;
use domain::calendar::in_seoul;
use domain::kind::Kind;
use domain::takings::ShopPayment;
use domain::takings::filter::Kept;
use jiff::civil::{Date, Time};
use std::collections::HashMap;

/// How many.
pub(super) const COUNT: usize = 9;

pub(super) struct Columns {
    lang: Lang,
    kinds: HashMap<KindId, String>,
}

/// One payment.
pub(super) struct Row {
    pub date: Date,
    pub time: Time,
    pub code: String,
    pub amount: i64,
    pub cancelled: i64,
    pub left: i64,
    pub state: &'static str,
    pub kinds: String,
    pub id: String,
}

impl Columns {
    pub(super) fn new(lang: Lang, kinds: &[Kind]) -> Columns {
        Columns { lang, kinds: kinds.iter().map(|kind| (kind.id, kind_name(lang, kind).to_owned())).collect() }
    }

    /// What the sheet is called.
    pub(super) fn sheet(&self) -> &'static str {
        self.lang.words().takings.file_sheet
    }

    pub(super) fn names(&self) -> [&'static str; COUNT] {
        let t = &self.lang.words().takings;
        [t.file_date, t.file_time, t.file_code, t.file_amount, t.file_cancelled, t.file_left, t.file_state, t.file_kinds, t.file_id]
    }

    pub(super) fn row(&self, payment: &ShopPayment) -> Row {
        let at = in_seoul(payment.at).datetime();
        let names = payment.kinds.iter().filter_map(|(kind, _)| self.kinds.get(kind).map(String::as_str));
        Row {
            date: at.date(),
            time: at.time(),
            code: payment.code.to_string(),
            amount: payment.amount.get(),
            cancelled: payment.cancelled.get(),
            left: payment.amount.left_after(payment.cancelled).get(),
            state: words::kept(self.lang, Kept::of(payment.amount, payment.cancelled)),
            kinds: names.collect::<Vec<_>>().join(", "),
            id: payment.id.to_string(),
        }
    }
}
