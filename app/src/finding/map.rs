//! The map: an element of our own (`public/map/shops.js`), which brings Leaflet and the districts' outlines along when it is shown.

use super::asked::Asked;
use super::here::Nearby;
use crate::words::{self, words};
use domain::district::District;
use leptos::prelude::*;
use serde_json::json;

#[component]
pub(super) fn ShopMap(asked: Memo<Asked>, nearby: RwSignal<Nearby>) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().finding);
    Effect::new(|_| load());
    let said = json!({
        "districts": District::all().map(|district| words::district(lang, district)).collect::<Vec<_>>(),
        "cluster": t.map_cluster, "pay": t.map_pay, "usable": t.usable, "notUsable": t.not_usable, "source": t.map_source,
        "failed": t.map_failed, "tooOften": t.map_too_often, "busy": t.map_busy, "zoomIn": t.map_zoom_in, "zoomOut": t.map_zoom_out, "here": t.map_here,
    });
    let field = move |of: fn(Asked) -> String| move || of(asked.get());
    let here = move || nearby.get().here().map(|here| format!("{},{}", here.lat, here.lon));
    view! {
        <div class="shop-map-box with-js">
            <shop-map
                class="shop-map"
                role="region"
                aria-label=t.map
                data-said=said.to_string()
                data-q=field(|asked| asked.q)
                data-district=field(|asked| asked.district)
                data-trade=field(|asked| asked.trade)
                data-mine=field(|asked| asked.mine)
                data-lately=field(|asked| asked.lately)
                data-here=here
            ></shop-map>
        </div>
        <p class="without-js">{t.map_needs_js}</p>
    }
}

/// Once a document: the element defines itself.
#[cfg(feature = "hydrate")]
fn load() {
    const ID: &str = "shop-map-script";
    let document = document();
    if document.get_element_by_id(ID).is_some() {
        return;
    }
    let Ok(script) = document.create_element("script") else { return };
    let attributes = [("id", ID), ("type", "module"), ("src", "/map/shops.js")];
    if attributes.iter().all(|(name, value)| script.set_attribute(name, value).is_ok())
        && let Some(head) = document.head()
    {
        // Without it the list is still there.
        let _ = head.append_child(&script);
    }
}

#[cfg(not(feature = "hydrate"))]
fn load() {}
