//! `/pay`: the camera fills the screen; the shop's number by hand stands under it. Without JavaScript there is the number.

use super::{FindShop, shop_in};
use crate::Error;
use crate::pieces::{Button, Field, Glyph, Heading, Icon, LinkButton, Look, Page, Tab};
use crate::visitor::{SignedInOnly, failure};
use crate::words::words;
use domain::Refused;
use domain::payer_code::PayerCode;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

#[component]
pub fn PayPage() -> impl IntoView {
    let t = &words().pay;
    view! {
        <Page title=t.title heading=Heading::Hidden tab=Tab::Pay>
            <SignedInOnly let:_visitor>
                <Scanner seen=to_shop() lead=t.scan_lead />
                <ByNumber />
                <div class="scan-other">
                    <LinkButton href="/pay/my-code" look=Look::Soft>{t.my_code}</LinkButton>
                </div>
            </SignedInOnly>
        </Page>
    }
}

/// The shop's number by hand.
#[component]
fn ByNumber() -> impl IntoView {
    let t = &words().pay;
    let find = ServerAction::<FindShop>::new();
    let busy = find.pending();
    view! {
        <section class="scan-by-number">
            <h2 class="section-title">{t.by_number}</h2>
            <ActionForm action=find>
                <Field
                    label=t.number_label
                    name="code"
                    inputmode="numeric"
                    maxlength=512
                    hint=t.number_hint
                    error=failure(find)
                />
                <Button busy>{t.find_shop}</Button>
            </ActionForm>
            <LinkButton href="/shops" look=Look::Plain>{words().finding.title}</LinkButton>
        </section>
    }
}

/// What the camera is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only a browser has a camera"))]
pub(super) enum Camera {
    Off,
    Starting,
    Looking,
    /// Seen, and not a shop of ours.
    Foreign(String),
    Denied,
    Missing,
}

/// Goes to the shop whose code was seen.
fn to_shop() -> Callback<String, Result<(), Error>> {
    let navigate = use_navigate();
    Callback::new(move |text: String| {
        navigate(&shop_in(&text)?, NavigateOptions::default());
        Ok(())
    })
}

/// Looks for a payer's code; `seen` gets its digits.
#[component]
pub fn PayerCodeScanner(seen: Callback<String>) -> impl IntoView {
    let take = Callback::new(move |text: String| {
        let code = PayerCode::parse(&text).map_err(|_| Refused::NoSuchCode)?;
        seen.run(code.digits().to_owned());
        Ok(())
    });
    view! { <Scanner seen=take lead=words().codes.take_camera /> }
}

#[component]
fn Scanner(seen: Callback<String, Result<(), Error>>, lead: &'static str) -> impl IntoView {
    let t = &words().pay;
    let video = NodeRef::<leptos::html::Video>::new();
    let camera = RwSignal::new(Camera::Off);
    #[cfg(feature = "hydrate")]
    let start = super::camera::scanner(video, camera, seen);
    #[cfg(not(feature = "hydrate"))]
    let start = {
        let _ = seen;
        || ()
    };
    let is_live = move || matches!(camera.get(), Camera::Looking | Camera::Foreign(_));
    let message = move || match camera.get() {
        Camera::Off => t.camera_ask.to_owned(),
        Camera::Starting => words().common.loading.to_owned(),
        Camera::Looking => lead.to_owned(),
        Camera::Foreign(why) => why,
        Camera::Denied => t.camera_denied.to_owned(),
        Camera::Missing => t.camera_none.to_owned(),
    };
    view! {
        <section class="scan with-js" aria-label=t.scan_title>
            <div class="scan-frame" class:is-live=is_live>
                <video node_ref=video class="scan-video" playsinline muted aria-hidden="true"></video>
                <svg class="scan-corners" viewBox="0 0 100 100" aria-hidden="true" focusable="false">
                    <path d="M4 26V12a8 8 0 0 1 8-8h14M74 4h14a8 8 0 0 1 8 8v14M96 74v14a8 8 0 0 1-8 8H74M26 96H12a8 8 0 0 1-8-8V74" />
                </svg>
                <div class="scan-off" class:is-hidden=is_live>
                    <Icon glyph=Glyph::Scan />
                    <Button look=Look::Soft r#type="button" busy=Signal::derive(move || camera.get() == Camera::Starting) on_press=Callback::new(move |_| start())>
                        {t.camera_start}
                    </Button>
                </div>
            </div>
            <p class="scan-lead" role="status">
                {message}
            </p>
        </section>
    }
}
