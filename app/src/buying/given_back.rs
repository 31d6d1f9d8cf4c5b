//! What a purchase's receipt says when its voucher was refunded: what was given up, what came back, and the way to each refund.

use crate::pieces::RefundRow;
use crate::words::{self, money, words};
use domain::Timestamp;
use domain::refunding::Refund;
use leptos::prelude::*;

#[component]
pub(super) fn GivenBack(refunds: Vec<Refund>, now: Timestamp) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().slip);
    let is_open = refunds.iter().any(|refund| refund.state.is_open());
    let said = |refund: &Refund| {
        let (given, back) = (money(lang, refund.price.face), money(lang, refund.price.paid));
        let sentence = if refund.state.is_open() { t.refunding(&given, &back) } else { t.refunded(&given, &back) };
        view! { <p class="lead">{sentence}</p> }
    };
    let said = refunds.iter().map(said).collect_view();
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
