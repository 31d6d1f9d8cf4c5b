//! Bands and notes: what is suspended, that this is a sandbox, what did not work and what to do.

use super::button::{LinkButton, Look};
use super::icon::{Glyph, Icon};
use crate::words::words;
use leptos::prelude::*;

/// What a banner is about. Never by colour alone: each has its sign.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Info,
    Good,
    Warn,
    Bad,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Info => "banner banner-info",
            Tone::Good => "banner banner-good",
            Tone::Warn => "banner banner-warn",
            Tone::Bad => "banner banner-bad",
        }
    }

    fn glyph(self) -> Glyph {
        match self {
            Tone::Info => Glyph::Info,
            Tone::Good => Glyph::Check,
            Tone::Warn => Glyph::Clock,
            Tone::Bad => Glyph::Alert,
        }
    }
}

/// A band across the top of a screen or a card: a suspension, a lost connection, good news.
#[component]
pub fn Banner(#[prop(optional)] tone: Tone, children: Children) -> impl IntoView {
    view! {
        <div class=tone.class() role="status">
            <Icon glyph=tone.glyph() />
            <div class="banner-words">{children()}</div>
        </div>
    }
    .into_any()
}

/// Says on every page that no real money moves, with the way to the sandbox's messages when there is one.
#[component]
pub fn SandboxRibbon(#[prop(optional, into)] inbox_href: Option<String>) -> impl IntoView {
    let t = &words().sandbox;
    view! {
        <aside class="ribbon" aria-label=t.ribbon>
            <span>{t.ribbon}</span>
            {inbox_href.map(|href| view! { <a href=href target="_blank" rel="noopener">{t.inbox}</a> })}
        </aside>
    }
    .into_any()
}

/// What did not work, in a sentence that names the next step; with a way on when there is one.
#[component]
pub fn ErrorNote(
    #[prop(into)] message: Signal<String>,
    #[prop(optional, into)] href: Option<String>,
    /// What following `href` does.
    #[prop(optional, into)]
    action: Option<String>,
) -> impl IntoView {
    let action = action.unwrap_or_else(|| words().common.retry.to_owned());
    view! {
        <div class="error-note" role="alert">
            <Icon glyph=Glyph::Alert />
            <p>{move || message.get()}</p>
            {href.map(|href| view! { <LinkButton href=href look=Look::Soft>{action}</LinkButton> })}
        </div>
    }
    .into_any()
}
