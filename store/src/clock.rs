//! Times as stored: whole milliseconds since 1970, UTC.

use domain::Timestamp;

pub fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// What a column of time says. Times outside of the calendar's range can only come from a damaged database.
pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX)
}
