//! The end of a lot's time (만료): what is left of it becomes breakage on the day, its owner is told beforehand, and the city may give the lots of
//! a kind more time. What comes back afterwards is [`crate::refunding`]'s.

use crate::calendar::{self, Day};
use crate::operator::Role;
use crate::spending::Lot;
use crate::won::Won;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// So many days before the end people are told (Fair Trade Commission's model terms: 30; the week before is ours).
pub const NOTICE_DAYS: [u8; 2] = [30, 7];
/// The most time that the city gives at once, counted from the day on which it does.
pub const LONGEST_EXTENSION_YEARS: u8 = 5;

/// Is a lot that ends at `expires_at` within the days in which its owner is told?
pub fn ends_soon(expires_at: Timestamp, now: Timestamp) -> bool {
    let days = NOTICE_DAYS.iter().copied().max().unwrap_or(0);
    now < expires_at && expires_at.duration_since(now) <= SignedDuration::from_hours(24 * i64::from(days))
}

/// What becomes breakage at `now`. `None`: nothing is left, or its time is not over.
pub fn left_over(lot: &Lot, now: Timestamp) -> Option<Won> {
    (now >= lot.expires_at && !lot.left.is_zero()).then_some(lot.left)
}

/// Why lots get no more time.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ExtendRefused {
    #[error("needs the role {}", .0.as_str())]
    NotYourRole(Role),
    /// The city's log says who; this says why.
    #[error("no reason given")]
    NoReason,
    /// No lot of the kind ends then, or the same is under way.
    #[error("nothing to make longer")]
    Nothing,
    /// The new last day is not after the old one, or is over.
    #[error("the new end is not later")]
    NotLater,
    /// More than [`LONGEST_EXTENSION_YEARS`] from today on.
    #[error("too long")]
    TooLong,
}

/// The midnight that ends the day `until`, up to which lots that end (or ended) at `ended` are to live.
pub fn extend(ended: Timestamp, until: Day, now: Timestamp) -> Result<Timestamp, ExtendRefused> {
    let new = until.span().ok_or(ExtendRefused::NotLater)?.to();
    if new <= ended || new <= now {
        return Err(ExtendRefused::NotLater);
    }
    if new > calendar::expiry(now, LONGEST_EXTENSION_YEARS) {
        return Err(ExtendRefused::TooLong);
    }
    Ok(new)
}
