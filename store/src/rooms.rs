//! Waiting rooms: what of them must outlive a node. Order and admission are decided by `domain::room`; renewing a place never
//! comes here.

use crate::db::{Store, Write};
use crate::error::{Error, Result};
use crate::gather;
use crate::keys::Purpose;
use crate::row;
use domain::room::draw::Seed;
use domain::room::{Admission, Crowd, Figures, Place, Pseudonym, RoomKey, Settings, admission::Gate};
use domain::sale::Window;
use domain::{PersonId, Timestamp, WindowId, Won};
use rand::RngCore;
use sqlx::any::AnyRow;
use std::collections::HashMap;

/// Rows in one statement.
const AT_ONCE: usize = 200;
const AVERAGE_OVER_MS: i64 = 5_000;

/// A window's room as its row stands.
#[derive(Clone, Debug)]
pub struct RoomRow {
    pub window: Window,
    pub settings: Settings,
    pub seed: Seed,
    /// Tickets given so far.
    pub last_number: u32,
    /// So many of them took part in the draw; `None` before the opening.
    pub drawn: Option<u32>,
    pub admission: Admission,
}

/// Somebody who wants in.
#[derive(Copy, Clone, Debug)]
pub struct Joining {
    pub person: PersonId,
    pub pseudonym: Pseudonym,
    /// The ticket that lapsed, when this is somebody who has to queue again.
    pub instead_of: Option<u32>,
}

/// A ticket as given.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct TicketRow {
    pub number: u32,
    pub pseudonym: Pseudonym,
    pub joined_at: Timestamp,
}

/// A pass as given.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct AdmissionRow {
    pub person: PersonId,
    pub place: Place,
    pub admitted_at: Timestamp,
    pub expires_at: Timestamp,
}

macro_rules! room_columns {
    () => {
        "room.window_id AS id, sale_window.sale_id, sale_window.kind_id, opens_at, closes_at, who, figures, seed, last_number, drawn, \
         serving, gate, rate_per_s, most_inside, show_up_permille, saved_milli, ticked_at"
    };
}

impl Store {
    /// Signs tickets and passes, on every node.
    pub fn room_key(&self) -> RoomKey {
        RoomKey::new(self.keys().hash(Purpose::Room, &[]))
    }

    /// Puts a room before a window. Its seed is drawn here and nowhere else; a window that has one keeps it.
    pub async fn create_room(&self, window: WindowId, settings: &Settings, now: Timestamp) -> Result<()> {
        let mut write = self.write().await?;
        insert_room(&mut write, window, settings, now).await?;
        write.commit().await
    }

    /// Those of windows that close after `since`, by opening.
    pub async fn rooms(&self, since: Timestamp) -> Result<Vec<RoomRow>> {
        let select = concat!(
            "SELECT ",
            room_columns!(),
            " FROM room JOIN sale_window ON sale_window.id = room.window_id WHERE closes_at > $1 ORDER BY opens_at, room.window_id"
        );
        sqlx::query(select).bind(crate::millis(since)).fetch_all(self.reads()).await?.iter().map(room).collect()
    }

    /// Gives tickets to those who have none in this room, in the order of the list, all in one transaction; the others keep
    /// theirs. In the order of the list. The first to come once the window is open closes the draw before.
    pub async fn join_room(&self, window: WindowId, joining: &[Joining], opens_at: Timestamp, now: Timestamp) -> Result<Vec<TicketRow>> {
        let mut write = self.write().await?;
        let (mut last, drawn) = lock(&mut write, window).await?;
        close_draw(&mut write, window, last, drawn, opens_at, now).await?;
        for joining in joining {
            let Some(lapsed) = joining.instead_of else { continue };
            let update = "UPDATE ticket SET lapsed_at = $3 WHERE window_id = $1 AND number = $2 AND lapsed_at IS NULL";
            sqlx::query(update).bind(window.0).bind(i64::from(lapsed)).bind(crate::millis(now)).execute(write.tx()).await?;
        }
        let mut tickets: HashMap<Pseudonym, TicketRow> = HashMap::new();
        for some in joining.chunks(AT_ONCE) {
            // As pairs: by the window alone SQLite would read all of its tickets.
            let sql = format!(
                "SELECT number, pseudonym, joined_at FROM ticket WHERE lapsed_at IS NULL AND (window_id, person_id) IN (VALUES {})",
                row::lists(1, some.len(), 2)
            );
            let select = some.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, one| query.bind(window.0).bind(one.person.0));
            for row in select.fetch_all(write.tx()).await? {
                let there = ticket(&row)?;
                tickets.insert(there.pseudonym, there);
            }
            let mut new = Vec::new();
            for one in some {
                tickets.entry(one.pseudonym).or_insert_with(|| {
                    last += 1;
                    let ticket = TicketRow { number: last, pseudonym: one.pseudonym, joined_at: crate::clock::at(crate::millis(now)) };
                    new.push((one.person, ticket));
                    ticket
                });
            }
            if !new.is_empty() {
                let sql = format!(
                    "INSERT INTO ticket (window_id, number, pseudonym, person_id, joined_at) VALUES {}",
                    row::lists(1, new.len(), 5)
                );
                let insert = new.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, (person, ticket)| {
                    let query = query.bind(window.0).bind(i64::from(ticket.number)).bind(ticket.pseudonym.0.to_vec());
                    query.bind(person.0).bind(crate::millis(now))
                });
                insert.execute(write.tx()).await?;
            }
        }
        let update = sqlx::query("UPDATE room SET last_number = $2 WHERE window_id = $1").bind(window.0).bind(i64::from(last));
        update.execute(write.tx()).await?;
        write.commit().await?;
        joining.iter().map(|one| tickets.get(&one.pseudonym).copied().ok_or_else(|| Error::damaged("a ticket got lost"))).collect()
    }

    /// Closes the draw of a window that has opened: who has a ticket by now takes part. How many those are.
    pub async fn draw_room(&self, window: WindowId, opens_at: Timestamp, now: Timestamp) -> Result<Option<u32>> {
        let mut write = self.write().await?;
        let (last, drawn) = lock(&mut write, window).await?;
        let drawn = close_draw(&mut write, window, last, drawn, opens_at, now).await?;
        write.commit().await?;
        Ok(drawn)
    }

    /// Live tickets with a number above `after`, by number, at most `limit`.
    pub async fn tickets(&self, window: WindowId, after: u32, limit: u32) -> Result<Vec<TicketRow>> {
        let select = "SELECT number, pseudonym, joined_at FROM ticket WHERE window_id = $1 AND number > $2 AND lapsed_at IS NULL \
                      ORDER BY number LIMIT $3";
        let select = sqlx::query(select).bind(window.0).bind(i64::from(after)).bind(i64::from(limit));
        select.fetch_all(self.reads()).await?.iter().map(ticket).collect()
    }

    /// The pseudonyms that take part in the draw, whatever became of their tickets.
    pub async fn drawn_tickets(&self, window: WindowId, drawn: u32) -> Result<Vec<Pseudonym>> {
        let select = sqlx::query("SELECT number, pseudonym, joined_at FROM ticket WHERE window_id = $1 AND number <= $2 ORDER BY number");
        let rows = select.bind(window.0).bind(i64::from(drawn)).fetch_all(self.reads()).await?;
        rows.iter().map(|row| Ok(ticket(row)?.pseudonym)).collect()
    }

    /// Writes the room's next tick, unless another node was quicker (`false`).
    pub async fn move_room(&self, window: WindowId, was: &Admission, now: &Admission) -> Result<bool> {
        let mut write = self.write().await?;
        let update = "UPDATE room SET serving = $2, show_up_permille = $3, saved_milli = $4, ticked_at = $5 \
                      WHERE window_id = $1 AND ticked_at = $6 AND serving = $7 AND gate = $8 AND rate_per_s = $9 AND most_inside = $10";
        let update = sqlx::query(update).bind(window.0).bind(i64::from(now.serving)).bind(i64::from(now.show_up_permille));
        let update = update.bind(now.saved_milli).bind(crate::millis(now.ticked_at)).bind(crate::millis(was.ticked_at));
        let update = update.bind(i64::from(was.serving)).bind(was.gate.as_str()).bind(i64::from(was.rate_per_s));
        let moved = update.bind(i64::from(was.most_inside)).execute(write.tx()).await?.rows_affected() == 1;
        if moved && now.serving > was.serving {
            let insert = sqlx::query("INSERT INTO room_call (window_id, called_at, serving) VALUES ($1, $2, $3)");
            let insert = insert.bind(window.0).bind(crate::millis(now.ticked_at)).bind(i64::from(now.serving));
            insert.execute(write.tx()).await?;
        }
        write.commit().await?;
        Ok(moved)
    }

    /// Lets people in: each place once, whoever asks again gets what stands there. In the order of the list. `left` are the places
    /// of those who are done.
    pub async fn admit(&self, window: WindowId, admitted: &[AdmissionRow], left: &[Place], now: Timestamp) -> Result<Vec<AdmissionRow>> {
        let mut write = self.write().await?;
        for some in left.chunks(gather::MOST) {
            let some = gather::padded(some);
            let sql = format!(
                "UPDATE admission SET left_at = $1 WHERE window_id = $2 AND left_at IS NULL AND place IN {}",
                row::list(3, some.len())
            );
            let update = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(crate::millis(now)).bind(window.0);
            some.iter().fold(update, |query, place| query.bind(i64::from(place.get()))).execute(write.tx()).await?;
        }
        let mut rows = Vec::with_capacity(admitted.len());
        for some in admitted.chunks(gather::MOST) {
            // Whoever stands there twice is written once.
            let padded = gather::padded(some);
            let sql = format!(
                "INSERT INTO admission (window_id, place, person_id, admitted_at, expires_at) VALUES {} \
                 ON CONFLICT (window_id, place) DO NOTHING RETURNING place, person_id, admitted_at, expires_at",
                row::lists(1, padded.len(), 5)
            );
            let insert = padded.iter().fold(sqlx::query(sqlx::AssertSqlSafe(sql)), |query, one| {
                let query = query.bind(window.0).bind(i64::from(one.place.get())).bind(one.person.0);
                query.bind(crate::millis(one.admitted_at)).bind(crate::millis(one.expires_at))
            });
            let given = insert.fetch_all(write.tx()).await?;
            let given = given.iter().map(|row| admission(row).map(|row| (row.place.get(), row))).collect::<Result<HashMap<u32, _>>>()?;
            for one in some {
                match given.get(&one.place.get()).filter(|row| row.person == one.person) {
                    Some(row) => rows.push(*row),
                    None => rows.push(admitted_before(&mut write, window, one).await?),
                }
            }
        }
        write.commit().await?;
        Ok(rows)
    }

    /// From now on whoever stands at this place or behind it is told that nothing can be left; written once a place.
    pub async fn let_go(&self, window: WindowId, from: Place, now: Timestamp) -> Result<()> {
        let mut write = self.write().await?;
        let insert = "INSERT INTO room_let_go (window_id, from_place, told_at) SELECT $1, $2, $3 \
                      WHERE NOT EXISTS (SELECT 1 FROM room_let_go WHERE window_id = $1 AND from_place <= $2) \
                      ON CONFLICT (window_id, from_place) DO NOTHING";
        let insert = sqlx::query(insert).bind(window.0).bind(i64::from(from.get())).bind(crate::millis(now));
        insert.execute(write.tx()).await?;
        write.commit().await
    }

    /// Who was let in after `since`, at whatever node: place and when.
    pub async fn admitted_after(&self, window: WindowId, since: Timestamp) -> Result<Vec<(Place, Timestamp)>> {
        let select = "SELECT place, admitted_at FROM admission WHERE window_id = $1 AND admitted_at > $2";
        let rows = sqlx::query(select).bind(window.0).bind(crate::millis(since)).fetch_all(self.reads()).await?;
        let admitted = |row| Ok((Place::new(number(row, "place")?).map_err(Error::damaged)?, row::time(row, "admitted_at")?));
        rows.iter().map(admitted).collect()
    }

    /// Passes that have not expired at `now` and by which nothing was bought yet, or nothing that is settled. Looks at those only
    /// who have not left, as far as nodes that have ended have written down.
    pub async fn people_inside(&self, window: WindowId, now: Timestamp) -> Result<u32> {
        // Looked up one by one, under the conditions of the index word by word: as a join both engines have read all purchases instead.
        let select = "SELECT COUNT(*) AS inside FROM admission a WHERE a.window_id = $1 AND a.left_at IS NULL AND a.expires_at > $2 \
                      AND (SELECT p.state FROM purchase p WHERE p.window_id = a.window_id AND p.place = a.place AND p.place IS NOT NULL \
                      AND p.state IN ('reserved', 'unknown', 'posted') LIMIT 1) IS DISTINCT FROM 'posted'";
        let row = sqlx::query(select).bind(window.0).bind(crate::millis(now)).fetch_one(self.reads()).await?;
        u32::try_from(row::int(&row, "inside")?).map_err(Error::damaged)
    }
}

impl Store {
    /// The average of what was bought in the last seconds; `None` when that was nothing. Ids of purchases begin with their time.
    pub async fn average_purchase(&self, window: WindowId, now: Timestamp) -> Result<Option<Won>> {
        let from = u64::try_from(crate::millis(now) - AVERAGE_OVER_MS).unwrap_or(0);
        let from = domain::PurchaseId::from_parts(from, [0; 10]);
        let select = "SELECT COUNT(*) AS bought, CAST(COALESCE(SUM(face), 0) AS BIGINT) AS face FROM purchase \
                      WHERE id >= $1 AND window_id = $2 AND state = 'posted'";
        let row = sqlx::query(select).bind(from.uuid().as_bytes().to_vec()).bind(window.0).fetch_one(self.reads()).await?;
        Ok(Won::new(row::int(&row, "face")?.checked_div(row::int(&row, "bought")?).unwrap_or(0)).ok().filter(|average| !average.is_zero()))
    }
}

impl Store {
    /// Tells the other nodes whom this one has seen lately.
    pub async fn tell_crowd(&self, window: WindowId, crowd: &Crowd, now: Timestamp) -> Result<()> {
        let words: Vec<u8> = crowd.words().iter().flat_map(|word| word.to_be_bytes()).collect();
        let mut write = self.write().await?;
        let upsert = "INSERT INTO room_crowd (window_id, node, seen_at, words) VALUES ($1, $2, $3, $4) \
                      ON CONFLICT (window_id, node) DO UPDATE SET seen_at = excluded.seen_at, words = excluded.words";
        let upsert = sqlx::query(upsert).bind(window.0).bind(self.node()).bind(crate::millis(now)).bind(words);
        upsert.execute(write.tx()).await?;
        write.commit().await
    }

    /// Whom the other nodes have told of since `since`.
    pub async fn crowd_elsewhere(&self, window: WindowId, since: Timestamp) -> Result<Crowd> {
        let select = sqlx::query("SELECT words FROM room_crowd WHERE window_id = $1 AND node <> $2 AND seen_at > $3");
        let rows = select.bind(window.0).bind(self.node()).bind(crate::millis(since)).fetch_all(self.reads()).await?;
        let mut all = Crowd::EMPTY;
        for row in &rows {
            let bytes = row::bytes(row, "words")?;
            let (words, []) = bytes.as_chunks() else { return Err(row::damaged("room_crowd.words")) };
            all = all.merge(&Crowd::from_words(words.iter().map(|word| u64::from_be_bytes(*word)).collect()));
        }
        Ok(all)
    }
}

/// The seed is drawn here and nowhere else.
pub(crate) async fn insert_room(write: &mut Write, window: WindowId, settings: &Settings, now: Timestamp) -> Result<()> {
    let mut seed = [0; 32];
    rand::rng().fill_bytes(&mut seed);
    let figures = serde_json::to_string(&Figures::from(*settings)).map_err(Error::damaged)?;
    let insert = "INSERT INTO room (window_id, figures, seed, rate_per_s, most_inside, ticked_at) VALUES ($1, $2, $3, $4, $5, $6) \
                  ON CONFLICT (window_id) DO NOTHING";
    let insert = sqlx::query(insert).bind(window.0).bind(figures).bind(seed.to_vec());
    let insert = insert.bind(i64::from(settings.rate_per_s)).bind(i64::from(settings.most_inside)).bind(crate::millis(now));
    insert.execute(write.tx()).await?;
    Ok(())
}

async fn admitted_before(write: &mut Write, window: WindowId, one: &AdmissionRow) -> Result<AdmissionRow> {
    let select = "SELECT place, person_id, admitted_at, expires_at FROM admission WHERE window_id = $1 AND place = $2 AND person_id = $3";
    let select = sqlx::query(select).bind(window.0).bind(i64::from(one.place.get())).bind(one.person.0);
    let row = select.fetch_optional(write.tx()).await?;
    admission(&row.ok_or_else(|| Error::damaged("a place was given to two people"))?)
}

/// `false`: there is no such room.
pub(crate) async fn update_steering(write: &mut Write, window: WindowId, gate: Gate, rate_per_s: u32, most_inside: u32) -> Result<bool> {
    let update = "UPDATE room SET gate = $2, rate_per_s = $3, most_inside = $4 WHERE window_id = $1";
    let update = sqlx::query(update).bind(window.0).bind(gate.as_str()).bind(i64::from(rate_per_s)).bind(i64::from(most_inside));
    Ok(update.execute(write.tx()).await?.rows_affected() == 1)
}

/// Keeps others from giving numbers until this transaction ends. The last number, and how many were drawn.
async fn lock(write: &mut Write, window: WindowId) -> Result<(u32, Option<u32>)> {
    let update = "UPDATE room SET last_number = last_number WHERE window_id = $1 RETURNING last_number, drawn";
    let row = sqlx::query(update).bind(window.0).fetch_optional(write.tx()).await?;
    let row = row.ok_or_else(|| Error::damaged("a window without a room"))?;
    Ok((number(&row, "last_number")?, number_if_any(&row, "drawn")?))
}

async fn close_draw(
    write: &mut Write,
    window: WindowId,
    last: u32,
    drawn: Option<u32>,
    opens_at: Timestamp,
    now: Timestamp,
) -> Result<Option<u32>> {
    if drawn.is_some() || now < opens_at {
        return Ok(drawn);
    }
    let update = "UPDATE room SET drawn = $2, drawn_at = $3, ticked_at = $3 WHERE window_id = $1";
    sqlx::query(update).bind(window.0).bind(i64::from(last)).bind(crate::millis(now)).execute(write.tx()).await?;
    Ok(Some(last))
}

fn number(row: &AnyRow, column: &str) -> Result<u32> {
    u32::try_from(row::int(row, column)?).map_err(|_| row::damaged(column))
}

fn number_if_any(row: &AnyRow, column: &str) -> Result<Option<u32>> {
    let number: Option<i64> = sqlx::Row::try_get(row, column)?;
    number.map(|number| u32::try_from(number).map_err(|_| row::damaged(column))).transpose()
}

fn room(row: &AnyRow) -> Result<RoomRow> {
    let figures: Figures = serde_json::from_str(&row::text(row, "figures")?).map_err(Error::damaged)?;
    let seed = row::bytes(row, "seed")?.try_into().map_err(|_| row::damaged("seed"))?;
    Ok(RoomRow {
        window: crate::sales::window(row)?,
        settings: Settings::new(figures).map_err(Error::damaged)?,
        seed: Seed(seed),
        last_number: number(row, "last_number")?,
        drawn: number_if_any(row, "drawn")?,
        admission: Admission {
            serving: number(row, "serving")?,
            gate: row::parsed(row, "gate", Gate::parse)?,
            rate_per_s: number(row, "rate_per_s")?,
            most_inside: number(row, "most_inside")?,
            show_up_permille: number(row, "show_up_permille")?,
            saved_milli: row::int(row, "saved_milli")?,
            ticked_at: row::time(row, "ticked_at")?,
        },
    })
}

fn ticket(row: &AnyRow) -> Result<TicketRow> {
    let pseudonym = row::bytes(row, "pseudonym")?.try_into().map_err(|_| row::damaged("pseudonym"))?;
    Ok(TicketRow { number: number(row, "number")?, pseudonym: Pseudonym(pseudonym), joined_at: row::time(row, "joined_at")? })
}

fn admission(row: &AnyRow) -> Result<AdmissionRow> {
    Ok(AdmissionRow {
        person: PersonId(row::int(row, "person_id")?),
        place: Place::new(number(row, "place")?).map_err(Error::damaged)?,
        admitted_at: row::time(row, "admitted_at")?,
        expires_at: row::time(row, "expires_at")?,
    })
}
