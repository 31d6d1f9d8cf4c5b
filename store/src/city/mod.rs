//! The city's console. Whoever acts holds an [`OperatorProof`]; every action checks the role that it needs and writes its entry of
//! the audit log in its own transaction, so that nothing is done unlogged and nothing is logged that was not done.
//!
//! - `operators`: who may sign in; `entering`: password, then code; `sealing`: how both secrets are kept.
//! - `plans`: writing a sale day; `releasing`: making a sale of it, by somebody else, or calling it off.
//! - `changes`: writing what changes a kind, or a new kind; `changing`: letting it apply, by somebody else, or calling it off.
//! - `steering`: the controls of a waiting room.
//! - `shops`: letting shops in, closing and reopening them.
//! - `extending`: more time for lots that end.
//! - `gift_signs`: gifts that go round, to be looked at.
//! - `waiving`: money back for all lots of a kind at once.
//! - `audit_log`: what was done, as a chain of hashes.

mod audit_log;
mod changes;
mod changing;
mod entering;
mod extending;
mod gift_signs;
mod operators;
mod plans;
mod releasing;
mod sealing;
mod shops;
mod steering;
mod waiving;

pub use audit_log::{Action, Chain, LogEntry};
pub(crate) use audit_log::{log, subject};
pub use changes::ChangeRow;
pub use entering::Entered;
pub use extending::{Ending, Extension};
pub use gift_signs::GiftSign;
pub use operators::{NewOperator, OperatorProof};
pub use plans::PlanRow;
pub use shops::{DecisionRow, ShopFile, ShopLine};
pub use waiving::Waiver;

use crate::error::Result;
use crate::row;
use domain::{LotId, PersonId};
use sqlx::any::AnyRow;

/// Lots that one round of a measure asks the till about.
const ROUND: i64 = 500;

/// Rows of `id, person_id` of lots.
fn owned_lots(rows: &[AnyRow]) -> Result<Vec<(LotId, PersonId)>> {
    rows.iter().map(|row| Ok((LotId(row::int(row, "id")?), PersonId(row::int(row, "person_id")?)))).collect()
}
