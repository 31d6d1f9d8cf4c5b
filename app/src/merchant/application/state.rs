//! `/merchant/:number/application`: what became of the application, what the city did and why, and the way to mend it.

use super::calls::{Registration, Withdraw, load_registration};
use crate::merchant::base;
use crate::merchant::choose::standing_word;
use crate::pieces::{Banner, Button, ErrorNote, LinkButton, Look, Section, ShopPage, ShopTab, Tone};
use crate::visitor::{LoadedPage, failure};
use crate::words::{self, lang, moment, words};
use domain::application::{Decision, Stage};
use domain::merchant::{Merchant, Role, Standing};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn StatePage() -> impl IntoView {
    let params = use_params_map();
    let data = Resource::new_blocking(move || params.with(|params| params.get("number").unwrap_or_default()), load_registration);
    view! {
        <LoadedPage data let:registration>
            <State registration />
        </LoadedPage>
    }
}

#[component]
fn State(registration: Registration) -> impl IntoView {
    let (lang, t) = (lang(), &words().joining);
    let Registration { merchant, role, own, stage, decisions, now } = registration;
    let action = ServerAction::<Withdraw>::new();
    let error = failure(action);
    let says = match (stage, merchant.standing) {
        (_, Standing::Closed) => (Tone::Bad, t.state_closed),
        (_, Standing::Open) => (Tone::Good, t.state_approved),
        (Some(Stage::SentBack), _) => (Tone::Warn, t.state_sent_back),
        (Some(Stage::Draft), _) => (Tone::Warn, t.state_draft),
        _ => (Tone::Info, t.state_submitted),
    };
    let reason = decisions.first().filter(|(decision, ..)| matches!(decision, Decision::SentBack | Decision::Closed));
    let reason = reason.map(|(_, reason, _)| reason.clone()).filter(|reason| !reason.is_empty());
    let way_on = own.map(|(id, stage)| match stage {
        Stage::SentBack => view! { <LinkButton href=format!("/merchant/new/{id}")>{t.mend}</LinkButton> }.into_any(),
        Stage::Draft => view! { <LinkButton href=format!("/merchant/new/{id}/check")>{t.go_on_writing}</LinkButton> }.into_any(),
        Stage::Submitted => view! {
            <ActionForm action>
                <input type="hidden" name="id" value=id.to_string() />
                <Button look=Look::Line busy=action.pending()>{t.withdraw}</Button>
            </ActionForm>
        }
        .into_any(),
        Stage::Approved | Stage::Closed => ().into_any(),
    });
    let line = move |(decision, reason, at): (Decision, String, _)| {
        view! {
            <li class="row">
                <span class="row-words">
                    <span class="row-title">{words::decision(lang, decision)}</span>
                    <span class="row-note">{t.by_city} " · " {moment(lang, at, now)}</span>
                    {(!reason.is_empty()).then(|| view! { <span class="row-note">{t.reason(&reason)}</span> })}
                </span>
            </li>
        }
    };
    let lines = (!decisions.is_empty()).then(|| {
        let lines = decisions.into_iter().map(line).collect_view();
        view! { <Section title=t.history><ul class="group">{lines}</ul></Section> }
    });
    view! {
        <ShopPage title=t.state_title shop=merchant.name.clone() base=base(&merchant) role current=ShopTab::Today>
            <Banner tone=says.0>
                <p><b>{standing_word(words(), merchant.standing)}</b></p>
                <p>{says.1}</p>
                {reason.map(|reason| view! { <p>{t.reason(&reason)}</p> })}
            </Banner>
            {move || error.get().map(|message| view! { <ErrorNote message /> })}
            {way_on}
            {lines}
            <LinkButton href=base(&merchant) look=Look::Plain>{t.see_shop}</LinkButton>
        </ShopPage>
    }
    .into_any()
}

/// On the pages of a shop that can't be paid: that it is so, and where the reason stands.
#[component]
pub fn StandingNote(merchant: Merchant, role: Role) -> impl IntoView {
    let t = &words().joining;
    let tone = if merchant.standing == Standing::Closed { Tone::Bad } else { Tone::Info };
    (merchant.standing != Standing::Open).then(|| {
        let link = (role >= Role::Manager).then(|| {
            view! { <p><a href=format!("{}/application", base(&merchant))>{t.to_state}</a></p> }
        });
        view! {
            <Banner tone>
                <p><b>{standing_word(words(), merchant.standing)}</b></p>
                {link}
            </Banner>
        }
    })
}
