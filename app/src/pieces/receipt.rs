//! The receipt of a purchase: the coupon slides into the wallet, the figures stand under it.

use super::voucher::VoucherCard;
use crate::words;
use crate::words::{kind_name, moment, money, words};
use domain::Timestamp;
use domain::buying::Purchase;
use leptos::prelude::*;

/// Terms and what they are: the body of a receipt.
#[component]
pub fn Facts(facts: Vec<(String, String)>) -> impl IntoView {
    view! {
        <dl class="facts">
            {facts
                .into_iter()
                .map(|(term, fact)| {
                    view! {
                        <div class="fact">
                            <dt>{term}</dt>
                            <dd>{fact}</dd>
                        </div>
                    }
                })
                .collect_view()}
        </dl>
    }
    .into_any()
}

/// A posted purchase.
#[component]
pub fn Receipt(
    purchase: Purchase,
    now: Timestamp,
    /// The voucher is there no more: no coupon, and nothing was saved.
    #[prop(optional)]
    is_given_back: bool,
) -> impl IntoView {
    let lang = words::lang();
    let t = &words().progress;
    let price = purchase.price;
    let mut facts = vec![
        (t.received.to_owned(), money(lang, price.face)),
        (t.paid_from_bank.to_owned(), money(lang, price.paid)),
        (t.city_paid.to_owned(), money(lang, price.fund)),
        (t.when.to_owned(), moment(lang, purchase.decided_at.unwrap_or(purchase.created_at), now)),
    ];
    if let Some(at) = purchase.expires_at.filter(|_| !is_given_back) {
        facts.push((t.good_until.to_owned(), words::expires(lang, at)));
    }
    facts.push((t.receipt_number.to_owned(), purchase.id.to_string()));
    let saving = words().voucher.saved(&money(lang, price.fund));
    let coupon = (!is_given_back).then(|| {
        view! {
            <div class="receipt-slot">
                <div class="receipt-coupon">
                    <VoucherCard
                        name=kind_name(lang, &purchase.kind).to_owned()
                        scope=purchase.kind.scope
                        left=price.face
                        nostrip:expires_at=purchase.expires_at
                    />
                </div>
            </div>
            <p class="receipt-saving">{saving}</p>
        }
    });
    view! {
        <div class="receipt">
            {coupon}
            <Facts facts />
        </div>
    }
    .into_any()
}
