//! The server functions of the page of partner apps. What each may do is judged in the store.

use super::Operator;
use crate::Error;
use domain::kind::Kind;
use domain::partner::{Cap, KeyScopes};
use domain::{PartnerId, PartnerKeyId, Timestamp, WindowId};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Requests a second that a key made here may send.
#[cfg(feature = "ssr")]
const RATE_PER_S: u32 = 50;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CityPartners {
    pub who: Operator,
    pub partners: Vec<PartnerShown>,
    /// That may still get a cap.
    pub windows: Vec<WindowToCap>,
    /// A key or a secret that was made a moment ago.
    pub shown: Option<String>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PartnerShown {
    pub id: PartnerId,
    pub name: String,
    pub masked: String,
    pub endpoint: Option<String>,
    pub keys: Vec<KeyShown>,
    /// By the opening of their windows.
    pub caps: Vec<(Timestamp, Cap)>,
    pub due: i64,
    pub given_up: i64,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct KeyShown {
    pub id: PartnerKeyId,
    pub prefix: String,
    pub scopes: KeyScopes,
    pub used_at: Option<Timestamp>,
    pub standing: KeyStanding,
}

#[derive(Copy, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum KeyStanding {
    Good,
    /// It was rotated.
    RunsOut(Timestamp),
    Over,
    Revoked,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct WindowToCap {
    pub id: WindowId,
    pub kind: Kind,
    pub opens_at: Timestamp,
}

#[server(prefix = "/api", endpoint = "city/partners/list")]
pub async fn load_partners() -> Result<CityPartners, Error> {
    use crate::web::{Cookie, answer, cookie, drop_cookie, now, operator, services};
    answer(async {
        let (who, store, now) = (operator().await?, services().store, now());
        let partners = store.partners().await?.into_iter().map(|row| serve::shown(row, now)).collect();
        let mut windows = Vec::new();
        for sale in store.on_sale(now).await? {
            let to_come = sale.windows.iter().filter(|(window, _)| window.span.from() > now);
            windows.extend(to_come.map(|(window, _)| WindowToCap { id: window.id, kind: sale.kind.clone(), opens_at: window.span.from() }));
        }
        let shown = cookie(Cookie::Shown);
        if shown.is_some() {
            drop_cookie(Cookie::Shown);
        }
        Ok(CityPartners { who: Operator::from(&who), partners, windows, shown })
    })
    .await
}

/// `scopes`: names with commas between them. For controllers, as all that follow.
#[server(prefix = "/api", endpoint = "city/partners/key")]
pub async fn make_partner_key(partner: String, scopes: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, now, operator, services};
    use store::By;
    answer(async {
        let who = operator().await?;
        let partner: PartnerId = partner.parse().map_err(|_| Input::Id)?;
        let scopes = KeyScopes::parse(&scopes).ok_or(Error::BadRequest)?;
        let new = services().store.make_key(By::Operator(&who), partner, scopes, RATE_PER_S, now()).await??;
        serve::show_once(&new.expose());
        Ok(())
    })
    .await
}

#[server(prefix = "/api", endpoint = "city/partners/rotate")]
pub async fn rotate_partner_key(key: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, now, operator, services};
    use store::By;
    answer(async {
        let who = operator().await?;
        let key: PartnerKeyId = key.parse().map_err(|_| Input::Id)?;
        let new = services().store.rotate_key(By::Operator(&who), key, now()).await??;
        serve::show_once(&new.expose());
        Ok(())
    })
    .await
}

#[server(prefix = "/api", endpoint = "city/partners/revoke")]
pub async fn revoke_partner_key(key: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, now, operator, services};
    use store::By;
    answer(async {
        let who = operator().await?;
        let key: PartnerKeyId = key.parse().map_err(|_| Input::Id)?;
        services().store.revoke_key(By::Operator(&who), key, now()).await??;
        serve::back();
        Ok(())
    })
    .await
}

/// Where a partner is told; empty: nowhere.
#[server(prefix = "/api", endpoint = "city/partners/endpoint")]
pub async fn set_endpoint(partner: String, #[server(default)] url: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, now, operator, services};
    use domain::partner::{Endpoint, Loopback, PartnerRefused};
    use store::By;
    answer(async {
        let (who, services) = (operator().await?, services());
        let partner: PartnerId = partner.parse().map_err(|_| Input::Id)?;
        let loopback = if services.sandbox.is_some() { Loopback::Allowed } else { Loopback::Refused };
        let endpoint = match url.trim() {
            "" => None,
            url => Some(Endpoint::parse(url, loopback).ok_or(PartnerRefused::BadEndpoint)?),
        };
        match services.store.set_endpoint(By::Operator(&who), partner, endpoint.as_ref(), now()).await?? {
            Some(secret) => serve::show_once(&secret.expose()),
            None => serve::back(),
        }
        Ok(())
    })
    .await
}

#[server(prefix = "/api", endpoint = "city/partners/secret")]
pub async fn rotate_webhook_secret(partner: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, now, operator, services};
    use store::By;
    answer(async {
        let who = operator().await?;
        let partner: PartnerId = partner.parse().map_err(|_| Input::Id)?;
        let secret = services().store.rotate_webhook_secret(By::Operator(&who), partner, now()).await??;
        serve::show_once(&secret.expose());
        Ok(())
    })
    .await
}

/// What a partner may sell of a window, in won.
#[server(prefix = "/api", endpoint = "city/partners/cap")]
pub async fn set_channel_cap(partner: String, window: String, most: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, now, operator, services};
    use domain::Won;
    use domain::amount_input::parse_won;
    use domain::partner::PartnerRefused;
    use store::By;
    answer(async {
        let who = operator().await?;
        let partner: PartnerId = partner.parse().map_err(|_| Input::Id)?;
        let window: WindowId = window.parse().map_err(|_| Input::Id)?;
        let most = parse_won(&most).ok().and_then(|won| Won::new(won).ok()).ok_or(PartnerRefused::BadAmount)?;
        services().store.set_cap(By::Operator(&who), window, partner, most, now()).await??;
        serve::back();
        Ok(())
    })
    .await
}

#[cfg(feature = "ssr")]
mod serve {
    use super::{KeyShown, KeyStanding, PartnerShown};
    use crate::web::{Cookie, go, new_id, set_cookie};
    use domain::Timestamp;
    use store::{KeyRow, PartnerRow};

    pub(super) fn back() {
        // Another address, so that a page with JavaScript loads anew.
        go(&format!("/city/partners?shown={}", new_id().0));
    }

    /// The page that follows shows it, and it is gone.
    pub(super) fn show_once(secret: &str) {
        set_cookie(Cookie::Shown, secret);
        back();
    }

    pub(super) fn shown(row: PartnerRow, now: Timestamp) -> PartnerShown {
        PartnerShown {
            id: row.id,
            name: row.name,
            masked: row.masked,
            endpoint: row.endpoint,
            keys: row.keys.into_iter().map(|key| key_shown(key, now)).collect(),
            caps: row.caps.into_iter().map(|row| (row.opens_at, row.cap)).collect(),
            due: row.webhooks_due,
            given_up: row.webhooks_given_up,
        }
    }

    fn key_shown(key: KeyRow, now: Timestamp) -> KeyShown {
        let standing = match (key.revoked_at, key.expires_at) {
            (Some(_), _) => KeyStanding::Revoked,
            (None, Some(at)) if at <= now => KeyStanding::Over,
            (None, Some(at)) => KeyStanding::RunsOut(at),
            (None, None) => KeyStanding::Good,
        };
        KeyShown { id: key.id, prefix: key.prefix, scopes: key.scopes, used_at: key.used_at, standing }
    }
}
