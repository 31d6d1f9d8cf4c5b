//! The amount pad: the figure is the hero, chips add to it, and without JavaScript it is a plain field with links.

use super::field::FieldError;
use super::icon::{Glyph, Icon};
use super::live::keep_in_step;
use crate::words::{Lang, amount, chip, lang, words};
use domain::Won;
use domain::amount_input::parse_won;
use leptos::html;
use leptos::prelude::*;

/// The usual steps: +1만, +5만, +10만.
const STEPS: [Won; 3] = [Won::of(10_000), Won::of(50_000), Won::of(100_000)];

/// What is typed, as an amount; nothing while it is none.
fn typed(text: &str) -> Option<Won> {
    parse_won(text).ok().and_then(|won| Won::new(won).ok())
}

/// `text` after a chip: never above `most`.
fn after_step(text: &str, step: Won, most: Won) -> Won {
    typed(text).unwrap_or(Won::ZERO).plus(step).unwrap_or(Won::MAX).min(most)
}

/// A large amount to type or to build from chips.
#[component]
pub fn AmountPad(
    value: RwSignal<String>,
    #[prop(default = "amount")] name: &'static str,
    #[prop(into)] label: Signal<String>,
    /// What "최대" fills in, and where chips stop.
    #[prop(into)]
    most: Signal<Won>,
    /// Without it where the most is only what the system takes, and nobody means it.
    #[prop(default = true)]
    offers_most: bool,
    #[prop(default = STEPS.to_vec())] steps: Vec<Won>,
    #[prop(into, optional)] hint: Signal<String>,
    #[prop(into, optional)] error: Signal<Option<String>>,
    #[prop(into, optional)] disabled: Signal<bool>,
    /// Where chips lead without JavaScript; the amount is put after it: `"/buy?kind=1&amount="`.
    #[prop(optional, into)]
    link: Option<String>,
) -> impl IntoView {
    let lang = lang();
    let t = &lang.words().pad;
    let input = NodeRef::<html::Input>::new();
    // From a link it may come as plain digits.
    if let Some(won) = typed(&value.get_untracked()) {
        value.set(won.to_string());
    }
    keep_in_step(input, value);
    let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
    let described_by = format!("{hint_id} {error_id}");
    // What is wrong with the amount is brought to where it is corrected, out from under the button that was pressed.
    Effect::new(move |was_wrong: Option<bool>| {
        let is_wrong = error.get().is_some();
        if is_wrong
            && was_wrong == Some(false)
            && let Some(input) = input.get_untracked()
        {
            // A browser that refuses focus leaves the field as it is.
            let _ = input.focus();
        }
        is_wrong
    });
    let fill = move |won: Won| {
        let text = if won.is_zero() { String::new() } else { won.to_string() };
        value.set(text);
    };
    // Read back in words where that is easier than counting zeros, or where words were typed.
    let in_words = move || {
        let text = value.get();
        typed(&text).filter(|won| won.get() >= 10_000).map(|won| amount(lang, won)).filter(|words| !words.starts_with(text.trim()))
    };
    let chips = steps
        .iter()
        .map(|step| {
            let step = *step;
            view! {
                <button
                    type="button"
                    class="chip"
                    disabled=move || disabled.get() || most.get().is_zero()
                    on:click=move |_| fill(after_step(&value.get_untracked(), step, most.get_untracked()))
                >
                    {chip(lang, step)}
                </button>
            }
        })
        .collect_view();
    let links = link.map(|link| {
        let start = value.get_untracked();
        let most = most.get_untracked();
        let to = |won: Won, label: String| view! { <a class="chip" href=format!("{link}{}", won.get())>{label}</a> };
        let steps = steps.iter().map(|step| to(after_step(&start, *step, most), chip(lang, *step))).collect_view();
        view! {
            <div class="chips without-js">
                {steps} {to(most, t.most.to_owned())}
            </div>
        }
    });
    view! {
        <div class="amount-pad" class:field-wrong=move || error.get().is_some()>
            <label class="amount-label" for=name>{move || label.get()}</label>
            <div class="amount-line">
                {(lang == Lang::En).then(|| view! { <span class="amount-unit" aria-hidden="true">"₩"</span> })}
                <input
                    node_ref=input
                    class="amount-input"
                    id=name
                    name=name
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    enterkeyhint="done"
                    maxlength="20"
                    placeholder="0"
                    value=value.get_untracked()
                    disabled=move || disabled.get()
                    aria-describedby=described_by
                    aria-invalid=move || error.get().is_some().then_some("true")
                    on:input:target=move |event| value.set(event.target().value())
                    on:change=move |_| if let Some(won) = typed(&value.get_untracked()) { fill(won) }
                />
                {(lang == Lang::Ko).then(|| view! { <span class="amount-unit" aria-hidden="true">"원"</span> })}
                <button
                    type="button"
                    class="amount-clear with-js"
                    class:is-hidden=move || value.get().is_empty()
                    aria-label=t.clear
                    on:click=move |_| {
                        fill(Won::ZERO);
                        if let Some(input) = input.get_untracked() {
                            // A browser that refuses focus leaves the field as it is.
                            let _ = input.focus();
                        }
                    }
                >
                    <Icon glyph=Glyph::Close />
                </button>
            </div>
            <p class="amount-hint" id=hint_id>
                {move || in_words().unwrap_or_else(|| hint.get())}
            </p>
            <FieldError id=error_id error />
            <div class="chips with-js">
                {chips}
                {offers_most.then(|| view! {
                    <button
                        type="button"
                        class="chip chip-most"
                        disabled=move || disabled.get() || most.get().is_zero()
                        on:click=move |_| fill(most.get_untracked())
                        aria-label=move || words().pad.most_is(&amount(lang, most.get()))
                    >
                        {t.most}
                    </button>
                })}
            </div>
            {links}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chips_add_and_stop_at_the_most() {
        let (step, most) = (Won::of(50_000), Won::of(120_000));
        for (text, wanted) in [("", 50_000), ("3만", 80_000), ("100,000", 120_000), ("words", 50_000)] {
            assert_eq!(after_step(text, step, most), Won::of(wanted), "{text}");
        }
    }
}
