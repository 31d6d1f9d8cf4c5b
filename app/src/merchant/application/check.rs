//! `/merchant/new/:application/check`: all of it at a look, what is missing, and the button that sends it.

use super::calls::{SendApplication, Shown};
use super::{Step, StepFrame, photo_path};
use crate::pieces::{Banner, Button, ErrorNote, Tone};
use crate::visitor::failure;
use crate::words::{self, lang, words};
use leptos::prelude::*;

#[component]
pub fn CheckPage() -> impl IntoView {
    view! {
        <StepFrame step=Step::Check title=words().joining.title_check let:shown>
            <Check shown />
        </StepFrame>
    }
}

#[component]
fn Check(shown: Shown) -> impl IntoView {
    let (lang, t) = (lang(), &words().joining);
    let action = ServerAction::<SendApplication>::new();
    let error = failure(action);
    let missing: Vec<&str> = shown.done().missing().into_iter().map(|part| words::part(lang, part)).collect();
    let is_whole = missing.is_empty();
    let missing = (!is_whole).then(|| t.missing(&missing.join(", ")));
    let next = super::next_step(shown.done()).path(shown.id);
    let none = || words().common.none_yet.to_owned();
    let about = shown.about.clone();
    let place = about.as_ref().map_or_else(none, |about| format!("{} · {}", words::district(lang, about.district), about.address));
    let category = about.as_ref().map_or_else(none, |about| words::category(lang, about.category).to_owned());
    let name = about.map_or_else(none, |about| about.name);
    let photo = match shown.photo {
        Some(photo) => view! { <img class="shop-thumb" src=photo_path(photo) alt=t.photo_alt(&name) /> }.into_any(),
        None => none().into_any(),
    };
    let row = move |term: &'static str, fact: AnyView, step: Option<Step>| {
        let change = step.map(|step| {
            view! {
                <a class="section-link" href=step.path(shown.id)>
                    {t.change}
                    <span class="for-ears">{term}</span>
                </a>
            }
        });
        view! {
            <div class="fact">
                <dt>{term}</dt>
                <dd>{fact} {change}</dd>
            </div>
        }
    };
    view! {
        {shown.reason.map(|reason| view! { <Banner tone=Tone::Warn>{t.reason(&reason)}</Banner> })}
        <p class="lead">{t.lead_check}</p>
        <div class="card">
            <dl class="facts">
                {row(t.business, shown.business_number.into_any(), None)}
                {row(t.name_label, name.into_any(), Some(Step::About))}
                {row(t.category, category.into_any(), None)}
                {row(t.place, place.into_any(), None)}
                {row(t.photo, photo, Some(Step::Photo))}
                {row(t.account, shown.payout.unwrap_or_else(none).into_any(), Some(Step::Account))}
            </dl>
        </div>
        {missing.map(|message| view! { <ErrorNote message href=next.clone() action=t.go_on_writing /> })}
        {move || error.get().map(|message| view! { <ErrorNote message /> })}
        <ActionForm action>
            <input type="hidden" name="id" value=shown.id.to_string() />
            <Button busy=action.pending() disabled=!is_whole>{t.send_button}</Button>
        </ActionForm>
    }
    .into_any()
}
