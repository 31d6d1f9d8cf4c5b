//! `/vouchers/:kind`: what is held of a kind, lot by lot, and what each would give back now or later.

use super::calls::{LotsView, load_lots};
use crate::pieces::{EmptyState, Glyph, LinkButton, Look, MeterBar, Page, RefundRow, Section, Tab, VoucherCard};
use crate::visitor::LoadedPage;
use crate::words::{self, date, expires, kind_name, last_day, money, words};
use domain::expiring::ends_soon;
use domain::refunding::{Quote, quote};
use domain::spending::Lot;
use domain::{Timestamp, Won};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn LotsPage() -> impl IntoView {
    let params = use_params_map();
    let data = Resource::new_blocking(move || params.with(|params| params.get("kind")).unwrap_or_default(), load_lots);
    view! {
        <LoadedPage data let:view>
            <Lots view />
        </LoadedPage>
    }
}

#[component]
fn Lots(view: LotsView) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().refund);
    let LotsView { kind, lots, expired, open, now } = view;
    let left = Won::sum(lots.iter().map(|lot| lot.left)).unwrap_or(Won::MAX);
    let name = kind_name(lang, &kind).to_owned();
    let give = (!lots.is_empty())
        .then(|| view! { <LinkButton href=format!("/gifts/new/{}", kind.id) look=Look::Soft>{words().gift.title}</LinkButton> });
    let under_way = (!open.is_empty()).then(|| {
        let rows = open.into_iter().map(|refund| view! { <RefundRow refund now /> }).collect_view();
        view! { <Section title=t.under_way><div class="group">{rows}</div></Section> }
    });
    let claimable = (!expired.is_empty()).then(|| {
        let cards = expired.into_iter().map(|lot| view! { <li><ExpiredCard lot now /></li> }).collect_view();
        view! {
            <Section title=t.expired_title>
                <ul class="lots">{cards}</ul>
            </Section>
        }
    });
    let listed = if lots.is_empty() {
        view! { <EmptyState glyph=Glyph::Ticket title=t.none_title lead=t.none href="/" action=words().common.go_home /> }.into_any()
    } else {
        let cards = lots.into_iter().map(|lot| view! { <li><LotCard lot now /></li> }).collect_view();
        view! { <ul class="lots">{cards}</ul> }.into_any()
    };
    view! {
        <Page title=name.clone() back="/" tab=Tab::Home>
            <div class="lots-page">
                <VoucherCard name scope=kind.scope left />
                {give}
                {under_way}
                <Section title=t.lots_title>{listed}</Section>
                {claimable}
                <p class="lots-rule">{t.rule}</p>
            </div>
        </Page>
    }
    .into_any()
}

/// When it was bought, how much of it is used, until when it is good, and what comes back.
#[component]
fn LotCard(lot: Lot, now: Timestamp) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().refund);
    let ends = expires(lang, lot.expires_at);
    let ends = if ends_soon(lot.expires_at, now) { view! { <b class="lot-ends">{ends}</b> }.into_any() } else { ends.into_any() };
    let used = lot.spent();
    let percent = used.share(100, lot.face.get()).map_or(0, Won::get);
    let back = match quote(&lot, now) {
        Quote::Now(price) => {
            let label = t.refund_now(&money(lang, price.paid));
            view! { <LinkButton href=format!("/refund/{}", lot.id) look=Look::Soft>{label}</LinkButton> }.into_any()
        }
        Quote::After { spend, back } => view! { <p class="lot-later">{t.later(&money(lang, spend), &money(lang, back))}</p> }.into_any(),
        // Its last second passed while this was drawn.
        Quote::Expired { .. } => ().into_any(),
        Quote::Nothing => view! { <p class="lot-later">{t.never}</p> }.into_any(),
    };
    // Nobody paid for what was given to them.
    let cost = lot.gift.is_none().then(|| format!("{} · ", t.cost(&money(lang, lot.paid))));
    let refunded = (!lot.refunded.is_zero()).then(|| view! { <li>{t.refunded_part(&money(lang, lot.refunded))}</li> });
    let given = (!lot.given.is_zero()).then(|| view! { <li>{words().gift.given_part(&money(lang, lot.given))}</li> });
    view! {
        <article class="card lot-card">
            <h3 class="lot-title">{lot_title(&lot)}</h3>
            <MeterBar label=t.used used most=lot.face note=t.used_note(&money(lang, used), percent) />
            <ul class="lot-facts">
                <li class="lot-left">{words().voucher.used_of(&money(lang, lot.left), &words::amount(lang, lot.face))}</li>
                {refunded}
                {given}
                <li>{cost} {ends}</li>
            </ul>
            {back}
        </article>
    }
    .into_any()
}

/// What it is: bought when, or given.
pub(crate) fn lot_title(lot: &Lot) -> String {
    let (lang, face) = (words::lang(), words::amount(words::lang(), lot.face));
    match lot.gift {
        Some(_) => words().gift.lot(&face),
        None => words().refund.lot(&date(lang, lot.bought_at), &face),
    }
}

/// What was left of it when its time ended, and what of that comes back.
#[component]
fn ExpiredCard(lot: Lot, now: Timestamp) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().refund);
    let over = lot.left.plus(lot.expired).unwrap_or(Won::MAX);
    let back = match quote(&lot, now) {
        Quote::Expired { price, kept } => {
            let label = t.refund_now(&money(lang, price.paid));
            view! {
                <p class="lot-later">{t.expired_share(&words::amount(lang, over), &lot.after_expiry.get().to_string(), &money(lang, kept))}</p>
                <LinkButton href=format!("/refund/{}", lot.id) look=Look::Soft>{label}</LinkButton>
            }
            .into_any()
        }
        Quote::Now(_) | Quote::After { .. } | Quote::Nothing => view! { <p class="lot-later">{t.expired_never}</p> }.into_any(),
    };
    view! {
        <article class="card lot-card is-over">
            <h3 class="lot-title">{lot_title(&lot)}</h3>
            <ul class="lot-facts">
                <li class="lot-left">{t.expired_left(&money(lang, over))}</li>
                <li>{t.expired_at(&last_day(lang, lot.expires_at))}</li>
            </ul>
            {back}
        </article>
    }
    .into_any()
}
