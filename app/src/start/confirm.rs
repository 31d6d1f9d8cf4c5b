//! On a device that the member has not signed in with before, the PIN is asked too.

use crate::Error;
use crate::pieces::{Button, LinkButton, Look, PinPad};
use crate::start::steps::{self, NextField, Step, StepPage};
use crate::visitor::{failed, failure};
use crate::words::words;
use leptos::prelude::*;

/// Judges the PIN of the member whose phone was proven, and signs in.
#[server(prefix = "/api", endpoint = "start/confirm")]
pub async fn confirm_pin(pin: String, #[server(default)] next: String) -> Result<(), Error> {
    use crate::start::next::Next;
    use crate::web::{answer, prove_pin_of, services};
    answer(async {
        let (_, enrolment) = steps::proven_enrolment().await?;
        let person = services().store.member_by_phone(enrolment.phone).await?.ok_or(Error::FormExpired)?;
        let proof = prove_pin_of(person, &pin).await?;
        super::session::let_in(proof.person(), Next::parse(&next).href()).await
    })
    .await
}

#[component]
pub fn ConfirmPage() -> impl IntoView {
    view! {
        <StepPage step=Step::Confirm title=words().start.confirm_title let:_standing>
            <ConfirmForm />
        </StepPage>
    }
}

#[component]
fn ConfirmForm() -> impl IntoView {
    let (t, trouble) = (&words().start, &words().trouble);
    let next = steps::next();
    let action = ServerAction::<ConfirmPin>::new();
    let pin = RwSignal::new(String::new());
    let error = failed(action);
    // A wrong PIN is typed anew.
    Effect::new(move |_| {
        if error.get().is_some() {
            pin.set(String::new());
        }
    });
    let is_locked = move || matches!(error.get(), Some(Error::PinLocked { .. }));
    let send = {
        let next = next.clone();
        move |pin: String| {
            action.dispatch(ConfirmPin { pin, next: next.as_str().to_owned() });
        }
    };
    view! {
        <p class="lead">{t.confirm_lead}</p>
        <ActionForm action attr:class="step-form">
            <NextField />
            <div class="start-pin">
                <PinPad value=pin label=t.confirm_label error=failure(action) busy=action.pending() on_complete=Callback::new(send) />
                <p class="small centred">{move || is_locked().then_some(trouble.pin_locked_next)}</p>
            </div>
            <div class="actions">
                <div class="without-js">
                    <Button>{t.confirm_button}</Button>
                </div>
                <LinkButton href=next.behind("/start/identity") look=Look::Plain>
                    {t.pin_forgotten}
                </LinkButton>
            </div>
        </ActionForm>
    }
}
