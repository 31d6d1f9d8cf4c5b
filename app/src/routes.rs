//! Which page stands at which address. Pages are rendered whole before they are sent (`SsrMode::Async`): they read well
//! without JavaScript, and nothing jumps.

use crate::buying::{BuyPage, PurchasePage};
use crate::history::HistoryPage;
use crate::home::HomePage;
use crate::me::{MePage, SessionsPage};
use crate::merchant::{ChoosePage, QrPage, TodayPage};
use crate::paying::{PayPage, PayShopPage, PaymentPage};
use crate::pieces::NotFound;
use crate::start::{BankPage, CodePage, ConfirmPage, IdentityPage, PinPage, StartPage};
use crate::words::Lang;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(language());
    view! {
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                <Route path=path!("/start") view=StartPage ssr=SsrMode::Async />
                <Route path=path!("/start/code") view=CodePage ssr=SsrMode::Async />
                <Route path=path!("/start/confirm") view=ConfirmPage ssr=SsrMode::Async />
                <Route path=path!("/start/identity") view=IdentityPage ssr=SsrMode::Async />
                <Route path=path!("/start/pin") view=PinPage ssr=SsrMode::Async />
                <Route path=path!("/start/bank") view=BankPage ssr=SsrMode::Async />
                <Route path=path!("/buy") view=BuyPage ssr=SsrMode::Async />
                <Route path=path!("/buy/:purchase") view=PurchasePage ssr=SsrMode::Async />
                <Route path=path!("/pay") view=PayPage ssr=SsrMode::Async />
                <Route path=path!("/pay/:number") view=PayShopPage ssr=SsrMode::Async />
                <Route path=path!("/payments/:payment") view=PaymentPage ssr=SsrMode::Async />
                <Route path=path!("/history") view=HistoryPage ssr=SsrMode::Async />
                <Route path=path!("/me") view=MePage ssr=SsrMode::Async />
                <Route path=path!("/me/sessions") view=SessionsPage ssr=SsrMode::Async />
                <Route path=path!("/merchant") view=ChoosePage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number") view=TodayPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/qr") view=QrPage ssr=SsrMode::Async />
            </Routes>
        </Router>
    }
}

/// On the server from the cookie, else from what the browser asks for; in the browser what the server decided.
#[cfg(feature = "ssr")]
fn language() -> Lang {
    use crate::web::{Cookie, cookie_in};
    let Some(parts) = use_context::<http::request::Parts>() else { return Lang::default() };
    let chosen = cookie_in(&parts.headers, Cookie::Language).and_then(Lang::parse);
    let asked = || {
        let header = parts.headers.get(http::header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        header.split(',').find_map(|range| Lang::parse(range.trim().get(..2)?))
    };
    chosen.or_else(asked).unwrap_or_default()
}

#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
fn language() -> Lang {
    let root = document().document_element();
    root.and_then(|root| root.get_attribute("lang")).as_deref().and_then(Lang::parse).unwrap_or_default()
}

#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
fn language() -> Lang {
    Lang::default()
}
