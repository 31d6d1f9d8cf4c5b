//! `/merchant/new/:application`: name, category and place.

use super::calls::{SaveAbout, Shown};
use super::{Step, StepFrame};
use crate::pieces::{Banner, Button, ErrorNote, Field, Tone, device_now};
use crate::visitor::failed;
use crate::words::{self, lang, words};
use domain::application::{ApplicationRefused, Field as Wrong};
use domain::category::Category;
use domain::district::District;
use leptos::prelude::*;

#[component]
pub fn AboutPage() -> impl IntoView {
    view! {
        <StepFrame step=Step::About title=words().joining.title_about let:shown>
            <Form shown />
        </StepFrame>
    }
}

#[component]
fn Form(shown: Shown) -> impl IntoView {
    let (lang, t) = (lang(), &words().joining);
    let action = ServerAction::<SaveAbout>::new();
    let problem = failed(action);
    let say = move |error: crate::Error| error.say(lang, device_now());
    let field = move |error: &crate::Error| match error {
        crate::Error::Application(ApplicationRefused::Field(field)) => Some(*field),
        _ => None,
    };
    let of = move |wanted: Wrong| Signal::derive(move || problem.get().filter(|error| field(error) == Some(wanted)).map(say));
    let other = move || problem.get().filter(|error| field(error).is_none()).map(say);
    let about = shown.about;
    let kept = |read: fn(&domain::application::About) -> String| about.as_ref().map(read).unwrap_or_default();
    let (name, address) = (kept(|about| about.name.clone()), kept(|about| about.address.clone()));
    let (category, district) = (kept(|about| about.category.code().to_owned()), kept(|about| about.district.number().to_string()));
    let categories = Category::all().map(|one| (one.code().to_owned(), words::category(lang, one))).collect();
    let districts = District::all().map(|one| (one.number().to_string(), words::district(lang, one))).collect();
    view! {
        {shown.reason.map(|reason| view! { <Banner tone=Tone::Warn>{t.reason(&reason)}</Banner> })}
        <p class="lead">{t.lead_about}</p>
        <ActionForm action attr:class="step-form">
            <input type="hidden" name="id" value=shown.id.to_string() />
            <Field label=t.name_label name="name" initial=name maxlength=40 hint=t.name_hint autocomplete="organization" error=of(Wrong::Name) />
            <Select label=t.category_label name="category" options=categories chosen=category error=of(Wrong::Category) />
            <Select label=t.district_label name="district" options=districts chosen=district error=of(Wrong::District) />
            <Field label=t.address_label name="address" initial=address maxlength=100 hint=t.address_hint autocomplete="street-address" error=of(Wrong::Address) />
            {move || other().map(|message| view! { <ErrorNote message /> })}
            <div class="actions">
                <Button busy=action.pending()>{t.save}</Button>
            </div>
        </ActionForm>
    }
    .into_any()
}

/// A list to choose from, with nothing chosen at first.
#[component]
fn Select(
    label: &'static str,
    name: &'static str,
    options: Vec<(String, &'static str)>,
    chosen: String,
    error: Signal<Option<String>>,
) -> impl IntoView {
    let error_id = format!("{name}-error");
    let options = options.into_iter().map(|(value, called)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{called}</option> }
    });
    view! {
        <div class="field" class:field-wrong=move || error.get().is_some()>
            <label class="field-label" for=name>{label}</label>
            <select class="field-input" id=name name=name required=true aria-describedby=error_id.clone()>
                <option value="">{words().joining.choose}</option>
                {options.collect_view()}
            </select>
            <p class="field-error" id=error_id role="alert">{move || error.get()}</p>
        </div>
    }
    .into_any()
}
