//! What a waiting person is told: how many are ahead, how long it takes, whether it will last, and at once when it can't any
//! more (Waiting room, point 6). Chances are said with their figures; only what is certain turns anybody away.

use super::{Admission, Crowd, Place, admission::Gate, after_ms};
use crate::sale::Pool;
use crate::won::Won;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the answer is made of, the same for everybody at a moment.
#[derive(Copy, Clone, Debug)]
pub struct Facts<'a> {
    pub admission: &'a Admission,
    pub crowd: &'a Crowd,
    pub pool: &'a Pool,
    pub purchase: Purchases,
    /// People with a pass that is neither used nor expired.
    pub inside: u32,
    /// People who came in during the last minute; `None` unless somebody waited throughout it.
    pub came_in_last_minute: Option<u32>,
    /// Of a pass: whoever is inside comes out by then.
    pub pass_life_ms: i64,
    pub closes_at: Timestamp,
}

/// How much people buy at a time, in face won.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchases {
    /// The unit of the kind.
    pub smallest: Won,
    /// What the kind allows at most.
    pub largest: Won,
    /// In this window so far; `None` before the first.
    pub average: Option<Won>,
}

/// How likely it is; "will the stock last" and "is there time enough" are both answered so.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Chance {
    Likely,
    Unsure,
    Unlikely,
}

/// How long it takes until the turn comes.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wait {
    Called,
    Between {
        from_ms: i64,
        to_ms: i64,
    },
    /// Nobody is called at present, and it is not known until when.
    Standing,
}

/// What one person is told.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outlook {
    /// People who are there, have not been called and stand before this place.
    pub ahead: u32,
    pub wait: Wait,
    /// Is the turn before the window closes?
    pub in_time: Chance,
    pub stock: Stock,
}

/// Will it last, and by which figures.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    pub lasts: Chance,
    pub left: Won,
    /// Reserved; may still come back.
    pub held: Won,
    /// For how many people it is enough, if everyone buys much.
    pub enough_for_at_least: u64,
    /// The same if everyone buys little and all that is held comes back.
    pub enough_for_at_most: u64,
}

/// The outlook for a place.
pub fn outlook(facts: &Facts<'_>, place: Place, now: Timestamp) -> Outlook {
    let ahead = facts.crowd.ahead_of(place, facts.admission.serving);
    let wait = wait(facts, place, ahead);
    let buyers_before = u64::from(ahead) + u64::from(facts.inside);
    Outlook { ahead, wait, in_time: in_time(wait, facts.closes_at, now), stock: stock(facts, buyers_before) }
}

/// Between the pace of the rate, less a fifth, and the slower one of the rate and of the last minute, plus a half. While everybody
/// who may be inside is inside, it may take until their passes expire.
fn wait(facts: &Facts<'_>, place: Place, ahead: u32) -> Wait {
    let admission = facts.admission;
    if place.get() <= admission.serving {
        return Wait::Called;
    }
    if admission.gate != Gate::Open || admission.rate_per_s == 0 {
        return Wait::Standing;
    }
    let people = i64::from(ahead) + 1;
    let by_rate = i64::from(admission.rate_per_s) * 60;
    let slow = facts.came_in_last_minute.map_or(by_rate, |came| i64::from(came).clamp(1, by_rate));
    let is_full = facts.inside >= admission.most_inside;
    let turns = people.saturating_add(i64::from(admission.most_inside) - 1) / i64::from(admission.most_inside.max(1));
    let by_pace_ms = people * 60_000 * 3 / (slow * 2);
    let by_passes_ms = facts.pass_life_ms.saturating_mul(turns);
    let to_ms = match facts.came_in_last_minute {
        _ if !is_full => by_pace_ms,
        Some(_) => by_pace_ms.min(by_passes_ms),
        None => by_passes_ms,
    };
    Wait::Between { from_ms: people * 60_000 * 4 / (by_rate * 5), to_ms }
}

fn in_time(wait: Wait, closes_at: Timestamp, now: Timestamp) -> Chance {
    match wait {
        Wait::Called => Chance::Likely,
        Wait::Standing => Chance::Unsure,
        Wait::Between { to_ms, .. } if after_ms(now, to_ms) < closes_at => Chance::Likely,
        Wait::Between { from_ms, .. } if after_ms(now, from_ms) < closes_at => Chance::Unsure,
        Wait::Between { .. } => Chance::Unlikely,
    }
}

/// Likely when it is enough even if those before buy much; unlikely when it is not enough even if they buy little. Much and little
/// are a fifth around the average so far, and the bounds of the kind before there is one.
fn stock(facts: &Facts<'_>, buyers_before: u64) -> Stock {
    let Purchases { smallest, largest, average } = facts.purchase;
    let fifth_of = |average: Won| average.share(1, 5).unwrap_or(Won::ZERO);
    let little = average.map_or(smallest, |average| average.left_after(fifth_of(average)).max(smallest));
    let much = average.map_or(largest, |average| average.plus(fifth_of(average)).unwrap_or(Won::MAX).min(largest)).max(little);
    let (left, held) = (facts.pool.left(), facts.pool.held);
    let enough_for_at_least = purchases_in(left, much);
    let enough_for_at_most = purchases_in(facts.pool.possible(), little);
    let lasts = if buyers_before < enough_for_at_least {
        Chance::Likely
    } else if buyers_before < enough_for_at_most {
        Chance::Unsure
    } else {
        Chance::Unlikely
    };
    Stock { lasts, left, held, enough_for_at_least, enough_for_at_most }
}

/// The first place that can't get anything any more: even if all who are there before it buy the least, and all that is reserved
/// comes back. `None` while everybody waiting may hope. From here on people are told at once and let go.
///
/// Those who have been called or are inside are not counted, so they make nobody go home; `crowd` should hold only who
/// was seen within a renewal or two, not within the whole grace.
pub fn beyond(crowd: &Crowd, serving: u32, pool: &Pool, smallest: Won) -> Option<Place> {
    let purchases = u32::try_from(purchases_in(pool.possible(), smallest)).ok()?;
    let last_served = match purchases {
        0 => serving,
        purchases => crowd.nth_behind(serving, purchases)?.get(),
    };
    Place::new(last_served + 1).ok()
}

/// How many purchases of `each` fit; without a price that there is, as many as one likes.
fn purchases_in(amount: Won, each: Won) -> u64 {
    u64::try_from(amount.get()).unwrap_or(0).checked_div(u64::try_from(each.get()).unwrap_or(0)).unwrap_or(u64::MAX)
}
