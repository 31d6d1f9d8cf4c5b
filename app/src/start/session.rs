//! The end of every way in, and the way out.

use crate::Error;
use leptos::prelude::*;

/// Lets a proven person in: a new session under a new token whatever the browser held before, the device known from now
/// on, and no enrolment left. Goes on to `then`.
#[cfg(feature = "ssr")]
pub(super) async fn let_in(person: domain::PersonId, then: &str) -> Result<(), Error> {
    use crate::web::{Cookie, device, go, now, services, set_cookie};
    let store = services().store;
    end_own().await?;
    let (session, _) = store.sign_in(person, &device(), now()).await?;
    let known = store.remember_device(crate::web::token(Cookie::Device).as_ref(), person, now()).await?;
    set_cookie(Cookie::Session, &session.expose());
    set_cookie(Cookie::Device, &known.expose());
    crate::web::drop_cookie(Cookie::Enrolment);
    bring_settings(person).await?;
    go(then);
    Ok(())
}

/// A browser in which nothing was chosen yet follows the member's settings from the next page on.
#[cfg(feature = "ssr")]
async fn bring_settings(person: domain::PersonId) -> Result<(), Error> {
    use crate::setting::TextSize;
    use crate::web::{Cookie, cookie, services, set_cookie};
    let Some(member) = services().store.member(person).await? else { return Ok(()) };
    if cookie(Cookie::Language).is_none() {
        set_cookie(Cookie::Language, member.language.as_str());
    }
    if cookie(Cookie::Text).is_none() && member.text_size == store::TextSize::Large {
        set_cookie(Cookie::Text, TextSize::Large.as_str());
    }
    Ok(())
}

/// Ends the session that this browser holds, if it does.
#[cfg(feature = "ssr")]
async fn end_own() -> Result<(), Error> {
    if let Some(who) = crate::web::who().await? {
        crate::web::services().store.end_session(who.person, who.session).await?;
    }
    Ok(())
}

/// Signs out: here only, the device stays known.
#[server(prefix = "/api", endpoint = "start/out")]
pub async fn sign_out(#[server(default)] next: String) -> Result<(), Error> {
    use crate::start::next::Next;
    use crate::web::{Cookie, answer, drop_cookie, go};
    answer(async {
        end_own().await?;
        drop_cookie(Cookie::Session);
        go(Next::parse(&next).href());
        Ok(())
    })
    .await
}

/// The way back for a member who is signed in and has forgotten or locked the PIN: a code to the own phone, signed out here,
/// and this browser a stranger again. The next pages prove phone and identity, and a new PIN is set.
#[server(prefix = "/api", endpoint = "start/forgotten")]
pub async fn forget_pin() -> Result<(), Error> {
    use crate::web::{Cookie, answer, drop_cookie, go, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let member = services().store.member(who.person).await?.ok_or(Error::SignedOut)?;
        super::phone::begin(member.phone.ok_or(Error::FormExpired)?).await?;
        end_own().await?;
        drop_cookie(Cookie::Session);
        drop_cookie(Cookie::Device);
        go("/start/code");
        Ok(())
    })
    .await
}
