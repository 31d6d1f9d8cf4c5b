//! `/city`: the plans, and what is on sale with its figures as they change.

use super::Operator;
use super::frame::{CityTab, Frame, Loaded};
use super::live::{Live, live};
use super::plan::state_class;
use crate::Error;
use crate::pieces::Column::{Figure, Text};
use crate::pieces::{DataTable, EmptyState, Glyph, Section};
use crate::words::{self, Lang, amount, date, kind_name, lang, moment, money, plan_state, words};
use domain::kind::Kind;
use domain::operator::Role;
use domain::plan::PlanState;
use domain::room::admission::Gate;
use domain::sale::{Phase, Pool, Window};
use domain::{PlanId, Timestamp, Won, calendar};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
const PLANS_SHOWN: i64 = 50;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CityDay {
    pub who: Operator,
    pub plans: Vec<PlanLine>,
    pub sales: Vec<SaleLine>,
    pub now: Timestamp,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanLine {
    pub id: PlanId,
    pub name_ko: String,
    pub name_en: String,
    pub day: calendar::Day,
    pub state: PlanState,
    pub total: Won,
    pub planner: String,
    pub releaser: Option<String>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SaleLine {
    pub name_ko: String,
    pub name_en: String,
    pub kind: Kind,
    pub windows: Vec<WindowLine>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct WindowLine {
    pub window: Window,
    pub pool: Pool,
    pub room: Option<RoomFigures>,
}

/// How a waiting room stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomFigures {
    pub gate: Gate,
    pub serving: u32,
    pub tickets: u32,
    pub inside: u32,
    pub rate_per_s: u32,
    pub most_inside: u32,
}

#[cfg(feature = "ssr")]
pub(super) async fn room_figures(store: &store::Store, row: &store::RoomRow, now: Timestamp) -> Result<RoomFigures, Error> {
    let admission = &row.admission;
    Ok(RoomFigures {
        gate: admission.gate,
        serving: admission.serving,
        tickets: row.last_number,
        // Nobody comes in before somebody is called.
        inside: if admission.serving == 0 { 0 } else { store.people_inside(row.window.id, now).await? },
        rate_per_s: admission.rate_per_s,
        most_inside: admission.most_inside,
    })
}

#[server(prefix = "/api", endpoint = "city/day")]
pub async fn load_city_day() -> Result<CityDay, Error> {
    use crate::web::{answer, now, operator, services};
    answer(async {
        let (who, store, now) = (operator().await?, services().store, now());
        let plans = store.plans(PLANS_SHOWN).await?.into_iter().map(|row| PlanLine {
            id: row.id,
            total: row.plan.total().unwrap_or(Won::ZERO),
            name_ko: row.plan.name_ko,
            name_en: row.plan.name_en,
            day: row.plan.day,
            state: row.state,
            planner: row.planner,
            releaser: row.releaser,
        });
        let rooms = store.rooms(now).await?;
        let mut sales = Vec::new();
        for view in store.on_sale(now).await? {
            let mut windows = Vec::new();
            for (window, pool) in view.windows {
                let room = match rooms.iter().find(|row| row.window.id == window.id) {
                    Some(row) => Some(room_figures(&store, row, now).await?),
                    None => None,
                };
                windows.push(WindowLine { window, pool, room });
            }
            sales.push(SaleLine { name_ko: view.name_ko, name_en: view.name_en, kind: view.kind, windows });
        }
        Ok(CityDay { who: Operator::from(&who), plans: plans.collect(), sales, now })
    })
    .await
}

fn named<'a>(lang: Lang, ko: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Ko => ko,
        Lang::En => en,
    }
}

#[component]
pub fn CityPage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_city_day());
    view! {
        <Loaded data let:day>
            <Frame title=words().city.day_title tab=CityTab::Day who=day.who.clone()>
                <Day day />
            </Frame>
        </Loaded>
    }
}

#[component]
fn Day(day: CityDay) -> impl IntoView {
    let t = &words().city;
    let plans_now = day.who.is(Role::Planner);
    let live = live(day, load_city_day);
    let sales = move || live.value.with(|day| day.sales.iter().map(|sale| sale_view(sale, day.now)).collect_view());
    let has_sales = move || live.value.with(|day| !day.sales.is_empty());
    let has_plans = move || live.value.with(|day| !day.plans.is_empty());
    let plans = move || live.value.with(|day| day.plans.iter().map(plan_view).collect_view());
    view! {
        <Section title=t.sales_title>
            <LiveNote live />
            {move || (!has_sales()).then(|| view! { <p class="small">{t.no_sales}</p> })}
            {sales}
        </Section>
        <Section title=t.plans_title>
            {plans_now.then(|| view! {
                <a class="button button-soft" href="/city/plans/new"><span class="button-label">{t.new_plan}</span></a>
            })}
            {move || (!has_plans()).then(|| view! { <EmptyState glyph=Glyph::Ticket title=t.no_plans_title lead=t.no_plans /> })}
            <ul class="city-plans">{plans}</ul>
        </Section>
    }
    .into_any()
}

/// That the figures live, or do not.
#[component]
pub(super) fn LiveNote<T: Clone + Send + Sync + 'static>(live: Live<T>) -> impl IntoView {
    let t = &words().city;
    view! {
        <p class="connection with-js" class:is-lost=move || live.is_lost.get() role="status">
            {move || if live.is_lost.get() { t.live_lost } else { t.live }}
        </p>
        <a class="button button-line without-js" href="">{words().wait.update}</a>
    }
}

fn plan_view(plan: &PlanLine) -> impl IntoView + use<> {
    let (lang, t) = (lang(), &words().city);
    let day = plan.day.span().map(|day| date(lang, day.from())).unwrap_or_default();
    let hands = match &plan.releaser {
        Some(releaser) => format!("{} · {}", t.planned_by(&plan.planner), t.released_by(releaser)),
        None => t.planned_by(&plan.planner),
    };
    view! {
        <li>
            <a class="row" href=format!("/city/plans/{}", plan.id)>
                <span class=state_class(plan.state)>{plan_state(lang, plan.state)}</span>
                <span class="row-words">
                    <span class="row-title">{named(lang, &plan.name_ko, &plan.name_en).to_owned()}</span>
                    <span class="row-note">{format!("{day} · {}", t.total(&amount(lang, plan.total)))}</span>
                    <span class="row-note">{hands}</span>
                </span>
            </a>
        </li>
    }
}

fn sale_view(sale: &SaleLine, now: Timestamp) -> impl IntoView + use<> {
    let (lang, t) = (lang(), &words().city);
    let title = format!("{} · {}", named(lang, &sale.name_ko, &sale.name_en), kind_name(lang, &sale.kind));
    let label = title.clone();
    let rows = sale.windows.iter().map(|line| window_view(line, now)).collect_view();
    let columns = vec![
        Text(t.column_window),
        Text(t.column_who),
        Figure(t.column_total),
        Figure(t.column_held),
        Figure(t.column_sold),
        Figure(t.column_left),
        Text(t.column_room),
    ];
    view! {
        <DataTable label=label caption=title class="city-sales" columns>{rows}</DataTable>
    }
}

fn window_view(line: &WindowLine, now: Timestamp) -> impl IntoView + use<> {
    let (lang, t) = (lang(), &words().city);
    let WindowLine { window, pool, room } = line.clone();
    view! {
        <tr>
            <th scope="row">{phase(&window, now)}</th>
            <td data-label=t.column_who>{words::who(lang, window.who)}</td>
            <td class="figure" data-label=t.column_total>{money(lang, pool.total)}</td>
            <td class="figure" data-label=t.column_held>{money(lang, pool.held)}</td>
            <td class="figure" data-label=t.column_sold>{money(lang, pool.sold)}</td>
            <td class="figure" data-label=t.column_left><b>{money(lang, pool.left())}</b></td>
            <td data-label=t.column_room>{room_view(&window, room, now)}</td>
        </tr>
    }
}

pub(super) fn phase(window: &Window, now: Timestamp) -> String {
    let (lang, t) = (lang(), &words().city);
    match window.phase(now) {
        Phase::Before { opens_at } => t.phase_before(&moment(lang, opens_at, now)),
        Phase::Open { closes_at } => t.phase_open(&moment(lang, closes_at, now)),
        Phase::Closed { .. } => t.phase_closed.to_owned(),
    }
}

fn room_view(window: &Window, room: Option<RoomFigures>, now: Timestamp) -> AnyView {
    let (lang, t) = (lang(), &words().city);
    let Some(room) = room else { return t.room_none.into_any() };
    let phase = window.phase(now);
    let figures = match phase {
        Phase::Before { .. } => t.room_gathers(&grouped(room.tickets)),
        Phase::Open { .. } | Phase::Closed { .. } => t.room_figures(&grouped(room.serving), &grouped(room.inside), &grouped(room.tickets)),
    };
    view! {
        <span>
            <span class="city-gate">{words::gate(lang, room.gate, phase)}</span>
            " "
            {figures}
            " "
            <a class="city-link" href=format!("/city/rooms/{}", window.id)>{t.room_steer}</a>
        </span>
    }
    .into_any()
}

/// "12,345"
pub(super) fn grouped(count: u32) -> String {
    Won::of(i64::from(count)).to_string()
}
