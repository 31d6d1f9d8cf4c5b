//! The way of a payout through the bank. A payout has one id for ever; each try has an id of its own, which is the bank's key of
//! idempotency: sent again it moves nothing twice. **A new try begins only when the bank has said that the one before was
//! rejected.** A try that was not answered is asked about until it is; account and amount of a try never change. So a corrected
//! account is used from the next try on, and nothing is ever paid twice.

use crate::buying::{BankReason, BankSays};
use serde::{Deserialize, Serialize};

/// Rejections after which nobody tries again by himself: the city or the owner has to act.
pub const REJECTIONS_MOST: i64 = 5;
const MINUTE_MS: i64 = 60_000;
/// After the first, second, third and fourth rejection.
const PAUSES_MS: [i64; 4] = [10 * MINUTE_MS, 60 * MINUTE_MS, 6 * 60 * MINUTE_MS, 24 * 60 * MINUTE_MS];

#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PayoutState {
    /// For its day, or for the next try.
    Waiting,
    /// The bank is being asked.
    Sent,
    /// The bank did not answer: neither paid nor not. It is asked what became of it.
    Unknown,
    Paid,
    /// Rejected too often, or there is no account to pay to: somebody has to act.
    Stopped,
}

impl PayoutState {
    pub const ALL: [PayoutState; 5] =
        [PayoutState::Waiting, PayoutState::Sent, PayoutState::Unknown, PayoutState::Paid, PayoutState::Stopped];

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            PayoutState::Waiting => "waiting",
            PayoutState::Sent => "sent",
            PayoutState::Unknown => "unknown",
            PayoutState::Paid => "paid",
            PayoutState::Stopped => "stopped",
        }
    }

    pub fn parse(text: &str) -> Option<PayoutState> {
        PayoutState::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What is to be done after the bank's word about an open try.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Post it: it is paid.
    Pay,
    /// The try is over. Another one after this time.
    TryAgain { after_ms: i64, reason: BankReason },
    /// The try is over, and it was the last one.
    Stop { reason: BankReason },
    /// Nobody knows yet: ask what became of it after this time.
    Ask { after_ms: i64 },
}

/// `rejections` and `asked`: how often before.
pub fn next(says: BankSays, rejections: i64, asked: i64) -> Next {
    match says {
        BankSays::Done => Next::Pay,
        BankSays::Rejected(reason) if rejections + 1 >= REJECTIONS_MOST => Next::Stop { reason },
        BankSays::Rejected(reason) => Next::TryAgain { after_ms: pause_ms(rejections), reason },
        // "Not found" is no rejection: what was sent may still arrive. It is sent again under the same id. (Nothing is returned here.)
        BankSays::NotFound | BankSays::Unclear | BankSays::Returned => Next::Ask { after_ms: ask_after_ms(asked) },
    }
}

fn pause_ms(rejections: i64) -> i64 {
    let last = PAUSES_MS.len() - 1;
    PAUSES_MS[usize::try_from(rejections).map_or(0, |at| at.min(last))]
}

/// Five seconds, doubled each time, at most ten minutes.
fn ask_after_ms(asked: i64) -> i64 {
    (5_000 << asked.clamp(0, 7)).min(10 * MINUTE_MS)
}
