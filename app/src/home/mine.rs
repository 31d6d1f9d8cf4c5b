//! Home of a member: the balance as the hero, paying in thumb's reach, then what is going on.

use super::calls::MemberHome;
use super::held::{Claimable, Held};
use super::last_wallet;
use super::sale_card::SaleCard;
use crate::gifting::calls::GiftLine;
use crate::pieces::{
    EmptyState, Glyph, Icon, LinkButton, LinkRow, Money, MoneySize, PaymentRow, PurchaseRow, RefundRow, Section, VoucherCard,
};
use crate::words::{self, kind_name, money, words};
use domain::Timestamp;
use jiff::SignedDuration;
use leptos::prelude::*;

#[component]
pub(super) fn Mine(wallet: MemberHome, again: Callback<()>) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().home);
    last_wallet::remember(&wallet);
    let MemberHome { name, held, claimable, offer, open, refunds, gifts, payments, now } = wallet;
    let balance = Held::balance(&held);
    let is_empty = held.is_empty();
    let under_way = (!open.is_empty()).then(|| {
        let rows = open
            .into_iter()
            .map(|purchase| {
                let href = format!("/buy/{}", purchase.id);
                view! { <PurchaseRow purchase now href /> }
            })
            .collect_view();
        view! { <Section title=t.under_way><div class="group">{rows}</div></Section> }
    });
    let refunding = (!refunds.is_empty()).then(|| {
        let rows = refunds.into_iter().map(|refund| view! { <RefundRow refund now /> }).collect_view();
        view! { <Section title=words().refund.under_way><div class="group">{rows}</div></Section> }
    });
    let ending = ending(&held, claimable);
    let arrived = arrived(gifts, now);
    let paid = if payments.is_empty() {
        view! { <EmptyState glyph=Glyph::Scan title=t.no_payments_title lead=t.no_payments /> }.into_any()
    } else {
        let rows = payments
            .into_iter()
            .map(|payment| {
                let href = format!("/payments/{}", payment.id);
                view! { <PaymentRow payment now href /> }
            })
            .collect_view();
        view! { <div class="group">{rows}</div> }.into_any()
    };
    let vouchers = if is_empty {
        view! { <EmptyState glyph=Glyph::Ticket title=t.empty_wallet_title lead=t.empty_wallet href="/buy" action=t.empty_wallet_button /> }
            .into_any()
    } else {
        let cards = held
            .into_iter()
            .map(|held| {
                let name = kind_name(lang, &held.kind).to_owned();
                view! {
                    <li>
                        <VoucherCard
                            name
                            scope=held.kind.scope
                            left=held.left
                            saved=held.saved
                            href=format!("/vouchers/{}", held.kind.id)
                            expires_at=held.expires_at
                        />
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="wallet">{cards}</ul> }.into_any()
    };
    view! {
        <div class="home">
            <div class="hero">
                <p class="hero-greeting">{t.greeting(&name)}</p>
                <a class="hero-balance" href="#vouchers">
                    <span class="hero-label">{t.balance}</span>
                    <Money amount=balance size=MoneySize::Hero />
                    {(!is_empty).then(|| view! { <span class="hero-more">{t.balance_by_kind}<Icon glyph=Glyph::Down /></span> })}
                </a>
                <LinkButton href="/pay">{t.pay_button}</LinkButton>
            </div>
            {arrived}
            {under_way}
            {refunding}
            {ending}
            <SaleCard offer now again />
            <div id="vouchers" tabindex="-1">
                <Section title=t.vouchers>{vouchers}</Section>
            </div>
            <div class="group">
                <LinkRow glyph=Glyph::Shop title=words().finding.title note=words().finding.home_note href="/shops" />
                <LinkRow glyph=Glyph::Gift title=words().gift.list_title note=words().gift.home_note href="/gifts" />
            </div>
            <Section title=t.last_payments href="/history">{paid}</Section>
        </div>
    }
}

/// Gifts that wait for an answer.
fn arrived(gifts: Vec<GiftLine>, now: Timestamp) -> Option<AnyView> {
    let (lang, t) = (words::lang(), &words().gift);
    let row = |gift: GiftLine| {
        let title = t.arrived(&money(lang, gift.amount));
        let note = t.arrived_note(&gift.who.unwrap_or_default(), &words::moment(lang, gift.ends_at, now));
        view! { <LinkRow glyph=Glyph::Gift title note href=gift.href /> }
    };
    (!gifts.is_empty()).then(|| view! { <div class="group">{gifts.into_iter().map(row).collect_view()}</div> }.into_any())
}

/// What ends soon, and what can be claimed of what has ended: a row a kind.
fn ending(held: &[Held], claimable: Vec<Claimable>) -> Option<AnyView> {
    let (lang, t) = (words::lang(), &words().expiry);
    let soon = held.iter().filter(|held| !held.ending.is_zero()).map(|held| {
        // The year goes without saying: it is within a month.
        let last_day = words::day(lang, held.expires_at - SignedDuration::from_secs(1));
        let title = t.ends_soon(&money(lang, held.ending), &last_day);
        (title, format!("{} · {}", kind_name(lang, &held.kind), t.ends_note), held.kind.id)
    });
    let over = claimable.into_iter().map(|claim| {
        let note = format!("{} · {}", kind_name(lang, &claim.kind), t.claim_note);
        (t.claim(&money(lang, claim.back)), note, claim.kind.id)
    });
    let rows: Vec<_> = soon
        .chain(over)
        .map(|(title, note, kind)| view! { <LinkRow glyph=Glyph::Clock title note href=format!("/vouchers/{kind}") /> })
        .collect();
    (!rows.is_empty()).then(|| view! { <div class="group">{rows}</div> }.into_any())
}
