//! `/city/kinds`: all kinds with what applies now, and what is under way; `/city/kinds/new`: a kind for a district that has none.

use super::fields::{Input, Select};
use super::frame::{CityTab, Frame, Loaded};
use super::kind_calls::{AllKinds, ChangeLine, KindLine, MakeKind, NewDistrictKind, load_kinds, load_new_kind};
use crate::pieces::Column::{Figure, Text};
use crate::pieces::{Button, DataTable, EmptyState, ErrorNote, Glyph, Section};
use crate::visitor::failure;
use crate::words::{self, Lang, change_state, date, kind_name, lang, money, percent, words};
use domain::Timestamp;
use domain::kind::change::{ChangeState, Start};
use domain::kind::terms::Terms;
use domain::operator::Role;
use leptos::prelude::*;

#[component]
pub fn KindsPage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_kinds());
    view! {
        <Loaded data let:all>
            <Frame title=words().kinds.title tab=CityTab::Kinds who=all.who.clone()>
                <Kinds all />
            </Frame>
        </Loaded>
    }
}

#[component]
fn Kinds(all: AllKinds) -> impl IntoView {
    let t = &words().kinds;
    let may_make = all.has_gap && all.who.is(Role::Planner);
    let columns = vec![
        Text(t.column_kind),
        Text(t.column_scope),
        Figure(t.column_discount),
        Figure(t.column_unit),
        Figure(t.column_month),
        Figure(t.column_cap),
        Figure(t.column_validity),
        Text(t.column_refund),
        Text(t.column_funding),
        Text(t.column_since),
    ];
    let rows = all.kinds.iter().map(kind_row).collect_view();
    view! {
        <p class="lead">{t.lead}</p>
        <Section title=t.open_title>
            {may_make.then(|| view! {
                <a class="button button-soft" href="/city/kinds/new"><span class="button-label">{t.new}</span></a>
            })}
            <Changes changes=all.changes none=t.open_none />
        </Section>
        <Section title=t.now_title>
            <DataTable label=t.title columns>{rows}</DataTable>
        </Section>
    }
    .into_any()
}

fn kind_row(line: &KindLine) -> impl IntoView + use<> {
    let (lang, t) = (lang(), &words().kinds);
    let KindLine { kind, version } = line.clone();
    let Terms { discount, unit, month_limit, holding_cap, validity_years, refund_from, funding } = version.terms;
    view! {
        <tr>
            <th scope="row"><a class="city-link" href=format!("/city/kinds/{}", kind.id)>{kind_name(lang, &kind).to_owned()}</a></th>
            <td data-label=t.column_scope>{words::scope(lang, kind.scope)}</td>
            <td class="figure" data-label=t.column_discount>{percent(discount)}</td>
            <td class="figure" data-label=t.column_unit>{money(lang, unit)}</td>
            <td class="figure" data-label=t.column_month>{money(lang, month_limit)}</td>
            <td class="figure" data-label=t.column_cap>{money(lang, holding_cap)}</td>
            <td class="figure" data-label=t.column_validity>{t.years(validity_years)}</td>
            <td data-label=t.column_refund>{t.refund_from(refund_from.get())}</td>
            <td data-label=t.column_funding>{words::funding(lang, funding)}</td>
            <td data-label=t.column_since>{since(lang, version.from)}</td>
        </tr>
    }
}

/// "2026년 8월 1일"; a version that was made with its kind has no beginning.
pub(super) fn since(lang: Lang, from: Option<Timestamp>) -> String {
    from.map_or_else(|| words().kinds.always.to_owned(), |from| date(lang, from))
}

/// "2026년 8월 1일부터", or on release.
pub(super) fn when(lang: Lang, start: Start, from: Option<Timestamp>) -> String {
    let t = &lang.words().kinds;
    let planned = match start {
        Start::On(day) => day.span().map(|day| day.from()),
        Start::AtOnce => None,
    };
    from.or(planned).map_or_else(|| t.start_once.to_owned(), |from| t.from(&date(lang, from)))
}

pub(super) fn title(lang: Lang, line: &ChangeLine) -> String {
    let t = &lang.words().kinds;
    let name = match lang {
        Lang::Ko => &line.name_ko,
        Lang::En => &line.name_en,
    };
    if line.is_new { t.change_new(name) } else { t.change_of(name) }
}

pub(super) fn state_class(state: ChangeState) -> &'static str {
    match state {
        ChangeState::Draft => "tag",
        ChangeState::Released | ChangeState::Applied => "tag tag-brand",
        ChangeState::Cancelled => "tag tag-saving",
    }
}

/// A list of changes that lead to their pages.
#[component]
pub(super) fn Changes(changes: Vec<ChangeLine>, none: &'static str) -> impl IntoView {
    let (lang, t) = (lang(), &words().city);
    if changes.is_empty() {
        return view! { <p class="small">{none}</p> }.into_any();
    }
    let line = |change: &ChangeLine| {
        let hands = match &change.releaser {
            Some(releaser) => format!("{} · {}", t.planned_by(&change.planner), t.released_by(releaser)),
            None => t.planned_by(&change.planner),
        };
        view! {
            <li>
                <a class="row" href=format!("/city/kinds/changes/{}", change.id)>
                    <span class=state_class(change.state)>{change_state(lang, change.state)}</span>
                    <span class="row-words">
                        <span class="row-title">{title(lang, change)}</span>
                        <span class="row-note">{when(lang, change.start, change.from)}</span>
                        <span class="row-note">{hands}</span>
                    </span>
                </a>
            </li>
        }
    };
    let lines = changes.iter().map(line).collect_view();
    view! { <ul class="city-plans">{lines}</ul> }.into_any()
}

#[component]
pub fn NewKindPage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_new_kind());
    view! {
        <Loaded data let:new>
            <Frame title=words().kinds.new_title tab=CityTab::Kinds who=new.who.clone()>
                <MakingForm new />
            </Frame>
        </Loaded>
    }
}

#[component]
fn MakingForm(new: NewDistrictKind) -> impl IntoView {
    let (lang, t) = (lang(), words());
    let action = ServerAction::<MakeKind>::new();
    let error = failure(action);
    if new.districts.is_empty() {
        return view! { <EmptyState glyph=Glyph::Check title=t.kinds.new_none /> }.into_any();
    }
    let named = |district: &domain::district::District| (district.number().to_string(), words::district(lang, *district).to_owned());
    let options: Vec<_> = new.districts.iter().map(named).collect();
    let chosen = options.first().map(|(number, _)| number.clone()).unwrap_or_default();
    view! {
        <p class="lead">{t.kinds.new_lead}</p>
        <ActionForm action attr:class="city-form card">
            {move || error.get().map(|message| view! { <ErrorNote message /> })}
            <div class="city-fields">
                <Select label=t.kinds.column_scope name="district" options chosen />
                <Input label=t.city.name_ko name="name_ko" value="" maxlength=60 required=true />
                <Input label=t.city.name_en name="name_en" value="" maxlength=60 required=true />
            </div>
            <div class="actions">
                <Button busy=action.pending()>{t.kinds.new_make}</Button>
            </div>
        </ActionForm>
    }
    .into_any()
}
