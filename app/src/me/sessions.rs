//! Where I am signed in, and the end of any of it.

use crate::Error;
use crate::pieces::{Button, ErrorNote, Glyph, Icon, Look, Page};
use crate::visitor::{Loaded, failure};
use crate::words::{lang, moment, words};
use domain::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A signed-in device.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// A number that JavaScript would round; so it travels as text.
    pub id: String,
    /// "Chrome · Android"; empty when the browser does not tell.
    pub name: String,
    pub signed_in_at: Timestamp,
    pub seen_at: Timestamp,
    pub is_this: bool,
}

/// This one first, then the last seen first; with the server's time.
#[server(prefix = "/api", endpoint = "me/sessions")]
pub async fn my_sessions() -> Result<(Vec<Device>, Timestamp), Error> {
    use crate::web::{answer, now, services, signed_in};
    answer(async {
        let (who, now) = (signed_in().await?, now());
        let device = |session: store::Session| Device {
            id: session.id.to_string(),
            is_this: session.id == who.session,
            name: session.device,
            signed_in_at: session.created_at,
            seen_at: session.seen_at,
        };
        let mut devices: Vec<Device> = services().store.sessions(who.person, now).await?.into_iter().map(device).collect();
        devices.sort_by_key(|device| !device.is_this);
        Ok((devices, now))
    })
    .await
}

/// Signs one device out.
#[server(prefix = "/api", endpoint = "me/sessions/end")]
pub async fn end_session(id: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let id: domain::SessionId = id.parse().map_err(|_| Input::Id)?;
        let ended = services().store.end_session(who.person, id).await?;
        if ended { Ok(()) } else { Err(Error::NotFound) }
    })
    .await
}

/// Signs every other device out. How many they were.
#[server(prefix = "/api", endpoint = "me/sessions/end-others")]
pub async fn end_other_sessions() -> Result<u64, Error> {
    use crate::web::{answer, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        Ok(services().store.end_other_sessions(who.person, who.session).await?)
    })
    .await
}

#[component]
pub fn SessionsPage() -> impl IntoView {
    let t = &words().me;
    let (end, end_others) = (ServerAction::<EndSession>::new(), ServerAction::<EndOtherSessions>::new());
    let ended = move || (end.version().get(), end_others.version().get());
    let data = Resource::new_blocking(ended, |_| my_sessions());
    let (one, others) = (failure(end), failure(end_others));
    let error = move || one.get().or_else(|| others.get());
    view! {
        <Page title=t.sessions back="/me">
            <p class="lead">{t.sessions_lead}</p>
            {move || error().map(|message| view! { <ErrorNote message /> })}
            <Loaded data let:loaded>
                <Devices devices=loaded.0 now=loaded.1 end end_others />
            </Loaded>
        </Page>
    }
}

#[component]
fn Devices(
    devices: Vec<Device>,
    now: Timestamp,
    end: ServerAction<EndSession>,
    end_others: ServerAction<EndOtherSessions>,
) -> impl IntoView {
    let t = &words().me;
    let is_alone = devices.len() < 2;
    let rows = devices.into_iter().map(|device| view! { <DeviceRow device now end /> }).collect_view();
    view! {
        <ul class="group devices">{rows}</ul>
        {if is_alone {
            view! { <p class="small centred">{t.no_other_sessions}</p> }.into_any()
        } else {
            view! {
                <ActionForm action=end_others>
                    <Button look=Look::Danger busy=end_others.pending()>
                        {t.end_others}
                    </Button>
                </ActionForm>
            }
                .into_any()
        }}
    }
}

#[component]
fn DeviceRow(device: Device, now: Timestamp, end: ServerAction<EndSession>) -> impl IntoView {
    let (t, lang) = (&words().me, lang());
    let name = if device.name.is_empty() { t.unknown_device.to_owned() } else { device.name };
    let about = name.clone();
    let action = if device.is_this {
        view! { <span class="tag tag-brand">{t.this_device}</span> }.into_any()
    } else {
        view! {
            <ActionForm action=end>
                <input type="hidden" name="id" value=device.id />
                <Button look=Look::Line busy=end.pending()>
                    {t.end_session} <span class="for-ears">{about}</span>
                </Button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <li class="row">
            <span class="row-sign" aria-hidden="true">
                <Icon glyph=Glyph::Devices />
            </span>
            <span class="row-words">
                <span class="row-title">{name}</span>
                <span class="row-note">{t.last_seen(&moment(lang, device.seen_at, now))}</span>
                <span class="row-note">{t.signed_in(&moment(lang, device.signed_in_at, now))}</span>
            </span>
            {action}
        </li>
    }
}
