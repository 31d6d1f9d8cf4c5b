//! The end of a lot's time (만료): what is left of it becomes breakage on the day, its owner is told beforehand, and the city may give it more time
//! ([`crate::measures`]). What comes back afterwards is [`crate::refunding`]'s.

use crate::spending::Lot;
use crate::won::Won;
use jiff::{SignedDuration, Timestamp};

/// So many days before the end people are told (Fair Trade Commission's model terms: 30; the week before is ours).
pub const NOTICE_DAYS: [u8; 2] = [30, 7];

/// Is a lot that ends at `expires_at` within the days in which its owner is told?
pub fn ends_soon(expires_at: Timestamp, now: Timestamp) -> bool {
    let days = NOTICE_DAYS.iter().copied().max().unwrap_or(0);
    now < expires_at && expires_at.duration_since(now) <= SignedDuration::from_hours(24 * i64::from(days))
}

/// What becomes breakage at `now`. `None`: nothing is left, or its time is not over.
pub fn left_over(lot: &Lot, now: Timestamp) -> Option<Won> {
    (now >= lot.expires_at && !lot.left.is_zero()).then_some(lot.left)
}
