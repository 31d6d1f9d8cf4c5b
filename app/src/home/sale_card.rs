//! The sale that matters to whoever looks: what, when for me, the clock, and what I may still buy.

use crate::buying::choosing::why_not;
use crate::buying::offer::Offer;
use crate::pieces::{EmptyState, Glyph, Icon, LinkButton, Look, SaleClock, hue_class};
use crate::words::{self, amount, kind_name, moment, percent, words};
use domain::sale::Phase;
use domain::{Refused, Timestamp};
use leptos::prelude::*;
use std::time::Duration;

#[component]
pub(super) fn SaleCard(offer: Option<Offer>, now: Timestamp, again: Callback<()>) -> impl IntoView {
    let (lang, t) = (words::lang(), words());
    let Some(offer) = offer else {
        return view! { <EmptyState glyph=Glyph::Ticket title=t.home.sale_none lead=t.home.sale_none_lead /> }.into_any();
    };
    let phase = offer.window.phase(now);
    let (title, clock) = match phase {
        Phase::Before { opens_at } => (t.home.sale_next, Some((opens_at, t.home.sale_opens_in))),
        Phase::Open { closes_at } => (t.home.sale_open, Some((closes_at, t.home.sale_closes_in))),
        Phase::Closed { .. } => (t.home.sale_closed, None),
    };
    let in_a_moment = Callback::new(move |()| set_timeout(move || again.run(()), Duration::from_secs(1)));
    let clock = clock.map(|(to, label)| view! { <SaleClock to now label on_end=in_a_moment /> });
    let says = match &offer.most {
        Ok(most) => t.home.i_may_buy(&amount(lang, *most)),
        Err(Refused::NotYetOpen { opens_at }) => t.home.sale_for_me(&moment(lang, *opens_at, now)),
        Err(refused) => why_not(refused, now),
    };
    let look = if offer.most.is_ok() { Look::Soft } else { Look::Line };
    let class = format!("card sale-card {}", hue_class(offer.kind.scope));
    view! {
        <section class=class aria-labelledby="sale-title">
            <div class="sale-top">
                <h2 class="sale-state" id="sale-title">{title}</h2>
                {clock}
            </div>
            <p class="sale-name">
                <span>{kind_name(lang, &offer.kind).to_owned()}</span>
                <span class="sale-discount"><Icon glyph=Glyph::Plus />{t.voucher.discount(&percent(offer.kind.discount))}</span>
            </p>
            <p class="sale-line">{says}</p>
            <LinkButton href=format!("/buy?window={}", offer.window.id) look>{t.home.buy_button}</LinkButton>
        </section>
    }
    .into_any()
}
