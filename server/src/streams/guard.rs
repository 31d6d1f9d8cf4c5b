//! Whether open pages may still hear: asked for all of them at once, so that a notice costs no question. What ends at this node is known
//! here before whoever ended it is answered (`Store::endings`), and then the page asks for itself before it tells anything more; what
//! ends at another node, or by the clock, is found by the next round.

use super::hub::Hub;
use domain::Timestamp;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{Ear, Store};

/// Between two rounds.
const EVERY: Duration = Duration::from_secs(1);
/// After so long without an answer nobody knows who may hear.
const PATIENCE: Duration = Duration::from_secs(10);

pub async fn watch(hub: Arc<Hub>, store: Store) {
    let mut answered = Instant::now();
    loop {
        tokio::time::sleep(EVERY).await;
        let pages = hub.pages();
        let ears: HashSet<Ear> = pages.iter().map(|(_, ear)| *ear).collect();
        let may = store.who_may_hear(&ears.into_iter().collect::<Vec<Ear>>(), Timestamp::now()).await;
        let may = match may {
            Ok(may) => may,
            Err(error) if answered.elapsed() < PATIENCE => {
                tracing::warn!(%error, "who may listen to shops can't be read");
                continue;
            }
            Err(error) => {
                tracing::error!(%error, pages = pages.len(), "who may listen to shops can't be read; they come again");
                HashSet::new()
            }
        };
        answered = Instant::now();
        hub.end(pages.into_iter().filter(|(_, ear)| !may.contains(ear)).map(|(number, _)| number));
    }
}
