//! `/shops`: what is looked for, and the list or the map of what fits. The address holds all of it but where somebody is.

use super::asked::Asked;
use super::calls::find_shops;
use super::here::{self, Nearby};
use super::map::ShopMap;
use super::rows::FoundShops;
use crate::pieces::{Button, Glyph, Icon, LinkButton, Look, Page, Tab};
use crate::visitor::{Loaded, who_looks};
use crate::words::{self, words};
use domain::district::District;
use domain::finding::{TEXT_CHARS_MAX, Trade};
use leptos::ev::Event;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlFormElement};
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;

#[component]
pub fn FindPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(Asked::of));
    // Anything that is no number is no page, and refused.
    let page = Memo::new(move |_| query.with(|query| query.get("page").map_or(1, |page| page.parse().unwrap_or(0))));
    let is_map = Memo::new(move |_| query.with(|query| query.get("view").is_some_and(|view| view == "map")));
    let nearby = RwSignal::new(Nearby::Off);
    let here = Memo::new(move |_| nearby.get().here());
    let found =
        Resource::new_blocking(move || (asked.get(), page.get(), here.get()), |(asked, page, here)| find_shops(asked, Some(page), here));
    view! {
        <Page title=words().finding.title back="/" tab=Tab::Home>
            <div class="finder">
                <Search asked is_map nearby />
                {move || is_map.get().then(|| view! { <ShopMap asked nearby /> })}
                <Loaded data=found let:found>
                    <FoundShops found asked=asked.get() is_near=here.get().is_some() />
                </Loaded>
            </div>
        </Page>
    }
}

/// Sends the form in which something was chosen.
pub(crate) fn send(event: Event) {
    let form = event.target().and_then(|target| target.dyn_into::<Element>().ok()?.closest("form").ok()?);
    if let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) {
        // A browser that does not know how has the button.
        let _ = form.request_submit();
    }
}

/// The form: sent by its button, and by each choice where there are scripts.
#[component]
fn Search(asked: Memo<Asked>, is_map: Memo<bool>, nearby: RwSignal<Nearby>) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().finding);
    let visitor = Resource::new_blocking(|| (), |()| who_looks());
    let districts = move || {
        let chosen = asked.get().district;
        let option = |district: District| {
            let value = district.number().to_string();
            view! { <option value=value.clone() selected=chosen == value>{words::district(lang, district)}</option> }
        };
        District::all().map(option).collect_view()
    };
    let trades = move || {
        let chosen = asked.get().trade;
        let option =
            |trade: Trade| view! { <option value=trade.as_str() selected=chosen == trade.as_str()>{words::trade(lang, trade)}</option> };
        Trade::ALL.into_iter().map(option).collect_view()
    };
    let check = move |name: &'static str, label: &'static str, of: fn(&Asked) -> &str| {
        view! {
            <label class="chip chip-check">
                <input type="checkbox" name=name value="1" checked=asked.with_untracked(|asked| of(asked) == "1") prop:checked=move || asked.with(|asked| of(asked) == "1") on:change=send />
                <span>{label}</span>
            </label>
        }
    };
    // Whoever is no member holds no voucher.
    let mine = move || {
        Suspend::new(async move {
            let visitor = visitor.await.ok().flatten();
            let place = visitor.as_ref().filter(|visitor| visitor.shops > 0);
            let place = place.map(|_| view! { <a class="chip" href="/shops/place">{t.place_title}</a> });
            visitor.is_some().then(|| view! { {check("mine", t.mine, |asked| &asked.mine)} {place} })
        })
    };
    view! {
        <Form method="GET" action="/shops" attr:class="finder-form" attr:role="search">
            <div class="finder-name">
                <label class="for-ears" for="q">{t.name_label}</label>
                <input
                    class="field-input"
                    id="q"
                    name="q"
                    type="search"
                    enterkeyhint="search"
                    autocomplete="off"
                    maxlength=TEXT_CHARS_MAX.to_string()
                    placeholder=t.name_hint
                    value=asked.with_untracked(|asked| asked.q.clone())
                    prop:value=move || asked.get().q
                />
                <Button>{t.button}</Button>
            </div>
            <div class="finder-choices">
                <select class="field-input" name="district" aria-label=t.district on:change=send>
                    <option value="">{t.any_district}</option>
                    {districts}
                </select>
                <select class="field-input" name="trade" aria-label=t.trade on:change=send>
                    <option value="">{t.any_trade}</option>
                    {trades}
                </select>
            </div>
            <div class="finder-checks">
                {check("lately", t.lately, |asked| &asked.lately)}
                <Suspense>{mine}</Suspense>
            </div>
            {move || is_map.get().then(|| view! { <input type="hidden" name="view" value="map" /> })}
        </Form>
        <div class="finder-ways">
            <Near nearby />
            {move || {
                let (href, label) = if is_map.get() { (asked.get().href(1, false), t.as_list) } else { (asked.get().href(1, true), t.as_map) };
                view! { <LinkButton href look=Look::Line>{label}</LinkButton> }
            }}
        </div>
    }
}

#[component]
fn Near(nearby: RwSignal<Nearby>) -> impl IntoView {
    let t = &words().finding;
    let is_on = move || matches!(nearby.get(), Nearby::At(_));
    let busy = Signal::derive(move || nearby.get() == Nearby::Asking);
    let press = Callback::new(move |_| if is_on() { nearby.set(Nearby::Off) } else { here::ask(nearby, here::Grain::Person) });
    view! {
        <div class="with-js finder-near">
            <Button look=Look::Soft r#type="button" busy on_press=press>
                <Icon glyph=Glyph::Scan />
                {move || if is_on() { t.near_off } else { t.near }}
            </Button>
        </div>
        <p class="finder-nowhere" role="status">{move || (nearby.get() == Nearby::Nowhere).then_some(t.nowhere)}</p>
    }
}
