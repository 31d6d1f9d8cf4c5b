//! The end of the sign-up: a word of welcome, and on to what the person came for.

use crate::pieces::{Heading, LogoMark, Look, Page};
use crate::start::steps;
use crate::visitor::{SignedInOnly, Visitor};
use crate::words::words;
use leptos::prelude::*;

#[component]
pub fn WelcomePage() -> impl IntoView {
    view! {
        <Page title=words().start.title heading=Heading::Hidden>
            <SignedInOnly let:visitor>
                <Welcome visitor />
            </SignedInOnly>
        </Page>
    }
}

#[component]
fn Welcome(visitor: Visitor) -> impl IntoView {
    let t = &words().start;
    let next = steps::next();
    let (href, label) = match next.href() {
        "/" if visitor.shops > 0 => ("/merchant".to_owned(), t.finished_staff),
        "/" if visitor.has_bank => ("/buy".to_owned(), t.finished_button),
        "/" => ("/".to_owned(), words().common.go_home),
        elsewhere => (elsewhere.to_owned(), t.go_on),
    };
    let is_home = href == "/";
    // Loaded anew: from here on in the person's own settings.
    let link = move |href: String, look: &'static str, label: &'static str| {
        view! {
            <a class=look href=href rel="external">
                <span class="button-label">{label}</span>
            </a>
        }
    };
    view! {
        <div class="welcome welcome-done">
            <LogoMark />
            <p class="welcome-title">{t.finished_title(&visitor.name)}</p>
            <p class="lead">{t.finished_lead}</p>
        </div>
        <div class="actions">
            {link(href, Look::Primary.class(), label)}
            {(!is_home).then(|| link("/".to_owned(), Look::Plain.class(), words().common.go_home))}
        </div>
    }
}
