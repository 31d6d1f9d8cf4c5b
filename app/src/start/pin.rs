//! A new PIN, typed twice. Obvious ones are refused where they are typed, by the same rule that refuses them on the server.

use crate::Error;
use crate::error::Input;
use crate::pieces::{Button, PinPad, device_now, when_live};
use crate::start::steps::{self, NextField, Standing, Step, StepPage, UnderWay};
use crate::visitor::failure;
use crate::words::{lang, words};
use domain::pin::Pin;
use leptos::prelude::*;

/// Takes a PIN for the enrolment.
#[server(prefix = "/api", endpoint = "start/pin")]
pub async fn choose_pin(pin: String, again: String, #[server(default)] next: String) -> Result<(), Error> {
    use crate::start::next::Next;
    use crate::web::{answer, go, now, services};
    answer(async {
        let (token, enrolment) = steps::proven_enrolment().await?;
        let identity = enrolment.identity.ok_or(Error::FormExpired)?;
        let chosen = chosen(&pin, &again, steps::parts_of(identity.birth_date), &enrolment.phone.to_string())?;
        steps::taken(services().store.set_enrolment_pin(&token, &chosen, now()).await?)?;
        go(&Next::parse(&next).behind("/start/bank"));
        Ok(())
    })
    .await
}

/// Twice the same, and not an obvious one.
fn chosen(pin: &str, again: &str, born: (i16, u8, u8), phone: &str) -> Result<Pin, Input> {
    let chosen = Pin::choose(pin, born, phone).map_err(Input::Pin)?;
    if pin.trim() == again.trim() { Ok(chosen) } else { Err(Input::PinsDiffer) }
}

#[component]
pub fn PinPage() -> impl IntoView {
    view! {
        <StepPage step=Step::Pin title=words().start.pin_title let:standing>
            <PinForm standing />
        </StepPage>
    }
}

/// With JavaScript one pad after the other, else both below each other.
#[component]
fn PinForm(standing: Standing) -> impl IntoView {
    let t = &words().start;
    let lang = lang();
    let Some(UnderWay { phone, born: Some(born), .. }) = standing.under_way else { return ().into_any() };
    let next = steps::next();
    let action = ServerAction::<ChoosePin>::new();
    let (pin, again) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let refused = RwSignal::new(None::<Input>);
    let (is_second, live) = (RwSignal::new(false), when_live());
    let said = failure(action);
    let begin_anew = move || {
        pin.set(String::new());
        again.set(String::new());
        is_second.set(false);
    };
    Effect::new(move |_| {
        if said.get().is_some() {
            begin_anew();
        }
    });
    let typed = {
        let phone = phone.clone();
        move |typed: String| match Pin::choose(&typed, born, &phone) {
            Ok(_) => {
                refused.set(None);
                is_second.set(true);
            }
            Err(why) => {
                refused.set(Some(Input::Pin(why)));
                pin.set(String::new());
            }
        }
    };
    let typed_again = {
        let next = next.clone();
        move |again: String| {
            let pin = pin.get_untracked();
            match chosen(&pin, &again, born, &phone) {
                Ok(_) => {
                    action.dispatch(ChoosePin { pin, again, next: next.as_str().to_owned() });
                }
                Err(why) => {
                    refused.set(Some(why));
                    begin_anew();
                }
            }
        }
    };
    let error = Signal::derive(move || match refused.get() {
        Some(why) => Some(Error::Input(why).say(lang, device_now())),
        None => said.get(),
    });
    view! {
        <p class="lead">{t.pin_lead}</p>
        <ActionForm action attr:class="step-form">
            <NextField />
            <div class="start-pin" hidden=move || live.get() && is_second.get()>
                <PinPad value=pin label=t.pin_label error on_complete=Callback::new(typed) />
            </div>
            <div class="start-pin" hidden=move || live.get() && !is_second.get()>
                <PinPad value=again name="again" label=t.pin_again_title busy=action.pending() on_complete=Callback::new(typed_again) />
            </div>
            <div class="actions without-js">
                <Button>{t.pin_save}</Button>
            </div>
        </ActionForm>
    }
    .into_any()
}
