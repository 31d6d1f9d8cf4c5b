//! `/merchant/:number/about`: what payers and the city know of a shop. Whoever signed it up and owns it changes its picture and its
//! account here; an account proves itself by one won, as at the sign-up.

use super::account::{Ask, Code};
use super::calls::{ShopAbout, Shown, load_about};
use super::photo::PhotoForm;
use super::photo_path;
use crate::merchant::{base, standing_word};
use crate::pieces::{Banner, Facts, LinkButton, Look, Section, ShopPage, ShopTab, Tone};
use crate::visitor::LoadedPage;
use crate::words::{self, lang, words};
use domain::category::Category;
use domain::merchant::Role;
use domain::merchant_number::MerchantNumber;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};

pub(super) fn path(number: MerchantNumber) -> String {
    format!("/merchant/{number}/about")
}

#[component]
pub fn AboutShopPage() -> impl IntoView {
    let params = use_params_map();
    let search = use_location().search;
    let of = move || (params.with(|params| params.get("number").unwrap_or_default()), search.get());
    let data = Resource::new_blocking(of, |(number, _)| load_about(number));
    view! {
        <LoadedPage data let:shop>
            <About shop />
        </LoadedPage>
    }
}

#[component]
fn About(shop: ShopAbout) -> impl IntoView {
    let (lang, t) = (lang(), &words().joining);
    let ShopAbout { merchant, role, photo, own } = shop;
    let category =
        Category::parse(&merchant.category).map_or_else(|| merchant.category.clone(), |one| words::category(lang, one).to_owned());
    let facts = vec![
        (t.name_label.to_owned(), merchant.name.clone()),
        (words().settling.shop_number.to_owned(), merchant.number.to_string()),
        (t.category.to_owned(), category),
        (t.place.to_owned(), format!("{} · {}", words::district(lang, merchant.district), merchant.address)),
        (words().shops.column_standing.to_owned(), standing_word(words(), merchant.standing).to_owned()),
    ];
    let name = merchant.name.clone();
    let picture = photo.map(|photo| view! { <figure class="shop-photo"><img src=photo_path(photo) alt=t.photo_alt(&name) /></figure> });
    let parts = own.map(|own| {
        let id = own.id;
        view! {
            <Section title=t.account><Account own page=path(merchant.number) /></Section>
            <Section title=t.photo>
                <p class="small">{t.lead_photo}</p>
                <PhotoForm application=id />
            </Section>
        }
    });
    let others = parts.is_none().then(|| view! { <p class="small">{t.keep_others}</p> });
    view! {
        <ShopPage title=t.keep_title shop=merchant.name.clone() base=base(&merchant) role current=ShopTab::Today>
            <div class="shop-about">
                {picture}
                <Facts facts />
                <p class="small">{t.keep_lead}</p>
                {others}
                {(role == Role::Owner).then(|| view! { <LinkButton href="/shops/place" look=Look::Line>{t.keep_place}</LinkButton> })}
                {parts}
            </div>
        </ShopPage>
    }
    .into_any()
}

#[component]
fn Account(own: Shown, page: String) -> impl IntoView {
    let t = &words().joining;
    let (wants_other, is_done) = use_query_map().with_untracked(|query| (query.get("other").is_some(), query.get("done").is_some()));
    let now = own.payout.clone().unwrap_or_else(|| words().common.none_yet.to_owned());
    let said = now.clone();
    let done = is_done.then(|| view! { <div role="status"><Banner tone=Tone::Good>{t.account_done(&said)}</Banner></div> });
    let change = match &own.one_won {
        Some((masked, is_sent)) if !wants_other => view! { <Code shown=own.clone() masked=masked.clone() is_sent=*is_sent /> }.into_any(),
        _ if wants_other => view! { <Ask shown=own.clone() /> }.into_any(),
        _ => view! { <LinkButton href=format!("{page}?other=1") look=Look::Line>{t.account_other}</LinkButton> }.into_any(),
    };
    view! {
        {done}
        <p class="lead">{now}</p>
        {change}
    }
    .into_any()
}
