//! The first question: which phone? Whatever the number, the answer is a code on its way.

use crate::Error;
use crate::pieces::{Banner, Button, Field, Tone, device_now};
use crate::start::steps::{NextField, Standing, Step, StepPage, begin_in};
use crate::visitor::failure;
use crate::words::{lang, moment, words};
use domain::Timestamp;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Sends a code to the phone and begins an enrolment. When a code was sent only seconds ago, that one is still good, and
/// the next page says when another may be asked for.
#[server(prefix = "/api", endpoint = "start/phone")]
pub async fn send_code(phone: String, #[server(default)] next: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::start::next::Next;
    use crate::web::{answer, go};
    use domain::phone::Phone;
    answer(async {
        let phone = Phone::parse(&phone).map_err(Input::Phone)?;
        begin(phone).await?;
        go(&Next::parse(&next).behind("/start/code"));
        Ok(())
    })
    .await
}

/// That nobody new is taken in, and until when. Who is a member signs in as always.
pub(super) fn closed(until: Timestamp) -> impl IntoView {
    let t = &words().start;
    view! { <Banner>{t.closed(&moment(lang(), until, device_now()))}</Banner> }
}

/// A code on its way to the phone, and an enrolment that waits for it.
#[cfg(feature = "ssr")]
pub(super) async fn begin(phone: domain::phone::Phone) -> Result<(), Error> {
    use crate::web::{Cookie, address, now, services, set_cookie};
    let services = services();
    let sent = services.store.send_code(phone, &address(), now()).await?;
    if let Err(store::CodeRefused::TooMany { until }) = sent {
        return Err(Error::CodesSent { until });
    }
    services.outbox.notify_one();
    let token = services.store.begin_enrolment(phone, now()).await?;
    set_cookie(Cookie::Enrolment, &token.expose());
    Ok(())
}

#[component]
pub fn StartPage() -> impl IntoView {
    view! {
        <StepPage step=Step::Phone title=words().start.phone_title let:standing>
            <PhoneForm standing />
        </StepPage>
    }
}

#[component]
fn PhoneForm(standing: Standing) -> impl IntoView {
    let t = &words().start;
    let action = ServerAction::<SendCode>::new();
    let error = failure(action);
    begin_in("phone");
    let is_over = use_query_map().with_untracked(|query| query.get_str("over").is_some());
    let lead = if standing.is_known_browser { t.known_device } else { t.lead };
    view! {
        {standing.closed_until.map(closed)}
        {is_over.then(|| view! { <Banner tone=Tone::Warn>{t.over}</Banner> })}
        <p class="lead">{lead}</p>
        <ActionForm action attr:class="step-form">
            <NextField />
            <Field
                label=t.phone_label
                name="phone"
                r#type="tel"
                inputmode="tel"
                autocomplete="tel-national"
                maxlength=24
                placeholder="010-0000-0000"
                hint=t.phone_hint
                error
            />
            <p class="small">
                {t.shop_staff} " " <a href="/start?next=/merchant/new">{words().joining.new_shop}</a>
            </p>
            <div class="actions">
                <Button busy=action.pending()>{t.send_code}</Button>
                <p class="small">{t.terms}</p>
            </div>
        </ActionForm>
    }
}
