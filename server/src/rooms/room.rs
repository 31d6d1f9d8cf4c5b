//! One window's waiting room in the memory of this node. Everything here is quick and asks no database: a renewal is judged by
//! its ticket and what the node knows.

use super::keeper::earlier;
use super::load::Load;
use app::waiting::{Heard, RoomView, Told};
use domain::calendar::Span;
use domain::kind::Kind;
use domain::room::draw::{Drawn, Seed};
use domain::room::interval::{Standing, renew_in_ms};
use domain::room::outlook::{self, Purchases, Wait};
use domain::room::presence::{self, Outages, Verdict};
use domain::room::{Admission, Crowd, Pass, Phase, Place, Pseudonym, RoomKey, Seat, Seats, Settings, Ticket, admission};
use domain::sale::{Pool, Window};
use domain::{PersonId, Timestamp, Won};
use jiff::SignedDuration;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{RoomRow, TicketRow};

/// Pages ask for the first time after the opening within a second and 255 of these.
const SPREAD_MS: i64 = 12;
/// After the opening, by then all have asked that are there.
const FIRST_RENEWALS_MS: i64 = 1_000 + 256 * SPREAD_MS + 1_000;
/// The outlook looks back on so many ticks.
const LAST_MINUTE: usize = 60;

pub(super) struct Room {
    pub window: Window,
    pub settings: Settings,
    pub kind: Kind,
    seed: Seed,
    key: RoomKey,
    load: Arc<Load>,
    state: Mutex<State>,
}

struct State {
    /// The live ticket of each person.
    numbers: HashMap<Pseudonym, u32>,
    /// Tickets up to this number are known here.
    known: u32,
    drawn: Option<Drawn>,
    seats: Seats,
    outages: Outages,
    admission: Admission,
    inside: u32,
    heard_of_until: Timestamp,
    /// Who was seen within the grace, as of the last tick.
    crowd: Crowd,
    pool: Pool,
    average: Option<Won>,
    /// People inside have been let in since, a tick each, the newest last.
    came_in: VecDeque<u32>,
    /// From this place on nobody gets anything any more.
    beyond: Option<Place>,
    /// The first of those that was written down.
    let_go: Option<Place>,
}

/// What a tick brings from the database.
pub(super) struct Fresh {
    pub pool: Pool,
    pub inside: u32,
    pub average: Option<Won>,
    /// Whom the other nodes have seen lately.
    pub elsewhere: Crowd,
}

/// Whether somebody may come in now.
pub(super) enum Entry {
    ComesIn(Place),
    Not(Heard),
}

impl Room {
    pub(super) fn new(row: &RoomRow, kind: Kind, pool: Pool, key: RoomKey, load: Arc<Load>, now: Timestamp) -> Room {
        // What this node can't know of the time before it is nobody's fault.
        let away = row.drawn.and_then(|_| Span::new(row.admission.ticked_at, now));
        let state = State {
            numbers: HashMap::new(),
            known: 0,
            drawn: None,
            seats: Seats::new(now),
            outages: Outages::new(away),
            admission: row.admission,
            inside: 0,
            heard_of_until: now,
            crowd: Crowd::EMPTY,
            pool,
            average: None,
            came_in: VecDeque::with_capacity(LAST_MINUTE),
            beyond: None,
            let_go: None,
        };
        let (window, settings, seed) = (row.window.clone(), row.settings, row.seed.clone());
        Room { window, settings, kind, seed, key, load, state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here is half done when something panics: the figures are from the tick or the renewal before.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn phase(&self, now: Timestamp) -> Phase {
        Phase::of(&self.window.span, &self.settings, now)
    }

    pub(super) fn pseudonym(&self, person: PersonId) -> Pseudonym {
        Pseudonym::of(&self.key, self.window.id, person)
    }

    pub(super) fn view(&self) -> RoomView {
        let is_drawn = self.state().drawn.is_some();
        let joins_from = self.window.span.from() - SignedDuration::from_millis(self.settings.pre_queue_opens_before_ms);
        RoomView {
            window: self.window.clone(),
            kind: self.kind.clone(),
            joins_from,
            grace_ms: self.settings.grace_ms,
            commitment: self.seed.commitment(),
            seed: is_drawn.then(|| self.seed.clone()),
        }
    }

    /// The published list, once there is one: 16 bytes a ticket.
    pub(super) fn list(&self) -> Option<Vec<u8>> {
        self.state().drawn.as_ref().map(Drawn::list_bytes)
    }

    /// The answer to a page that renews.
    pub(super) fn renew(&self, text: &str, now: Timestamp) -> Heard {
        match Ticket::read(&self.key, self.window.id, text) {
            Ok(ticket) => self.hear(ticket, now),
            Err(_) => self.answer(Told::NoTicket, None, Standing::Called, Pseudonym([0; 16]), now),
        }
    }

    /// Somebody who comes without a ticket. `None`: has no live one and is to be given one, in exchange for the number of a lapsed
    /// one.
    pub(super) fn find(&self, person: PersonId, now: Timestamp) -> Result<Heard, Option<u32>> {
        let pseudonym = self.pseudonym(person);
        match self.phase(now) {
            Phase::Before { .. } | Phase::Over { .. } => return Ok(self.hear(Ticket::new(self.window.id, pseudonym, None, now), now)),
            Phase::PreQueue { .. } | Phase::Open { .. } => {}
        }
        let state = self.state();
        let Some(number) = state.numbers.get(&pseudonym).copied() else { return Err(None) };
        let Some(place) = state.place_of(pseudonym, number) else {
            drop(state);
            return Ok(self.hear(Ticket::new(self.window.id, pseudonym, None, now), now));
        };
        let is_there = match state.seats.at(place) {
            // Another node may have heard of the person.
            Seat::Waits { seen_at } => self.verdict(&state, seen_at, now) == Verdict::Keeps || state.crowd.has(place),
            Seat::CameIn { at } => now.as_millisecond() < at.as_millisecond() + self.settings.pass_life_ms,
            Seat::Left => false,
        };
        drop(state);
        if is_there { Ok(self.hear(Ticket::new(self.window.id, pseudonym, Some(place), now), now)) } else { Err(Some(number)) }
    }

    /// A ticket that was just given.
    pub(super) fn given(&self, ticket: &TicketRow, now: Timestamp) -> Heard {
        let place = {
            let mut state = self.state();
            state.know(ticket);
            state.place_of(ticket.pseudonym, ticket.number)
        };
        self.hear(Ticket::new(self.window.id, ticket.pseudonym, place, now), now)
    }

    fn verdict(&self, state: &State, renewed_at: Timestamp, now: Timestamp) -> Verdict {
        // Before the opening there was no place that one could lose.
        let renewed_at = renewed_at.max(self.window.span.from());
        presence::verdict(&self.phase(now), &self.settings, renewed_at, now, &state.outages)
    }

    /// Judges a ticket that we have signed.
    fn hear(&self, ticket: Ticket, now: Timestamp) -> Heard {
        let own = ticket.pseudonym;
        let told = |told, standing| self.answer(told, Some(ticket.renewed(None, now)), standing, own, now);
        match self.phase(now) {
            Phase::Before { pre_queue_opens_at } => {
                let before = Told::Before { joins_from: pre_queue_opens_at, opens_at: self.window.span.from() };
                return self.answer(before, None, Standing::Undrawn, own, now);
            }
            Phase::Over { closed_at } => return self.answer(Told::Over { closed_at }, None, Standing::Undrawn, own, now),
            Phase::PreQueue { opens_at } => {
                let people = u32::try_from(self.state().numbers.len()).unwrap_or(u32::MAX);
                let queued = Told::PreQueue { opens_at, people, commitment: self.seed.commitment() };
                return told(queued, Standing::Undrawn);
            }
            Phase::Open { .. } => {}
        }
        let mut state = self.state();
        let Some(number) = state.numbers.get(&own).copied() else {
            drop(state);
            return self.answer(Told::NoTicket, None, Standing::Called, own, now);
        };
        let Some(place) = state.place_of(own, number) else {
            drop(state);
            return told(Told::Drawing, Standing::Called);
        };
        // On another device the person may have been heard of since, or have gone to the end and come back.
        let seen_at = match state.seats.at(place) {
            Seat::Waits { seen_at } => seen_at,
            Seat::CameIn { .. } => now,
            Seat::Left => {
                drop(state);
                return self.answer(Told::NoTicket, None, Standing::Called, own, now);
            }
        };
        let is_this = ticket.place.is_none_or(|place_then| place_then == place);
        let heard_at = if is_this { ticket.renewed_at.max(seen_at) } else { seen_at };
        if self.verdict(&state, heard_at, now) == Verdict::ToTheEnd {
            drop(state);
            return self.answer(Told::Lapsed { grace_ms: self.settings.grace_ms }, None, Standing::Called, own, now);
        }
        let seat = state.seats.see(place, now);
        let (told, standing) = self.stands(&state, place, seat, now);
        drop(state);
        let renewed = Ticket { place: Some(place), renewed_at: now, ..ticket };
        self.answer(told, Some(renewed), standing, own, now)
    }

    fn stands(&self, state: &State, place: Place, seat: Seat, now: Timestamp) -> (Told, Standing) {
        let is_drawn = state.drawn.as_ref().is_some_and(|drawn| place.get() <= drawn.count());
        let at = place.get();
        if let Seat::CameIn { .. } = seat {
            return (Told::ComesIn { place: at }, Standing::Called);
        }
        match state.admission.turn(place, state.inside) {
            admission::Turn::ComesIn if !state.pool.possible().is_zero() => {
                return (Told::ComesIn { place: at }, Standing::Called);
            }
            admission::Turn::Called if state.beyond.is_none_or(|beyond| at < beyond.get()) => {
                return (Told::Called { place: at }, Standing::Called);
            }
            _ => {}
        }
        let outlook = outlook::outlook(&self.facts(state), place, now);
        if state.beyond.is_some_and(|beyond| at >= beyond.get()) {
            return (Told::Beyond { place: at, outlook }, Standing::Undrawn);
        }
        let standing = match outlook.wait {
            Wait::Between { from_ms, .. } => Standing::Behind { wait_ms: from_ms },
            Wait::Standing => Standing::Undrawn,
            Wait::Called => Standing::Called,
        };
        (Told::Waits { place: at, is_drawn, outlook, is_paused: state.admission.gate != admission::Gate::Open }, standing)
    }

    fn facts<'a>(&self, state: &'a State) -> outlook::Facts<'a> {
        let was_full = state.came_in.len() == LAST_MINUTE;
        outlook::Facts {
            admission: &state.admission,
            crowd: &state.crowd,
            pool: &state.pool,
            purchase: Purchases { smallest: self.kind.unit, largest: self.kind.month_limit, average: state.average },
            inside: state.inside,
            came_in_last_minute: was_full.then(|| state.came_in.iter().sum()),
            pass_life_ms: self.settings.pass_life_ms,
            closes_at: self.window.span.to(),
        }
    }

    fn answer(&self, told: Told, ticket: Option<Ticket>, standing: Standing, own: Pseudonym, now: Timestamp) -> Heard {
        let usual = renew_in_ms(&self.settings, standing, self.load.get(), own);
        let renew_in_ms = match &told {
            // Everybody asks again once it has opened, each at the own moment of the next seconds.
            Told::PreQueue { opens_at, .. } => {
                let until = (opens_at.as_millisecond() - now.as_millisecond()).max(0);
                if until < usual { until + 1_000 + i64::from(own.0[0]) * SPREAD_MS } else { usual }
            }
            _ => usual,
        };
        Heard { told, ticket: ticket.map(|ticket| ticket.sign(&self.key)), renew_in_ms, now }
    }

    /// May this person come in? Takes the seat inside, so that the number inside holds.
    pub(super) fn enter(&self, person: PersonId, now: Timestamp) -> Entry {
        let heard = match self.find(person, now) {
            Ok(heard) => heard,
            Err(_) => return Entry::Not(self.answer(Told::NoTicket, None, Standing::Called, self.pseudonym(person), now)),
        };
        let Told::ComesIn { place } = heard.told else { return Entry::Not(heard) };
        let Ok(place) = Place::new(place) else { return Entry::Not(heard) };
        let mut state = self.state();
        let was_inside = matches!(state.seats.at(place), Seat::CameIn { .. });
        if !was_inside {
            // Between the answer and now another one may have come in.
            if state.admission.turn(place, state.inside) != admission::Turn::ComesIn {
                drop(state);
                return Entry::Not(self.answer(Told::Called { place: place.get() }, None, Standing::Called, self.pseudonym(person), now));
            }
            state.inside += 1;
            if let Some(tick) = state.came_in.back_mut() {
                *tick += 1;
            }
        }
        state.seats.come_in(place, now);
        Entry::ComesIn(place)
    }

    /// The pass for somebody who comes in now.
    pub(super) fn pass(&self, person: PersonId, place: Place, now: Timestamp) -> Option<Pass> {
        Pass::admit(self.window.id, &self.window.span, &self.settings, person, place, now)
    }

    /// Up to when this node knows of passes that others gave.
    pub(super) fn heard_of_until(&self) -> Timestamp {
        self.state().heard_of_until
    }

    /// Of passes, whichever node gave them, up to `now`.
    pub(super) fn hear_of(&self, admitted: &[(Place, Timestamp)], now: Timestamp) {
        let mut state = self.state();
        for (place, at) in admitted {
            state.seats.come_in(*place, *at);
        }
        state.heard_of_until = now;
    }

    /// The place has come to its end: bought, or the pass expired unused.
    pub(super) fn leave(&self, place: Place) {
        let mut state = self.state();
        if matches!(state.seats.at(place), Seat::CameIn { .. }) {
            state.inside = state.inside.saturating_sub(1);
        }
        state.seats.leave(place);
    }

    /// Has this node heard of a ticket of this person?
    pub(super) fn knows(&self, person: PersonId) -> bool {
        self.state().numbers.contains_key(&self.pseudonym(person))
    }

    pub(super) fn known(&self) -> u32 {
        self.state().known
    }

    pub(super) fn learn(&self, tickets: &[TicketRow]) {
        let mut state = self.state();
        tickets.iter().for_each(|ticket| state.know(ticket));
    }

    pub(super) fn is_drawn(&self) -> bool {
        self.state().drawn.is_some()
    }

    /// Takes a while for a million; the room answers meanwhile.
    pub(super) fn draw(&self, list: Vec<Pseudonym>) {
        let drawn = Drawn::new(&self.seed, list);
        self.state().drawn = Some(drawn);
    }

    /// Who waits and was seen at this node within so many milliseconds.
    pub(super) fn seen_within(&self, ms: i64, now: Timestamp) -> Crowd {
        self.state().seen_within(ms, now)
    }

    /// Whoever is there has renewed within two intervals.
    pub(super) fn lately_ms(&self) -> i64 {
        2 * self.settings.renew_far_ms
    }

    /// The row as it stands, and what it becomes by this tick.
    pub(super) fn tick(&self, row: &RoomRow, fresh: Fresh, now: Timestamp) -> Admission {
        let mut state = self.state();
        state.crowd = state.seen_within(self.settings.grace_ms, now).merge(&fresh.elsewhere);
        let lately = state.seen_within(self.lately_ms(), now).merge(&fresh.elsewhere);
        state.pool = fresh.pool;
        state.average = fresh.average.or(state.average);
        state.inside = fresh.inside;
        state.admission = row.admission;
        state.came_in.push_back(0);
        if state.came_in.len() > LAST_MINUTE {
            state.came_in.pop_front();
        }
        let serving = row.admission.serving;
        // Who has not renewed since this node started can't have been seen.
        let knows = state.came_in.len() as i64 * 1_000 > self.settings.grace_ms;
        // The first renewals after the opening are under way: nobody is taken for absent yet, or those behind would be called too.
        let is_opening = now.as_millisecond() < self.window.span.from().as_millisecond() + FIRST_RENEWALS_MS;
        let coming = if is_opening { serving.saturating_sub(state.seats.came_in_of(serving)) } else { lately.within(serving) };
        let observed = admission::Observed {
            last_place: row.last_number,
            inside: fresh.inside,
            coming,
            next: knows.then(|| admission::Sample::of(&state.crowd, serving, row.last_number)),
        };
        state.beyond = if knows { outlook::beyond(&lately, serving, &fresh.pool, self.kind.unit) } else { None };
        if fresh.pool.possible().is_zero() {
            state.beyond = Some(Place::FIRST);
        }
        state.admission.tick(&observed, now)
    }

    /// The place from which on people are told that nothing can be left, when nobody has written that down yet.
    pub(super) fn lets_go(&self) -> Option<Place> {
        let mut state = self.state();
        let from = state.beyond.filter(|from| state.let_go.is_none_or(|before| from < &before))?;
        // Of places that nobody has been given nobody is told.
        (from.get() <= state.known).then(|| *state.let_go.insert(from))
    }

    pub(super) fn moved(&self, admission: Admission) {
        self.state().admission = admission;
    }

    /// The clock jumped or the machine slept: nobody loses a place by that.
    pub(super) fn was_away(&self, span: Span) {
        let mut state = self.state();
        state.outages.add(span);
    }
}

impl State {
    fn know(&mut self, ticket: &TicketRow) {
        let number = self.numbers.entry(ticket.pseudonym).or_insert(ticket.number);
        *number = (*number).max(ticket.number);
    }

    /// `None` until the order is drawn.
    fn place_of(&self, pseudonym: Pseudonym, number: u32) -> Option<Place> {
        let drawn = self.drawn.as_ref()?;
        if number <= drawn.count() { drawn.place_of(pseudonym) } else { Place::new(number).ok() }
    }

    fn seen_within(&self, ms: i64, now: Timestamp) -> Crowd {
        self.seats.crowd(earlier(now, ms), now)
    }

    fn known_to(&mut self, number: u32) {
        self.known = self.known.max(number);
    }
}

impl Room {
    /// All tickets up to this number have been read.
    pub(super) fn knows_to(&self, number: u32) {
        self.state().known_to(number);
    }
}
