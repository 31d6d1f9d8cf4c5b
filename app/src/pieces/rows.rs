//! Rows of lists: a payment, a purchase, a way to another screen.

use super::icon::{Glyph, Icon};
use super::money::Money;
use super::voucher::hue_class;
use crate::words;
use crate::words::{brief, kind_name, words};
use domain::buying::{Purchase, State};
use domain::paying::Payment;
use domain::refunding::{self, Refund};
use domain::{Timestamp, Won};
use leptos::prelude::*;

/// A payment in a list; opens its receipt.
#[component]
pub fn PaymentRow(payment: Payment, now: Timestamp, #[prop(into)] href: String) -> impl IntoView {
    let lang = words::lang();
    let is_cancelled = !payment.cancelled.is_zero();
    let kept = payment.amount.left_after(payment.cancelled);
    let tag = is_cancelled.then(|| view! { <span class="tag">{words().shop.cancelled}</span> });
    view! {
        <a class="row" class:is-cancelled=kept == Won::ZERO href=href>
            <span class="row-sign" aria-hidden="true"><Icon glyph=Glyph::Shop /></span>
            <span class="row-words">
                <span class="row-title">{payment.merchant.name}</span>
                <span class="row-note">
                    {brief(lang, payment.created_at, now)} " · " {words::district(lang, payment.merchant.district)} {tag}
                </span>
            </span>
            <span class="row-amount"><Money amount=payment.amount /></span>
        </a>
    }
    .into_any()
}

/// A purchase in a list; opens its receipt or its progress.
#[component]
pub fn PurchaseRow(purchase: Purchase, now: Timestamp, #[prop(into)] href: String) -> impl IntoView {
    let lang = words::lang();
    let is_void = matches!(purchase.state, State::Voided | State::Refunding | State::Refunded);
    let class = format!("row {}", hue_class(purchase.kind.scope));
    let name = kind_name(lang, &purchase.kind).to_owned();
    view! {
        <a class=class class:is-cancelled=is_void href=href>
            <span class="row-sign row-sign-kind" aria-hidden="true"><Icon glyph=Glyph::Ticket /></span>
            <span class="row-words">
                <span class="row-title">{name}</span>
                <span class="row-note">
                    {brief(lang, purchase.created_at, now)} " · "
                    <span class="row-state" class:is-open=purchase.state.holds()>{words::state(lang, purchase.state)}</span>
                </span>
            </span>
            <span class="row-amount"><Money amount=purchase.price.face /></span>
        </a>
    }
    .into_any()
}

/// A refund in a list; opens its own page.
#[component]
pub fn RefundRow(refund: Refund, now: Timestamp) -> impl IntoView {
    let lang = words::lang();
    let class = format!("row {}", hue_class(refund.kind.scope));
    let name = kind_name(lang, &refund.kind).to_owned();
    view! {
        <a class=class class:is-cancelled=refund.state == refunding::State::Voided href=format!("/refunds/{}", refund.id)>
            <span class="row-sign row-sign-kind" aria-hidden="true"><Icon glyph=Glyph::Ticket /></span>
            <span class="row-words">
                <span class="row-title">{name}</span>
                <span class="row-note">
                    {brief(lang, refund.created_at, now)} " · "
                    <span class="row-state" class:is-open=refund.state.is_open()>{words::refund_state(lang, refund.state).0}</span>
                </span>
            </span>
            <span class="row-amount"><Money amount=refund.price.paid /></span>
        </a>
    }
    .into_any()
}

/// A row that leads somewhere: settings, shops.
#[component]
pub fn LinkRow(
    glyph: Glyph,
    #[prop(into)] title: String,
    #[prop(optional, into)] note: Option<String>,
    #[prop(into)] href: String,
) -> impl IntoView {
    view! {
        <a class="row" href=href>
            <span class="row-sign" aria-hidden="true"><Icon glyph /></span>
            <span class="row-words">
                <span class="row-title">{title}</span>
                {note.map(|note| view! { <span class="row-note">{note}</span> })}
            </span>
            <span class="row-go"><Icon glyph=Glyph::Chevron /></span>
        </a>
    }
    .into_any()
}
