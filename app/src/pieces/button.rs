//! Buttons. The label says what will happen; while it happens the label stays and the button rests.

use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// How much a button asks for attention. One `Primary` a screen.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Look {
    #[default]
    Primary,
    /// Brand-tinted.
    Soft,
    /// Outlined.
    Line,
    /// Only words.
    Plain,
    Danger,
}

impl Look {
    /// For a link that this crate's `LinkButton` can't make.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Look::Primary => "button button-primary",
            Look::Soft => "button button-soft",
            Look::Line => "button button-line",
            Look::Plain => "button button-plain",
            Look::Danger => "button button-danger",
        }
    }
}

/// A button; submits its form unless `r#type="button"`.
#[component]
pub fn Button(
    #[prop(optional)] look: Look,
    #[prop(default = "submit")] r#type: &'static str,
    /// What happens takes a moment: the button rests and says so to screen readers.
    #[prop(into, optional)]
    busy: Signal<bool>,
    #[prop(into, optional)] disabled: Signal<bool>,
    #[prop(optional)] name: Option<&'static str>,
    #[prop(optional, into)] value: Option<String>,
    /// The form it submits, when it stands outside of it.
    #[prop(optional)]
    form: Option<&'static str>,
    #[prop(optional, into)] on_press: Option<Callback<MouseEvent>>,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type=r#type
            class=look.class()
            name=name
            value=value
            form=form
            disabled=move || disabled.get()
            aria-busy=move || busy.get().then_some("true")
            aria-disabled=move || busy.get().then_some("true")
            on:click=move |event| {
                if busy.get_untracked() {
                    event.prevent_default();
                } else if let Some(press) = on_press {
                    press.run(event);
                }
            }
        >
            <span class="button-label">{children()}</span>
        </button>
    }
    .into_any()
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(#[prop(into)] href: Signal<String>, #[prop(optional)] look: Look, children: Children) -> impl IntoView {
    view! {
        <a class=look.class() href=move || href.get()>
            <span class="button-label">{children()}</span>
        </a>
    }
    .into_any()
}
