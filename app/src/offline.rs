//! What is shown without a connection. The service worker (`public/sw.js`) keeps this page, without the scripts that bring
//! others to life; `public/offline.js` puts in what the phone last saw of the wallet.

use crate::pieces::{Glyph, Heading, Icon, Page};
use crate::words::{Lang, lang, words};
use leptos::prelude::*;

/// Where `offline.js` puts the figure.
fn money_pattern(lang: Lang) -> &'static str {
    match lang {
        Lang::Ko => "{won}원",
        Lang::En => "₩{won}",
    }
}

/// Says that there is no connection, and the last balance with its time.
#[component]
pub fn OfflinePage() -> impl IntoView {
    let t = &words().offline;
    view! {
        <Page title=t.title heading=Heading::Hidden>
            <div class="plain-page" id="offline" data-money=money_pattern(lang()) data-lead=t.lead("{time}")>
                <span class="plain-sign"><Icon glyph=Glyph::Offline /></span>
                <p class="plain-title" aria-hidden="true">{t.title}</p>
                <p class="lead" data-fill="lead">{t.no_wallet}</p>
                <div class="card hero" data-known="" hidden>
                    <p class="hero-label">{t.balance_then}</p>
                    <p class="money money-large" data-fill="balance"></p>
                </div>
                <div class="group" data-known="" data-fill="lines" hidden></div>
                <p class="small">{t.paying_needs_net}</p>
                // To where the person wanted to go: this page stands at that address.
                <a class="button button-primary" href="">{t.retry}</a>
            </div>
            <script src="/offline.js" defer></script>
        </Page>
    }
    .into_any()
}
