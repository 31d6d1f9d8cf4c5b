//! `/city/kinds/changes/:id`: what would change, what is to mend, the form of a draft; release by somebody else; the end of it.

use super::fields::Input;
use super::frame::{CityTab, Frame, Loaded};
use super::kind::facts_of;
use super::kind_calls::{CancelKindChange, OneChange, ReleaseKindChange, SaveKindChange, load_kind_change};
use super::kind_typed::{AT_ONCE, ON_A_DAY, TypedTerms};
use super::kinds::{state_class, title, when};
use crate::pieces::Column::Text;
use crate::pieces::{Banner, Button, Choice, DataTable, ErrorNote, Look, Section, Tone};
use crate::visitor::failure;
use crate::words::{self, change_problem, change_state, lang, moment, words};
use domain::kind::Scope;
use domain::kind::change::{ChangeState, Of, Start};
use domain::operator::Role;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What may be done here. Made once a page, above what is loaded: their answers outlive a reload.
#[derive(Copy, Clone)]
struct Actions {
    save: ServerAction<SaveKindChange>,
    release: ServerAction<ReleaseKindChange>,
    cancel: ServerAction<CancelKindChange>,
}

#[component]
pub fn KindChangePage() -> impl IntoView {
    let params = use_params_map();
    let actions = Actions { save: ServerAction::new(), release: ServerAction::new(), cancel: ServerAction::new() };
    let asked = move || {
        let versions = (actions.save.version().get(), actions.release.version().get(), actions.cancel.version().get());
        (params.with(|params| params.get("id").unwrap_or_default()), versions)
    };
    let data = Resource::new_blocking(asked, |(id, _)| load_kind_change(id));
    view! {
        <Loaded data let:one>
            <One one actions />
        </Loaded>
    }
}

#[component]
fn One(one: OneChange, actions: Actions) -> impl IntoView {
    let (lang, t) = (lang(), words());
    let errors = [failure(actions.save), failure(actions.release), failure(actions.cancel)];
    let error = move || errors.iter().find_map(|error| error.get());
    let is_draft = one.line.state == ChangeState::Draft;
    let problems = one.problems.iter().map(|problem| view! { <li>{change_problem(lang, problem)}</li> }).collect_view();
    let is_fine = one.problems.is_empty();
    let mending = is_draft.then(|| {
        if is_fine {
            view! { <Banner tone=Tone::Good>{t.kinds.fine}</Banner> }.into_any()
        } else {
            view! {
                <Banner tone=Tone::Warn>
                    <p><b>{t.city.problems_title}</b></p>
                    <ul class="city-problems">{problems}</ul>
                </Banner>
            }
            .into_any()
        }
    });
    let typed = one.typed.clone();
    let form = (is_draft && one.who.is(Role::Planner)).then(|| {
        let (is_new, is_citywide) = (one.line.is_new, one.kind.as_ref().is_some_and(|line| line.kind.scope == Scope::Citywide));
        view! {
            <ActionForm action=actions.save attr:class="city-form card">
                <Which id=one.line.id.to_string() version=one.version />
                <TermsFields typed is_new is_citywide />
                <div class="actions">
                    <Button busy=actions.save.pending()>{t.kinds.form_save}</Button>
                </div>
            </ActionForm>
        }
    });
    let (name, who, standing, compared) = (title(lang, &one.line), one.who.clone(), one.clone(), one.clone());
    view! {
        <Frame title=name tab=CityTab::Kinds who>
            <Standing one=standing />
            {move || error().map(|message| view! { <ErrorNote message /> })}
            <Compared one=compared />
            {mending}
            {form}
            <Deciding one actions />
        </Frame>
    }
    .into_any()
}

/// State, where it will be taken, from when on, and who had a hand in it.
#[component]
fn Standing(one: OneChange) -> impl IntoView {
    let (lang, t) = (lang(), &words().city);
    let scope = match (&one.change.of, &one.kind) {
        (Of::New { district, .. }, _) => Some(words::district(lang, *district)),
        (Of::Kind(_), Some(line)) => Some(words::scope(lang, line.kind.scope)),
        (Of::Kind(_), None) => None,
    };
    let starts = when(lang, one.change.start, one.line.from);
    let said: Vec<String> = scope.map(str::to_owned).into_iter().chain([starts]).collect();
    let changed = moment(lang, one.changed_at, one.now);
    view! {
        <div class="city-standing">
            <span class=state_class(one.line.state)>{change_state(lang, one.line.state)}</span>
            <p>{said.join(" · ")}</p>
            <p class="small">
                {t.planned_by(&one.line.planner)} {one.line.releaser.map(|name| format!(" · {}", t.released_by(&name)))} " · "
                {t.version(one.version)} " · " {changed}
            </p>
        </div>
    }
    .into_any()
}

/// Each term as it is now and as it would be, in bold where it differs. Of a new kind there is no now.
#[component]
fn Compared(one: OneChange) -> impl IntoView {
    let (lang, t) = (lang(), &words().kinds);
    let then = facts_of(lang, &one.change.terms);
    // Once it applies, what applies now is what it has brought, or a later one.
    let shows_now = matches!(one.line.state, ChangeState::Draft | ChangeState::Released);
    let now = one.kind.filter(|_| shows_now).map(|line| facts_of(lang, &line.version.terms));
    let row = |(at, (name, says)): (usize, (String, String))| {
        let was = now.as_ref().and_then(|now| now.get(at)).map(|(_, was)| was.clone());
        let differs = was.as_ref().is_some_and(|was| *was != says);
        let says = if differs { view! { <b>{says}</b> }.into_any() } else { says.into_any() };
        let was = was.map(|was| view! { <td data-label=t.column_now>{was}</td> });
        view! {
            <tr>
                <th scope="row">{name}</th>
                {was}
                <td data-label=t.column_then>{says}</td>
            </tr>
        }
    };
    let rows = then.into_iter().enumerate().map(row).collect_view();
    let columns = [Text(t.form_title)].into_iter().chain(now.is_some().then_some(Text(t.column_now))).chain([Text(t.column_then)]);
    view! {
        <Section title=t.compare>
            <DataTable label=t.compare columns=columns.collect()>{rows}</DataTable>
        </Section>
    }
    .into_any()
}

/// Release and end, for whoever may; the others read who does.
#[component]
fn Deciding(one: OneChange, actions: Actions) -> impl IntoView {
    let (lang, t) = (lang(), words());
    let controls = one.who.is(Role::Controller);
    let (id, version) = (one.line.id, one.version);
    let starts = match one.change.start {
        Start::AtOnce => t.kinds.at_once.to_owned(),
        on_a_day @ Start::On(_) => when(lang, on_a_day, None),
    };
    let release = (one.line.state == ChangeState::Draft && one.problems.is_empty()).then(|| {
        let inside = match (controls, one.is_mine) {
            (true, false) => view! {
                <p>{t.kinds.release_lead(&starts)}</p>
                <ActionForm action=actions.release>
                    <Which id=id.to_string() version />
                    <Button busy=actions.release.pending()>{t.kinds.release}</Button>
                </ActionForm>
            }
            .into_any(),
            (true, true) => view! { <p>{t.kinds.own_change}</p> }.into_any(),
            (false, _) => view! { <p>{t.city.not_your_role(t.city.role_controller)}</p> }.into_any(),
        };
        view! { <section class="card"><h2 class="section-title">{t.city.release_title}</h2>{inside}</section> }
    });
    let may_cancel = match one.line.state {
        ChangeState::Draft => one.who.is(Role::Planner),
        ChangeState::Released => controls && one.line.from.is_some_and(|from| one.now < from),
        ChangeState::Applied | ChangeState::Cancelled => false,
    };
    let cancel = may_cancel.then(|| {
        let (lead, label) = match one.line.state {
            ChangeState::Draft => (t.kinds.cancel_draft_lead, t.kinds.cancel_draft),
            _ => (t.kinds.cancel_released_lead, t.kinds.cancel_released),
        };
        view! {
            <section class="card">
                <h2 class="section-title">{t.city.cancel_title}</h2>
                <p>{lead}</p>
                <ActionForm action=actions.cancel>
                    <Which id=id.to_string() version />
                    <Button look=Look::Danger busy=actions.cancel.pending()>{label}</Button>
                </ActionForm>
            </section>
        }
    });
    let to_kind = one.leads_to.map(|kind| {
        view! { <a class="button button-soft" href=format!("/city/kinds/{kind}")><span class="button-label">{t.kinds.to_kind}</span></a> }
    });
    view! { <div class="city-deciding">{release} {cancel} {to_kind}</div> }.into_any()
}

/// What was looked at.
#[component]
fn Which(id: String, version: i64) -> impl IntoView {
    view! {
        <input type="hidden" name="id" value=id />
        <input type="hidden" name="version" value=version.to_string() />
    }
    .into_any()
}

/// All fields of a kind's terms. A citywide kind has no district that pays.
#[component]
pub(super) fn TermsFields(typed: TypedTerms, is_new: bool, is_citywide: bool) -> impl IntoView {
    let (t, city) = (&words().kinds, &words().city);
    let names = is_new.then(|| {
        view! {
            <Input label=city.name_ko name="typed[name_ko]" value=typed.name_ko maxlength=60 />
            <Input label=city.name_en name="typed[name_en]" value=typed.name_en maxlength=60 />
        }
    });
    let district = (!is_citywide).then(|| {
        view! { <Input label=t.district name="typed[district]" value=typed.district inputmode="decimal" maxlength=6 /> }
    });
    let starts_at_once = typed.start == AT_ONCE;
    view! {
        <div class="city-fields">
            {names}
            <Input label=t.discount name="typed[discount]" value=typed.discount inputmode="decimal" maxlength=6 required=true />
            <Input label=t.unit name="typed[unit]" value=typed.unit inputmode="numeric" maxlength=11 required=true />
            <Input label=t.month_limit name="typed[month_limit]" value=typed.month_limit inputmode="numeric" maxlength=14 required=true />
            <Input label=t.holding_cap name="typed[holding_cap]" value=typed.holding_cap inputmode="numeric" maxlength=14 required=true />
            <Input label=t.validity_years name="typed[validity_years]" value=typed.validity_years inputmode="numeric" maxlength=3 required=true />
            <Input label=t.refund_share name="typed[refund_from]" value=typed.refund_from inputmode="numeric" maxlength=4 required=true />
        </div>
        <fieldset class="city-row">
            <legend class="field-label">{t.funding}</legend>
            <div class="city-fields">
                <Input label=t.nation name="typed[nation]" value=typed.nation inputmode="decimal" maxlength=6 />
                <Input label=t.city name="typed[city]" value=typed.city inputmode="decimal" maxlength=6 />
                {district}
            </div>
            <p class="small">{t.funding_note}</p>
        </fieldset>
        <fieldset class="city-shapes">
            <legend class="field-label">{t.start}</legend>
            <Choice name="typed[start]" value=ON_A_DAY label=t.start_day note=t.start_day_note checked=!starts_at_once />
            <Input label=t.day name="typed[day]" value=typed.day r#type="date" />
            <Choice name="typed[start]" value=AT_ONCE label=t.start_once note=t.start_once_note checked=starts_at_once />
        </fieldset>
    }
    .into_any()
}
