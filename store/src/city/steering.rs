//! The controls of a waiting room: gate, rate, and how many may be inside. Nobody can reorder.

use super::audit_log::{Action, log, subject};
use super::operators::OperatorProof;
use crate::db::Store;
use crate::error::Result;
use domain::operator::Role;
use domain::plan::PlanRefused;
use domain::room::admission::Gate;
use domain::room::{Figures, Settings};
use domain::{Timestamp, WindowId};
use serde_json::json;

impl Store {
    /// What a controller changes while the sale runs; nodes see it within a second or two.
    pub async fn steer(
        &self,
        by: &OperatorProof,
        window: WindowId,
        gate: Gate,
        rate_per_s: u32,
        most_inside: u32,
        now: Timestamp,
    ) -> Result<Result<(), PlanRefused>> {
        if let Err(refused) = by.needs(Role::Controller) {
            return Ok(Err(refused));
        }
        if let Err(why) = Settings::new(Figures { rate_per_s, most_inside, ..Figures::default() }) {
            return Ok(Err(PlanRefused::NoSettings(why)));
        }
        let mut write = self.write().await?;
        if !crate::rooms::update_steering(&mut write, window, gate, rate_per_s, most_inside).await? {
            write.undo().await?;
            return Ok(Err(PlanRefused::NoSuchRoom));
        }
        let detail = json!({ "gate": gate.as_str(), "rate_per_s": rate_per_s, "most_inside": most_inside });
        log(&mut write, Some(by.id()), Action::RoomSteered, &subject("window", window.0), detail, now).await?;
        write.commit().await?;
        Ok(Ok(()))
    }
}
