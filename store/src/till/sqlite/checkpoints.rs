//! Checkpoints beside the till: a thread of its own copies the WAL back into the database file while the till goes on
//! committing, so that the till itself only copies what has come since.

use crate::error::{Error, Result};
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

const IDLE: u8 = 0;
const RUNNING: u8 = 1;
const DONE: u8 = 2;

pub(super) struct Checkpoints {
    state: Arc<AtomicU8>,
    /// `None` only while it is dropped.
    wanted: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    pub(super) fn start(connection: Connection) -> Result<Checkpoints> {
        let state = Arc::new(AtomicU8::new(IDLE));
        let (wanted, wishes) = sync_channel(1);
        let thread = std::thread::Builder::new().name("till checkpoints".into()).spawn({
            let state = Arc::clone(&state);
            move || {
                for () in wishes {
                    // Again, for what came during the first: little is then left to the till.
                    passive(&connection);
                    passive(&connection);
                    state.store(DONE, Ordering::Release);
                }
            }
        });
        let thread = thread.map_err(|error| Error::TillFailed(error.to_string()))?;
        Ok(Checkpoints { state, wanted: Some(wanted), thread: Some(thread) })
    }

    /// Begins one, unless one is under way.
    pub(super) fn begin(&self) {
        if self.state.compare_exchange(IDLE, RUNNING, Ordering::Acquire, Ordering::Relaxed).is_ok()
            && let Some(wanted) = &self.wanted
        {
            // Should its thread be gone, the till still checkpoints by itself.
            let _ = wanted.try_send(());
        }
    }

    /// Has one ended since this was last asked?
    pub(super) fn has_ended(&self) -> bool {
        self.state.compare_exchange(DONE, IDLE, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        drop(self.wanted.take());
        if let Some(thread) = self.thread.take() {
            // It has panicked: then there is nothing to wait for.
            let _ = thread.join();
        }
    }
}

/// Copies what it can without making anybody wait.
pub(super) fn passive(connection: &Connection) {
    run(connection, "PRAGMA wal_checkpoint(PASSIVE)");
}

/// Copies everything, and makes the next commit begin the WAL anew; waits for readers of old pages.
pub(super) fn whole(connection: &Connection) {
    run(connection, "PRAGMA wal_checkpoint(RESTART)");
}

fn run(connection: &Connection, pragma: &str) {
    if let Err(error) = connection.query_row(pragma, [], |_| Ok(())) {
        tracing::warn!(%error, "checkpoint failed; the next one will do its work");
    }
}
