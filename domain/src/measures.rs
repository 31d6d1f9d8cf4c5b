//! What the city does about vouchers that are sold already: more time for those of a kind that end on a day, or money back for all of a kind at
//! once, when shops are gone that they were bought for. By kind, never by person: nobody is favoured.

use crate::calendar::{self, Day};
use crate::operator::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most time that the city gives at once, counted from the day on which it does.
pub const LONGEST_EXTENSION_YEARS: u8 = 5;

/// Why nothing was done about them.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum MeasureRefused {
    #[error("needs the role {}", .0.as_str())]
    NotYourRole(Role),
    /// The city's log says who; this says why.
    #[error("no reason given")]
    NoReason,
    /// There are none that it would change, or the same is under way.
    #[error("nothing to be changed")]
    Nothing,
    /// The new last day is not after the old one, or is over.
    #[error("the new end is not later")]
    NotLater,
    /// More than [`LONGEST_EXTENSION_YEARS`] from today on.
    #[error("too long")]
    TooLong,
}

/// The midnight that ends the day `until`, up to which lots that end (or ended) at `ended` are to live.
pub fn extend(ended: Timestamp, until: Day, now: Timestamp) -> Result<Timestamp, MeasureRefused> {
    let new = until.span().ok_or(MeasureRefused::NotLater)?.to();
    if new <= ended || new <= now {
        return Err(MeasureRefused::NotLater);
    }
    if new > calendar::expiry(now, LONGEST_EXTENSION_YEARS) {
        return Err(MeasureRefused::TooLong);
    }
    Ok(new)
}
