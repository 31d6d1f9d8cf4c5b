//! The receipt of a purchase on paper, or sent on.

use super::calls::PurchaseViewed;
use super::given_back::said;
use crate::pieces::{Slip, stamp};
use crate::words::{Lang, expires, kind_name, money};

pub(super) fn slip(lang: Lang, view: &PurchaseViewed) -> Slip {
    let t = &lang.words().progress;
    let PurchaseViewed { purchase, account, refunds, .. } = view;
    let price = purchase.price;
    let mut lines = vec![
        (t.paid_from_bank.to_owned(), money(lang, price.paid)),
        (t.city_paid.to_owned(), money(lang, price.fund)),
        (t.when.to_owned(), stamp(lang, purchase.decided_at.unwrap_or(purchase.created_at))),
    ];
    // A voucher that was given back is good for nothing any more.
    if let Some(at) = purchase.expires_at.filter(|_| refunds.is_empty()) {
        lines.push((t.good_until.to_owned(), expires(lang, at)));
    }
    lines.extend(account.as_ref().map(|account| (lang.words().me.bank.to_owned(), account.clone())));
    lines.extend(refunds.iter().map(|refund| (lang.words().slip.refunds.to_owned(), said(lang, refund))));
    lines.push((t.receipt_number.to_owned(), purchase.id.to_string()));
    let name = kind_name(lang, &purchase.kind).to_owned();
    Slip { title: t.receipt_title.to_owned(), name, amount: money(lang, price.face), lines, drawn: None }
}
