//! Telling a shop that is not looking. One listener at the till hands each committed notice on, so the till waits for nobody: to
//! `pushing`, which writes to the devices of the shop's staff at once, and to `missed`, which has an SMS sent when no device
//! acknowledged in time. What a listener that fell behind, or a node that died, did not hand on is found in the ledger
//! (`missed`); nothing is told twice, since each SMS is guarded by its row.

mod lanes;
mod missed;
mod pushing;
mod waiting;

use crate::outside::HttpPush;
use missed::Missed;
use pushing::Pushing;
use std::sync::Arc;
use store::Store;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub fn start(store: &Store, push: HttpPush, stop: &CancellationToken, tasks: &TaskTracker) {
    let pushing = Arc::new(Pushing::new(store.clone(), push, stop.clone(), tasks.clone()));
    let missed = Arc::new(Missed::new(store.clone(), stop.clone()));
    let mut told = store.till().listen();
    tasks.spawn(Arc::clone(&pushing).run());
    tasks.spawn(Arc::clone(&missed).run());
    let stop = stop.clone();
    tasks.spawn(async move {
        loop {
            let heard = tokio::select! {
                () = stop.cancelled() => return,
                heard = told.recv() => heard,
            };
            match heard {
                Ok(told) => {
                    missed.hear(told.merchant, told.notice.number, told.notice.at);
                    pushing.hear(told);
                }
                // Nobody knows whose they were; the ledger does.
                Err(RecvError::Lagged(count)) => {
                    tracing::warn!(count, "notices came faster than they could be handed on");
                    missed.look_back();
                }
                Err(RecvError::Closed) => return,
            }
        }
    });
}
