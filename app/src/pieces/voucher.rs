//! Vouchers as coupons: notched like paper, the district's own hue, what is left as the figure.

use super::money::{Money, MoneySize};
use crate::words::{self, last_day, money, words};
use domain::kind::Scope;
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
