//! Fields of the console's forms: small, several in a row, each with its label. Names are made while rendering
//! (`typed[windows][0][from]`), which the citizens' larger [`crate::pieces::Field`] does not need.

use super::typed::{Typed, TypedSuspension, TypedWindow, WHO};
use crate::words::{self, kind_name, lang, words};
use domain::kind::Kind;
use domain::plan::{Feature, SUSPENSIONS_MAX, WINDOWS_MAX};
use leptos::prelude::*;

#[component]
pub(super) fn Input(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    #[prop(into)] value: String,
    #[prop(default = "text")] r#type: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional)] maxlength: Option<u16>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    view! {
        <label class="field">
            <span class="field-label">{label}</span>
            <input
                class="field-input city-input"
                name=name
                type=r#type
                inputmode=inputmode
                autocomplete="off"
                maxlength=maxlength.map(|most| most.to_string())
                required=required
                value=value
            />
        </label>
    }
    .into_any()
}

/// A list that opens; `options` are values and what they are called.
#[component]
pub(super) fn Select(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    options: Vec<(String, String)>,
    chosen: String,
) -> impl IntoView {
    let options = options.into_iter().map(|(value, called)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{called}</option> }
    });
    view! {
        <label class="field">
            <span class="field-label">{label}</span>
            <select class="field-input city-input" name=name>
                {options.collect_view()}
            </select>
        </label>
    }
    .into_any()
}

#[component]
pub(super) fn KindChoice(#[prop(into)] name: String, kinds: Vec<Kind>, chosen: String) -> impl IntoView {
    let lang = lang();
    let options = kinds.iter().map(|kind| (kind.id.to_string(), kind_name(lang, kind).to_owned())).collect();
    view! { <Select label=words().city.kind name options chosen /> }
}

/// All fields of a plan, each list with one row more than it has.
#[component]
pub(super) fn PlanFields(typed: Typed, kinds: Vec<Kind>) -> impl IntoView {
    let t = &words().city;
    let windows_known = typed.windows.len();
    let windows = typed.windows.into_iter().chain([TypedWindow::default()]).take(WINDOWS_MAX).enumerate();
    let windows = windows.map(|(at, row)| view! { <WindowRow at row is_new=at == windows_known /> }).collect_view();
    let suspensions_known = typed.suspensions.len();
    let suspensions = typed.suspensions.into_iter().chain([TypedSuspension::default()]).take(SUSPENSIONS_MAX).enumerate();
    let suspensions = suspensions.map(|(at, row)| view! { <SuspensionRow at row is_new=at == suspensions_known /> }).collect_view();
    view! {
        <div class="city-fields">
            <Input label=t.name_ko name="typed[name_ko]" value=typed.name_ko maxlength=60 />
            <Input label=t.name_en name="typed[name_en]" value=typed.name_en maxlength=60 />
            <KindChoice name="typed[kind]" kinds chosen=typed.kind />
            <Input label=t.day name="typed[day]" value=typed.day r#type="date" required=true />
        </div>
        <section class="city-part">
            <h3 class="section-title">{t.windows}</h3>
            <p class="small">{t.to_hint}</p>
            {windows}
        </section>
        <section class="city-part">
            <h3 class="section-title">{t.room}</h3>
            <Tick label=t.room_on name="typed[room]" checked=typed.room.is_some() />
            <div class="city-fields city-five">
                <Input label=t.pre_queue name="typed[pre_queue_minutes]" value=typed.pre_queue_minutes inputmode="numeric" maxlength=5 />
                <Input label=t.grace name="typed[grace_s]" value=typed.grace_s inputmode="numeric" maxlength=5 />
                <Input label=t.rate name="typed[rate_per_s]" value=typed.rate_per_s inputmode="numeric" maxlength=9 />
                <Input label=t.most_inside name="typed[most_inside]" value=typed.most_inside inputmode="numeric" maxlength=11 />
                <Input label=t.pass_life name="typed[pass_minutes]" value=typed.pass_minutes inputmode="numeric" maxlength=5 />
            </div>
        </section>
        <section class="city-part">
            <h3 class="section-title">{t.suspensions}</h3>
            {suspensions}
        </section>
    }
    .into_any()
}

#[component]
fn WindowRow(at: usize, row: TypedWindow, is_new: bool) -> impl IntoView {
    let (lang, t) = (lang(), &words().city);
    let name = |field: &str| format!("typed[windows][{at}][{field}]");
    let options = WHO.map(|(who, code)| (code.to_owned(), words::who(lang, who).to_owned())).to_vec();
    view! {
        <fieldset class="city-row">
            <legend class="field-label">{if is_new { t.window_new.to_owned() } else { t.window(at + 1) }}</legend>
            <div class="city-fields city-four">
                <Input label=t.from name=name("from") value=row.from r#type="time" />
                <Input label=t.to name=name("to") value=row.to r#type="time" />
                <Select label=t.who name=name("who") options chosen=row.who />
                <Input label=t.amount name=name("amount") value=row.amount inputmode="numeric" maxlength=24 />
            </div>
            <Tick label=t.pools name=name("pools") checked=row.pools.is_some() />
        </fieldset>
    }
    .into_any()
}

#[component]
fn SuspensionRow(at: usize, row: TypedSuspension, is_new: bool) -> impl IntoView {
    let (lang, t) = (lang(), &words().city);
    let name = |field: &str| format!("typed[suspensions][{at}][{field}]");
    let options = Feature::ALL.map(|feature| (feature.as_str().to_owned(), words::feature(lang, feature).to_owned())).to_vec();
    view! {
        <fieldset class="city-row">
            <legend class="field-label">{if is_new { t.suspension_new.to_owned() } else { t.suspension(at + 1) }}</legend>
            <div class="city-fields city-three">
                <Select label=t.feature name=name("feature") options chosen=row.feature />
                <Input label=t.from name=name("from") value=row.from r#type="time" />
                <Input label=t.to name=name("to") value=row.to r#type="time" />
            </div>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Tick(label: &'static str, #[prop(into)] name: String, checked: bool) -> impl IntoView {
    view! {
        <label class="city-tick">
            <input type="checkbox" name=name value="on" checked=checked />
            <span>{label}</span>
        </label>
    }
    .into_any()
}
