//! Who is it? Name and birth date, confirmed by the identity provider against the phone.

use crate::Error;
use crate::error::Input;
use crate::pieces::{Button, ErrorNote, Field};
use crate::start::phone::closed;
use crate::start::steps::{NextField, Step, StepPage, begin_in};
use crate::visitor::{failed, failure};
use crate::words::words;
use leptos::prelude::*;

/// Longer ones the provider does not take.
#[cfg(feature = "ssr")]
const NAME_MAX_CHARS: usize = 50;

/// Has the provider confirm name and birth date, and keeps what it says. Without its answer nothing is kept and nothing is
/// lost: the same may be sent again.
#[server(prefix = "/api", endpoint = "start/identity")]
pub async fn verify_identity(name: String, birth_date: String, #[server(default)] next: String) -> Result<(), Error> {
    use crate::start::{next::Next, steps};
    use crate::web::{answer, go, now, services};
    use domain::birth_date;
    use domain::plan::Feature;
    answer(async {
        let (token, enrolment) = steps::proven_enrolment().await?;
        // The way back of a member stays open.
        let is_member = services().store.member_by_phone(enrolment.phone).await?.is_some();
        if let (false, Some(until)) = (is_member, services().store.suspended_until(Feature::SignUp, now()).await?) {
            return Err(Error::Suspended { until });
        }
        let today = domain::calendar::in_seoul(now()).date();
        let (name, born) = (named(&name)?, birth_date::parse(&birth_date, today).ok_or(Input::BirthDate)?);
        services().store.count_identity(enrolment.phone, now()).await?.map_err(|until| Error::TooMany { until })?;
        let verified = services().identity.verify(name, born, enrolment.phone).await?.ok_or(Error::IdentityFailed)?;
        if !birth_date::is_old_enough(verified.birth_date, today) {
            return Err(Input::TooYoung.into());
        }
        let identity = store::Identity { name: verified.name, birth_date: verified.birth_date };
        steps::taken(services().store.set_identity(&token, &identity, &verified.ci, now()).await?)?;
        go(&Next::parse(&next).behind("/start/pin"));
        Ok(())
    })
    .await
}

#[cfg(feature = "ssr")]
fn named(typed: &str) -> Result<&str, Error> {
    let name = typed.trim();
    let fits = !name.is_empty() && name.chars().count() <= NAME_MAX_CHARS && !name.chars().any(char::is_control);
    if fits { Ok(name) } else { Err(Input::Name.into()) }
}

#[component]
pub fn IdentityPage() -> impl IntoView {
    view! {
        <StepPage step=Step::Identity title=words().start.identity_title let:standing>
            {standing.under_way.as_ref().is_none_or(|way| !way.is_member).then(|| standing.closed_until.map(closed))}
            <IdentityForm />
        </StepPage>
    }
}

#[component]
fn IdentityForm() -> impl IntoView {
    let t = &words().start;
    let action = ServerAction::<VerifyIdentity>::new();
    let (error, said) = (failed(action), failure(action));
    begin_in("name");
    // Each error beside what it is about.
    let beside = move |about: fn(&Error) -> bool| Signal::derive(move || error.get().filter(about).and_then(|_| said.get()));
    let is_name: fn(&Error) -> bool = |error| matches!(error, Error::Input(Input::Name));
    let is_birth: fn(&Error) -> bool = |error| matches!(error, Error::Input(Input::BirthDate | Input::TooYoung));
    let other = move || error.get().filter(|error| !is_name(error) && !is_birth(error)).and_then(|_| said.get());
    view! {
        <p class="lead">{t.identity_lead}</p>
        <ActionForm action attr:class="step-form">
            <NextField />
            <Field label=t.name_label name="name" autocomplete="name" maxlength=50 error=beside(is_name) />
            <Field
                label=t.birth_label
                name="birth_date"
                inputmode="numeric"
                autocomplete="bday"
                maxlength=20
                placeholder="19900102"
                hint=t.birth_hint
                error=beside(is_birth)
            />
            {move || other().map(|message| view! { <ErrorNote message /> })}
            <div class="actions">
                <Button busy=action.pending()>{t.identity_button}</Button>
            </div>
        </ActionForm>
    }
}
