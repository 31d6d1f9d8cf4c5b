//! `/refunds/:refund`: a refund from the bank's answer to its end. It may be left and found again; with the wasm it follows by itself,
//! without it the page loads itself anew.

use super::calls::{RefundViewed, refund_view};
use super::parts;
use crate::pieces::{Facts, Glyph, Icon, LinkButton, Look, Money, MoneySize, Page, Step, Steps, Tab};
use crate::visitor::{LoadedPage, follow_while};
use crate::words::{self, bank_reason_of_refund, kind_name, moment, money, refund_state, words};
use domain::buying::BankReason;
use domain::refunding::{Refund, State};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Without JavaScript the page asks again by loading itself. (A literal in the view would be taken for an attribute.)
const ASK_AGAIN: &str = r#"<noscript><meta http-equiv="refresh" content="4"></noscript>"#;

#[component]
pub fn RefundPage() -> impl IntoView {
    let params = use_params_map();
    let data = Resource::new_blocking(move || params.with(|params| params.get("refund")).unwrap_or_default(), refund_view);
    view! {
        <LoadedPage data let:view>
            <Page title=words().refund.title back="/history" tab=Tab::History>
                <Following view />
            </Page>
        </LoadedPage>
    }
}

#[component]
fn Following(view: RefundViewed) -> impl IntoView {
    let id = view.refund.id.to_string();
    let latest = RwSignal::new(view);
    follow_while(latest, |view| view.refund.state.is_open(), move || refund_view(id.clone()));
    let state = Memo::new(move |_| latest.with(|view| view.refund.state));
    move || {
        let view = latest.get_untracked();
        match state.get() {
            State::Reserved | State::Unknown => view! { <Waiting view state=state.get() /> }.into_any(),
            State::Posted => view! { <Done view /> }.into_any(),
            State::Voided => view! { <Failed view /> }.into_any(),
        }
    }
}

#[component]
fn Waiting(view: RefundViewed, state: State) -> impl IntoView {
    let (lang, t) = (words::lang(), words());
    let Refund { id, kind, price, .. } = view.refund;
    let is_slow = state == State::Unknown;
    let steps = vec![(Step::Done, t.refund.step_held), (Step::Now, t.refund.step_bank), (Step::Ahead, t.refund.step_done)];
    view! {
        <div class="following">
            <h2 class="stage-title">{t.refund.waiting_title}</h2>
            <p class="lead">{kind_name(lang, &kind).to_owned()} " · " {money(lang, price.paid)}</p>
            <Steps steps is_slow says=refund_state(lang, state).1 />
            <div class="actions">
                <a class="button button-soft without-js" href=format!("/refunds/{id}")>{t.progress.update}</a>
                <LinkButton href="/" look=Look::Line>{t.common.go_home}</LinkButton>
            </div>
            <div inner_html=ASK_AGAIN></div>
        </div>
    }
}

#[component]
fn Done(view: RefundViewed) -> impl IntoView {
    let t = &words().refund;
    let paid = view.refund.price.paid;
    view! {
        <div class="following is-done">
            <div role="status">
                <h2 class="stage-title"><span class="stage-sign is-good"><Icon glyph=Glyph::Check /></span>{t.done_title}</h2>
                <p class="pay-hero"><Money amount=paid size=MoneySize::Hero /></p>
                <p class="lead">{t.done}</p>
            </div>
            <Figures view />
            <div class="actions">
                <LinkButton href="/" look=Look::Soft>{words().common.go_home}</LinkButton>
            </div>
        </div>
    }
}

#[component]
fn Failed(view: RefundViewed) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().refund);
    let why = view.refund.reason.map(|reason| bank_reason_of_refund(lang, reason));
    // Another try at the same account would end as this one.
    let again = match view.refund.reason {
        Some(BankReason::AccountClosed) => view! { <LinkButton href="/me/bank">{words().me.bank_change}</LinkButton> }.into_any(),
        _ => view! { <LinkButton href=format!("/refund/{}", view.refund.lot)>{t.again}</LinkButton> }.into_any(),
    };
    view! {
        <div class="following is-failed">
            <div role="status">
                <h2 class="stage-title"><span class="stage-sign is-bad"><Icon glyph=Glyph::Alert /></span>{t.failed_title}</h2>
                <p class="lead">{why}</p>
                <p class="lead">{t.failed}</p>
            </div>
            <Figures view />
            <div class="actions">
                {again}
                <LinkButton href="/" look=Look::Soft>{words().common.go_home}</LinkButton>
            </div>
        </div>
    }
}

#[component]
fn Figures(view: RefundViewed) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().refund);
    let RefundViewed { refund: Refund { id, kind, price, kept, created_at, .. }, account, now } = view;
    let mut facts = vec![(t.voucher.to_owned(), kind_name(lang, &kind).to_owned())];
    facts.extend(parts(&price, kept));
    facts.push((t.when.to_owned(), moment(lang, created_at, now)));
    facts.extend(account.map(|account| (words().me.bank.to_owned(), account)));
    facts.push((words().progress.receipt_number.to_owned(), id.to_string()));
    view! { <Facts facts /> }
}
