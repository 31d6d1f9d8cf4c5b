//! Text fields and choices: the label always in sight, the hint under it, the error where the eyes are.

use super::icon::{Glyph, Icon};
use super::live::keep_in_step;
use crate::words::words;
use leptos::html;
use leptos::prelude::*;

/// A labelled input. `name` makes its ids, so it has to be unique on the page.
#[component]
pub fn Field(
    #[prop(into)] label: Signal<String>,
    name: &'static str,
    /// Kept the same as the input when given.
    #[prop(optional)]
    value: Option<RwSignal<String>>,
    /// What the server filled in, for a page without a signal.
    #[prop(optional, into)]
    initial: Option<String>,
    #[prop(default = "text")] r#type: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] maxlength: Option<u16>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(into, optional)] error: Signal<Option<String>>,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(default = Need::Required)] need: Need,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let text = match value {
        Some(value) => {
            keep_in_step(input, value);
            value.get_untracked()
        }
        None => initial.unwrap_or_default(),
    };
    let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
    let described_by = format!("{hint_id} {error_id}");
    view! {
        <div class="field" class:field-wrong=move || error.get().is_some()>
            <label class="field-label" for=name>
                {move || label.get()}
                {(need == Need::Optional).then(|| view! { <span class="field-optional">{words().common.optional}</span> })}
            </label>
            <input
                node_ref=input
                class="field-input"
                id=name
                name=name
                type=r#type
                inputmode=inputmode
                autocomplete=autocomplete
                maxlength=maxlength.map(|most| most.to_string())
                placeholder=placeholder
                required=need == Need::Required
                value=text
                disabled=move || disabled.get()
                aria-describedby=described_by
                aria-invalid=move || error.get().is_some().then_some("true")
                on:input:target=move |event| {
                    if let Some(value) = value {
                        value.set(event.target().value());
                    }
                }
            />
            <p class="field-hint" id=hint_id>
                {hint}
            </p>
            <FieldError id=error_id error />
        </div>
    }
    .into_any()
}

/// Whether a form is complete without the field.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
}

/// The place where an error appears and is read aloud; empty it takes no room.
#[component]
pub(super) fn FieldError(id: String, #[prop(into)] error: Signal<Option<String>>) -> impl IntoView {
    view! {
        <p class="field-error" id=id role="alert">
            {move || error.get().map(|text| view! { <Icon glyph=Glyph::Alert /><span>{text}</span> })}
        </p>
    }
    .into_any()
}

/// One of several, as a row that can be pressed: a radio button underneath.
#[component]
pub fn Choice(
    name: &'static str,
    #[prop(into)] value: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] note: Option<String>,
    #[prop(into, optional)] checked: Signal<bool>,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(optional, into)] on_choose: Option<Callback<String>>,
) -> impl IntoView {
    let own = value.clone();
    view! {
        <label class="choice">
            <input
                class="choice-input"
                type="radio"
                name=name
                value=value
                checked=checked.get_untracked()
                prop:checked=move || checked.get()
                disabled=move || disabled.get()
                on:change=move |_| {
                    if let Some(choose) = on_choose {
                        choose.run(own.clone());
                    }
                }
            />
            <span class="choice-words">
                <span class="choice-label">{label}</span>
                {note.map(|note| view! { <span class="choice-note">{note}</span> })}
            </span>
            <span class="choice-mark">
                <Icon glyph=Glyph::Check />
            </span>
        </label>
    }
    .into_any()
}
