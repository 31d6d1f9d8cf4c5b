//! `/merchant/:number/sales`: today, and a span of days by hour, day, month and voucher. Each figure leads to its payments.

use super::calls::{TakingsView, load_takings};
use super::figures;
use super::ranges::Ranges;
use super::today::TodayCard;
use crate::merchant::base;
use crate::pieces::chart::{Bars, Heat, Line};
use crate::pieces::{EmptyState, Glyph, Icon, Look, Section, ShopPage, ShopTab, hue_class};
use crate::visitor::LoadedPage;
use crate::words::{kind_name, lang, money, of_weekday, permille, signed_money, words};
use domain::Won;
use domain::takings::filter::PaymentFilter;
use domain::takings::{Coming, DayRange, KindShare, Sums};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub fn SalesPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = move || {
        let of = |name: &str| query.with(|query| query.get(name)).unwrap_or_default();
        (params.with(|params| params.get("number").unwrap_or_default()), of("preset"), of("from"), of("to"))
    };
    let data = Resource::new_blocking(asked, |(number, preset, from, to)| load_takings(number, preset, from, to));
    view! {
        <LoadedPage data let:view>
            <Sales view />
        </LoadedPage>
    }
}

#[component]
fn Sales(view: TakingsView) -> impl IntoView {
    let (lang, t) = (lang(), &words().takings);
    let TakingsView { merchant, role, range, takings, today, settled, now } = view;
    let (base, number) = (base(&merchant), merchant.number.to_string());
    let total = takings.total();
    let by_day = takings.by_day(range);
    let content = if takings.hours.is_empty() {
        view! { <EmptyState glyph=Glyph::Chart title=t.nothing_title lead=t.nothing /> }.into_any()
    } else {
        let days = (range.count() > 1).then(|| {
            let points = figures::days(lang, &base, &by_day);
            view! { <Section title=t.days_title><div class="card"><Line title=t.days_title column=t.column_day points /></div></Section> }
        });
        let months = figures::months(lang, &base, range, &by_day)
            .map(|points| view! { <Section title=t.months_title><div class="card"><Line title=t.months_title column=t.column_month points /></div></Section> });
        let heat = (range.count() > 7).then(|| {
            let points = figures::days(lang, &base, &by_day);
            let days = by_day.iter().map(|(day, _)| *day).zip(points).collect::<Vec<_>>();
            view! { <Section title=t.heat_title><div class="card"><Heat title=t.heat_title days /></div></Section> }
        });
        let hours = figures::hours(lang, &base, range, &takings.by_hour(), None);
        view! {
            <Figures base=base.clone() range fees=(settled.days > 0).then_some(settled.fees) sums=total.sums new_payers=total.new_payers returning_payers=total.returning_payers />
            <div class="takings-grid">
                {months}
                {days}
                {heat}
                <Section title=t.hours_title>
                    <div class="card"><Bars title=t.hours_title column=t.column_hour points=Signal::stored(hours) /></div>
                </Section>
                <Kinds base=base.clone() range shares=takings.kinds />
            </div>
            <Export base=base.clone() range />
        }
        .into_any()
    };
    view! {
        <ShopPage title=t.title shop=merchant.name.clone() base=base.clone() role current=ShopTab::Sales>
            <div class="takings-grid">
                <TodayCard today base=base.clone() number />
            </div>
            <Payouts coming=settled.coming base=base.clone() />
            <Ranges path=format!("{base}/sales") range now />
            <h2 class="section-title">{figures::range_name(lang, range)}</h2>
            {content}
        </ShopPage>
    }
    .into_any()
}

#[component]
fn Figures(base: String, range: DayRange, fees: Option<Won>, sums: Sums, new_payers: i64, returning_payers: i64) -> impl IntoView {
    let (lang, t) = (lang(), &words().takings);
    let all = figures::link(&base, &PaymentFilter::of_days(range));
    let figure = |name: &'static str, value: String, href: String| {
        view! { <div class="takings-figure"><dt>{name}</dt><dd><a class="chart-link" href=href>{value}</a></dd></div> }
    };
    let paid = format!("{} · {}", money(lang, sums.paid), t.count(sums.paid_count));
    let cancelled = format!("{} · {}", money(lang, sums.cancelled), t.count(sums.cancelled_count));
    let average = sums.average_payment().map(|won| figure(t.average_payment, money(lang, won), all.clone()));
    view! {
        <dl class="takings-figures">
            {figure(t.net, signed_money(lang, sums.net()), all.clone())}
            {figure(t.paid, paid, all.clone())}
            {figure(t.cancelled, cancelled, figures::cancelled(&base, range))}
            {average}
            {fees.map(|fees| figure(t.fees, money(lang, fees), all.clone()))}
            {figure(t.new_payers, t.people(new_payers), all.clone())}
            {figure(t.returning_payers, t.people(returning_payers), all)}
        </dl>
        <p class="small">{t.returning_note}</p>
    }
    .into_any()
}

/// What comes when; nothing when nothing is on its way.
#[component]
fn Payouts(coming: Vec<Coming>, base: String) -> impl IntoView {
    let (lang, t) = (lang(), &words().takings);
    let has_page = ShopTab::ALL.contains(&ShopTab::Settlements);
    let row = move |coming: Coming| {
        let amount = money(lang, coming.amount);
        let amount = match has_page {
            true => view! { <a class="chart-link" href=format!("{base}{}", ShopTab::Settlements.path())>{amount}</a> }.into_any(),
            false => amount.into_any(),
        };
        view! { <li class="kind-share-words"><span>{of_weekday(lang, coming.on)}</span> {amount}</li> }
    };
    (!coming.is_empty()).then(|| {
        view! {
            <section class="card">
                <h2 class="total-label">{t.payouts_title}</h2>
                <ul class="kind-shares">{coming.into_iter().map(row).collect_view()}</ul>
            </section>
        }
    })
}

#[component]
fn Kinds(base: String, range: DayRange, shares: Vec<KindShare>) -> impl IntoView {
    let (lang, t) = (lang(), &words().takings);
    let total = Won::sum(shares.iter().map(|share| share.paid)).unwrap_or(Won::MAX).get().max(1);
    let row = move |share: KindShare| {
        let part = i64::try_from(i128::from(share.paid.get()) * 1_000 / i128::from(total)).unwrap_or(0);
        let href = figures::link(&base, &PaymentFilter { kind: Some(share.kind.id), ..PaymentFilter::of_days(range) });
        let class = format!("kind-share {}", hue_class(share.kind.scope));
        view! {
            <li class=class>
                <p class="kind-share-words">
                    <span class="row-title">{kind_name(lang, &share.kind).to_owned()}</span>
                    <a class="chart-link" href=href>{format!("{} · {}", money(lang, share.paid), t.count(share.payments))}</a>
                    <span class="kind-share-part">{permille(part)}</span>
                </p>
                <svg class="kind-share-bar" height="10" aria-hidden="true">
                    <rect class="kind-share-all" width="100%" height="10" rx="5"></rect>
                    <rect class="kind-share-of" width=format!("{}.{}%", part / 10, part % 10) height="10" rx="5"></rect>
                </svg>
            </li>
        }
    };
    view! {
        <Section title=t.kinds_title>
            <div class="card">
                <ul class="kind-shares">{shares.into_iter().map(row).collect_view()}</ul>
                <p class="small">{t.kinds_note}</p>
            </div>
        </Section>
    }
    .into_any()
}

#[component]
fn Export(base: String, range: DayRange) -> impl IntoView {
    let t = &words().takings;
    let query = PaymentFilter::of_days(range).query();
    view! {
        <Section title=t.export_title>
            <p class="lead">{t.export_lead}</p>
            <Files base query />
        </Section>
    }
}

/// The two files with the payments that a query asks for. They are no pages: the browser fetches them itself, and keeps what says of itself
/// that it is a file. (`download` would keep a page as well that tells why there is none.)
#[component]
pub(super) fn Files(base: String, query: String) -> impl IntoView {
    let t = &words().takings;
    let file = |format: &'static str, label: &'static str| {
        view! {
            <a class=Look::Line.class() href=format!("{base}/export/{format}?{query}") rel="external">
                <Icon glyph=Glyph::Download />
                <span class="button-label">{label}</span>
            </a>
        }
    };
    view! { <div class="takings-files">{file("csv", t.export_csv)} {file("xlsx", t.export_xlsx)}</div> }.into_any()
}
