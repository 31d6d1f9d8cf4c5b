//! What was found, as rows that lead to paying there.

use super::asked::Asked;
use super::calls::{Found, FoundShop};
use crate::pieces::{EmptyState, Glyph, Icon, LinkButton, Look};
use crate::words::{self, words};
use domain::category::Category;
use domain::finding::Trade;
use leptos::prelude::*;

#[component]
pub(super) fn FoundShops(found: Found, asked: Asked, is_near: bool) -> impl IntoView {
    let t = &words().finding;
    let total = words::count(found.total);
    if found.shops.is_empty() {
        let (lead, href, action) = match (is_near, asked == Asked::default()) {
            (true, _) => (t.none_near, None, None),
            (false, false) => (t.none_lead, Some("/shops"), Some(t.all)),
            (false, true) => (t.none_at_all, None, None),
        };
        return view! { <EmptyState glyph=Glyph::Shop title=t.none_title lead nostrip:href=href.map(str::to_owned) nostrip:action=action.map(str::to_owned) /> }.into_any();
    }
    let rows = found.shops.into_iter().map(|found| view! { <li><ShopRow found /></li> }).collect_view();
    let earlier =
        (found.page > 1).then(|| view! { <LinkButton href=asked.href(found.page - 1, false) look=Look::Line>{t.earlier}</LinkButton> });
    let later =
        (!found.is_last).then(|| view! { <LinkButton href=asked.href(found.page + 1, false) look=Look::Line>{t.later}</LinkButton> });
    view! {
        <p class="found-total" role="status">{if is_near { t.total_near(&total) } else { t.total(&total) }}</p>
        <ul class="group found">{rows}</ul>
        <div class="found-pages">{earlier} {later}</div>
    }
    .into_any()
}

#[component]
fn ShopRow(found: FoundShop) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().finding);
    let FoundShop { shop, distance_m, is_usable } = found;
    // A code that shops can't choose any more has its trade's name.
    let trade = || words::trade(lang, Trade::of_code(&shop.category)).to_owned();
    let sells = Category::parse(&shop.category).map_or_else(trade, |category| words::category(lang, category).to_owned());
    let usable = is_usable.map(|is_usable| match is_usable {
        true => view! { <span class="tag found-usable"><Icon glyph=Glyph::Check />{t.usable}</span> }.into_any(),
        false => view! { <span class="tag">{t.not_usable}</span> }.into_any(),
    });
    view! {
        <a class="row" href=shop.number.pay_path()>
            <span class="row-sign" aria-hidden="true"><Icon glyph=Glyph::Shop /></span>
            <span class="row-words">
                <span class="row-title">{shop.name}</span>
                <span class="row-note">{sells} " · " {words::district(lang, shop.district)} {usable}</span>
                <span class="row-note">{shop.address}</span>
            </span>
            {distance_m.map(|metres| view! { <span class="row-amount found-distance">{words::distance(metres)}</span> })}
            <span class="row-go"><Icon glyph=Glyph::Chevron /></span>
        </a>
    }
    .into_any()
}
