//! `/city/start`: password, then `/city/start/code`: the code of the app. Neither says which part was wrong.

use super::frame::Frame;
use crate::Error;
use crate::pieces::{Button, Field};
use crate::visitor::failure;
use crate::words::words;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Goes on to the code, whether login and password are right or not.
#[server(prefix = "/api", endpoint = "city/start/password")]
pub async fn give_password(login: String, password: String) -> Result<(), Error> {
    use crate::web::{Cookie, address, answer, go, now, services, set_cookie};
    answer(async {
        match services().store.begin_entry(&login, &password, &address(), now()).await? {
            Ok(token) => set_cookie(Cookie::City, &token.expose()),
            Err(until) => return Err(Error::TooMany { until }),
        }
        go("/city/start/code");
        Ok(())
    })
    .await
}

/// Lets an operator in whose password was right too.
#[server(prefix = "/api", endpoint = "city/start/code")]
pub async fn give_city_code(code: String) -> Result<(), Error> {
    use crate::web::{Cookie, address, answer, go, now, services, set_cookie, token};
    use store::Entered;
    answer(async {
        let entry = token(Cookie::City).ok_or(Error::FormExpired)?;
        match services().store.finish_entry(&entry, &code, &address(), now()).await? {
            Entered::In(token) => set_cookie(Cookie::City, &token.expose()),
            Entered::Wrong => return Err(Error::EntryWrong),
            Entered::BeginAgain => return Err(Error::FormExpired),
            Entered::TooMany { until } => return Err(Error::TooMany { until }),
        }
        go("/city");
        Ok(())
    })
    .await
}

#[server(prefix = "/api", endpoint = "city/start/out")]
pub async fn leave_city() -> Result<(), Error> {
    use crate::web::{Cookie, answer, drop_cookie, go, now, services, token};
    answer(async {
        if let Some(token) = token(Cookie::City) {
            services().store.sign_operator_out(&token, now()).await?;
        }
        drop_cookie(Cookie::City);
        go("/city/start");
        Ok(())
    })
    .await
}

/// A way in for whoever tries Pay+ out.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DemoEntry {
    pub login: String,
    pub password: String,
    pub code: String,
}

/// The demo's operators with their codes of this moment; empty unless a sandbox stands behind and the demo was made.
#[server(prefix = "/api", endpoint = "city/start/demo")]
pub async fn demo_entries() -> Result<Vec<DemoEntry>, Error> {
    use super::demo::{OPERATORS, PASSWORD};
    use crate::web::{answer, now, services};
    use domain::operator::Login;
    use domain::totp::step_at;
    answer(async {
        let (services, mut entries) = (services(), Vec::new());
        if services.sandbox.is_none() {
            return Ok(entries);
        }
        for operator in &OPERATORS {
            let Some(login) = Login::parse(operator.login) else { continue };
            if services.store.has_operator(&login).await? {
                let code = operator.totp.code(step_at(now()));
                entries.push(DemoEntry { login: operator.login.to_owned(), password: PASSWORD.to_owned(), code });
            }
        }
        Ok(entries)
    })
    .await
}

#[component]
pub fn CityStartPage() -> impl IntoView {
    let t = &words().city;
    let action = ServerAction::<GivePassword>::new();
    let error = failure(action);
    view! {
        <Frame title=t.start_title>
            <div class="city-door">
                <p class="lead">{t.start_lead}</p>
                <ActionForm action attr:class="step-form">
                    <Field label=t.login name="login" autocomplete="username" maxlength=32 />
                    <Field label=t.password name="password" r#type="password" autocomplete="current-password" maxlength=200 error />
                    <div class="actions">
                        <Button busy=action.pending()>{t.go_on}</Button>
                    </div>
                </ActionForm>
                <DemoEntries />
            </div>
        </Frame>
    }
    .into_any()
}

#[component]
pub fn CityCodePage() -> impl IntoView {
    let t = &words().city;
    let action = ServerAction::<GiveCityCode>::new();
    let error = failure(action);
    view! {
        <Frame title=t.code_title>
            <div class="city-door">
                <p class="lead">{t.code_lead}</p>
                <ActionForm action attr:class="step-form">
                    <Field label=t.code_label name="code" inputmode="numeric" autocomplete="one-time-code" maxlength=8 error />
                    <div class="actions">
                        <Button busy=action.pending()>{t.enter}</Button>
                        <a class="button button-plain" href="/city/start">
                            <span class="button-label">{t.begin_again}</span>
                        </a>
                    </div>
                </ActionForm>
                <DemoEntries />
            </div>
        </Frame>
    }
    .into_any()
}

/// Where nothing is real: how to get in.
#[component]
fn DemoEntries() -> impl IntoView {
    let t = &words().city;
    let data = Resource::new_blocking(|| (), |()| demo_entries());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let entries = data.await.unwrap_or_default();
                let lead = entries.first().map(|entry| t.demo_lead(&entry.password));
                let rows = entries.into_iter().map(|entry| view! { <li><b>{entry.login}</b> " " {t.demo_code(&entry.code)}</li> });
                let rows = rows.collect_view();
                lead.map(|lead| view! {
                    <section class="card">
                        <h2 class="section-title">{t.demo_title}</h2>
                        <p class="small">{lead}</p>
                        <ul class="city-demo">{rows}</ul>
                    </section>
                })
            })}
        </Suspense>
    }
    .into_any()
}
