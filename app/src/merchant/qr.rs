//! `/merchant/:number/qr`: the shop's static code, to show on the screen or to print.

use super::choose::standing_word;
use super::{ShopQr, base, load_qr};
use crate::pieces::{Button, EmptyState, Glyph, Look, QrCard, QrPoster, ShopPage, ShopTab};
use crate::visitor::LoadedPage;
use crate::words::{self, lang, words};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn QrPage() -> impl IntoView {
    let params = use_params_map();
    let code = Resource::new_blocking(move || params.with(|params| params.get("number").unwrap_or_default()), load_qr);
    view! {
        <LoadedPage data=code let:shop>
            <Code shop />
        </LoadedPage>
    }
}

#[component]
fn Code(shop: ShopQr) -> impl IntoView {
    let t = &words().shop;
    let ShopQr { merchant, code } = shop;
    let place = words::district(lang(), merchant.district);
    let name = merchant.name.clone();
    let number = merchant.number.to_string();
    let standing = standing_word(words(), merchant.standing);
    let content = match code {
        Some(code) => view! {
            <div class="qr-page">
                <QrCard content=code.clone() shop=name.clone() place number=number.clone() />
                <div class="qr-words">
                    <p class="lead">{t.qr_lead}</p>
                    <div class="with-js">
                        <Button look=Look::Primary r#type="button" on_press=Callback::new(|_| print())>{t.qr_print}</Button>
                    </div>
                </div>
            </div>
            <QrPoster content=code shop=name place number />
        }
        .into_any(),
        None => view! { <EmptyState glyph=Glyph::Scan title=t.qr_none_title lead=format!("{standing}. {}", t.qr_none) /> }.into_any(),
    };
    view! {
        <ShopPage title=t.qr_title shop=merchant.name.clone() base=base(&merchant) current=ShopTab::Qr>
            {content}
        </ShopPage>
    }
}

fn print() {
    #[cfg(feature = "hydrate")]
    if let Some(window) = leptos::web_sys::window() {
        // A browser without printing does nothing.
        let _ = window.print();
    }
}
