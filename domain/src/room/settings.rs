//! What an operator may set for the room of a sale. "Grace and interval are fields of the sale" (Waiting room, point 4).

use serde::{Deserialize, Serialize};
use std::ops::Deref;

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// The figures as typed; [`Settings`] proves that they make a room.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// How long before the window opens people may join, 0 to 24 hours.
    pub pre_queue_opens_before_ms: i64,
    /// How long a person may stay away and keep the place, 6 seconds to 10 minutes.
    pub grace_ms: i64,
    /// Between two renewals of somebody whose turn is near, at least a second.
    pub renew_near_ms: i64,
    /// Between two renewals of somebody far behind, at most a third of the grace: two of them may be lost on the way.
    pub renew_far_ms: i64,
    /// People let in a second, 1 to 100,000. The operator changes it while the sale runs.
    pub rate_per_s: u32,
    /// People who may hold a pass at once, 1 to 1,000,000.
    pub most_inside: u32,
    /// How long a pass lives, 30 seconds to an hour (point 5: 5 minutes).
    pub pass_life_ms: i64,
}

impl Default for Figures {
    fn default() -> Figures {
        Figures {
            pre_queue_opens_before_ms: 30 * MINUTE_MS,
            grace_ms: 30 * SECOND_MS,
            renew_near_ms: 2 * SECOND_MS,
            renew_far_ms: 10 * SECOND_MS,
            rate_per_s: 200,
            most_inside: 10_000,
            pass_life_ms: 5 * MINUTE_MS,
        }
    }
}

/// [`Figures`] within their bounds; read like them.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Figures", into = "Figures")]
pub struct Settings(Figures);

/// The first figure that is out of its bounds.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum NotSettings {
    #[error("the pre-queue opens 0 to 24 hours before the window")]
    PreQueue,
    #[error("the grace is 6 seconds to 10 minutes")]
    Grace,
    #[error("renewals are at least a second apart, at most a third of the grace, and nearer ones no rarer than far ones")]
    Renewals,
    #[error("between 1 and 100,000 people a second are let in")]
    Rate,
    #[error("between 1 and 1,000,000 people may be inside")]
    MostInside,
    #[error("a pass lives 30 seconds to an hour")]
    PassLife,
}

impl Settings {
    pub fn new(figures: Figures) -> Result<Settings, NotSettings> {
        let check = |holds: bool, otherwise: NotSettings| if holds { Ok(()) } else { Err(otherwise) };
        let Figures { renew_near_ms: near, renew_far_ms: far, .. } = figures;
        check((0..=24 * HOUR_MS).contains(&figures.pre_queue_opens_before_ms), NotSettings::PreQueue)?;
        check((6 * SECOND_MS..=10 * MINUTE_MS).contains(&figures.grace_ms), NotSettings::Grace)?;
        check(SECOND_MS <= near && near <= far && far <= figures.grace_ms / 3, NotSettings::Renewals)?;
        check((1..=100_000).contains(&figures.rate_per_s), NotSettings::Rate)?;
        check((1..=1_000_000).contains(&figures.most_inside), NotSettings::MostInside)?;
        check((30 * SECOND_MS..=HOUR_MS).contains(&figures.pass_life_ms), NotSettings::PassLife)?;
        Ok(Settings(figures))
    }
}

impl Deref for Settings {
    type Target = Figures;
    fn deref(&self) -> &Figures {
        &self.0
    }
}

impl TryFrom<Figures> for Settings {
    type Error = NotSettings;
    fn try_from(figures: Figures) -> Result<Settings, NotSettings> {
        Settings::new(figures)
    }
}

impl From<Settings> for Figures {
    fn from(settings: Settings) -> Figures {
        settings.0
    }
}
