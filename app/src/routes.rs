//! Which page stands at which address. Pages are rendered whole before they are sent (`SsrMode::Async`): they read well
//! without JavaScript, and nothing jumps.

use crate::buying::{BuyPage, PurchasePage};
use crate::city::{CityCodePage, CityPage, CityStartPage, LogPage, NewPlanPage, PartnersPage, PlanPage, RoomPage};
use crate::history::HistoryPage;
use crate::home::HomePage;
use crate::me::{LinkBankPage, MePage, SessionsPage};
use crate::merchant::{ChoosePage, QrPage, TodayPage};
use crate::offline::OfflinePage;
use crate::paying::{PayPage, PayShopPage, PaymentPage};
use crate::pieces::{NotFound, SandboxRibbon, ToastShelf, provide_toasts};
use crate::setting::Setting;
use crate::start::{BankPage, CodePage, ConfirmPage, IdentityPage, PinPage, StartPage, WelcomePage};
use crate::waiting::WaitPage;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let setting = Setting::here();
    let inbox = setting.inbox();
    setting.provide();
    provide_toasts();
    view! {
        {inbox.map(|inbox_href| view! { <SandboxRibbon inbox_href /> })}
        <Router>
            <Routes fallback=NotFound>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                <Route path=path!("/start") view=StartPage ssr=SsrMode::Async />
                <Route path=path!("/start/code") view=CodePage ssr=SsrMode::Async />
                <Route path=path!("/start/confirm") view=ConfirmPage ssr=SsrMode::Async />
                <Route path=path!("/start/identity") view=IdentityPage ssr=SsrMode::Async />
                <Route path=path!("/start/pin") view=PinPage ssr=SsrMode::Async />
                <Route path=path!("/start/bank") view=BankPage ssr=SsrMode::Async />
                <Route path=path!("/start/welcome") view=WelcomePage ssr=SsrMode::Async />
                <Route path=path!("/buy") view=BuyPage ssr=SsrMode::Async />
                <Route path=path!("/buy/:purchase") view=PurchasePage ssr=SsrMode::Async />
                <Route path=path!("/wait/:window") view=WaitPage ssr=SsrMode::Async />
                <Route path=path!("/pay") view=PayPage ssr=SsrMode::Async />
                <Route path=path!("/pay/:number") view=PayShopPage ssr=SsrMode::Async />
                <Route path=path!("/payments/:payment") view=PaymentPage ssr=SsrMode::Async />
                <Route path=path!("/history") view=HistoryPage ssr=SsrMode::Async />
                <Route path=path!("/me") view=MePage ssr=SsrMode::Async />
                <Route path=path!("/me/bank") view=LinkBankPage ssr=SsrMode::Async />
                <Route path=path!("/me/sessions") view=SessionsPage ssr=SsrMode::Async />
                <Route path=path!("/offline") view=OfflinePage ssr=SsrMode::Async />
                <Route path=path!("/merchant") view=ChoosePage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number") view=TodayPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/qr") view=QrPage ssr=SsrMode::Async />
                <Route path=path!("/city") view=CityPage ssr=SsrMode::Async />
                <Route path=path!("/city/start") view=CityStartPage ssr=SsrMode::Async />
                <Route path=path!("/city/start/code") view=CityCodePage ssr=SsrMode::Async />
                <Route path=path!("/city/plans/new") view=NewPlanPage ssr=SsrMode::Async />
                <Route path=path!("/city/plans/:id") view=PlanPage ssr=SsrMode::Async />
                <Route path=path!("/city/rooms/:window") view=RoomPage ssr=SsrMode::Async />
                <Route path=path!("/city/partners") view=PartnersPage ssr=SsrMode::Async />
                <Route path=path!("/city/log") view=LogPage ssr=SsrMode::Async />
            </Routes>
        </Router>
        <ToastShelf />
    }
}
