//! Passes: the right to buy, once. Bound to person, window and place; never outlives the window (Waiting room, point 5).

use super::token::{self, Kind, RoomKey};
use super::{Place, Settings, after_ms};
use crate::calendar::Span;
use crate::ids::{PersonId, WindowId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What an admitted person holds. "Once" is the till's: the row of the admission (window, place) is written with the
/// purchase. Times are kept in whole milliseconds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    pub window: WindowId,
    pub person: PersonId,
    pub place: Place,
    pub admitted_at: Timestamp,
    /// Good before, no longer at this moment.
    pub expires_at: Timestamp,
}

/// Why a pass opens nothing. What exactly is wrong with a bad one is not said.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PassRefused {
    #[error("not a pass of ours")]
    Forged,
    #[error("a pass of another window")]
    OtherWindow,
    #[error("a pass of another person")]
    OtherPerson,
    #[error("the pass expired at {expired_at}")]
    Expired { expired_at: Timestamp },
}

/// Window 8, person 8, place 4, admitted 8, expires 8.
const BODY: usize = 36;

impl Pass {
    /// For a person whose turn it is; `None` while the window (with this `span`) is not open.
    pub fn admit(window: WindowId, span: &Span, settings: &Settings, person: PersonId, place: Place, now: Timestamp) -> Option<Pass> {
        let expires_at = after_ms(now, settings.pass_life_ms).min(span.to());
        span.contains(now).then_some(Pass { window, person, place, admitted_at: now, expires_at })
    }

    /// 94 characters of base64url.
    pub fn sign(&self, key: &RoomKey) -> String {
        let mut body = Vec::with_capacity(BODY);
        body.extend(self.window.0.to_be_bytes());
        body.extend(self.person.0.to_be_bytes());
        body.extend(self.place.get().to_be_bytes());
        body.extend(self.admitted_at.as_millisecond().to_be_bytes());
        body.extend(self.expires_at.as_millisecond().to_be_bytes());
        token::sign(key, Kind::Pass, &body)
    }

    /// The pass in `text`, whoever's and however old: for a page that shows how long it is still good.
    pub fn read(key: &RoomKey, text: &str) -> Result<Pass, PassRefused> {
        Pass::open(key, text).ok_or(PassRefused::Forged)
    }

    /// The pass in `text`, if it lets this person buy in this window now.
    pub fn check(key: &RoomKey, text: &str, window: WindowId, person: PersonId, now: Timestamp) -> Result<Pass, PassRefused> {
        let pass = Pass::read(key, text)?;
        if pass.window != window {
            Err(PassRefused::OtherWindow)
        } else if pass.person != person {
            Err(PassRefused::OtherPerson)
        } else if now >= pass.expires_at {
            Err(PassRefused::Expired { expired_at: pass.expires_at })
        } else {
            Ok(pass)
        }
    }

    fn open(key: &RoomKey, text: &str) -> Option<Pass> {
        let body = token::open::<BODY>(key, Kind::Pass, text)?;
        let mut rest = &body[..];
        Some(Pass {
            window: WindowId(i64::from_be_bytes(token::take(&mut rest)?)),
            person: PersonId(i64::from_be_bytes(token::take(&mut rest)?)),
            place: Place::new(u32::from_be_bytes(token::take(&mut rest)?)).ok()?,
            admitted_at: Timestamp::from_millisecond(i64::from_be_bytes(token::take(&mut rest)?)).ok()?,
            expires_at: Timestamp::from_millisecond(i64::from_be_bytes(token::take(&mut rest)?)).ok()?,
        })
    }
}
