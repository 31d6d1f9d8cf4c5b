//! `/city/kinds/:id`: what applies of a kind now, what its discount has cost whom this month, its versions and changes, and the form
//! that plans the next one.

use super::frame::{CityTab, Frame, Loaded};
use super::kind_calls::{Cost, MakeKindChange, OneKind, VersionLine, load_kind};
use super::kind_change::TermsFields;
use super::kinds::{Changes, since};
use crate::pieces::Column::{Figure, Text};
use crate::pieces::{Button, DataTable, ErrorNote, Facts, Section};
use crate::visitor::failure;
use crate::words::{self, Lang, funder, kind_name, lang, money, month, percent, words};
use domain::Won;
use domain::kind::Scope;
use domain::kind::funding::Funder;
use domain::kind::terms::Terms;
use domain::operator::Role;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn KindPage() -> impl IntoView {
    let params = use_params_map();
    let action = ServerAction::<MakeKindChange>::new();
    let data = Resource::new_blocking(move || params.with(|params| params.get("id").unwrap_or_default()), load_kind);
    view! {
        <Loaded data let:one>
            <Frame title=kind_name(lang(), &one.line.kind).to_owned() tab=CityTab::Kinds who=one.who.clone()>
                <One one action />
            </Frame>
        </Loaded>
    }
}

#[component]
fn One(one: OneKind, action: ServerAction<MakeKindChange>) -> impl IntoView {
    let (lang, t) = (lang(), &words().kinds);
    let error = failure(action);
    let version = one.line.version;
    let scope = one.line.kind.scope;
    let mut facts = vec![(t.column_scope.to_owned(), words::scope(lang, scope).to_owned())];
    facts.extend(facts_of(lang, &version.terms));
    facts.push((t.column_since.to_owned(), since(lang, version.from)));
    let form = one.who.is(Role::Planner).then(|| {
        let kind = one.line.kind.id.to_string();
        view! {
            <Section title=t.form_title>
                <p class="small">{t.form_lead}</p>
                <ActionForm action attr:class="city-form card">
                    {move || error.get().map(|message| view! { <ErrorNote message /> })}
                    <input type="hidden" name="kind" value=kind />
                    <TermsFields typed=one.typed is_new=false is_citywide=scope == Scope::Citywide />
                    <div class="actions">
                        <Button busy=action.pending()>{t.form_make}</Button>
                    </div>
                </ActionForm>
            </Section>
        }
    });
    view! {
        <Section title=t.now_title>
            <div class="card"><Facts facts /></div>
        </Section>
        <CostTable cost=one.cost />
        <Section title=t.changes_title>
            <Changes changes=one.changes none=t.changes_none />
        </Section>
        {form}
        <Versions versions=one.versions />
    }
    .into_any()
}

/// What the terms say, by their names.
pub(super) fn facts_of(lang: Lang, terms: &Terms) -> Vec<(String, String)> {
    let t = &lang.words().kinds;
    vec![
        (t.column_discount.to_owned(), percent(terms.discount)),
        (t.column_unit.to_owned(), money(lang, terms.unit)),
        (t.column_month.to_owned(), money(lang, terms.month_limit)),
        (t.column_cap.to_owned(), money(lang, terms.holding_cap)),
        (t.column_validity.to_owned(), t.years(terms.validity_years)),
        (t.column_refund.to_owned(), t.refund_from(terms.refund_from.get())),
        (t.column_funding.to_owned(), words::funding(lang, terms.funding)),
    ]
}

/// By who paid it.
#[component]
fn CostTable(cost: Cost) -> impl IntoView {
    let (lang, t) = (lang(), &words().kinds);
    let title = t.cost_title(&month(lang, cost.month));
    let row = |name: &'static str, paid: Won, back: Won| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="figure" data-label=t.cost_paid>{money(lang, paid)}</td>
                <td class="figure" data-label=t.cost_back>{money(lang, back)}</td>
            </tr>
        }
    };
    let parts = Funder::ALL.into_iter().zip(cost.paid_by.into_iter().zip(cost.back_to));
    let rows = parts.map(|(of, (paid, back))| row(funder(lang, of), paid, back)).collect_view();
    let all = row(t.cost_all, cost.paid, cost.back);
    view! {
        <Section title=title.clone()>
            <p class="small">{t.cost_lead}</p>
            <DataTable label=title columns=vec![Text(t.column_funding), Figure(t.cost_paid), Figure(t.cost_back)]>{rows} {all}</DataTable>
        </Section>
    }
    .into_any()
}

#[component]
fn Versions(versions: Vec<VersionLine>) -> impl IntoView {
    let (lang, t) = (lang(), &words().kinds);
    let row = |line: &VersionLine| {
        let cells = facts_of(lang, &line.terms).into_iter();
        let cells = cells.map(|(name, says)| view! { <td data-label=name>{says}</td> }).collect_view();
        view! {
            <tr>
                <th scope="row" class="figure">{line.version}</th>
                {cells}
                <td data-label=t.column_since>{since(lang, line.from)}</td>
            </tr>
        }
    };
    let rows = versions.iter().map(row).collect_view();
    let columns = vec![
        Figure(t.column_version),
        Text(t.column_discount),
        Text(t.column_unit),
        Text(t.column_month),
        Text(t.column_cap),
        Text(t.column_validity),
        Text(t.column_refund),
        Text(t.column_funding),
        Text(t.column_since),
    ];
    view! {
        <Section title=t.versions_title>
            <DataTable label=t.versions_title columns>{rows}</DataTable>
        </Section>
    }
    .into_any()
}
