//! Which page stands at which address. Pages are rendered whole before they are sent (`SsrMode::Async`): they read well
//! without JavaScript, and nothing jumps.

use crate::buying::{BuyPage, PurchasePage};
use crate::city::{CityCodePage, CityPage, CityStartPage, LogPage, NewPlanPage, PartnersPage, PlanPage, RoomPage, ShopFilePage, ShopsPage};
use crate::city::{CityGiftsPage, CityLotsPage, CitySettlementPage};
use crate::city::{KindChangePage, KindPage, KindsPage, NewKindPage};
use crate::finding::{FindPage, PlacePage};
use crate::gifting::{GiftsPage, GivePage, OpenGiftPage, SentGiftPage};
use crate::history::HistoryPage;
use crate::home::HomePage;
use crate::me::{LinkBankPage, MePage, SessionsPage};
use crate::merchant::{
    AboutPage, AboutShopPage, AccountPage, AlertsPage, AskPage, AskedPage, BeginPage, CheckPage, ChoosePage, CounterPage, DevicesPage,
    InvitationPage, PhotoPage, QrPage, SettlementsPage, ShopPaymentPage, StaffPage, StatePage, StatementPage, TakePage, TakenPage,
    TodayPage,
};
use crate::offline::OfflinePage;
use crate::paying::{MyCodePage, PayPage, PayShopPage, PaymentPage, ShownCodePage};
use crate::pieces::{NotFound, SandboxRibbon, ToastShelf, provide_toasts};
use crate::refunding::{AskRefundPage, LotsPage, RefundPage};
use crate::setting::Setting;
use crate::start::{BankPage, CodePage, ConfirmPage, IdentityPage, PinPage, StartPage, WelcomePage};
use crate::statement::YearPage;
use crate::takings::{PaymentsPage, SalesPage};
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
                <Route path=path!("/pay/my-code") view=MyCodePage ssr=SsrMode::Async />
                <Route path=path!("/pay/my-code/:code") view=ShownCodePage ssr=SsrMode::Async />
                <Route path=path!("/pay/:number") view=PayShopPage ssr=SsrMode::Async />
                <Route path=path!("/payments/:payment") view=PaymentPage ssr=SsrMode::Async />
                <Route path=path!("/vouchers/:kind") view=LotsPage ssr=SsrMode::Async />
                <Route path=path!("/refund/:lot") view=AskRefundPage ssr=SsrMode::Async />
                <Route path=path!("/refunds/:refund") view=RefundPage ssr=SsrMode::Async />
                <Route path=path!("/gifts") view=GiftsPage ssr=SsrMode::Async />
                <Route path=path!("/gifts/new/:kind") view=GivePage ssr=SsrMode::Async />
                <Route path=path!("/gifts/:gift") view=SentGiftPage ssr=SsrMode::Async />
                <Route path=path!("/gift/:link") view=OpenGiftPage ssr=SsrMode::Async />
                <Route path=path!("/shops") view=FindPage ssr=SsrMode::Async />
                <Route path=path!("/shops/place") view=PlacePage ssr=SsrMode::Async />
                <Route path=path!("/history") view=HistoryPage ssr=SsrMode::Async />
                <Route path=path!("/statement") view=YearPage ssr=SsrMode::Async />
                <Route path=path!("/me") view=MePage ssr=SsrMode::Async />
                <Route path=path!("/me/bank") view=LinkBankPage ssr=SsrMode::Async />
                <Route path=path!("/me/sessions") view=SessionsPage ssr=SsrMode::Async />
                <Route path=path!("/offline") view=OfflinePage ssr=SsrMode::Async />
                <Route path=path!("/merchant") view=ChoosePage ssr=SsrMode::Async />
                <Route path=path!("/merchant/new") view=BeginPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/new/:application") view=AboutPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/new/:application/photo") view=PhotoPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/new/:application/account") view=AccountPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/new/:application/check") view=CheckPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/invitations/:token") view=InvitationPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number") view=TodayPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/counter") view=CounterPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/ask") view=AskPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/ask/:id") view=AskedPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/take") view=TakePage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/take/:payment") view=TakenPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/payments/:payment") view=ShopPaymentPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/alerts") view=AlertsPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/settlements") view=SettlementsPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/settlements/:day") view=StatementPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/sales") view=SalesPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/payments") view=PaymentsPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/qr") view=QrPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/application") view=StatePage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/about") view=AboutShopPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/staff") view=StaffPage ssr=SsrMode::Async />
                <Route path=path!("/merchant/:number/devices") view=DevicesPage ssr=SsrMode::Async />
                <Route path=path!("/city") view=CityPage ssr=SsrMode::Async />
                <Route path=path!("/city/start") view=CityStartPage ssr=SsrMode::Async />
                <Route path=path!("/city/start/code") view=CityCodePage ssr=SsrMode::Async />
                <Route path=path!("/city/plans/new") view=NewPlanPage ssr=SsrMode::Async />
                <Route path=path!("/city/plans/:id") view=PlanPage ssr=SsrMode::Async />
                <Route path=path!("/city/rooms/:window") view=RoomPage ssr=SsrMode::Async />
                <Route path=path!("/city/kinds") view=KindsPage ssr=SsrMode::Async />
                <Route path=path!("/city/kinds/new") view=NewKindPage ssr=SsrMode::Async />
                <Route path=path!("/city/kinds/changes/:id") view=KindChangePage ssr=SsrMode::Async />
                <Route path=path!("/city/kinds/:id") view=KindPage ssr=SsrMode::Async />
                <Route path=path!("/city/partners") view=PartnersPage ssr=SsrMode::Async />
                <Route path=path!("/city/shops") view=ShopsPage ssr=SsrMode::Async />
                <Route path=path!("/city/shops/:number") view=ShopFilePage ssr=SsrMode::Async />
                <Route path=path!("/city/gifts") view=CityGiftsPage ssr=SsrMode::Async />
                <Route path=path!("/city/lots") view=CityLotsPage ssr=SsrMode::Async />
                <Route path=path!("/city/settlement") view=CitySettlementPage ssr=SsrMode::Async />
                <Route path=path!("/city/log") view=LogPage ssr=SsrMode::Async />
            </Routes>
        </Router>
        <ToastShelf />
    }
}
