//! The HTML document around every page: language, icons, fonts, styles, and the scripts that bring it to life.

use crate::setting::Setting;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

/// Before the first paint: scripts run, so what needs them may show. Then the service worker, which never holds up the
/// page and whose failure changes nothing.
const FIRST_SCRIPT: &str = "const root=document.documentElement;root.classList.add('js');\
if('serviceWorker' in navigator)addEventListener('load',()=>navigator.serviceWorker.register('/sw.js')\
.then(()=>navigator.serviceWorker.ready).then(worker=>worker.active.postMessage(root.lang+' '+root.dataset.text)).catch(()=>{}));";

/// Figures and Latin letters, on every screen: worth asking for before the stylesheet says so.
const FIRST_FONT: &str = "/fonts/pretendard/PretendardVariable.subset.91.woff2";

/// `body` is the application.
pub fn document<V: IntoView + 'static>(options: LeptosOptions, body: impl FnOnce() -> V) -> impl IntoView {
    let Setting { lang, text, sandbox } = Setting::here();
    view! {
        <!DOCTYPE html>
        <html lang=lang.code() data-text=text.as_str() data-sandbox=sandbox>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f1f6f7" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#071012" />
                <meta name="format-detection" content="telephone=no" />
                <meta name="apple-mobile-web-app-title" content="Pay+" />
                <script nonce=use_nonce()>{FIRST_SCRIPT}</script>
                <link rel="preload" r#as="font" r#type="font/woff2" href=FIRST_FONT crossorigin="anonymous" />
                <link rel="stylesheet" href="/fonts/pretendard.css" />
                <HashedStylesheet id="leptos" options=options.clone() />
                <link rel="manifest" href="/manifest.webmanifest" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="icon" href="/favicon.ico" sizes="32x32" />
                <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png" />
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>{body()}</body>
        </html>
    }
}
