//! `/vouchers/:kind`: what is held of a kind, lot by lot, and what each would give back now or later.

use super::calls::{LotsView, load_lots};
use crate::pieces::{EmptyState, Glyph, LinkButton, Look, MeterBar, Page, RefundRow, Section, Tab, VoucherCard};
use crate::visitor::LoadedPage;
use crate::words::{self, date, expires, kind_name, money, words};
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
    let LotsView { kind, lots, open, now } = view;
    let left = Won::sum(lots.iter().map(|lot| lot.left)).unwrap_or(Won::MAX);
    let name = kind_name(lang, &kind).to_owned();
    let under_way = (!open.is_empty()).then(|| {
        let rows = open.into_iter().map(|refund| view! { <RefundRow refund now /> }).collect_view();
        view! { <Section title=t.under_way><div class="group">{rows}</div></Section> }
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
                {under_way}
                <Section title=t.lots_title>{listed}</Section>
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
    let used = lot.spent();
    let percent = used.share(100, lot.face.get()).map_or(0, Won::get);
    let back = match quote(&lot, now) {
        Quote::Now(price) => {
            let label = t.refund_now(&money(lang, price.paid));
            view! { <LinkButton href=format!("/refund/{}", lot.id) look=Look::Soft>{label}</LinkButton> }.into_any()
        }
        Quote::After { spend, back } => view! { <p class="lot-later">{t.later(&money(lang, spend), &money(lang, back))}</p> }.into_any(),
        Quote::Nothing | Quote::Expired => view! { <p class="lot-later">{t.never}</p> }.into_any(),
    };
    let refunded = (!lot.refunded.is_zero()).then(|| view! { <li>{t.refunded_part(&money(lang, lot.refunded))}</li> });
    view! {
        <article class="card lot-card">
            <h3 class="lot-title">{t.lot(&date(lang, lot.bought_at), &words::amount(lang, lot.face))}</h3>
            <MeterBar label=t.used used most=lot.face note=t.used_note(&money(lang, used), percent) />
            <ul class="lot-facts">
                <li class="lot-left">{words().voucher.used_of(&money(lang, lot.left), &words::amount(lang, lot.face))}</li>
                {refunded}
                <li>{t.cost(&money(lang, lot.paid))} " · " {expires(lang, lot.expires_at)}</li>
            </ul>
            {back}
        </article>
    }
    .into_any()
}
