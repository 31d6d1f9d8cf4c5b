//! The server functions of the desk for vouchers that end. Who may give them more time is judged in the store.

use super::Operator;
use crate::Error;
use domain::kind::Kind;
use domain::{Timestamp, Won};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CityExpiry {
    pub who: Operator,
    /// The last to end first.
    pub ending: Vec<EndingLots>,
    /// The newest first.
    pub given: Vec<GivenTime>,
}

/// Lots of one kind that end at the same midnight.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct EndingLots {
    pub kind: Kind,
    pub ends_at: Timestamp,
    pub lots: i64,
    /// What can still be spent.
    pub left: Won,
    /// What is breakage and was not claimed.
    pub expired: Won,
    /// They are being given time up to then.
    pub until: Option<Timestamp>,
}

/// More time that was given to lots.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct GivenTime {
    pub kind: Kind,
    pub ended: Timestamp,
    pub until: Timestamp,
    pub reason: String,
    pub operator: String,
    pub created_at: Timestamp,
    pub is_done: bool,
}

/// Every operator looks.
#[server(prefix = "/api", endpoint = "city/expiry/get")]
pub async fn load_city_expiry() -> Result<CityExpiry, Error> {
    use crate::web::{answer, now, operator, services};
    answer(async {
        let (who, store) = (operator().await?, services().store);
        let ending = store.ending_lots(now()).await?.into_iter().map(serve::ending).collect();
        let given = store.extensions().await?.into_iter().map(serve::given).collect();
        Ok(CityExpiry { who: Operator::from(&who), ending, given })
    })
    .await
}

/// More time, up to the last moment of `until` ("2026-12-31"), for the lots that `which` names: a kind and the millisecond at which they end,
/// "7:1772550000000". For controllers. Carried out by a job; sent again while it is, or afterwards, it is refused.
#[server(prefix = "/api", endpoint = "city/expiry/extend")]
pub async fn extend_lots(which: String, until: String, #[server(default)] reason: String) -> Result<(), Error> {
    use super::typed::day;
    use crate::error::Input;
    use crate::web::{answer, go, new_id, now, operator, services};
    use domain::application::Reason;
    use domain::expiring::ExtendRefused;
    use domain::plan::Field;
    answer(async {
        let who = operator().await?;
        let (kind, ended) = which.split_once(':').ok_or(Input::Id)?;
        let kind = kind.parse().map_err(|_| Input::Id)?;
        let ended = ended.parse().ok().and_then(|ended| Timestamp::from_millisecond(ended).ok()).ok_or(Input::Id)?;
        let until = day(&until).ok_or(Input::Plan(Field::Day))?;
        let reason = Reason::parse(&reason).ok_or(ExtendRefused::NoReason)?;
        let services = services();
        services.store.extend(&who, (kind, ended), until, &reason, now()).await??;
        services.ending.notify_one();
        // Another address, so that a page with JavaScript loads anew.
        go(&format!("/city/expiry?done=extended&at={}", new_id().0));
        Ok(())
    })
    .await
}

#[cfg(feature = "ssr")]
mod serve {
    use super::{EndingLots, GivenTime};
    use store::{Ending, Extension};

    pub(super) fn ending(ending: Ending) -> EndingLots {
        let Ending { kind, ends_at, lots, left, expired, until } = ending;
        EndingLots { kind, ends_at, lots, left, expired, until }
    }

    pub(super) fn given(extension: Extension) -> GivenTime {
        let Extension { kind, ended, until, reason, operator, created_at, done_at } = extension;
        GivenTime { kind, ended, until, reason, operator, created_at, is_done: done_at.is_some() }
    }
}
