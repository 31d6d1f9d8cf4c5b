//! The frame of a shop's screens: a list on the phone, a desk from 1024 px.

use super::icon::{Glyph, Icon, Logo};
use super::page::{SkipLink, lasting};
use crate::words::words;
use leptos::prelude::*;
use leptos_meta::Title;

/// Where someone of the shop's staff is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ShopTab {
    Today,
    Qr,
}

/// A shop's screen: a list on the phone, a desk from 1024 px. `base` is the shop's path, `"/merchant/00000018"`.
#[component]
pub fn ShopPage(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] shop: Signal<String>,
    #[prop(into)] base: String,
    /// Where another shop is chosen.
    #[prop(default = "/merchant".to_owned(), into)]
    choose: String,
    current: ShopTab,
    children: Children,
) -> impl IntoView {
    let t = &words().shop;
    let tab = |tab: ShopTab, href: String, glyph: Glyph, label: &'static str| {
        view! {
            <li>
                <a class="desk-item" href=href aria-current=(tab == current).then_some("page")>
                    <Icon glyph />
                    <span>{label}</span>
                </a>
            </li>
        }
    };
    view! {
        <Title text=lasting(title) />
        <div class="desk">
            <header class="desk-bar">
                <SkipLink />
                <Logo />
                <p class="desk-shop">{move || shop.get()}</p>
                <nav class="desk-nav" aria-label=t.nav>
                    <ul>
                        {tab(ShopTab::Today, base.clone(), Glyph::History, t.nav_today)}
                        {tab(ShopTab::Qr, format!("{base}/qr"), Glyph::Scan, t.nav_qr)}
                        <li>
                            <a class="desk-item" href=choose><Icon glyph=Glyph::Shop /><span>{t.nav_choose}</span></a>
                        </li>
                    </ul>
                </nav>
            </header>
            <main class="desk-main" id="main" tabindex="-1">
                <h1 class="desk-title">{move || title.get()}</h1>
                {children()}
            </main>
        </div>
    }
    .into_any()
}
