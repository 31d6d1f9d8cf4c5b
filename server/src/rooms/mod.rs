//! Waiting rooms on this node. `room` is one of them in memory, `keeper` calls on them once a second, `desk` writes tickets and passes
//! down, `doors` are the two addresses that pages ask in the crowd: renewing a ticket and reading the drawn list.

mod desk;
mod doors;
mod keeper;
mod load;
mod room;
#[cfg(test)]
mod tests;

pub use doors::{list, renew};

use app::outside::Answer;
use app::waiting::{Heard, RoomView};
use desk::Desk;
use domain::room::{Pass, Pseudonym, RoomKey};
use domain::{PersonId, Timestamp, WindowId};
use load::Load;
use room::{Entry, Room};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use store::{Joining, Result, Store};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub struct Rooms {
    store: Store,
    key: RoomKey,
    desk: Desk,
    load: Arc<Load>,
    here: RwLock<HashMap<WindowId, Arc<Room>>>,
}

impl Rooms {
    /// Knows the rooms that there are when it is here.
    pub async fn open(store: &Store, stop: &CancellationToken, tasks: &TaskTracker) -> Result<Arc<Rooms>> {
        let rooms = Arc::new(Rooms::new(store, stop, tasks));
        keeper::tick(&rooms, None, Timestamp::now()).await?;
        tasks.spawn(keeper::run(Arc::clone(&rooms), stop.clone()));
        Ok(rooms)
    }

    fn new(store: &Store, stop: &CancellationToken, tasks: &TaskTracker) -> Rooms {
        let (desk, work) = Desk::open(store.clone(), stop.clone());
        tasks.spawn(work);
        Rooms { store: store.clone(), key: store.room_key(), desk, load: Arc::default(), here: RwLock::default() }
    }

    /// The last word of a node that stops: whom it has seen waiting.
    pub async fn take_leave(&self, now: Timestamp) -> Result<()> {
        keeper::take_leave(self, now).await
    }

    fn room(&self, window: WindowId) -> Option<Arc<Room>> {
        self.here.read().unwrap_or_else(PoisonError::into_inner).get(&window).cloned()
    }

    /// Keeps it from now on, or the one that somebody else was quicker to make.
    fn put(&self, room: Room) -> Arc<Room> {
        let mut here = self.here.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(here.entry(room.window.id).or_insert_with(|| Arc::new(room)))
    }

    fn kept(&self) -> Vec<WindowId> {
        self.here.read().unwrap_or_else(PoisonError::into_inner).keys().copied().collect()
    }

    fn forget(&self, window: WindowId) {
        self.here.write().unwrap_or_else(PoisonError::into_inner).remove(&window);
    }

    async fn joined(&self, window: WindowId, person: PersonId, now: Timestamp) -> Result<Option<Heard>> {
        let Some(room) = keeper::find(self, window, now).await? else { return Ok(None) };
        match room.find(person, now) {
            Ok(heard) => Ok(Some(heard)),
            Err(instead_of) => {
                let joining = Joining { person, pseudonym: room.pseudonym(person), instead_of };
                let ticket = self.desk.join(&room, joining).await?;
                Ok(Some(room.given(&ticket, now)))
            }
        }
    }

    async fn entered(&self, window: WindowId, person: PersonId) -> Result<Option<Result<Pass, Heard>>> {
        let now = Timestamp::now();
        let Some(room) = keeper::find(self, window, now).await? else { return Ok(None) };
        if !room.knows(person) {
            // Another node's ticket of this second, or none at all: nobody is given one here.
            keeper::catch_up(self, &room).await?;
        }
        let place = match room.enter(person, now) {
            Entry::ComesIn(place) => place,
            Entry::Not(heard) => return Ok(Some(Err(heard))),
        };
        let Some(pass) = room.pass(person, place, now) else {
            return Ok(room.find(person, now).ok().map(Err));
        };
        let row = self.desk.admit(&room, desk::admission_row(&pass)).await?;
        let pass = desk::pass_of(&room, &row);
        if pass.expires_at > now {
            return Ok(Some(Ok(pass)));
        }
        // Let in before, and the time was up: whoever wants again stands at the end.
        room.leave(place);
        self.joined(window, person, now).await.map(|heard| heard.map(Err))
    }
}

impl app::waiting::Rooms for Rooms {
    fn view(&self, window: WindowId) -> Option<RoomView> {
        self.room(window).map(|room| room.view())
    }

    fn find(&self, window: WindowId) -> Answer<'_, Result<Option<RoomView>>> {
        Box::pin(async move { Ok(keeper::find(self, window, Timestamp::now()).await?.map(|room| room.view())) })
    }

    fn join(&self, window: WindowId, person: PersonId) -> Answer<'_, Result<Option<Heard>>> {
        Box::pin(self.joined(window, person, Timestamp::now()))
    }

    fn renew(&self, window: WindowId, ticket: &str, now: Timestamp) -> Option<Heard> {
        Some(self.room(window)?.renew(ticket, now))
    }

    fn come_in(&self, window: WindowId, person: PersonId) -> Answer<'_, Result<Option<Result<Pass, Heard>>>> {
        Box::pin(self.entered(window, person))
    }

    fn pass(&self, text: &str, window: WindowId, person: PersonId, now: Timestamp) -> Result<Pass, domain::room::PassRefused> {
        Pass::check(&self.key, text, window, person, now)
    }

    fn sign(&self, pass: &Pass) -> String {
        pass.sign(&self.key)
    }

    fn pseudonym(&self, window: WindowId, person: PersonId) -> Pseudonym {
        Pseudonym::of(&self.key, window, person)
    }

    fn leave(&self, pass: &Pass) {
        if let Some(room) = self.room(pass.window) {
            room.leave(pass.place);
            self.desk.leave(&room, pass.place);
        }
    }
}
