//! The server functions of the waiting room. Renewing is none of them: it needs no session (`server/src/rooms/doors.rs`).

use super::told::Heard;
use crate::Error;
use domain::Timestamp;
use domain::kind::Kind;
#[cfg(any(feature = "hydrate", test))]
use domain::room::Place;
use domain::room::Pseudonym;
use domain::room::draw::Commitment;
use domain::sale::Window;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the page of a room begins with.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Joined {
    pub window: Window,
    pub kind: Kind,
    pub heard: Heard,
    /// How long one may be away and keep the place.
    pub grace_ms: i64,
}

/// What it takes to count the own place again; the list is read at `/room/WINDOW/draw`.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub commitment: Commitment,
    /// 64 hexadecimal digits.
    pub seed: String,
    pub own: Pseudonym,
}

/// What came of asking to be let in.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Entered {
    /// The pass is in a cookie.
    Until(Timestamp),
    NotYet(Heard),
}

/// Gives the person who asks a place, or finds the one that is there.
#[server(prefix = "/api", endpoint = "rooms/join")]
pub async fn join(window: String) -> Result<Joined, Error> {
    use crate::web::{answer, services, signed_in};
    answer(async {
        let (who, services) = (signed_in().await?, services());
        let room = serve::room(&window).await?;
        let member = services.store.member(who.person).await?.ok_or(Error::SignedOut)?;
        if !room.window.who.admits(member.birth_year()) {
            return Err(domain::Refused::NotYourWindow { who: room.window.who }.into());
        }
        let heard = services.rooms.join(room.window.id, who.person).await?.ok_or(Error::NotFound)?;
        Ok(Joined { window: room.window, kind: room.kind, heard, grace_ms: room.grace_ms })
    })
    .await
}

/// Lets the person in whose turn it is: gives the pass and goes to the counter.
#[server(prefix = "/api", endpoint = "rooms/enter")]
pub async fn enter(window: String) -> Result<Entered, Error> {
    use crate::web::{Cookie, answer, go, services, set_cookie, signed_in};
    answer(async {
        let (who, services) = (signed_in().await?, services());
        let window = serve::window(&window)?;
        match services.rooms.come_in(window, who.person).await?.ok_or(Error::NotFound)? {
            Ok(pass) => {
                set_cookie(Cookie::Pass, &services.rooms.sign(&pass));
                go(&format!("/buy?window={window}"));
                Ok(Entered::Until(pass.expires_at))
            }
            Err(heard) => Ok(Entered::NotYet(heard)),
        }
    })
    .await
}

/// Of the draw of a room, once it has taken place.
#[server(prefix = "/api", endpoint = "rooms/evidence")]
pub async fn room_evidence(window: String) -> Result<Evidence, Error> {
    use crate::web::{answer, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let room = serve::room(&window).await?;
        let seed = room.seed.ok_or(Error::NotFound)?.reveal();
        let own = services().rooms.pseudonym(room.window.id, who.person);
        Ok(Evidence { commitment: room.commitment, seed, own })
    })
    .await
}

/// The place that the evidence gives, counted in the browser. `None` when seed, seal and list do not belong together.
#[cfg(any(feature = "hydrate", test))]
pub(super) fn counted(evidence: &Evidence, list: &[u8]) -> Option<Place> {
    use domain::room::draw;
    let seed = evidence.seed.parse().ok()?;
    draw::verify(&evidence.commitment, &seed).then(|| draw::rank_of(&seed, list, evidence.own)).flatten()
}

#[cfg(feature = "ssr")]
pub(crate) mod serve {
    use crate::Error;
    use crate::buying::offer::Entry;
    use crate::waiting::RoomView;
    use crate::web::{Cookie, cookie, now, services};
    use domain::room::Pass;
    use domain::{PersonId, Refused, Timestamp, WindowId};

    pub(super) fn window(window: &str) -> Result<WindowId, Error> {
        window.parse().map_err(|_| Error::NotFound)
    }

    pub(super) async fn room(of: &str) -> Result<RoomView, Error> {
        services().rooms.find(window(of)?).await?.ok_or(Error::NotFound)
    }

    /// `None`: this window has no room.
    pub(crate) fn entry(window: WindowId, person: PersonId, now: Timestamp) -> Option<Entry> {
        let room = services().rooms.view(window)?;
        let pass = cookie(Cookie::Pass).and_then(|text| services().rooms.pass(&text, window, person, now).ok());
        Some(match pass {
            Some(pass) => Entry::Inside { until: pass.expires_at },
            None => Entry::Outside { joins_from: room.joins_from },
        })
    }

    /// The pass of the person who asks. `None`: this window is bought from without one.
    pub(crate) fn pass(window: WindowId, person: PersonId) -> Result<Option<Pass>, Error> {
        let rooms = services().rooms;
        if rooms.view(window).is_none() {
            return Ok(None);
        }
        let text = cookie(Cookie::Pass).ok_or(Refused::NeedsPass)?;
        // Forged, another's, of another window, too old: the way on is the same.
        rooms.pass(&text, window, person, now()).map(Some).map_err(|_| Refused::NeedsPass.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::room::draw::{Drawn, Seed};

    #[test]
    fn a_place_is_counted_again_from_seal_seed_and_list() {
        let seed = Seed([7; 32]);
        let people: Vec<Pseudonym> = (0..50).map(|number| Pseudonym([number; 16])).collect();
        let drawn = Drawn::new(&seed, people.clone());
        let evidence = Evidence { commitment: seed.commitment(), seed: seed.reveal(), own: people[9] };
        assert_eq!(counted(&evidence, &drawn.list_bytes()), drawn.place_of(people[9]));
        // Another seed than the one that was sealed, a list without one, half a ticket.
        let other = Evidence { seed: Seed([8; 32]).reveal(), ..evidence.clone() };
        assert_eq!(counted(&other, &drawn.list_bytes()), None);
        assert_eq!(counted(&Evidence { seed: "x".to_owned(), ..evidence.clone() }, &drawn.list_bytes()), None);
        assert_eq!(counted(&Evidence { own: Pseudonym([99; 16]), ..evidence.clone() }, &drawn.list_bytes()), None);
        assert_eq!(counted(&evidence, &drawn.list_bytes()[1..]), None);
    }
}
