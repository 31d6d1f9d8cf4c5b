//! `/city/plans/:id`: the day at a glance, what is to mend, the form of a draft; release by somebody else; the end of it.

use super::fields::PlanFields;
use super::frame::{Frame, Loaded};
use super::plan_calls::{CancelPlan, PlanView, ReleasePlan, SavePlan, load_plan};
use super::time_line::TimeLine;
use super::typed::Typed;
use crate::pieces::{Banner, Button, ErrorNote, Look, Section, Tone};
use crate::visitor::failure;
use crate::words::{amount, date, kind_name, lang, moment, plan_problem, plan_state, words};
use domain::Won;
use domain::operator::Role;
use domain::plan::PlanState;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What may be done here. Made once a page, above what is loaded: their answers outlive a reload.
#[derive(Copy, Clone)]
struct Actions {
    save: ServerAction<SavePlan>,
    release: ServerAction<ReleasePlan>,
    cancel: ServerAction<CancelPlan>,
}

#[component]
pub fn PlanPage() -> impl IntoView {
    let params = use_params_map();
    let actions = Actions { save: ServerAction::new(), release: ServerAction::new(), cancel: ServerAction::new() };
    let asked = move || {
        let versions = (actions.save.version().get(), actions.release.version().get(), actions.cancel.version().get());
        (params.with(|params| params.get("id").unwrap_or_default()), versions)
    };
    let data = Resource::new_blocking(asked, |(id, _)| load_plan(id));
    view! {
        <Loaded data let:view>
            <Plan view actions />
        </Loaded>
    }
}

#[component]
fn Plan(view: PlanView, actions: Actions) -> impl IntoView {
    let (lang, t) = (lang(), &words().city);
    let (is_draft, writes) = (view.state == PlanState::Draft, view.who.is(Role::Planner));
    let errors = [failure(actions.save), failure(actions.release), failure(actions.cancel)];
    let error = move || errors.iter().find_map(|error| error.get());
    let name = if lang == crate::words::Lang::Ko { &view.plan.name_ko } else { &view.plan.name_en };
    let title = if name.is_empty() { words().city.new_plan.to_owned() } else { name.clone() };
    let problems = view.problems.iter().map(|problem| view! { <li>{plan_problem(lang, problem)}</li> }).collect_view();
    let is_fine = view.problems.is_empty();
    let mending = is_draft.then(|| {
        if is_fine {
            view! { <Banner tone=Tone::Good>{t.fine}</Banner> }.into_any()
        } else {
            view! {
                <Banner tone=Tone::Warn>
                    <p><b>{t.problems_title}</b></p>
                    <ul class="city-problems">{problems}</ul>
                </Banner>
            }
            .into_any()
        }
    });
    let form = (is_draft && writes).then(|| {
        let (typed, kinds) = (Typed::of(&view.plan), view.kinds.clone());
        view! {
            <ActionForm action=actions.save attr:class="city-form card">
                <input type="hidden" name="id" value=view.id.to_string() />
                <input type="hidden" name="version" value=view.version.to_string() />
                <PlanFields typed kinds />
                <div class="actions">
                    <Button busy=actions.save.pending()>{t.save}</Button>
                </div>
            </ActionForm>
        }
    });
    let (who, standing, plan, now) = (view.who.clone(), view.clone(), view.plan.clone(), view.now);
    view! {
        <Frame title who>
            <Standing view=standing />
            {move || error().map(|message| view! { <ErrorNote message /> })}
            <Section title=t.preview>
                <TimeLine plan now />
            </Section>
            {mending}
            {form}
            <Deciding view actions />
        </Frame>
    }
    .into_any()
}

/// State, day, voucher, amount, and who had a hand in it.
#[component]
fn Standing(view: PlanView) -> impl IntoView {
    let (lang, t) = (lang(), &words().city);
    let day = view.plan.day.span().map(|day| date(lang, day.from())).unwrap_or_default();
    let kind = view.kinds.iter().find(|kind| kind.id == view.plan.kind).map(|kind| kind_name(lang, kind).to_owned());
    let total = t.total(&amount(lang, view.plan.total().unwrap_or(Won::ZERO)));
    let changed = moment(lang, view.changed_at, view.now);
    view! {
        <div class="city-standing">
            <span class=state_class(view.state)>{plan_state(lang, view.state)}</span>
            <p>{[Some(day), kind, Some(total)].into_iter().flatten().collect::<Vec<_>>().join(" · ")}</p>
            <p class="small">
                {t.planned_by(&view.planner)} {view.releaser.map(|name| format!(" · {}", t.released_by(&name)))} " · "
                {t.version(view.version)} " · " {changed}
            </p>
        </div>
    }
    .into_any()
}

pub(super) fn state_class(state: PlanState) -> &'static str {
    match state {
        PlanState::Draft => "tag",
        PlanState::Released => "tag tag-brand",
        PlanState::Cancelled => "tag tag-saving",
    }
}

/// Release and end, for whoever may; the others read who does.
#[component]
fn Deciding(view: PlanView, actions: Actions) -> impl IntoView {
    let (lang, t) = (lang(), &words().city);
    let controls = view.who.is(Role::Controller);
    let release = (view.state == PlanState::Draft && view.problems.is_empty()).then(|| {
        let total = amount(lang, view.plan.total().unwrap_or(Won::ZERO));
        let inside = match (controls, view.is_mine) {
            (true, false) => view! {
                <p>{t.release_lead(&total)}</p>
                <ActionForm action=actions.release>
                    <Which id=view.id.to_string() version=view.version />
                    <Button busy=actions.release.pending()>{t.release}</Button>
                </ActionForm>
            }
            .into_any(),
            (true, true) => view! { <p>{t.own_plan}</p> }.into_any(),
            (false, _) => view! { <p>{t.not_your_role(t.role_controller)}</p> }.into_any(),
        };
        view! { <section class="card"><h2 class="section-title">{t.release_title}</h2>{inside}</section> }
    });
    let may_cancel = match view.state {
        PlanState::Draft => view.who.is(Role::Planner),
        PlanState::Released => controls && view.plan.begins_at().is_some_and(|begins_at| view.now < begins_at),
        PlanState::Cancelled => false,
    };
    let cancel = may_cancel.then(|| {
        let (lead, label) = match view.state {
            PlanState::Draft => (t.cancel_draft_lead, t.cancel_draft),
            _ => (t.cancel_released_lead, t.cancel_released),
        };
        view! {
            <section class="card">
                <h2 class="section-title">{t.cancel_title}</h2>
                <p>{lead}</p>
                <ActionForm action=actions.cancel>
                    <Which id=view.id.to_string() version=view.version />
                    <Button look=Look::Danger busy=actions.cancel.pending()>{label}</Button>
                </ActionForm>
            </section>
        }
    });
    let to_sale = (view.state == PlanState::Released).then(|| {
        view! { <a class="button button-soft" href="/buy"><span class="button-label">{t.to_sale}</span></a> }
    });
    view! { <div class="city-deciding">{release} {cancel} {to_sale}</div> }.into_any()
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
