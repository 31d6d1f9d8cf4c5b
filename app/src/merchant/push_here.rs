//! The switch of push on this device. A browser is asked when its button is pressed, never before; one that can't be pushed to, or was told
//! never to ask, is said so.

use super::alerts::SubscribePush;
use crate::pieces::{Button, ErrorNote};
use crate::words::words;
use leptos::prelude::*;

/// What this browser can do.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "hydrate"), allow(dead_code))]
enum Here {
    /// Not looked yet.
    Unknown,
    /// It knows nothing of push (on an iPhone: as long as the app is not on the home screen).
    Missing,
    /// The person once said never.
    Blocked,
    Ready,
    Asking,
    Failed,
}

#[component]
pub(super) fn PushSwitch(number: String, push_key: String, is_on: bool, subscribe: ServerAction<SubscribePush>) -> impl IntoView {
    let t = &words().alerts;
    let here = RwSignal::new(Here::Unknown);
    #[cfg(feature = "hydrate")]
    let press = browser::switch(here, number, push_key, subscribe);
    #[cfg(not(feature = "hydrate"))]
    let press = {
        let _ = (number, push_key);
        Callback::new(|()| ())
    };
    let refused = crate::visitor::failure(subscribe);
    let note = move || match here.get() {
        Here::Missing => Some(t.push_missing),
        Here::Blocked => Some(t.push_blocked),
        Here::Failed => Some(t.push_failed),
        Here::Unknown | Here::Ready | Here::Asking => None,
    };
    let busy = Signal::derive(move || here.get() == Here::Asking || subscribe.pending().get());
    let offers = move || !is_on && !matches!(here.get(), Here::Missing | Here::Blocked);
    view! {
        <div class="with-js">
            {is_on.then(|| view! { <p role="status">{t.push_is_on}</p> })}
            <p role="status">{note}</p>
            {move || refused.get().map(|message| view! { <ErrorNote message /> })}
            <Show when=offers>
                <div class="actions">
                    <Button r#type="button" busy on_press=Callback::new(move |_| press.run(()))>{t.push_on}</Button>
                </div>
            </Show>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use super::{Here, SubscribePush};
    use js_sys::{JSON, Object, Promise, Reflect};
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use leptos::web_sys::{Notification, NotificationPermission, PushManager, PushSubscriptionOptionsInit, ServiceWorkerRegistration};
    use serde::Deserialize;
    use wasm_bindgen::{JsCast, JsValue};
    use wasm_bindgen_futures::JsFuture;

    /// `PushSubscription.toJSON()`
    #[derive(Deserialize)]
    struct Agreed {
        endpoint: String,
        keys: Keys,
    }

    #[derive(Deserialize)]
    struct Keys {
        p256dh: String,
        auth: String,
    }

    pub(super) fn switch(here: RwSignal<Here>, number: String, push_key: String, subscribe: ServerAction<SubscribePush>) -> Callback<()> {
        // Only now, so that the page first comes alive as the server rendered it.
        Effect::new(move |_| here.set(look()));
        Callback::new(move |()| {
            here.set(Here::Asking);
            let (number, push_key) = (number.clone(), push_key.clone());
            spawn_local(async move {
                match agree(&push_key).await {
                    Some(Agreed { endpoint, keys: Keys { p256dh, auth } }) => {
                        here.try_set(Here::Ready);
                        subscribe.dispatch(SubscribePush { number, endpoint, p256dh, auth });
                    }
                    None => {
                        let now = look();
                        here.try_set(if now == Here::Ready { Here::Failed } else { now });
                    }
                }
            });
        })
    }

    fn look() -> Here {
        let has = |on: &JsValue, name: &str| Reflect::has(on, &name.into()).unwrap_or(false);
        let window = window();
        if !(has(&window, "PushManager") && has(&window, "Notification") && has(&window.navigator(), "serviceWorker")) {
            return Here::Missing;
        }
        if Notification::permission() == NotificationPermission::Denied { Here::Blocked } else { Here::Ready }
    }

    /// Asks the person, then the browser's push service. `None`: one of them said no.
    async fn agree(push_key: &str) -> Option<Agreed> {
        let ready = window().navigator().service_worker().ready().ok()?;
        let registration: ServiceWorkerRegistration = JsFuture::from(ready).await.ok()?.unchecked_into();
        let manager = registration.push_manager().ok()?;
        let subscription = match subscribe(&manager, push_key).await {
            Some(subscription) => subscription,
            // Bound to an earlier key of ours: it gives way.
            None => {
                let old = JsFuture::from(manager.get_subscription().ok()?).await.ok()?;
                let end = Reflect::get(&old, &"unsubscribe".into()).ok()?.dyn_into::<js_sys::Function>().ok()?;
                JsFuture::from(end.call0(&old).ok()?.unchecked_into::<Promise>()).await.ok()?;
                subscribe(&manager, push_key).await?
            }
        };
        serde_json::from_str(&JSON::stringify(&subscription).ok()?.as_string()?).ok()
    }

    async fn subscribe(manager: &PushManager, push_key: &str) -> Option<JsValue> {
        let options = Object::new();
        Reflect::set(&options, &"userVisibleOnly".into(), &JsValue::TRUE).ok()?;
        Reflect::set(&options, &"applicationServerKey".into(), &push_key.into()).ok()?;
        let asked = manager.subscribe_with_options(&options.unchecked_into::<PushSubscriptionOptionsInit>()).ok()?;
        JsFuture::from(asked).await.ok()
    }
}
