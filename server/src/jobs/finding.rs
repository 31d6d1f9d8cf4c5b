//! Makes the index of shops when the server starts, and goes round it for ever after: whatever happens to a shop is known two minutes
//! later at the latest. While the finder is closed for a sale nothing is read.

use super::Work;
use domain::Timestamp;
use domain::plan::Feature;
use std::time::Duration;
use store::{Held, Round};

/// A whole round of the shops of a city.
const ROUND: Duration = Duration::from_secs(120);
/// Between two pages: with few shops a round is one page.
const LONGEST: Duration = Duration::from_secs(10);
const SHORTEST: Duration = Duration::from_millis(250);
/// After a failure.
const LATER: Duration = Duration::from_secs(2);

pub(super) async fn run(work: Work) {
    let (store, finder) = (&work.services.store, &work.services.finding.finder);
    while let Err(error) = finder.load(store).await {
        tracing::error!(%error, "the index of shops can't be made");
        if !work.wait(LATER).await {
            return;
        }
    }
    if let Some(Held { shops, bytes }) = finder.held() {
        tracing::info!(shops, bytes, "shops can be found");
    }
    let mut round = Round::default();
    while work.wait(between(finder.held().map_or(0, |held| held.shops))).await {
        if let Err(error) = look(&work, &mut round).await {
            tracing::error!(%error, "shops can't be read");
        }
    }
}

async fn look(work: &Work, round: &mut Round) -> store::Result<()> {
    let (store, finder) = (&work.services.store, &work.services.finding.finder);
    if store.suspended_until(Feature::ShopFinder, Timestamp::now()).await?.is_none() {
        finder.look(store, round).await?;
    }
    Ok(())
}

fn between(shops: usize) -> Duration {
    let pages = shops.div_ceil(store::Finder::PAGE).max(1);
    (ROUND / u32::try_from(pages).unwrap_or(u32::MAX)).clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_of_a_city_takes_two_minutes() {
        assert_eq!(between(0), LONGEST);
        assert_eq!(between(2_000), LONGEST);
        assert!(between(280_000) * 140 <= ROUND && between(280_000) * 141 > ROUND);
        assert_eq!(between(50_000_000), SHORTEST);
    }
}
