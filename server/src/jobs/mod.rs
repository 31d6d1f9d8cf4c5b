//! What goes on without anybody asking: the bank is asked again about purchases that are open with it, messages leave the
//! outbox, partners are told, left-overs of a sale go on, changes of kinds apply, lots end, gifts go back, the index of shops is made and kept fresh, takings
//! are counted, what is of no more use is forgotten. Each job finishes what it has taken when the server stops.

mod bank;
mod expiring;
mod finding;
mod gifts;
mod kinds;
mod left_over;
mod outbox;
mod pruning;
mod settling;
mod takings;
mod webhooks;

use crate::outside::{HttpSms, Webhooks};
use app::web::Services;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// After the turn of a second: a clock that wakes a little early would miss it.
const AFTER_MS: u64 = 2;

/// What every job is given.
#[derive(Clone)]
struct Work {
    services: Services,
    stop: CancellationToken,
}

impl Work {
    /// False when it is time to stop.
    async fn wait(&self, for_: Duration) -> bool {
        tokio::select! {
            () = self.stop.cancelled() => false,
            () = tokio::time::sleep(for_) => true,
        }
    }

    /// As [`Work::wait`], until just after the next turn of a second: that is when windows open and days begin.
    async fn wait_for_the_second(&self) -> bool {
        let past_ms = u64::try_from(domain::Timestamp::now().as_millisecond().rem_euclid(1_000)).unwrap_or(0);
        self.wait(Duration::from_millis(1_000 - past_ms + AFTER_MS)).await
    }
}

/// What was due while no node ran: before anybody buys.
pub async fn catch_up(store: &store::Store) -> Result<(), store::Error> {
    kinds::apply(store).await
}

/// Apart from the others, since it begins with all shops that are there: of a demo too.
pub fn find_shops(services: &Services, stop: &CancellationToken, tasks: &TaskTracker) {
    tasks.spawn(finding::run(Work { services: services.clone(), stop: stop.clone() }));
}

pub fn start(services: &Services, sms: HttpSms, partners: Webhooks, stop: &CancellationToken, tasks: &TaskTracker) {
    let work = Work { services: services.clone(), stop: stop.clone() };
    tasks.spawn(bank::run(work.clone()));
    tasks.spawn(bank::run_refunds(work.clone()));
    tasks.spawn(outbox::run(work.clone(), Arc::new(sms)));
    tasks.spawn(webhooks::run(work.clone(), partners));
    tasks.spawn(left_over::run(work.clone()));
    tasks.spawn(kinds::run(work.clone()));
    tasks.spawn(gifts::run(work.clone()));
    tasks.spawn(takings::run(work.clone()));
    tasks.spawn(pruning::run(work));
}

/// Days are closed and shops paid, lots end. Apart from the others: a demo first tells of the days before, and neither looks back for long.
pub fn start_with_the_past(services: &Services, stop: &CancellationToken, tasks: &TaskTracker) {
    let work = Work { services: services.clone(), stop: stop.clone() };
    tasks.spawn(settling::run(work.clone()));
    tasks.spawn(expiring::run(work));
}
