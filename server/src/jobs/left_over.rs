//! Moves what is left over of a sale's windows to the one that takes it.

use super::Work;
use domain::Timestamp;

pub(super) async fn run(work: Work) {
    while work.wait_for_the_second().await {
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
