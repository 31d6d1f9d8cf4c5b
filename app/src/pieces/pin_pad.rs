//! The PIN pad: a real password input that every phone and password manager understands, dressed with dots and a keypad
//! once JavaScript is there. The digits stay in the input and in the signal; nothing shows them.

use super::field::FieldError;
use super::icon::{Glyph, Icon};
use super::live::{keep_in_step, when_live};
use crate::words::words;
use leptos::html;
use leptos::prelude::*;

const DIGITS: usize = 6;

fn only_digits(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_digit).take(DIGITS).collect()
}

/// Six digits.
#[component]
pub fn PinPad(
    value: RwSignal<String>,
    #[prop(default = "pin")] name: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(into, optional)] error: Signal<Option<String>>,
    /// What the PIN was typed for is being done.
    #[prop(into, optional)]
    busy: Signal<bool>,
    /// Called once when the sixth digit is there.
    #[prop(optional, into)]
    on_complete: Option<Callback<String>>,
) -> impl IntoView {
    let t = &words().spoken;
    let input = NodeRef::<html::Input>::new();
    keep_in_step(input, value);
    let live = when_live();
    let error_id = format!("{name}-error");
    let error_ref = error_id.clone();
    let count = Memo::new(move |_| value.with(|digits| digits.chars().count().min(DIGITS)));
    if let Some(complete) = on_complete {
        Effect::new(move |before: Option<usize>| {
            let now = count.get();
            if now == DIGITS && before.is_some_and(|before| before < DIGITS) {
                let digits = value.get_untracked();
                // Whoever sends the form now finds all six in it, whichever effect runs first.
                if let Some(input) = input.get_untracked() {
                    input.set_value(&digits);
                }
                complete.run(digits);
            }
            now
        });
    }
    let press = move |digit: char| {
        if !busy.get_untracked() {
            value.update(|digits| {
                if digits.len() < DIGITS {
                    digits.push(digit);
                }
            });
        }
    };
    let key = move |digit: char| {
        view! {
            <button type="button" class="key" on:click=move |_| press(digit)>
                {digit.to_string()}
            </button>
        }
    };
    let dots = (0..DIGITS).map(|at| view! { <span class="pin-dot" class:is-full=move || { at < count.get() }></span> }).collect_view();
    view! {
        <div class="pin" class:field-wrong=move || error.get().is_some() class:is-live=move || live.get() aria-busy=move || busy.get().then_some("true")>
            <label class="pin-label" for=name>{move || label.get()}</label>
            <div class="pin-line">
                <input
                    node_ref=input
                    class="pin-input"
                    id=name
                    name=name
                    type="password"
                    inputmode="numeric"
                    pattern="[0-9]*"
                    autocomplete="off"
                    minlength="6"
                    maxlength="6"
                    required=true
                    readonly=move || busy.get()
                    aria-describedby=error_ref
                    aria-invalid=move || error.get().is_some().then_some("true")
                    on:input:target=move |event| value.set(only_digits(&event.target().value()))
                />
                <div class="pin-dots with-js" aria-hidden="true">
                    {dots}
                </div>
            </div>
            <FieldError id=error_id error />
            <p class="for-ears" role="status">
                {move || (count.get() > 0).then(|| t.pin_progress(count.get()))}
            </p>
            <div class="keypad with-js">
                {"123456789".chars().map(key).collect_view()}
                <button type="button" class="key key-quiet" on:click=move |_| value.set(String::new())>
                    {words().pad.clear} <span class="for-ears">{t.pin_clear}</span>
                </button>
                {key('0')}
                <button
                    type="button"
                    class="key key-quiet"
                    aria-label=t.pin_delete
                    on:click=move |_| value.update(|digits| {
                        digits.pop();
                    })
                >
                    <Icon glyph=Glyph::Erase />
                </button>
            </div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_six_digits_are_kept() {
        assert_eq!(only_digits("12a3-45678"), "123456");
        assert_eq!(only_digits("\u{FF11}2"), "2");
    }
}
