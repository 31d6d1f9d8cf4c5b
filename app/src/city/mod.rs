//! The city's console: operators plan sale days, others release them, waiting rooms are steered, and all of it stands in a log.
//!
//! Operators are not citizens: they sign in by password and code (`entering`) and hold a cookie of their own. What a page shows
//! follows the roles; what is done is judged by them once more in the store. Every page is a plain form first; figures are
//! asked for again every two seconds where there is JavaScript (`live`).

mod day;
#[cfg(feature = "ssr")]
pub mod demo;
mod entering;
mod fields;
mod frame;
mod gifts;
mod kind;
mod kind_calls;
mod kind_change;
// Read by the server; the browser only fills it.
#[cfg_attr(not(feature = "ssr"), allow(dead_code))]
mod kind_typed;
mod kinds;
mod live;
mod log;
mod lots;
mod lots_calls;
mod making;
mod partner_calls;
mod partners;
mod plan;
mod plan_calls;
mod room;
mod settlement;
mod settlement_calls;
mod shop_calls;
mod shops;
mod time_line;
// Read by the server; the browser only fills it.
#[cfg_attr(not(feature = "ssr"), allow(dead_code))]
mod typed;

pub use day::CityPage;
pub use entering::{CityCodePage, CityStartPage};
pub use gifts::CityGiftsPage;
pub use kind::KindPage;
pub use kind_change::KindChangePage;
pub use kinds::{KindsPage, NewKindPage};
pub use log::LogPage;
pub use lots::CityLotsPage;
pub use making::NewPlanPage;
pub use partners::PartnersPage;
pub use plan::PlanPage;
pub use room::RoomPage;
pub use settlement::CitySettlementPage;
pub use shops::{ShopFilePage, ShopsPage};

use domain::operator::{Role, Roles};
use serde::{Deserialize, Serialize};

/// The operator who looks, as far as pages need it. Personal: it does not debug.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Operator {
    pub name: String,
    pub roles: Roles,
}

impl Operator {
    fn is(&self, role: Role) -> bool {
        self.roles.has(role)
    }
}

#[cfg(feature = "ssr")]
impl From<&store::OperatorProof> for Operator {
    fn from(proof: &store::OperatorProof) -> Operator {
        Operator { name: proof.name().to_owned(), roles: proof.roles() }
    }
}

/// A refusal of the store, as pages get it.
#[cfg(feature = "ssr")]
fn done<T>(outcome: Result<T, domain::plan::PlanRefused>) -> Result<T, crate::Error> {
    outcome.map_err(crate::Error::Plan)
}
