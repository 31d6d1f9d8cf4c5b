//! What a purchase's receipt says when its voucher was refunded: what was given up, what came back, and the way to each refund.

use crate::pieces::RefundRow;
use crate::words::{self, Lang, money, words};
use domain::refunding::{Refund, given_up};
use domain::{Timestamp, Won};
use leptos::prelude::*;

#[component]
pub(super) fn GivenBack(refunds: Vec<Refund>, now: Timestamp) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().slip);
    let is_open = refunds.iter().any(|refund| refund.state.is_open());
    let said = refunds.iter().map(|refund| view! { <p class="lead">{said(lang, refund)}</p> }).collect_view();
    let rows = refunds.into_iter().map(|refund| view! { <RefundRow refund now /> }).collect_view();
    view! {
        <div role="status">
            <h2 class="stage-title">{if is_open { t.refunding_title } else { t.refunded_title }}</h2>
            {said}
        </div>
        <div class="group" role="group" aria-label=t.refunds>{rows}</div>
    }
    .into_any()
}

/// What was given up, also that for which nothing came back, and what came back or is on its way.
pub(super) fn said(lang: Lang, refund: &Refund) -> String {
    let t = &lang.words().slip;
    let given = given_up(&refund.price, refund.kept).unwrap_or(Won::MAX);
    let (given, back) = (money(lang, given), money(lang, refund.price.paid));
    if refund.state.is_open() { t.refunding(&given, &back) } else { t.refunded(&given, &back) }
}
