//! Moves what is left over of a sale's windows to the one that takes it.

use super::Work;
use domain::Timestamp;
use std::time::Duration;

const SECOND_MS: u64 = 1_000;
/// After the turn of a second, which is when windows open.
const AFTER_MS: u64 = 2;

pub(super) async fn run(work: Work) {
    while work.wait(until_next_second(Timestamp::now())).await {
        match work.services.store.move_left_over(Timestamp::now()).await {
            Ok(moved) => {
                for (from, to, amount) in moved {
                    tracing::info!(%from, %to, %amount, "what was left over went on");
                }
            }
            Err(error) => tracing::error!(%error, "left-overs can't be moved"),
        }
    }
}

fn until_next_second(now: Timestamp) -> Duration {
    let past_ms = u64::try_from(now.as_millisecond().rem_euclid(1_000)).unwrap_or(0);
    Duration::from_millis(SECOND_MS - past_ms + AFTER_MS)
}
