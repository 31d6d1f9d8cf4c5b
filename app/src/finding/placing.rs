//! `/shops/place`: whoever keeps a shop says where it is, so that people find it near them and on the map. The phone fills the two fields
//! in when its owner stands in the shop; without a script they are typed.

use super::here::{self, Nearby};
use crate::Error;
use crate::pieces::{Banner, Button, EmptyState, Field, Glyph, Look, Page, Section, Tone};
use crate::visitor::{Loaded, failure};
use crate::words::{self, words};
use domain::finding::Place;
use domain::merchant::Merchant;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A shop of mine, and where it is.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct MyShop {
    pub shop: Merchant,
    pub place: Option<Place>,
}

/// The shops whose place I may say: of those that I own or manage.
#[server(prefix = "/api", endpoint = "shops/mine")]
pub async fn my_places() -> Result<Vec<MyShop>, Error> {
    use crate::web::{answer, services, signed_in};
    use domain::merchant::Role;
    answer(async {
        let (who, store) = (signed_in().await?, services().store);
        let mut mine = Vec::new();
        for (shop, _) in store.shops_of(who.person).await?.into_iter().filter(|(_, role)| *role >= Role::Manager) {
            let place = store.place_of(shop.id).await?;
            mine.push(MyShop { shop, place });
        }
        Ok(mine)
    })
    .await
}

/// Says where a shop is, in degrees.
#[server(prefix = "/api", endpoint = "shops/place")]
pub async fn place_shop(number: String, lat: String, lon: String) -> Result<(), Error> {
    use super::FindingRefused;
    use crate::error::Input;
    use crate::web::{answer, go, now, services};
    use domain::merchant::Role;
    use domain::qr::MerchantNumber;
    answer(async {
        let number = MerchantNumber::parse_typed(&number).map_err(Input::ShopNumber)?;
        let (_, proof) = crate::merchant::my_shop_as(&number.to_string(), Role::Manager).await?;
        let degrees = |typed: &str| typed.trim().parse::<f64>().ok();
        let place = degrees(&lat).zip(degrees(&lon)).and_then(|(lat, lon)| Place::from_degrees(lat, lon));
        let place = place.ok_or(FindingRefused::NoPlace)?;
        if !services().store.set_place(&proof, place, now()).await? {
            return Err(FindingRefused::NotInDistrict.into());
        }
        go("/shops/place");
        Ok(())
    })
    .await
}

#[component]
pub fn PlacePage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| my_places());
    let t = &words().finding;
    view! {
        <Page title=t.place_title back="/shops">
            <Loaded data let:shops>
                {if shops.is_empty() {
                    view! { <EmptyState glyph=Glyph::Shop title=t.place_none_title lead=t.place_none /> }.into_any()
                } else {
                    let forms = shops.into_iter().map(|mine| view! { <PlaceForm mine again=Callback::new(move |()| data.refetch()) /> }).collect_view();
                    view! { <p class="small">{t.place_lead}</p> {forms} }.into_any()
                }}
            </Loaded>
        </Page>
    }
}

#[component]
fn PlaceForm(mine: MyShop, again: Callback<()>) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().finding);
    let MyShop { shop, place } = mine;
    let action = ServerAction::<PlaceShop>::new();
    let busy = action.pending();
    Effect::new(move |_| {
        if matches!(action.value().get(), Some(Ok(()))) {
            again.run(());
        }
    });
    let degrees = |of: fn(Place) -> f64| RwSignal::new(place.map(|place| format!("{:.5}", of(place))).unwrap_or_default());
    let (lat, lon) = (degrees(Place::lat), degrees(Place::lon));
    let nearby = RwSignal::new(Nearby::Off);
    Effect::new(move |_| {
        if let Nearby::At(here) = nearby.get() {
            lat.set(format!("{:.5}", here.lat));
            lon.set(format!("{:.5}", here.lon));
        }
    });
    let looking = Signal::derive(move || nearby.get() == Nearby::Asking);
    let press = Callback::new(move |_| here::ask(nearby, here::Grain::Shop));
    let said = match place {
        Some(_) => view! { <Banner tone=Tone::Good>{t.place_said}</Banner> }.into_any(),
        None => view! { <Banner>{t.place_unsaid}</Banner> }.into_any(),
    };
    view! {
        <Section title=shop.name>
            <p class="small">{words::district(lang, shop.district)} " · " {shop.address}</p>
            {said}
            <ActionForm action=action>
                <input type="hidden" name="number" value=shop.number.to_string() />
                <div class="with-js finder-near">
                    <Button look=Look::Soft r#type="button" busy=looking on_press=press>{t.place_here}</Button>
                </div>
                <p class="finder-nowhere" role="status">{move || (nearby.get() == Nearby::Nowhere).then_some(t.place_nowhere)}</p>
                <Field label=t.place_lat name="lat" inputmode="decimal" maxlength=12 value=lat />
                <Field label=t.place_lon name="lon" inputmode="decimal" maxlength=12 value=lon hint=t.place_hint error=failure(action) />
                <Button busy>{t.place_button}</Button>
            </ActionForm>
        </Section>
    }
}
