//! The page for an address that leads nowhere. It sets the status, so that machines know as well.

use super::button::LinkButton;
use super::icon::{Glyph, Icon};
use super::page::{Heading, Page};
use crate::words::words;
use leptos::prelude::*;

/// 404.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    let t = &words().trouble;
    view! {
        <Page title=t.not_found_title heading=Heading::Hidden>
            <PlainMessage glyph=Glyph::Info title=t.not_found_title lead=t.not_found>
                <LinkButton href="/">{words().common.go_home}</LinkButton>
            </PlainMessage>
        </Page>
    }
    .into_any()
}

/// A whole screen with one message and one way on; the screen's `h1` is hidden, so this repeats it for the eyes.
#[component]
pub fn PlainMessage(glyph: Glyph, #[prop(into)] title: String, #[prop(into)] lead: String, children: Children) -> impl IntoView {
    view! {
        <div class="plain-page">
            <span class="plain-sign"><Icon glyph /></span>
            <p class="plain-title" aria-hidden="true">{title}</p>
            <p class="lead">{lead}</p>
            {children()}
        </div>
    }
    .into_any()
}
