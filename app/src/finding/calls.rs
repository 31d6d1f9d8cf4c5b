//! The server functions of the finder. Strangers may look too.

use super::asked::{Asked, Here};
use crate::Error;
use domain::merchant::Merchant;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A page of the list.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    pub shops: Vec<FoundShop>,
    /// On all pages.
    pub total: usize,
    pub page: u32,
    pub is_last: bool,
    /// Is whoever asks a member, who may hold vouchers?
    pub is_member: bool,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundShop {
    pub shop: Merchant,
    /// From where I am, if I said so.
    pub distance_m: Option<u32>,
    /// Is one of my vouchers taken there? Unknown of strangers.
    pub is_usable: Option<bool>,
}

/// A part of the map, in degrees.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Corners {
    pub south: f64,
    pub west: f64,
    pub north: f64,
    pub east: f64,
}

/// What a map shows; read by `public/map/shops.js`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct FoundOnMap {
    pub total: usize,
    pub shops: Vec<PinnedShop>,
    /// Latitude, longitude, and how many are about there.
    pub clusters: Vec<(f64, f64, usize)>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PinnedShop {
    pub lat: f64,
    pub lon: f64,
    pub name: String,
    pub address: String,
    /// Its page to pay on.
    pub href: String,
    pub is_usable: Option<bool>,
}

/// A page of shops that fit, best first; `here`: only near there, with the distance.
#[server(prefix = "/api", endpoint = "shops/find")]
pub async fn find_shops(
    #[server(default)] asked: Asked,
    #[server(default)] page: Option<u32>,
    #[server(default)] here: Option<Here>,
) -> Result<Found, Error> {
    use crate::web::answer;
    answer(serve::list(asked, page.unwrap_or(1), here)).await
}

/// What fits on a part of the map.
#[server(prefix = "/api", endpoint = "shops/map")]
pub async fn find_shops_on_map(#[server(default)] asked: Asked, corners: Corners) -> Result<FoundOnMap, Error> {
    use crate::web::answer;
    answer(serve::map(asked, corners)).await
}

#[cfg(feature = "ssr")]
mod serve {
    use super::{Asked, Corners, Found, FoundOnMap, FoundShop, Here, PinnedShop};
    use crate::Error;
    use crate::finding::FindingRefused;
    use crate::web::{address, now, services, who};
    use domain::finding::{Area, Place, Spot, Usable, Wish};
    use domain::merchant::Merchant;
    use domain::plan::Feature;
    use std::collections::HashMap;

    /// On one page of the list.
    const PAGE: usize = 20;
    /// Whoever looks at two hundred shops wants to ask for something narrower.
    const PAGES_MAX: u32 = 10;

    /// Who may ask now, for what, and where the own vouchers are taken.
    async fn admitted(asked: &Asked) -> Result<(Wish, Option<Usable>), Error> {
        let (services, now) = (services(), now());
        if let Some(until) = services.store.suspended_until(Feature::ShopFinder, now).await? {
            return Err(Error::Suspended { until });
        }
        let who = who().await?;
        services.finding.count(who.as_ref(), address())?;
        let usable = match &who {
            Some(who) => Some(Usable::of(services.store.wallet(who.person, now).await?.lots.into_iter().map(|lot| lot.scope))),
            None if asked.is_mine()? => return Err(Error::SignedOut),
            None => None,
        };
        asked.is_mine()?;
        Ok((asked.parse(usable, now)?, usable))
    }

    pub(super) async fn list(asked: Asked, page: u32, here: Option<Here>) -> Result<Found, Error> {
        let (wish, usable) = admitted(&asked).await?;
        if !(1..=PAGES_MAX).contains(&page) {
            return Err(Error::BadRequest);
        }
        let here = here.map(Here::parse).transpose()?;
        let services = services();
        let skip = (page as usize - 1) * PAGE;
        let hits = services.finding.finder.search(&wish, here, skip, PAGE).ok_or(FindingRefused::NotReady)?;
        let ids: Vec<_> = hits.hits.iter().map(|hit| hit.id).collect();
        let shops = services.store.open_shops(&ids).await?;
        let found = |shop: Merchant| FoundShop {
            distance_m: hits.hits.iter().find(|hit| hit.id == shop.id).and_then(|hit| hit.distance_m),
            is_usable: usable.map(|usable| usable.in_district(shop.district)),
            shop,
        };
        Ok(Found {
            shops: shops.into_iter().map(found).collect(),
            total: hits.total,
            page,
            is_last: skip + PAGE >= hits.total || page == PAGES_MAX,
            is_member: usable.is_some(),
        })
    }

    pub(super) async fn map(asked: Asked, corners: Corners) -> Result<FoundOnMap, Error> {
        let (wish, usable) = admitted(&asked).await?;
        let corner = |lat, lon| Place::from_degrees(lat, lon).ok_or(Error::BadRequest);
        let area = Area::new(corner(corners.south, corners.west)?, corner(corners.north, corners.east)?).ok_or(Error::BadRequest)?;
        let services = services();
        let on_map = services.finding.finder.on_map(&wish, area).ok_or(FindingRefused::NotReady)?;
        let (mut places, mut clusters) = (HashMap::new(), Vec::new());
        for spot in on_map.spots {
            match spot {
                Spot::Shop { id, place } => drop(places.insert(id, place)),
                Spot::Shops { count, place } => clusters.push((place.lat(), place.lon(), count)),
            }
        }
        let ids: Vec<_> = places.keys().copied().collect();
        let pinned = |shop: Merchant| {
            let place = places.get(&shop.id)?;
            let is_usable = usable.map(|usable| usable.in_district(shop.district));
            let href = shop.number.pay_path();
            Some(PinnedShop { lat: place.lat(), lon: place.lon(), name: shop.name, address: shop.address, href, is_usable })
        };
        let shops = services.store.open_shops(&ids).await?.into_iter().filter_map(pinned).collect();
        Ok(FoundOnMap { total: on_map.total, shops, clusters })
    }
}
