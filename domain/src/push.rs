//! Web Push to the devices of a shop's staff: how a message is to be treated, and what an answer of a push service means (RFC 8030).

/// How long a push service keeps a message for a device that is away. Later it is no news; the shop's page tells.
pub const TTL_S: u32 = 600;
/// A payer stands at the counter: also a phone that sleeps is woken.
pub const URGENCY: &str = "high";
/// Tries of one message, the first one included.
pub const TRIES: u32 = 3;
/// A service that asks for more patience than this gets no further try: the message would be old.
pub const WAIT_MOST_MS: u64 = 30_000;
/// Before the next try, where the service says nothing about it.
const WAIT_MS: u64 = 1_000;
/// Endpoints given out by browsers; the longest known ones have some 500 characters.
pub const ENDPOINT_CHARS_MAX: usize = 1_000;
/// Devices of one person in one shop; the oldest makes way.
pub const DEVICES_MOST: i64 = 10;
/// A subscription that failed so many times in a row, for so long, is given up.
pub const FAILURES_MOST: i64 = 10;
pub const FAILING_MOST_MS: i64 = 3 * 24 * 60 * 60 * 1_000;

/// What becomes of a message after a try.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The push service has it.
    Sent,
    /// The subscription is over (404, 410): it is to be forgotten.
    Gone,
    Again {
        wait_ms: u64,
    },
    GivenUp,
}

/// After try number `tries` (from 1) was answered `status`; `None`: not answered.
pub fn after_try(status: Option<u16>, retry_after_ms: Option<u64>, tries: u32) -> Next {
    match status {
        Some(200..=299) => Next::Sent,
        Some(404 | 410) => Next::Gone,
        None | Some(408 | 425 | 429 | 500..=599) => {
            let wait_ms = retry_after_ms.unwrap_or(WAIT_MS << tries.saturating_sub(1).min(4));
            if tries < TRIES && wait_ms <= WAIT_MOST_MS { Next::Again { wait_ms } } else { Next::GivenUp }
        }
        Some(_) => Next::GivenUp,
    }
}
