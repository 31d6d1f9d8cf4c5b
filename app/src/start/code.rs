//! The second question: which code came to the phone? Sent by itself when the sixth digit is there.

use crate::Error;
use crate::pieces::{Button, Field, Look, device_now, ticking, toasts};
use crate::setting::Setting;
use crate::start::next::Next;
use crate::start::steps::{self, NextField, Standing, Step, StepPage, UnderWay};
use crate::visitor::{failed, failure};
use crate::words::words;
use leptos::prelude::*;
use std::time::Duration;

const CODE_DIGITS: usize = 6;

/// Judges the code. A member on a known device is in; on another one the PIN is asked; everybody else shows who they are.
#[server(prefix = "/api", endpoint = "start/code")]
pub async fn check_code(code: String, #[server(default)] next: String) -> Result<(), Error> {
    use crate::web::{address, answer, go, now, services};
    answer(async {
        let ((token, enrolment), next) = (steps::enrolment().await?, Next::parse(&next));
        let store = services().store;
        let proof = right(store.check_code(enrolment.phone, &digits(&code), &address(), now()).await?)?;
        steps::taken(store.verify_phone(&token, &proof, now()).await?)?;
        match store.member_by_phone(proof.phone()).await? {
            Some(person) if is_known(person).await? => super::session::let_in(person, next.href()).await?,
            Some(_) => go(&next.behind("/start/confirm")),
            None => go(&next.behind("/start/identity")),
        }
        Ok(())
    })
    .await
}

/// Sends another code. How many seconds until one more may be asked for.
#[server(prefix = "/api", endpoint = "start/again")]
pub async fn send_again() -> Result<u32, Error> {
    use crate::web::{address, answer, now, services};
    use store::CodeRefused;
    answer(async {
        let (_, enrolment) = steps::enrolment().await?;
        let sent = services().store.send_code(enrolment.phone, &address(), now()).await?;
        services().outbox.notify_one();
        match sent {
            Ok(sent) => Ok(steps::seconds_until(sent.again_at, now())),
            Err(CodeRefused::TooSoon { again_at }) => Err(Error::CodeTooSoon { seconds: steps::seconds_until(again_at, now()) }),
            Err(CodeRefused::TooMany { until }) => Err(Error::CodesSent { until }),
        }
    })
    .await
}

#[cfg(feature = "ssr")]
fn right(checked: store::CodeChecked) -> Result<store::PhoneProof, Error> {
    use store::CodeChecked;
    match checked {
        CodeChecked::Right(proof) => Ok(proof),
        CodeChecked::Wrong { tries_left } => Err(Error::CodeWrong { tries_left: u32::try_from(tries_left).unwrap_or(0) }),
        CodeChecked::Expired => Err(Error::CodeExpired),
        CodeChecked::TooMany { until } => Err(Error::TooMany { until }),
    }
}

#[cfg(feature = "ssr")]
async fn is_known(person: domain::PersonId) -> Result<bool, Error> {
    use crate::web::{Cookie, now, services, token};
    let Some(device) = token(Cookie::Device) else { return Ok(false) };
    Ok(services().store.known_device(&device, person, now()).await?)
}

/// The digits of a code as typed or pasted: "123 456", "１２３４５６". Never longer than a wrong code needs to be.
fn digits(typed: &str) -> String {
    let plain = |c: char| match c {
        '\u{FF10}'..='\u{FF19}' => char::from_u32(u32::from(c) - 0xFEE0),
        c => c.is_ascii_digit().then_some(c),
    };
    typed.chars().filter_map(plain).take(CODE_DIGITS + 1).collect()
}

#[component]
pub fn CodePage() -> impl IntoView {
    view! {
        <StepPage step=Step::Code title=words().start.code_title let:standing>
            <CodeForm standing />
        </StepPage>
    }
}

#[component]
fn CodeForm(standing: Standing) -> impl IntoView {
    let t = &words().start;
    let Some(UnderWay { phone, again_in_s, .. }) = standing.under_way else { return ().into_any() };
    let next = steps::next();
    let action = ServerAction::<CheckCode>::new();
    let code = RwSignal::new(String::new());
    send_when_full(code, action, next.clone());
    steps::begin_in("code");
    // A wrong one is typed anew.
    let error = failed(action);
    Effect::new(move |_| {
        if matches!(error.get(), Some(Error::CodeWrong { .. })) {
            code.set(String::new());
        }
    });
    let inbox = use_context::<Setting>().and_then(|setting| setting.inbox());
    view! {
        <p class="lead">{t.code_sent(&phone)}</p>
        <ActionForm action attr:id="code-form">
            <NextField />
            <Field
                label=t.code_label
                name="code"
                value=code
                inputmode="numeric"
                autocomplete="one-time-code"
                maxlength=12
                hint=t.code_hint
                error=failure(action)
            />
        </ActionForm>
        <Again again_in_s />
        <div class="start-help">
            <p class="small">{t.no_code}</p>
            <a class="text-link" href=next.behind("/start")>
                {t.other_phone}
            </a>
            {inbox
                .map(|href| {
                    view! {
                        <a class="text-link" href=href target="_blank" rel="noopener">
                            {t.sandbox_inbox}
                        </a>
                    }
                })}
        </div>
        <div class="actions">
            <Button form="code-form" busy=action.pending()>
                {t.check_code}
            </Button>
        </div>
    }
    .into_any()
}

/// Once for each code that was typed to its end.
fn send_when_full(code: RwSignal<String>, action: ServerAction<CheckCode>, next: Next) {
    Effect::new(move |before: Option<String>| {
        let now = digits(&code.get());
        if now.len() == CODE_DIGITS && before.is_some_and(|before| before != now) && !action.pending().get_untracked() {
            action.dispatch(CheckCode { code: now.clone(), next: next.as_str().to_owned() });
        }
        now
    });
}

/// "Send again", with its clock once the page lives. Without JavaScript the server says when it was too soon.
#[component]
fn Again(again_in_s: u32) -> impl IntoView {
    let t = &words().start;
    let action = ServerAction::<SendAgain>::new();
    let shelf = toasts();
    // By the device's clock, and from the moment the page lives: a count of ticks would stand still in a pocket.
    let until = RwSignal::new(None);
    let wait = move |seconds: u32| until.set(Some(device_now() + Duration::from_secs(seconds.into())));
    let now = ticking(Duration::from_millis(500));
    let left_s = move || until.get().map_or(0, |until| seconds(now.get(), until));
    let waits = move || left_s() > 0;
    Effect::new(move |_| match action.value().get() {
        None => wait(again_in_s),
        Some(Ok(seconds)) => {
            wait(seconds);
            shelf.say(t.code_again_sent);
        }
        Some(Err(Error::CodeTooSoon { seconds })) => wait(seconds),
        Some(Err(_)) => {}
    });
    let error = failed(action);
    let said = failure(action);
    let sentence = move || match error.get() {
        // The button itself tells it.
        Some(Error::CodeTooSoon { .. }) if waits() => None,
        _ => said.get(),
    };
    view! {
        <ActionForm action>
            <Button look=Look::Soft busy=action.pending() disabled=Signal::derive(waits)>
                {move || if waits() { t.send_again_in(&left_s().to_string()) } else { t.send_again.to_owned() }}
            </Button>
            <p class="field-error" role="alert">
                {sentence}
            </p>
        </ActionForm>
    }
}

/// Rounded up.
fn seconds(now: domain::Timestamp, until: domain::Timestamp) -> u32 {
    let left_ms = until.as_millisecond().saturating_sub(now.as_millisecond()).max(0);
    u32::try_from((left_ms + 999) / 1_000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_pasted() {
        let table = [
            ("123456", "123456"),
            (" 123-456 ", "123456"),
            ("[Pay+] 123456", "123456"),
            ("\u{FF11}\u{FF12}3456", "123456"),
            ("1234567890", "1234567"),
            ("", ""),
        ];
        for (typed, read) in table {
            assert_eq!(digits(typed), read, "{typed}");
        }
    }
}
