//! `/merchant/:number/payments`: a shop's payments, newest first, found by day, hour, voucher, amount, state or code. A cashier finds
//! today's. All of it is a plain form.

use super::calls::{PaymentsView, find_payments};
use super::figures;
use super::page::Files;
use super::ranges::Dates;
use crate::merchant::base;
use crate::pieces::{Button, EmptyState, Glyph, LinkButton, Look, Money, ShopPage, ShopTab};
use crate::visitor::LoadedPage;
use crate::words::{self, kind_name, lang, money, words};
use domain::Timestamp;
use domain::kind::Kind;
use domain::merchant::Role;
use domain::takings::ShopPayment;
use domain::takings::filter::{Kept, PaymentFilter, Typed, Wanted};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn PaymentsPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = move || {
        let of = |name: &str| query.with(|query| query.get(name)).unwrap_or_default();
        let typed = Typed {
            from: of("from"),
            to: of("to"),
            hour: of("hour"),
            kind: of("kind"),
            least: of("least"),
            most: of("most"),
            state: of("state"),
            search: of("search"),
        };
        (params.with(|params| params.get("number").unwrap_or_default()), typed, of("before"))
    };
    let data = Resource::new_blocking(asked, |(number, typed, before)| find_payments(number, typed, before));
    let is_first = move || query.with(|query| query.get("before")).unwrap_or_default().is_empty();
    view! {
        <LoadedPage data let:view>
            <Payments view is_first=is_first() />
        </LoadedPage>
    }
}

#[component]
fn Payments(view: PaymentsView, is_first: bool) -> impl IntoView {
    let (lang, t) = (lang(), &words().takings);
    let PaymentsView { merchant, role, filter, kinds, rows, next, now } = view;
    let base = base(&merchant);
    let title = if role == Role::Cashier { t.payments_today } else { t.payments_title };
    let is_empty = rows.is_empty();
    let list = {
        let (base, kinds) = (base.clone(), kinds.clone());
        let row = move |payment: ShopPayment| row(&base, payment, &kinds, now);
        rows.into_iter().map(row).collect_view()
    };
    let here = figures::link(&base, &filter);
    let found = match (is_empty, next) {
        (true, None) => view! { <EmptyState glyph=Glyph::History title=t.found_none_title lead=t.found_none /> }.into_any(),
        (true, Some(_)) => view! { <p class="lead" role="status">{t.looked_part}</p> }.into_any(),
        _ => view! { <ul class="group payments-found">{list}</ul> }.into_any(),
    };
    let on = next.map(|number| view! { <LinkButton href=format!("{here}&before={number}") look=Look::Line>{t.earlier}</LinkButton> });
    let newest = (!is_first).then(|| view! { <LinkButton href=here.clone() look=Look::Plain>{t.newest}</LinkButton> });
    let files = (role >= Role::Manager && !is_empty).then(|| view! { <Files base=base.clone() query=filter.query() /> });
    view! {
        <ShopPage title shop=merchant.name.clone() base=base.clone() role current=ShopTab::Payments>
            <div class="desk-grid payments-grid">
                <Filter base=base.clone() role filter kinds />
                <section class="section" aria-label=figures::range_name(lang, filter.days)>
                    <div class="section-head">
                        <h2 class="section-title">{figures::range_name(lang, filter.days)}</h2>
                    </div>
                    {newest}
                    {found}
                    {on}
                    {files}
                </section>
            </div>
        </ShopPage>
    }
    .into_any()
}

fn row(base: &str, payment: ShopPayment, kinds: &[Kind], now: Timestamp) -> impl IntoView + use<> {
    let (lang, t) = (lang(), &words().takings);
    let kept = Kept::of(payment.amount, payment.cancelled);
    let name =
        |(of, _): &(domain::KindId, domain::Won)| kinds.iter().find(|kind| kind.id == *of).map(|kind| kind_name(lang, kind).to_owned());
    let names: Vec<String> = payment.kinds.iter().filter_map(name).collect();
    let left = payment.amount.left_after(payment.cancelled);
    let tag = (kept != Kept::Whole).then(|| view! { <span class="tag">{words::kept(lang, kept)}</span> });
    let of_left = (kept == Kept::Part).then(|| view! { <span class="row-note">{t.left(&money(lang, left))}</span> });
    view! {
        <li>
            <a class="row" class:is-cancelled=kept == Kept::Nothing href=format!("{base}/payments/{}", payment.id)>
                <span class="live-code">
                    <span class="for-ears">{words().shop.code_column}</span>
                    {payment.code.to_string()}
                </span>
                <span class="row-words">
                    <span class="row-title">
                        <time datetime=payment.at.to_string()>{words::moment(lang, payment.at, now)}</time>
                    </span>
                    <span class="row-note">{names.join(", ")} {tag}</span>
                </span>
                <span class="row-amount"><Money amount=payment.amount /> {of_left}</span>
            </a>
        </li>
    }
}

#[component]
fn Filter(base: String, role: Role, filter: PaymentFilter, kinds: Vec<Kind>) -> impl IntoView {
    let (lang, t) = (lang(), &words().takings);
    let (path, plain) = (format!("{base}/payments"), format!("{base}/payments"));
    let searched = filter.search.map(|search| search.code.map_or_else(|| search.amount.get().to_string(), |code| code.to_string()));
    let hours = (0..24u8).map(|hour| option(hour.to_string(), t.hour(hour), filter.hour == Some(hour))).collect_view();
    let kinds = kinds.into_iter().map(|kind| option(kind.id.to_string(), kind_name(lang, &kind).to_owned(), filter.kind == Some(kind.id)));
    let kinds = kinds.collect_view();
    let state = |wanted: Wanted| option(wanted.as_str().to_owned(), words::wanted(lang, wanted).to_owned(), filter.wanted == Some(wanted));
    let states = Wanted::ALL.map(state).collect_view();
    let is_plain = PaymentFilter::of_days(filter.days) == PaymentFilter { search: None, ..filter };
    view! {
        <form class="card payments-filter" method="get" action=path role="search">
            <label class="small-field is-wide">
                <span class="field-label">{t.search}</span>
                <input class="field-input small-input" name="search" inputmode="numeric" autocomplete="off" maxlength="18" value=searched aria-describedby="search-hint" />
                <span class="small" id="search-hint">{t.search_hint}</span>
            </label>
            {(role >= Role::Manager).then(|| view! { <Dates range=filter.days /> })}
            <details class="is-wide payments-more" open=!is_plain>
                <summary class="range-chip">{t.filter}</summary>
                <div class="payments-fields">
                    {select("hour", t.at_hour, t.any, hours.into_any())}
                    {select("kind", t.kind, t.any, kinds.into_any())}
                    {select("state", t.state, t.any, states.into_any())}
                    {amount("least", t.least, filter.least)}
                    {amount("most", t.most, filter.most)}
                </div>
            </details>
            <div class="is-wide payments-presses">
                <Button look=Look::Soft>{t.find}</Button>
                <LinkButton href=plain look=Look::Plain>{t.clear}</LinkButton>
            </div>
        </form>
    }
    .into_any()
}

fn option(value: String, label: String, is_chosen: bool) -> impl IntoView {
    view! { <option value=value selected=is_chosen>{label}</option> }
}

fn select(name: &'static str, label: &'static str, any: &'static str, options: AnyView) -> impl IntoView {
    view! {
        <label class="small-field">
            <span class="field-label">{label}</span>
            <select class="field-input small-input" name=name>
                <option value="">{any}</option>
                {options}
            </select>
        </label>
    }
}

fn amount(name: &'static str, label: &'static str, value: Option<domain::Won>) -> impl IntoView {
    view! {
        <label class="small-field">
            <span class="field-label">{label}</span>
            <input class="field-input small-input" name=name inputmode="numeric" autocomplete="off" maxlength="18" value=value.map(|won| won.get().to_string()) />
        </label>
    }
}
