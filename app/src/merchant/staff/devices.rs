//! `/merchant/:number/devices`: where the shop's pages are open, and the end of any of it.

use super::calls::{DeviceShown, EndDevice, ShopDevices, load_devices};
use crate::merchant::base;
use crate::merchant::choose::role_word;
use crate::pieces::{Button, EmptyState, ErrorNote, Glyph, Icon, LinkButton, Look, ShopPage, ShopTab};
use crate::visitor::{LoadedPage, failure};
use crate::words::{lang, moment, words};
use domain::Timestamp;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub fn DevicesPage() -> impl IntoView {
    let params = use_params_map();
    let end = ServerAction::<EndDevice>::new();
    let number = move || params.with(|params| params.get("number").unwrap_or_default());
    let data = Resource::new_blocking(move || (number(), end.version().get()), |(number, _)| load_devices(number));
    view! {
        <LoadedPage data let:devices>
            <Devices devices end />
        </LoadedPage>
    }
}

#[component]
fn Devices(devices: ShopDevices, end: ServerAction<EndDevice>) -> impl IntoView {
    let t = &words().staff;
    let ShopDevices { merchant, role, devices, now } = devices;
    let error = failure(end);
    let number = merchant.number.to_string();
    let is_empty = devices.is_empty();
    let rows = devices.into_iter().map(|device| device_row(device, number.clone(), now, end)).collect_view();
    view! {
        <ShopPage title=t.devices_title shop=merchant.name.clone() base=base(&merchant) role current=ShopTab::Staff>
            <p class="lead">{t.devices_lead}</p>
            {move || error.get().map(|message| view! { <ErrorNote message /> })}
            {is_empty.then(|| view! { <EmptyState glyph=Glyph::Devices title=t.no_devices /> })}
            <ul class="group devices">{rows}</ul>
            <LinkButton href=format!("{}/staff", base(&merchant)) look=Look::Plain>{t.to_staff}</LinkButton>
        </ShopPage>
    }
    .into_any()
}

fn device_row(device: DeviceShown, number: String, now: Timestamp, end: ServerAction<EndDevice>) -> AnyView {
    let (lang, t) = (lang(), &words().staff);
    let called = if device.device.is_empty() { t.unknown_device.to_owned() } else { device.device };
    let about = format!("{} {called}", device.name);
    let action = if device.is_this {
        view! { <span class="tag tag-brand">{t.this_device}</span> }.into_any()
    } else {
        view! {
            <ActionForm action=end>
                <input type="hidden" name="number" value=number />
                <input type="hidden" name="session" value=device.session.to_string() />
                <Button look=Look::Line busy=end.pending()>{t.end_device} <span class="for-ears">{about}</span></Button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <li class="row">
            <span class="row-sign" aria-hidden="true"><Icon glyph=Glyph::Devices /></span>
            <span class="row-words">
                <span class="row-title">{device.name} " · " {role_word(words(), device.role)}</span>
                <span class="row-note">{called} " · " {t.device_seen(&moment(lang, device.seen_at, now))}</span>
                <span class="row-note">{t.device_first(&moment(lang, device.first_at, now))}</span>
            </span>
            {action}
        </li>
    }
    .into_any()
}
