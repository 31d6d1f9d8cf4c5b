//! `/merchant/:number/alerts`: the ways in which I am told of payments while no page is open. Push to this device, and an SMS for what
//! nobody acknowledged.

use super::{base, push_here::PushSwitch};
use crate::Error;
use crate::pieces::{Banner, Button, Choice, ErrorNote, Glyph, Icon, Look, Section, ShopPage, ShopTab, Tone};
use crate::visitor::{LoadedPage, failure};
use crate::words::{lang, moment, words};
use domain::merchant::{Merchant, Role};
use domain::missed::Quiet;
use domain::{PersonId, Timestamp};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde::{Deserialize, Serialize};

/// A device that is pushed to.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AlertDevice {
    /// A number that JavaScript would round; so it travels as text.
    pub id: String,
    /// Of the person.
    pub name: String,
    /// "Chrome · Android"; empty when the browser does not tell.
    pub device: String,
    pub is_this: bool,
    pub is_failing: bool,
    pub created_at: Timestamp,
}

/// How a shop that I work for is told.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ShopAlerts {
    pub merchant: Merchant,
    pub role: Role,
    /// The key that a browser binds its subscription to.
    pub push_key: String,
    pub devices: Vec<AlertDevice>,
    pub sms: bool,
    /// Who gets the SMS; `None`: the owner.
    pub person: Option<PersonId>,
    /// Who could; told to those who choose.
    pub people: Vec<(PersonId, String, Role)>,
    pub quiet: Quiet,
    pub now: Timestamp,
}

#[server(prefix = "/api", endpoint = "merchant/push/list")]
pub async fn load_alerts(number: String) -> Result<ShopAlerts, Error> {
    use crate::web::{answer, now, services, signed_in};
    answer(async {
        let (merchant, proof) = super::my_shop(&number).await?;
        let (who, services, now) = (signed_in().await?, services(), now());
        let device = |device: store::PushDevice| AlertDevice {
            id: device.id.to_string(),
            name: device.name,
            device: device.device,
            is_this: device.session == who.session,
            is_failing: device.is_failing,
            created_at: device.created_at,
        };
        let devices = services.store.push_devices(&proof, now).await?.into_iter().map(device).collect();
        let setting = services.store.alert_setting(merchant.id).await?;
        let people = if proof.role() >= Role::Manager { services.store.alert_people(&proof).await? } else { Vec::new() };
        Ok(ShopAlerts {
            merchant,
            role: proof.role(),
            push_key: services.push_key.to_string(),
            devices,
            sms: setting.sms,
            person: setting.person,
            people,
            quiet: setting.quiet,
            now,
        })
    })
    .await
}

/// This browser is pushed to from now on, for as long as this session lasts.
#[server(prefix = "/api", endpoint = "merchant/push/subscribe")]
pub async fn subscribe_push(number: String, endpoint: String, p256dh: String, auth: String) -> Result<(), Error> {
    use crate::web::{answer, device, now, services, signed_in};
    answer(async {
        let (_, proof) = super::my_shop(&number).await?;
        let who = signed_in().await?;
        let subscription = subscription(&endpoint, &p256dh, &auth)?;
        services().store.subscribe_push(&proof, who.session, &device(), &subscription, now()).await?;
        Ok(())
    })
    .await
}

/// The service worker says that this browser's push service has given it another address (`pushsubscriptionchange`). The shops that were
/// told the old one push to the new one.
#[server(prefix = "/api", endpoint = "merchant/push/renew")]
pub async fn renew_push(endpoint: String, p256dh: String, auth: String) -> Result<(), Error> {
    use crate::web::{answer, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        services().store.renew_push(who.session, &subscription(&endpoint, &p256dh, &auth)?).await?;
        Ok(())
    })
    .await
}

#[cfg(feature = "ssr")]
fn subscription(endpoint: &str, p256dh: &str, auth: &str) -> Result<store::Subscription, Error> {
    use domain::partner::Loopback;
    // As with webhooks: a machine of ours is fine only where a sandbox stands behind.
    let loopback = if crate::web::services().sandbox.is_some() { Loopback::Allowed } else { Loopback::Refused };
    store::Subscription::parse(endpoint, p256dh, auth, loopback).ok_or(Error::BadRequest)
}

/// A device of mine; managers and owners end anybody's.
#[server(prefix = "/api", endpoint = "merchant/push/unsubscribe")]
pub async fn unsubscribe_push(number: String, id: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, services};
    answer(async {
        let (_, proof) = super::my_shop(&number).await?;
        let id = id.parse().map_err(|_| Input::Id)?;
        let ended = services().store.unsubscribe_push(&proof, id).await?;
        if ended { Ok(()) } else { Err(Error::NotFound) }
    })
    .await
}

/// The service worker says that it has shown these notices. So no SMS is needed.
#[server(prefix = "/api", endpoint = "merchant/push/shown")]
pub async fn pushed_shown(number: String, first: i64, last: i64) -> Result<(), Error> {
    use crate::web::{answer, device, now, services};
    use store::{Outcome, Try, Way};
    answer(async {
        let (merchant, _) = super::my_shop(&number).await?;
        let (store, now, device) = (services().store, now(), device());
        let first = first.max(last.saturating_sub(SHOWN_MOST - 1)).max(1);
        let notices = store.notices_after(merchant.id, first - 1, SHOWN_MOST).await?;
        let shown = notices.into_iter().filter(|notice| notice.number <= last).map(|notice| Try {
            merchant: merchant.id,
            number: notice.number,
            way: Way::Shown,
            device: device.clone(),
            outcome: Outcome::Done,
            at: now,
            after_ms: now.as_millisecond() - notice.at.as_millisecond(),
        });
        Ok(store.record_tries(&shown.collect::<Vec<_>>()).await?)
    })
    .await
}

/// More notices than this are in no message.
#[cfg(feature = "ssr")]
const SHOWN_MOST: i64 = 100;

/// Whether, to whom and when an SMS is sent. For managers and owners. `person` is empty for the owner.
#[server(prefix = "/api", endpoint = "merchant/push/sms")]
pub async fn set_sms(number: String, sms: String, #[server(default)] person: String, from: String, to: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, now, services};
    use store::AlertSetting;
    answer(async {
        let (merchant, proof) = super::my_shop_as(&number, Role::Manager).await?;
        let person = match person.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| Input::Id)?),
        };
        let quiet = Quiet::parse(&from, &to).ok_or(Error::BadRequest)?;
        let setting = AlertSetting { sms: sms == "on", person, quiet };
        if !services().store.set_alert(&proof, setting, now()).await? {
            return Err(Error::NotFound);
        }
        go(&format!("{}/alerts?done=yes", base(&merchant)));
        Ok(())
    })
    .await
}

#[component]
pub fn AlertsPage() -> impl IntoView {
    let params = use_params_map();
    let number = move || params.with(|params| params.get("number").unwrap_or_default());
    let query = use_query_map();
    let done = Memo::new(move |_| query.with(|query| query.get("done").is_some()));
    let (subscribe, end, sms) =
        (ServerAction::<SubscribePush>::new(), ServerAction::<UnsubscribePush>::new(), ServerAction::<SetSms>::new());
    let changed = move || (subscribe.version().get(), end.version().get(), sms.version().get());
    let data = Resource::new_blocking(move || (number(), changed()), |(number, _)| load_alerts(number));
    view! {
        <LoadedPage data let:alerts>
            <Alerts alerts done subscribe end sms />
        </LoadedPage>
    }
}

#[component]
fn Alerts(
    alerts: ShopAlerts,
    #[prop(into)] done: Signal<bool>,
    subscribe: ServerAction<SubscribePush>,
    end: ServerAction<UnsubscribePush>,
    sms: ServerAction<SetSms>,
) -> impl IntoView {
    let t = &words().alerts;
    let (shop, base, role) = (alerts.merchant.name.clone(), base(&alerts.merchant), alerts.role);
    let number = alerts.merchant.number.to_string();
    let (is_on, push_key, now) = (alerts.devices.iter().any(|device| device.is_this), alerts.push_key.clone(), alerts.now);
    let problem = failure(end);
    let devices = match alerts.devices.is_empty() {
        true => view! { <p class="small">{t.no_devices}</p> }.into_any(),
        false => {
            let row = |device: &AlertDevice| view! { <DeviceRow number=number.clone() device=device.clone() now end /> };
            let rows = alerts.devices.iter().map(row).collect_view();
            view! { <ul class="group devices" aria-label=t.devices_title>{rows}</ul> }.into_any()
        }
    };
    let messages = match role >= Role::Manager {
        true => view! { <SmsForm number=number.clone() alerts sms /> }.into_any(),
        false => {
            let state = if alerts.sms { t.sms_is_on(&alerts.quiet.to_string()) } else { t.sms_is_off.to_owned() };
            view! { <p>{state}</p><p class="small">{t.managers_only}</p> }.into_any()
        }
    };
    view! {
        <ShopPage title=t.title shop base role current=ShopTab::Today>
            <div class="shop-payment">
                {move || done.get().then(|| view! { <div role="status"><Banner tone=Tone::Good>{t.saved}</Banner></div> })}
                <Section title=t.push_title>
                    <p class="lead">{t.push_lead}</p>
                    <PushSwitch number push_key is_on subscribe />
                    <p class="small without-js">{t.no_script}</p>
                    {move || problem.get().map(|message| view! { <ErrorNote message /> })}
                    {devices}
                </Section>
                <Section title=t.sms_title>
                    <p class="lead">{t.sms_lead}</p>
                    {messages}
                </Section>
            </div>
        </ShopPage>
    }
}

#[component]
fn DeviceRow(number: String, device: AlertDevice, now: Timestamp, end: ServerAction<UnsubscribePush>) -> impl IntoView {
    let (t, lang) = (&words().alerts, lang());
    let title = if device.device.is_empty() { words().me.unknown_device.to_owned() } else { device.device };
    let about = title.clone();
    view! {
        <li class="row">
            <span class="row-sign" aria-hidden="true">
                <Icon glyph=Glyph::Devices />
            </span>
            <span class="row-words">
                <span class="row-title">{title}</span>
                <span class="row-note">{device.name} " · " {t.since(&moment(lang, device.created_at, now))}</span>
                {device.is_failing.then(|| view! { <span class="row-note">{t.device_failing}</span> })}
                {device.is_this.then(|| view! { <span class="tag tag-brand">{words().me.this_device}</span> })}
            </span>
            <ActionForm action=end>
                <input type="hidden" name="number" value=number />
                <input type="hidden" name="id" value=device.id />
                <Button look=Look::Line busy=end.pending()>
                    {t.turn_off} <span class="for-ears">{about}</span>
                </Button>
            </ActionForm>
        </li>
    }
}

#[component]
fn SmsForm(number: String, alerts: ShopAlerts, sms: ServerAction<SetSms>) -> impl IntoView {
    let t = &words().alerts;
    let problem = failure(sms);
    let [from, to] = alerts.quiet.shown();
    let chosen = alerts.person;
    let options = alerts.people.into_iter().map(|(person, name, role)| {
        let role = match role {
            Role::Owner => words().shop.role_owner,
            Role::Manager => words().shop.role_manager,
            Role::Cashier => words().shop.role_cashier,
        };
        view! { <option value=person.to_string() selected=chosen == Some(person)>{name} " · " {role}</option> }
    });
    let options = options.collect_view();
    view! {
        {move || problem.get().map(|message| view! { <ErrorNote message /> })}
        <ActionForm action=sms attr:class="step-form">
            <input type="hidden" name="number" value=number />
            <fieldset class="pay-kinds">
                <legend class="for-ears">{t.sms_title}</legend>
                <Choice name="sms" value="on" label=t.sms_on checked=Signal::stored(alerts.sms) />
                <Choice name="sms" value="off" label=t.sms_off checked=Signal::stored(!alerts.sms) />
            </fieldset>
            <div class="field">
                <label class="field-label" for="person">{t.sms_whose}</label>
                <select class="field-input" id="person" name="person">
                    <option value="" selected=chosen.is_none()>{t.sms_owner}</option>
                    {options}
                </select>
            </div>
            <div class="field">
                <label class="field-label" for="from">{t.quiet_from}</label>
                <input class="field-input" id="from" name="from" type="time" required=true value=from aria-describedby="quiet-hint" />
            </div>
            <div class="field">
                <label class="field-label" for="to">{t.quiet_to}</label>
                <input class="field-input" id="to" name="to" type="time" required=true value=to aria-describedby="quiet-hint" />
                <p class="field-hint" id="quiet-hint">{t.quiet_hint}</p>
            </div>
            <div class="actions">
                <Button look=Look::Line busy=sms.pending()>{t.save}</Button>
            </div>
        </ActionForm>
    }
}
