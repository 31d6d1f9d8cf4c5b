//! What goes on in the rooms without anybody asking: a room is opened on this node when people may soon join, learns who joined
//! elsewhere, is drawn at the opening, and is called on once a second by whichever node is first.

use super::Rooms;
use super::load::Meter;
use super::room::{Fresh, Room};
use domain::calendar::Span;
use domain::room::{Crowd, Phase};
use domain::{Timestamp, WindowId};
use std::sync::Arc;
use std::time::Duration;
use store::{Engine, Result, RoomRow};
use tokio_util::sync::CancellationToken;

const EVERY: Duration = Duration::from_secs(1);
/// A tick that comes later than this was held up: the machine slept, or its clock was put forward.
const HELD_UP_MS: i64 = 5_000;
/// A room is remembered so long after its window has closed: pages ask what became of it.
const AFTER_MS: i64 = 3_600_000;
/// What a node told longer ago says nothing: it has stopped.
const CROWD_MS: i64 = 5_000;
const TICKETS_AT_ONCE: u32 = 50_000;

pub(super) async fn run(rooms: Arc<Rooms>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut last = Timestamp::now();
    let mut meter = Meter::new();
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        meter.measure(&rooms.load);
        let now = Timestamp::now();
        let was_away = now.as_millisecond() - last.as_millisecond() > HELD_UP_MS;
        let away = if was_away { Span::new(last, now) } else { None };
        last = now;
        if let Err(error) = tick(&rooms, away, now).await {
            tracing::error!(%error, "the waiting rooms could not be called on");
        }
    }
}

/// All rooms, once.
pub(super) async fn tick(rooms: &Rooms, away: Option<Span>, now: Timestamp) -> Result<()> {
    let kept = rooms.kept();
    let rows = rooms.store.rooms(earlier(now, AFTER_MS)).await?;
    for window in kept {
        if !rows.iter().any(|row| row.window.id == window) {
            rooms.forget(window);
        }
    }
    for row in &rows {
        let Some(room) = opened(rooms, row, now).await? else { continue };
        if let Some(away) = away {
            room.was_away(away);
        }
        if let Err(error) = look_after(rooms, &room, row, now).await {
            tracing::error!(window = %row.window.id, %error, "a waiting room could not be called on");
        }
    }
    Ok(())
}

/// Who waits and was seen here within the grace stays seen until the grace is over, counted from now: by then they have come to another
/// node. (What a node tells holds for [`CROWD_MS`]; this is told ahead of its time.)
pub(super) async fn take_leave(rooms: &Rooms, now: Timestamp) -> Result<()> {
    if rooms.store.engine() == Engine::Sqlite {
        return Ok(());
    }
    for row in rooms.store.rooms(now).await? {
        let Some(room) = rooms.room(row.window.id).filter(|room| room.is_drawn()) else { continue };
        let grace_ms = room.settings.grace_ms;
        let crowd = room.seen_within(grace_ms, now);
        rooms.store.tell_crowd(row.window.id, &crowd, earlier(now, CROWD_MS - grace_ms)).await?;
    }
    Ok(())
}

pub(super) fn earlier(now: Timestamp, ms: i64) -> Timestamp {
    Timestamp::from_millisecond(now.as_millisecond() - ms).unwrap_or(now)
}

/// The room of this window; looked for in the store where this node keeps none: it was released this moment, here or at another node.
pub(super) async fn find(rooms: &Rooms, window: WindowId, now: Timestamp) -> Result<Option<Arc<Room>>> {
    if let Some(room) = rooms.room(window) {
        return Ok(Some(room));
    }
    let rows = rooms.store.rooms(earlier(now, AFTER_MS)).await?;
    match rows.iter().find(|row| row.window.id == window) {
        Some(row) => opened(rooms, row, now).await,
        None => Ok(None),
    }
}

/// The room on this node; made when it isn't there yet.
async fn opened(rooms: &Rooms, row: &RoomRow, now: Timestamp) -> Result<Option<Arc<Room>>> {
    if let Some(room) = rooms.room(row.window.id) {
        return Ok(Some(room));
    }
    let Some((_, pool, kind)) = rooms.store.window(row.window.id).await? else { return Ok(None) };
    let room = Room::new(row, kind, pool, rooms.key.clone(), Arc::clone(&rooms.load), now);
    learn(rooms, &room, row).await?;
    if let Some(drawn) = row.drawn {
        room.draw(rooms.store.drawn_tickets(row.window.id, drawn).await?);
    }
    let room = rooms.put(room);
    tracing::info!(window = %row.window.id, tickets = row.last_number, "a waiting room is kept here");
    Ok(Some(room))
}

/// Hears of the tickets of the last second before the next tick does.
pub(super) async fn catch_up(rooms: &Rooms, room: &Room) -> Result<()> {
    room.learn(&rooms.store.tickets(room.window.id, room.known(), TICKETS_AT_ONCE).await?);
    Ok(())
}

async fn learn(rooms: &Rooms, room: &Room, row: &RoomRow) -> Result<()> {
    while room.known() < row.last_number {
        let tickets = rooms.store.tickets(row.window.id, room.known(), TICKETS_AT_ONCE).await?;
        room.learn(&tickets);
        let is_all = tickets.len() < TICKETS_AT_ONCE as usize;
        let last = tickets.last().map_or(row.last_number, |ticket| ticket.number);
        room.knows_to(if is_all { row.last_number.max(last) } else { last });
    }
    Ok(())
}

async fn look_after(rooms: &Rooms, room: &Arc<Room>, row: &RoomRow, now: Timestamp) -> Result<()> {
    let window = row.window.id;
    learn(rooms, room, row).await?;
    let Phase::Open { .. } = room.phase(now) else { return Ok(()) };
    if !room.is_drawn() {
        // What it is to sell is there before anybody is told how much that is.
        rooms.store.move_left_over(now).await?;
        let Some(drawn) = rooms.store.draw_room(window, row.window.span.from(), now).await? else { return Ok(()) };
        room.draw(rooms.store.drawn_tickets(window, drawn).await?);
        tracing::info!(%window, tickets = drawn, "the order was drawn");
        return Ok(());
    }
    let Some((_, pool, _)) = rooms.store.window(window).await? else { return Ok(()) };
    let inside = rooms.store.people_inside(window, now).await?;
    let average = rooms.store.average_purchase(window, now).await?;
    let elsewhere = match rooms.store.engine() {
        // The only node that there is.
        Engine::Sqlite => Crowd::EMPTY,
        Engine::Postgres => {
            // Who came in at another node waits no more: taken for somebody who is yet to come, they would keep a seat empty.
            let since = earlier(room.heard_of_until(), CROWD_MS);
            room.hear_of(&rooms.store.admitted_after(window, since).await?, now);
            rooms.store.tell_crowd(window, &room.seen_within(room.lately_ms(), now), now).await?;
            rooms.store.crowd_elsewhere(window, earlier(now, CROWD_MS)).await?
        }
    };
    let moved = room.tick(row, Fresh { pool, inside, average, elsewhere }, now);
    // Another node's tick, or the operator's word, is seen at the next one.
    if rooms.store.move_room(window, &row.admission, &moved).await? {
        room.moved(moved);
        if let Some(from) = room.lets_go() {
            rooms.store.let_go(window, from, now).await?;
        }
    }
    metrics::gauge!("payplus_room_inside").set(f64::from(inside));
    metrics::gauge!("payplus_room_serving").set(f64::from(moved.serving));
    metrics::gauge!("payplus_room_tickets").set(f64::from(row.last_number));
    Ok(())
}
