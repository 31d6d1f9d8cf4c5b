//! The server functions of a shop's staff. What is in whose power is judged in the store, on the rows as they are at that moment.

use crate::Error;
use domain::merchant::{Merchant, Role};
use domain::{InvitationId, PersonId, SessionId, Timestamp};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The staff of a shop as one of it sees it. Personal: it does not debug.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ShopStaff {
    pub merchant: Merchant,
    pub role: Role,
    pub people: Vec<Worker>,
    pub invitations: Vec<Invited>,
    /// The link of an invitation that was made a moment ago.
    pub link: Option<String>,
    pub now: Timestamp,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Worker {
    pub person: PersonId,
    pub name: String,
    pub role: Role,
    pub since: Timestamp,
    pub is_me: bool,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Invited {
    pub id: InvitationId,
    pub role: Role,
    pub by: String,
    pub expires_at: Timestamp,
}

/// Devices of a shop. Personal: it does not debug.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ShopDevices {
    pub merchant: Merchant,
    pub role: Role,
    pub devices: Vec<DeviceShown>,
    pub now: Timestamp,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceShown {
    pub session: SessionId,
    pub name: String,
    pub role: Role,
    /// "Chrome · Android"; empty when the browser does not tell.
    pub device: String,
    pub first_at: Timestamp,
    pub seen_at: Timestamp,
    pub is_this: bool,
}

/// What an invited person sees before accepting.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Invitation {
    pub shop: Merchant,
    pub role: Role,
    pub expires_at: Timestamp,
    pub now: Timestamp,
}

#[server(prefix = "/api", endpoint = "merchant/staff/list")]
pub async fn load_staff(number: String) -> Result<ShopStaff, Error> {
    use crate::web::{Cookie, answer, cookie, drop_cookie, now, services};
    answer(async {
        let ((merchant, proof), store, now) = (crate::merchant::my_shop(&number).await?, services().store, now());
        let worker = |row: store::StaffRow| Worker {
            is_me: row.person == proof.person(),
            person: row.person,
            name: row.name,
            role: row.role,
            since: row.since,
        };
        let people = store.staff_of(&proof).await?.into_iter().map(worker).collect();
        let invited = |row: store::InvitationRow| Invited { id: row.id, role: row.role, by: row.invited_by, expires_at: row.expires_at };
        let may_invite = proof.role() >= Role::Manager;
        let invitations = if may_invite { store.invitations(&proof, now).await?.into_iter().map(invited).collect() } else { Vec::new() };
        let token = cookie(Cookie::Invitation).filter(|_| may_invite).and_then(|token| store::Token::parse(&token));
        if token.is_some() {
            drop_cookie(Cookie::Invitation);
        }
        let link = token.map(|token| crate::web::address_of_page(&format!("/merchant/invitations/{}", token.expose())));
        Ok(ShopStaff { merchant, role: proof.role(), people, invitations, link, now })
    })
    .await
}

#[server(prefix = "/api", endpoint = "merchant/staff/role")]
pub async fn change_role(number: String, person: String, role: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, services};
    answer(async {
        let (_, proof) = crate::merchant::my_shop(&number).await?;
        let (person, role) = (person.parse().map_err(|_| Input::Id)?, Role::parse(&role).ok_or(Error::BadRequest)?);
        Ok(services().store.change_role(&proof, person, role).await??)
    })
    .await
}

#[server(prefix = "/api", endpoint = "merchant/staff/dismiss")]
pub async fn dismiss(number: String, person: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, services};
    answer(async {
        let (_, proof) = crate::merchant::my_shop(&number).await?;
        let person = person.parse().map_err(|_| Input::Id)?;
        Ok(services().store.dismiss(&proof, person).await??)
    })
    .await
}

/// Whoever works there goes.
#[server(prefix = "/api", endpoint = "merchant/staff/leave")]
pub async fn leave(number: String) -> Result<(), Error> {
    use crate::web::{answer, go, services};
    answer(async {
        let (_, proof) = crate::merchant::my_shop(&number).await?;
        services().store.leave_shop(&proof).await??;
        go("/me");
        Ok(())
    })
    .await
}

/// Makes an invitation. Its link travels in a cookie to the page that shows it, once, with JavaScript or without.
#[server(prefix = "/api", endpoint = "merchant/invitations/make")]
pub async fn invite(number: String, role: String) -> Result<(), Error> {
    use crate::web::{Cookie, answer, go, now, services, set_cookie};
    answer(async {
        let (merchant, proof) = crate::merchant::my_shop(&number).await?;
        let role = Role::parse(&role).ok_or(Error::BadRequest)?;
        let (id, token) = services().store.invite(&proof, role, now()).await??;
        set_cookie(Cookie::Invitation, &token.expose());
        // Another address, so that a page with JavaScript loads anew.
        go(&format!("/merchant/{}/staff?made={id}", merchant.number));
        Ok(())
    })
    .await
}

#[server(prefix = "/api", endpoint = "merchant/invitations/revoke")]
pub async fn revoke_invitation(number: String, id: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, now, services};
    answer(async {
        let (_, proof) = crate::merchant::my_shop(&number).await?;
        let id = id.parse().map_err(|_| Input::Id)?;
        Ok(services().store.revoke_invitation(&proof, id, now()).await??)
    })
    .await
}

/// Which shop, in which role. Whoever has no token of an invitation learns nothing.
#[server(prefix = "/api", endpoint = "merchant/invitations/get")]
pub async fn load_invitation(token: String) -> Result<Invitation, Error> {
    use crate::web::{answer, now, services, signed_in};
    use domain::staff::StaffRefused;
    answer(async {
        signed_in().await?;
        let token = store::Token::parse(&token).ok_or(Error::NotFound)?;
        let now = now();
        let found = services().store.invitation(&token, now).await?.ok_or(Error::NotFound)?;
        if !found.is_open {
            return Err(StaffRefused::InvitationOver.into());
        }
        Ok(Invitation { shop: found.shop, role: found.role, expires_at: found.expires_at, now })
    })
    .await
}

#[server(prefix = "/api", endpoint = "merchant/invitations/accept")]
pub async fn accept_invitation(token: String) -> Result<(), Error> {
    use crate::web::{answer, go, now, services, signed_in};
    answer(async {
        let (who, store) = (signed_in().await?, services().store);
        let token = store::Token::parse(&token).ok_or(Error::NotFound)?;
        let (shop, _) = store.accept_invitation(&token, who.person, now()).await?.ok_or(Error::NotFound)??;
        let shop = store.merchant(shop).await?.ok_or(Error::NotFound)?;
        go(&format!("/merchant/{}", shop.number));
        Ok(())
    })
    .await
}

#[server(prefix = "/api", endpoint = "merchant/devices/list")]
pub async fn load_devices(number: String) -> Result<ShopDevices, Error> {
    use crate::web::{answer, now, services, signed_in};
    answer(async {
        let (merchant, proof) = crate::merchant::my_shop(&number).await?;
        let (who, now) = (signed_in().await?, now());
        let shown = |row: store::ShopDevice| DeviceShown {
            is_this: row.session == who.session,
            session: row.session,
            name: row.name,
            role: row.role,
            device: row.device,
            first_at: row.first_at,
            seen_at: row.seen_at,
        };
        let devices = services().store.shop_devices(&proof, now).await?.into_iter().map(shown).collect();
        Ok(ShopDevices { merchant, role: proof.role(), devices, now })
    })
    .await
}

#[server(prefix = "/api", endpoint = "merchant/devices/end")]
pub async fn end_device(number: String, session: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, now, services};
    answer(async {
        let (_, proof) = crate::merchant::my_shop(&number).await?;
        let session = session.parse().map_err(|_| Input::Id)?;
        Ok(services().store.end_shop_device(&proof, session, now()).await??)
    })
    .await
}
