//! The card that a gift comes on: a picture, the amount, what was written.

use crate::pieces::{Money, MoneySize};
use crate::words::{self, kind_name, words};
use domain::gifting::{Card, Gift};
use leptos::prelude::*;

/// How a design is called.
pub(super) fn name(card: Card) -> &'static str {
    let t = &words().gift;
    match card {
        Card::Plain => t.card_plain,
        Card::Birthday => t.card_birthday,
        Card::Thanks => t.card_thanks,
        Card::Holiday => t.card_holiday,
        Card::Cheer => t.card_cheer,
    }
}

/// Drawn on the own grid of 48, so that it needs no request.
fn drawing(card: Card) -> &'static str {
    match card {
        Card::Plain => {
            r#"<rect x="9" y="19" width="30" height="21" rx="3"/><path d="M7 14h34v7H7zM24 14v26M24 14c-9-1-10-9-5-9 4 0 5 9 5 9zM24 14c9-1 10-9 5-9-4 0-5 9-5 9z"/>"#
        }
        Card::Birthday => {
            r#"<path d="M9 40V27a4 4 0 0 1 4-4h22a4 4 0 0 1 4 4v13zM6 40h36M9 31c4 4 6 0 10 0s6 4 10 0 6-1 10 1M17 23v-6M24 23v-6M31 23v-6M17 12v1M24 12v1M31 12v1"/>"#
        }
        Card::Thanks => {
            r#"<path d="M24 40S7 30 7 18.500C7 12.500 11.500 9 16 9c4 0 6.500 2.500 8 5 1.500-2.500 4-5 8-5 4.500 0 9 3.500 9 9.500C41 30 24 40 24 40z"/>"#
        }
        Card::Holiday => r#"<circle cx="29" cy="18" r="11"/><path d="M4 40c5-9 9-12 13-12s7 4 10 8c3-4 6-6 9-6s6 4 8 10z"/>"#,
        Card::Cheer => {
            r#"<path d="m24 6 5.300 10.900 12 1.700-8.700 8.400 2.100 11.900L24 33.300l-10.700 5.600 2.100-11.900-8.700-8.400 12-1.700z"/>"#
        }
    }
}

#[component]
pub(super) fn Picture(card: Card) -> impl IntoView {
    view! { <svg class="gift-picture" viewBox="0 0 48 48" aria-hidden="true" inner_html=drawing(card)></svg> }
}

/// The whole of it. What was written is text, whatever it looks like.
#[component]
pub(super) fn GiftCard(
    gift: Gift,
    /// Who gave it; on the sender's own page nobody has to say so.
    #[prop(optional_no_strip)]
    from: Option<String>,
) -> impl IntoView {
    let class = format!("gift-card gift-{}", gift.card.as_str());
    let from = from.map(|from| view! { <p class="gift-from">{words().gift.from(&from)}</p> });
    let message = (!gift.message.is_empty()).then(|| view! { <p class="gift-message">{gift.message.as_str().to_owned()}</p> });
    view! {
        <article class=class>
            <Picture card=gift.card />
            {from}
            <p class="gift-amount"><Money amount=gift.amount size=MoneySize::Hero /></p>
            <p class="gift-kind">{kind_name(words::lang(), &gift.kind).to_owned()}</p>
            {message}
        </article>
    }
    .into_any()
}
