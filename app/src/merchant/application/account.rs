//! `/merchant/new/:application/account`: one won to the account, and the code in its sender's name.

use super::calls::{ConfirmCode, SendOneWon, Shown};
use super::{Step, StepFrame};
use crate::pieces::{Banner, Button, ErrorNote, Field, LinkButton, Look, Tone, device_now};
use crate::setting::Setting;
use crate::start::AccountFields;
use crate::visitor::{failed, failure};
use crate::words::{lang, words};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn AccountPage() -> impl IntoView {
    view! {
        <StepFrame step=Step::Account title=words().joining.title_account let:shown>
            <Account shown />
        </StepFrame>
    }
}

#[component]
fn Account(shown: Shown) -> impl IntoView {
    let t = &words().joining;
    let wants_other = use_query_map().with_untracked(|query| query.get("other").is_some());
    let done = shown.payout.clone().map(|masked| {
        let next = super::next_step(shown.done()).path(shown.id);
        view! {
            <Banner tone=Tone::Good>{t.account_done(&masked)}</Banner>
            <LinkButton href=next look=Look::Soft>{t.go_on}</LinkButton>
        }
    });
    let code = match &shown.one_won {
        Some((masked, is_sent)) if !wants_other => Some(view! { <Code shown=shown.clone() masked=masked.clone() is_sent=*is_sent /> }),
        _ => None,
    };
    let waits = code.is_some();
    let other = (waits || shown.payout.is_some()).then(|| {
        let href = format!("{}?other=1", Step::Account.path(shown.id));
        view! { <LinkButton href look=Look::Plain>{t.account_other}</LinkButton> }
    });
    let asks = wants_other || (!waits && shown.payout.is_none());
    view! {
        {done}
        {code}
        {asks.then(|| view! { <Ask shown=shown.clone() /> })}
        {(!asks).then_some(other)}
    }
    .into_any()
}

#[component]
pub(super) fn Ask(shown: Shown) -> impl IntoView {
    let t = &words().joining;
    let action = ServerAction::<SendOneWon>::new();
    view! {
        <p class="lead">{t.lead_account}</p>
        <p class="small">{t.holder(&shown.holder)}</p>
        <ActionForm action attr:class="step-form">
            <input type="hidden" name="id" value=shown.id.to_string() />
            <input type="hidden" name="check" value=shown.check.to_string() />
            <AccountFields error=failed(action) />
            <div class="actions">
                <Button busy=action.pending()>{t.account_button}</Button>
            </div>
        </ActionForm>
    }
    .into_any()
}

#[component]
pub(super) fn Code(shown: Shown, masked: String, is_sent: bool) -> impl IntoView {
    let (lang, t) = (lang(), &words().joining);
    let action = ServerAction::<ConfirmCode>::new();
    let problem = failed(action);
    let is_of_code = |error: &crate::Error| matches!(error, crate::Error::Application(_));
    let of_code = Signal::derive(move || problem.get().filter(is_of_code).map(|error| error.say(lang, device_now())));
    let all = failure(action);
    let other = move || all.get().filter(|_| of_code.get().is_none());
    let transactions =
        use_context::<Setting>().and_then(|setting| setting.sandbox).map(|base| format!("{}/transactions", base.trim_end_matches('/')));
    view! {
        {if is_sent {
            view! { <p class="lead">{t.code_lead(&masked)}</p> }.into_any()
        } else {
            view! { <Banner tone=Tone::Warn>{t.code_unclear}</Banner> }.into_any()
        }}
        {transactions.map(|href| view! { <p class="small"><a href=href target="_blank" rel="noopener">{t.code_sandbox}</a></p> })}
        <ActionForm action attr:class="step-form">
            <input type="hidden" name="id" value=shown.id.to_string() />
            <Field label=t.code_label name="code" inputmode="numeric" autocomplete="one-time-code" maxlength=16 hint=t.code_hint error=of_code />
            {move || other().map(|message| view! { <ErrorNote message /> })}
            <div class="actions">
                <Button busy=action.pending()>{t.code_button}</Button>
            </div>
        </ActionForm>
    }
    .into_any()
}
