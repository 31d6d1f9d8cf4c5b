//! How a node leaves: SIGTERM to the end of the process. What was acknowledged is done, nobody loses a place, streams move over.
//!
//! 1. `/ready` says no, so that proxies send nobody new; for as long as a proxy takes to notice, requests are taken as before.
//! 2. Nobody is let in any more; requests that are here are answered. Streams end with the word to go on elsewhere.
//! 3. Debits whose callers have left are waited for: the bank answers within seconds.
//! 4. Jobs and rooms finish what they hold; whom this node has seen waiting is told to the others.
//! 5. The till empties its queue, and the database is let go.

use crate::Running;
use crate::rooms::Rooms;
use domain::Timestamp;
use std::time::Duration;
use tokio::time::timeout;

/// For requests and debits. The bank has seven seconds a question.
pub const FOR_PEOPLE: Duration = Duration::from_secs(20);
/// For jobs, and then for the database.
const FOR_WORK: Duration = Duration::from_secs(10);

impl Running {
    /// Leaves in order, as told above. The longest it takes is the notice, 40 seconds, and a batch of the till.
    pub async fn stop(self) {
        self.leaving.cancel();
        tokio::time::sleep(self.notice).await;
        self.closing.cancel();
        self.debits.close();
        let people = async {
            if let Err(error) = self.serving.await {
                tracing::error!(%error, "serving broke off");
            }
            self.debits.wait().await;
        };
        if timeout(FOR_PEOPLE, people).await.is_err() {
            tracing::warn!(
                debits = self.debits.len(),
                "not all requests and debits ended within {FOR_PEOPLE:?}; the bank will be asked again"
            );
        }
        self.stop.cancel();
        self.tasks.close();
        if timeout(FOR_WORK, self.tasks.wait()).await.is_err() {
            tracing::warn!("not all jobs ended within {FOR_WORK:?}");
        }
        let database = async {
            last_word(&self.rooms).await;
            self.store.close().await;
        };
        if timeout(FOR_WORK, database).await.is_err() {
            tracing::warn!("the database did not let go within {FOR_WORK:?}");
        }
    }
}

async fn last_word(rooms: &Rooms) {
    if let Err(error) = rooms.take_leave(Timestamp::now()).await {
        tracing::error!(%error, "the other nodes could not be told who waits");
    }
}
