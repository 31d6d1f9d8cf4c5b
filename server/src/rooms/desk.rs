//! Where tickets and passes are written down: many at a time, one transaction a room. A crowd that comes in one second costs a
//! few commits.

use super::room::Room;
use domain::Timestamp;
use domain::room::{Pass, Place};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use store::{AdmissionRow, Error, Joining, Pace, Result, Store, TicketRow};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// In one transaction.
const MOST: usize = 2_000;
/// Each transaction is a commit, which the till does without meanwhile.
const PACE: Pace = Pace::at_least(Duration::from_millis(5));
/// More who wait to be written down are sent away for a moment.
const WAITING: usize = 50_000;

enum Wish {
    Join(Joining, oneshot::Sender<Result<TicketRow>>),
    Admit(AdmissionRow, oneshot::Sender<Result<AdmissionRow>>),
    Leave(Place),
}

/// Cheap to clone.
#[derive(Clone)]
pub(super) struct Desk {
    wishes: mpsc::Sender<(Arc<Room>, Wish)>,
}

impl Desk {
    /// A desk and its work, which ends after what it has when it is told to stop.
    pub(super) fn open(store: Store, stop: CancellationToken) -> (Desk, impl Future<Output = ()>) {
        let (wishes, waiting) = mpsc::channel(WAITING);
        (Desk { wishes }, serve(store, waiting, stop))
    }

    pub(super) async fn join(&self, room: &Arc<Room>, joining: Joining) -> Result<TicketRow> {
        let (answer, answered) = oneshot::channel();
        self.put(room, Wish::Join(joining, answer))?;
        answered.await.map_err(|_| Error::Interrupted)?
    }

    pub(super) async fn admit(&self, room: &Arc<Room>, row: AdmissionRow) -> Result<AdmissionRow> {
        let (answer, answered) = oneshot::channel();
        self.put(room, Wish::Admit(row, answer))?;
        answered.await.map_err(|_| Error::Interrupted)?
    }

    /// Nobody waits for it: a word that gets lost is made up for by the purchase itself.
    pub(super) fn leave(&self, room: &Arc<Room>, place: Place) {
        let _ = self.put(room, Wish::Leave(place));
    }

    fn put(&self, room: &Arc<Room>, wish: Wish) -> Result<()> {
        self.wishes.try_send((Arc::clone(room), wish)).map_err(|_| Error::Interrupted)
    }
}

async fn serve(store: Store, mut waiting: mpsc::Receiver<(Arc<Room>, Wish)>, stop: CancellationToken) {
    let mut batch = Vec::with_capacity(MOST);
    loop {
        match stop.run_until_cancelled(waiting.recv_many(&mut batch, MOST)).await {
            // Nobody is left to wish for anything.
            Some(0) => break,
            Some(_) => {}
            None if waiting.is_closed() && waiting.is_empty() => break,
            None => {
                waiting.close();
                waiting.recv_many(&mut batch, MOST).await;
            }
        }
        let began = Instant::now();
        let mut by_room: HashMap<_, (Arc<Room>, Vec<Wish>)> = HashMap::new();
        for (room, wish) in batch.drain(..) {
            by_room.entry(room.window.id).or_insert_with(|| (room, Vec::new())).1.push(wish);
        }
        for (room, wishes) in by_room.into_values() {
            write_down(&store, &room, wishes).await;
        }
        PACE.rest(began).await;
    }
}

async fn write_down(store: &Store, room: &Room, wishes: Vec<Wish>) {
    let (mut joining, mut joiners, mut admitting, mut admitted, mut left) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for wish in wishes {
        match wish {
            Wish::Join(one, answer) => {
                joining.push(one);
                joiners.push(answer);
            }
            Wish::Admit(row, answer) => {
                admitting.push(row);
                admitted.push(answer);
            }
            Wish::Leave(place) => left.push(place),
        }
    }
    if !joining.is_empty() {
        let tickets = store.join_room(room.window.id, &joining, room.window.span.from(), Timestamp::now()).await;
        if let Ok(tickets) = &tickets {
            room.learn(tickets);
        }
        answer(joiners, tickets);
    }
    if !admitting.is_empty() || !left.is_empty() {
        answer(admitted, store.admit(room.window.id, &admitting, &left, Timestamp::now()).await);
    }
}

fn answer<T>(callers: Vec<oneshot::Sender<Result<T>>>, outcome: Result<Vec<T>>) {
    match outcome {
        // A caller may have gone; what was written stays.
        Ok(rows) => callers.into_iter().zip(rows).for_each(|(caller, row)| {
            let _ = caller.send(Ok(row));
        }),
        Err(error) => {
            tracing::error!(%error, callers = callers.len(), "tickets or passes could not be written down");
            callers.into_iter().for_each(|caller| {
                let _ = caller.send(Err(Error::Interrupted));
            });
        }
    }
}

/// The row of a pass.
pub(super) fn admission_row(pass: &Pass) -> AdmissionRow {
    AdmissionRow { person: pass.person, place: pass.place, admitted_at: pass.admitted_at, expires_at: pass.expires_at }
}

/// The pass of a row.
pub(super) fn pass_of(room: &Room, row: &AdmissionRow) -> Pass {
    let AdmissionRow { person, place, admitted_at, expires_at } = *row;
    Pass { window: room.window.id, person, place, admitted_at, expires_at }
}
