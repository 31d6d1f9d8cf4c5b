//! The frame of the console's screens, and what stands in it while something loads or does not work.

use super::Operator;
use super::entering::LeaveCity;
use crate::Error;
use crate::pieces::{ErrorNote, Glyph, Icon, Logo, NotFound, Skeleton, device_now};
use crate::words::{self, lang, words};
use domain::application::ShopRefused;
use domain::kind::change::ChangeRefused;
use domain::operator::Role;
use domain::plan::PlanRefused;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use leptos_router::components::Redirect;

/// Where an operator is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum CityTab {
    Day,
    New,
    Kinds,
    Partners,
    Shops,
    Settlement,
    Log,
}

/// A screen of the console. Without `who` (at the door) there are no ways on.
#[component]
pub(super) fn Frame(
    #[prop(into)] title: String,
    #[prop(optional)] tab: Option<CityTab>,
    #[prop(optional)] who: Option<Operator>,
    children: Children,
) -> impl IntoView {
    let t = &words().city;
    let document_title = title.clone();
    view! {
        <Title text=document_title />
        <div class="desk city">
            <header class="desk-bar">
                <a class="skip" href="#main">{words().common.skip_to_content}</a>
                <Logo />
                <p class="desk-shop">{t.console}</p>
                {who.map(|who| view! { <Ways who tab /> })}
            </header>
            <main class="desk-main" id="main" tabindex="-1">
                <h1 class="desk-title">{title}</h1>
                {children()}
            </main>
        </div>
    }
    .into_any()
}

#[component]
fn Ways(who: Operator, tab: Option<CityTab>) -> impl IntoView {
    let (lang, t) = (lang(), &words().city);
    let way = move |of: CityTab, href: &'static str, glyph: Glyph, label: &'static str| {
        view! {
            <li>
                <a class="desk-item" href=href aria-current=(tab == Some(of)).then_some("page")>
                    <Icon glyph />
                    <span>{label}</span>
                </a>
            </li>
        }
        .into_any()
    };
    let roles: Vec<&str> = who.roles.iter().map(|role| words::role(lang, role)).collect();
    view! {
        <nav class="desk-nav" aria-label=t.nav>
            <ul>
                {way(CityTab::Day, "/city", Glyph::Clock, t.nav_day)}
                {who.is(Role::Planner).then(|| way(CityTab::New, "/city/plans/new", Glyph::Plus, t.nav_new))}
                {way(CityTab::Kinds, "/city/kinds", Glyph::Ticket, words().kinds.nav)}
                {way(CityTab::Partners, "/city/partners", Glyph::Devices, words().partners.nav)}
                {(who.is(Role::Controller) || who.is(Role::Auditor)).then(|| way(CityTab::Shops, "/city/shops", Glyph::Shop, words().shops.nav))}
                {way(CityTab::Settlement, "/city/settlement", Glyph::Bank, words().settling.nav)}
                {who.is(Role::Auditor).then(|| way(CityTab::Log, "/city/log", Glyph::History, t.nav_log))}
            </ul>
        </nav>
        <form class="city-who" method="post" action=LeaveCity::url()>
            <p class="small">
                <b>{who.name}</b>
                " "
                {roles.join(" · ")}
            </p>
            <button class="button button-plain">
                <span class="button-label">{t.sign_out}</span>
            </button>
        </form>
    }
    .into_any()
}

/// What a page of the console loaded. Whoever is not signed in is led to the door; whoever may not see it is told so.
#[component]
pub(super) fn Loaded<T, V>(data: Resource<Result<T, Error>>, children: impl Fn(T) -> V + Clone + Send + Sync + 'static) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=move || view! { <Skeleton /> }>
            {
                let children = children.clone();
                move || {
                    let children = children.clone();
                    Suspend::new(async move {
                        match data.await {
                            Ok(loaded) => children(loaded).into_any(),
                            Err(Error::SignedOut) => view! { <Redirect path="/city/start" /> }.into_any(),
                            Err(
                                Error::NotFound
                                | Error::Plan(PlanRefused::NoSuchPlan | PlanRefused::NoSuchRoom)
                                | Error::Change(ChangeRefused::NoSuchChange)
                                | Error::Shop(ShopRefused::NoSuchShop),
                            ) => {
                                view! { <NotFound /> }.into_any()
                            }
                            Err(error) => {
                                let message = error.say(lang(), device_now());
                                view! {
                                    <Frame title=words().trouble.gone_wrong_title>
                                        <ErrorNote message href="/city" action=words().city.nav_day />
                                    </Frame>
                                }
                                .into_any()
                            }
                        }
                    })
                }
            }
        </Transition>
    }
}
