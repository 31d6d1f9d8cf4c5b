//! The page for an address that leads nowhere.

use super::empty::EmptyState;
use super::icon::Glyph;
use super::page::{Heading, Page, Tab};
use crate::words::words;
use leptos::prelude::*;

/// Answers 404 and shows the way home.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    let (trouble, common) = (&words().trouble, &words().common);
    view! {
        <Page title=trouble.not_found_title.to_owned() heading=Heading::Hidden tab=Tab::Home>
            <EmptyState glyph=Glyph::Info title=trouble.not_found_title lead=trouble.not_found href="/" action=common.go_home />
        </Page>
    }
}
