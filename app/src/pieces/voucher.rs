//! Vouchers as coupons: notched like paper, the district's own hue, what is left as the figure.

use super::money::{Money, MoneySize};
use crate::words::{self, expires, last_day, money, percent, words};
use domain::kind::Scope;
use domain::spending::Lot;
use domain::{Timestamp, Won};
use leptos::prelude::*;

/// The class that gives a kind its hue: the citywide one takes the brand, a district the hue of its number.
pub fn hue_class(scope: Scope) -> String {
    match scope {
        Scope::Citywide => "hue-city".to_owned(),
        Scope::District(district) => format!("hue-{}", district.number()),
    }
}

/// What a person holds of one kind.
#[component]
pub fn VoucherCard(
    #[prop(into)] name: String,
    scope: Scope,
    #[prop(into)] left: Signal<Won>,
    /// How much the discount has saved so far.
    #[prop(optional, into)]
    saved: Option<Won>,
    /// The nearest end of a lot of this kind.
    #[prop(optional, into)]
    expires_at: Option<Timestamp>,
    /// Where a press leads.
    #[prop(optional, into)]
    href: Option<String>,
) -> impl IntoView {
    let lang = words::lang();
    let t = &words().voucher;
    let place = words::scope(lang, scope);
    let saved =
        saved.filter(|saved| !saved.is_zero()).map(|saved| view! { <span class="coupon-saved">{t.saved(&money(lang, saved))}</span> });
    let foot = expires_at.map(|at| view! { <span>{t.nearest_expiry(&last_day(lang, at))}</span> });
    let inside = view! {
        <span class="coupon-main">
            <span class="coupon-head">
                <span class="coupon-name">{name}</span>
            </span>
            <span class="coupon-amount">
                <span class="for-ears">{t.left}</span>
                <Money amount=left size=MoneySize::Large />
            </span>
            <span class="coupon-foot">
                {move || if left.get().is_zero() { Some(t.spent) } else { None }}
                {foot}
            </span>
        </span>
        <span class="coupon-stub">
            <span class="coupon-place">{place}</span>
            {saved}
        </span>
    };
    let class = format!("coupon {}", hue_class(scope));
    let is_spent = move || left.get().is_zero();
    match href {
        Some(href) => view! { <a class=class class:is-spent=is_spent href=href>{inside}</a> }.into_any(),
        None => view! { <div class=class class:is-spent=is_spent>{inside}</div> }.into_any(),
    }
}

/// One lot: what is left of its face, its discount and its last day.
#[component]
pub fn LotRow(
    #[prop(into)] name: String,
    lot: Lot,
    /// How much of it is used here, when this is about one payment.
    #[prop(optional, into)]
    drawn: Option<Won>,
    now: Timestamp,
) -> impl IntoView {
    let lang = words::lang();
    let t = &words().voucher;
    let is_over = lot.expires_at <= now;
    let note = if is_over { t.expired.to_owned() } else { expires(lang, lot.expires_at) };
    let class = format!("row lot {}", hue_class(lot.scope));
    view! {
        <div class=class class:is-spent=is_over || lot.left.is_zero()>
            <span class="lot-mark" aria-hidden="true"></span>
            <span class="row-words">
                <span class="row-title">{name}</span>
                <span class="row-note">{note} " · " {t.discount(&percent(lot.discount))}</span>
            </span>
            <span class="row-end">
                <span class="row-amount"><Money amount=drawn.unwrap_or(lot.left) /></span>
                {drawn.is_none().then(|| view! { <span class="row-note">{t.face(&words::amount(lang, lot.face))}</span> })}
            </span>
        </div>
    }
    .into_any()
}
