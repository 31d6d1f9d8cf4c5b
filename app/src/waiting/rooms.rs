//! The waiting rooms as pages see them. The server keeps them.

use super::told::Heard;
use crate::outside::Answer;
use domain::kind::Kind;
use domain::room::draw::{Commitment, Seed};
use domain::room::{Pass, PassRefused, Pseudonym};
use domain::sale::Window;
use domain::{PersonId, Timestamp, WindowId};

/// A window's room, as far as everybody may know it.
#[derive(Clone)]
pub struct RoomView {
    pub window: Window,
    pub kind: Kind,
    pub joins_from: Timestamp,
    /// How long one may be away and keep the place.
    pub grace_ms: i64,
    /// Published before anybody can join.
    pub commitment: Commitment,
    /// From the draw on.
    pub seed: Option<Seed>,
}

pub trait Rooms: Send + Sync {
    /// `None`: people buy in this window without waiting, or this node does not know yet that they wait (for a second at most; the till
    /// refuses who has no pass).
    fn view(&self, window: WindowId) -> Option<RoomView>;
    /// The same, and looks into the store before it says that there is none.
    fn find(&self, window: WindowId) -> Answer<'_, store::Result<Option<RoomView>>>;
    /// A place for this person, the same on all devices; behind everybody for one whose place has lapsed.
    fn join(&self, window: WindowId, person: PersonId) -> Answer<'_, store::Result<Option<Heard>>>;
    /// As a page renews.
    fn renew(&self, window: WindowId, ticket: &str, now: Timestamp) -> Option<Heard>;
    /// The pass, when it is this person's turn; else where the person stands.
    fn come_in(&self, window: WindowId, person: PersonId) -> Answer<'_, store::Result<Option<Result<Pass, Heard>>>>;
    /// What stands in a pass, if it lets this person buy in this window now.
    fn pass(&self, text: &str, window: WindowId, person: PersonId, now: Timestamp) -> Result<Pass, PassRefused>;
    /// For the browser to keep.
    fn sign(&self, pass: &Pass) -> String;
    /// What the published list calls this person.
    fn pseudonym(&self, window: WindowId, person: PersonId) -> Pseudonym;
    /// The purchase is done: somebody else may come in.
    fn leave(&self, pass: &Pass);
}
