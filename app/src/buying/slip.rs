//! The receipt of a purchase on paper, or sent on.

use super::calls::PurchaseViewed;
use crate::pieces::{Slip, stamp};
use crate::words::{Lang, expires, kind_name, money};

pub(super) fn slip(lang: Lang, view: &PurchaseViewed) -> Slip {
    let (t, of_slip) = (&lang.words().progress, &lang.words().slip);
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
    for refund in refunds {
        let (given, back) = (money(lang, refund.price.face), money(lang, refund.price.paid));
        let said = if refund.state.is_open() { of_slip.refunding(&given, &back) } else { of_slip.refunded(&given, &back) };
        lines.push((of_slip.refunds.to_owned(), said));
    }
    lines.push((t.receipt_number.to_owned(), purchase.id.to_string()));
    let name = kind_name(lang, &purchase.kind).to_owned();
    Slip { title: t.receipt_title.to_owned(), name, amount: money(lang, price.face), lines, drawn: None }
}
