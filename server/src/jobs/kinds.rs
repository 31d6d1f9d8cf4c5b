//! Changes of kinds that were released begin to apply at their midnight, on whichever node comes first.

use super::Work;
use domain::Timestamp;
use store::Store;

pub(super) async fn run(work: Work) {
    while work.wait_for_the_second().await {
        if let Err(error) = apply(&work.services.store).await {
            tracing::error!(%error, "changes of kinds can't be applied");
        }
    }
}

/// Those whose time has come.
pub(super) async fn apply(store: &Store) -> Result<(), store::Error> {
    for (change, kind) in store.apply_due_changes(Timestamp::now()).await? {
        tracing::info!(%change, %kind, "a change of a kind applies");
    }
    Ok(())
}
