//! The frame of a screen: landmarks, one `h1`, the way back, the bottom bar.

use super::icon::{Glyph, Icon, Logo};
use crate::words::{Words, words};
use leptos::prelude::*;
use leptos_meta::Title;

/// Where a citizen is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Tab {
    Home,
    Buy,
    Pay,
    History,
    Me,
}

impl Tab {
    const ALL: [Tab; 5] = [Tab::Home, Tab::Buy, Tab::Pay, Tab::History, Tab::Me];

    pub fn href(self) -> &'static str {
        match self {
            Tab::Home => "/",
            Tab::Buy => "/buy",
            Tab::Pay => "/pay",
            Tab::History => "/history",
            Tab::Me => "/me",
        }
    }

    fn label(self, words: &Words) -> &'static str {
        let t = &words.nav;
        match self {
            Tab::Home => t.home,
            Tab::Buy => t.buy,
            Tab::Pay => t.pay,
            Tab::History => t.history,
            Tab::Me => t.me,
        }
    }

    fn glyph(self) -> Glyph {
        match self {
            Tab::Home => Glyph::Home,
            Tab::Buy => Glyph::Ticket,
            Tab::Pay => Glyph::Scan,
            Tab::History => Glyph::History,
            Tab::Me => Glyph::Me,
        }
    }
}

/// How the title is shown. There always is one `h1`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Heading {
    /// Small, in the bar: the figure is the hero.
    #[default]
    Bar,
    /// Large, as the question of the screen.
    Large,
    /// Only heard; the bar shows the logo.
    Hidden,
}

/// The bar at the top.
#[component]
pub fn TopBar(
    #[prop(into)] title: Signal<String>,
    #[prop(optional)] heading: Heading,
    /// Where back leads; no arrow without it.
    #[prop(optional, into)]
    back: Option<String>,
) -> impl IntoView {
    let back = back.map(|href| {
        view! {
            <a class="icon-button top-back" href=href aria-label=words().common.back>
                <Icon glyph=Glyph::Back />
            </a>
        }
    });
    match heading {
        Heading::Bar => view! {
            <header class="top">
                <SkipLink />
                {back}
                <h1 class="top-title">{move || title.get()}</h1>
            </header>
        }
        .into_any(),
        Heading::Large => view! {
            <header class="top top-large">
                <SkipLink />
                {back}
                <h1 class="top-question">{move || title.get()}</h1>
            </header>
        }
        .into_any(),
        Heading::Hidden => view! {
            <header class="top">
                <SkipLink />
                {back} <Logo />
                <h1 class="for-ears">{move || title.get()}</h1>
            </header>
        }
        .into_any(),
    }
}

/// For the keyboard: past the bars, to what the screen is about.
#[component]
pub(super) fn SkipLink() -> impl IntoView {
    view! { <a class="skip" href="#main">{words().common.skip_to_content}</a> }
}

/// Home, buy, pay (raised), history, me.
#[component]
pub fn BottomNav(#[prop(optional)] current: Option<Tab>) -> impl IntoView {
    let words = words();
    let item = move |tab: Tab| {
        view! {
            <li>
                <a
                    class="nav-item"
                    class:nav-pay=tab == Tab::Pay
                    href=tab.href()
                    aria-current=(current == Some(tab)).then_some("page")
                >
                    <span class="nav-sign"><Icon glyph=tab.glyph() /></span>
                    <span class="nav-label">{tab.label(words)}</span>
                </a>
            </li>
        }
    };
    view! {
        <nav class="bottom-nav" aria-label=words.nav.main>
            <ul>{Tab::ALL.map(item).collect_view()}</ul>
        </nav>
    }
    .into_any()
}

/// A title for the document. The server writes it last, when the signals of a page that was drawn twice may be gone: it is
/// then as it was first.
pub(super) fn lasting(title: Signal<String>) -> impl Fn() -> String + Send + Sync + 'static {
    let first = title.get_untracked();
    move || title.try_get().unwrap_or_else(|| first.clone())
}

/// A citizen's screen: top bar, content, and the bottom bar when `tab` is given.
#[component]
pub fn Page(
    #[prop(into)] title: Signal<String>,
    #[prop(optional)] heading: Heading,
    #[prop(optional, into)] back: Option<String>,
    #[prop(optional)] tab: Option<Tab>,
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=lasting(title) />
        <div class="page" class:has-nav=tab.is_some()>
            <TopBar title heading nostrip:back=back />
            <main class="main" id="main" tabindex="-1">{children()}</main>
            {tab.map(|tab| view! { <BottomNav current=tab /> })}
        </div>
    }
    .into_any()
}

/// A part of a screen with its heading, and a link to all of it when there is more.
#[component]
pub fn Section(
    #[prop(into)] title: String,
    #[prop(optional, into)] href: Option<String>,
    #[prop(optional, into)] action: Option<String>,
    children: Children,
) -> impl IntoView {
    let link = href.map(|href| {
        let action = action.unwrap_or_else(|| words().home.see_all.to_owned());
        view! {
            <a class="section-link" href=href>
                {action}
                <span class="for-ears">{title.clone()}</span>
                <Icon glyph=Glyph::Chevron />
            </a>
        }
    });
    view! {
        <section class="section">
            <div class="section-head">
                <h2 class="section-title">{title}</h2>
                {link}
            </div>
            {children()}
        </section>
    }
    .into_any()
}
