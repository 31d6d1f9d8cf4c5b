//! The server functions of the desk for vouchers that are sold. Who may do something about them is judged in the store.

use super::Operator;
use crate::Error;
use domain::kind::Kind;
use domain::{Timestamp, Won};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CityLots {
    pub who: Operator,
    /// The last to end first.
    pub ending: Vec<EndingLots>,
    /// Kinds that are sold, for a choice.
    pub kinds: Vec<Kind>,
    /// The newest first.
    pub taken: Vec<Taken>,
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

#[derive(Copy, Clone, PartialEq, Serialize, Deserialize)]
pub enum Measure {
    MoreTime {
        ended: Timestamp,
        until: Timestamp,
    },
    /// Whatever was spent of them.
    MoneyBack,
}

/// Something that was done about the lots of a kind.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    pub kind: Kind,
    pub measure: Measure,
    pub reason: String,
    pub operator: String,
    pub created_at: Timestamp,
    pub is_done: bool,
}

/// Every operator looks.
#[server(prefix = "/api", endpoint = "city/lots/get")]
pub async fn load_city_lots() -> Result<CityLots, Error> {
    use crate::web::{answer, now, operator, services};
    answer(async {
        let (who, store) = (operator().await?, services().store);
        let ending = store.ending_lots(now()).await?.into_iter().map(serve::ending).collect();
        let longer = store.extensions().await?.into_iter().map(serve::more_time);
        let mut taken: Vec<Taken> = longer.chain(store.waivers().await?.into_iter().map(serve::money_back)).collect();
        taken.sort_by_key(|taken| std::cmp::Reverse(taken.created_at));
        Ok(CityLots { who: Operator::from(&who), ending, kinds: store.kinds().await?, taken })
    })
    .await
}

/// More time, up to the last moment of `until` ("2026-12-31"), for the lots that `which` names: a kind and the millisecond at which they end,
/// "7:1772550000000". For controllers. Carried out by a job; sent again while it is, or afterwards, it is refused.
#[server(prefix = "/api", endpoint = "city/lots/extend")]
pub async fn extend_lots(which: String, until: String, #[server(default)] reason: String) -> Result<(), Error> {
    use super::typed::day;
    use crate::error::Input;
    use crate::web::{answer, go, new_id, now, operator, services};
    use domain::application::Reason;
    use domain::measures::MeasureRefused;
    use domain::plan::Field;
    answer(async {
        let who = operator().await?;
        let (kind, ended) = which.split_once(':').ok_or(Input::Id)?;
        let kind = kind.parse().map_err(|_| Input::Id)?;
        let ended = ended.parse().ok().and_then(|ended| Timestamp::from_millisecond(ended).ok()).ok_or(Input::Id)?;
        let until = day(&until).ok_or(Input::Plan(Field::Day))?;
        let reason = Reason::parse(&reason).ok_or(MeasureRefused::NoReason)?;
        let services = services();
        services.store.extend(&who, (kind, ended), until, &reason, now()).await??;
        services.ending.notify_one();
        // Another address, so that a page with JavaScript loads anew.
        go(&format!("/city/lots?done=extended&at={}", new_id().0));
        Ok(())
    })
    .await
}

/// All lots of a kind that were bought until now give their rest back, whatever was spent of them. For controllers. Carried out by a job; sent
/// again, it is refused while no lot would be changed.
#[server(prefix = "/api", endpoint = "city/lots/waive")]
pub async fn waive_lots(kind: String, #[server(default)] reason: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, new_id, now, operator, services};
    use domain::application::Reason;
    use domain::measures::MeasureRefused;
    answer(async {
        let who = operator().await?;
        let kind = kind.parse().map_err(|_| Input::Id)?;
        let reason = Reason::parse(&reason).ok_or(MeasureRefused::NoReason)?;
        let services = services();
        services.store.waive(&who, kind, &reason, now()).await??;
        services.ending.notify_one();
        go(&format!("/city/lots?done=waived&at={}", new_id().0));
        Ok(())
    })
    .await
}

#[cfg(feature = "ssr")]
mod serve {
    use super::{EndingLots, Measure, Taken};
    use store::{Ending, Extension, Waiver};

    pub(super) fn ending(ending: Ending) -> EndingLots {
        let Ending { kind, ends_at, lots, left, expired, until } = ending;
        EndingLots { kind, ends_at, lots, left, expired, until }
    }

    pub(super) fn more_time(extension: Extension) -> Taken {
        let Extension { kind, ended, until, reason, operator, created_at, done_at } = extension;
        Taken { kind, measure: Measure::MoreTime { ended, until }, reason, operator, created_at, is_done: done_at.is_some() }
    }

    pub(super) fn money_back(waiver: Waiver) -> Taken {
        let Waiver { kind, reason, operator, created_at, done_at } = waiver;
        Taken { kind, measure: Measure::MoneyBack, reason, operator, created_at, is_done: done_at.is_some() }
    }
}
