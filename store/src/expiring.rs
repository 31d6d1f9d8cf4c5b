//! Lots at the end of their time: which are to be booked as expired, whom to tell beforehand, and what an owner may still claim.

use crate::codes::SMS;
use crate::db::{Store, Write};
use crate::error::Result;
use crate::lot_list::places;
use crate::people::Language;
use crate::row;
use crate::wallet::{lot, lot_columns};
use domain::calendar::Day;
use domain::kind::Kind;
use domain::spending::Lot;
use domain::{KindId, LotId, PersonId, Timestamp, Won};
use futures::future::try_join_all;
use sqlx::AssertSqlSafe;
use std::collections::BTreeSet;

/// Lots that one round asks the till about, or tells people of.
const ROUND: i64 = 500;
/// Looked at again: what a node whose clock is behind has done since.
const OVERLAP_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;
const SWEPT: &str = "swept";

/// How far lots were looked at, in the order of their ends.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct Reached {
    expires_ms: i64,
    lot: i64,
}

impl Store {
    /// Books what is left of lots whose time is over as breakage, a round of them. So many lots and so much; fewer than a round: that was all.
    /// Nodes may do it beside each other: a lot that has expired is left alone.
    pub async fn expire_lots(&self, now: Timestamp) -> Result<(usize, Won)> {
        let now_ms = crate::millis(now);
        let since = self.reached(SWEPT).await?.map_or(i64::MIN, |reached| reached.expires_ms - OVERLAP_MS);
        let select =
            "SELECT id, person_id FROM lot WHERE expires_at > $1 AND expires_at <= $2 AND remaining > 0 ORDER BY expires_at, id LIMIT $3";
        let rows = sqlx::query(select).bind(since).bind(now_ms).bind(ROUND).fetch_all(self.reads()).await?;
        let due: Vec<(LotId, PersonId)> =
            rows.iter().map(|row| Ok((LotId(row::int(row, "id")?), PersonId(row::int(row, "person_id")?)))).collect::<Result<_>>()?;
        let booked = try_join_all(due.iter().map(|(lot, person)| self.till().expire(*lot, *person, now))).await?;
        if i64::try_from(due.len()).is_ok_and(|due| due < ROUND) {
            let mut write = self.write().await?;
            let upsert = "INSERT INTO expiry_mark (what, expires_at, lot_id) VALUES ($1, $2, 0) \
                          ON CONFLICT (what) DO UPDATE SET expires_at = excluded.expires_at WHERE expiry_mark.expires_at < excluded.expires_at";
            sqlx::query(upsert).bind(SWEPT).bind(now_ms).execute(write.tx()).await?;
            write.commit().await?;
        }
        Ok((due.len(), Won::sum(booked).unwrap_or(Won::MAX)))
    }

    /// Tells the owners of lots that end within `days` days by text message, each once, a round of lots. So many people; `None`: that was
    /// all, or another node is at it.
    pub async fn tell_expiring(&self, days: u8, now: Timestamp) -> Result<Option<usize>> {
        let now_ms = crate::millis(now);
        let what = format!("{days} days");
        let before = self.reached(&what).await?;
        // Whoever's lots are over was told, or it is too late.
        let from = before.map_or(Reached { expires_ms: now_ms, lot: i64::MAX }, |reached| match reached.expires_ms < now_ms {
            true => Reached { expires_ms: now_ms, lot: i64::MAX },
            false => reached,
        });
        let upto = now_ms + i64::from(days) * DAY_MS;
        let select = "SELECT lot.id, lot.person_id, lot.kind_id, lot.expires_at FROM lot \
                      WHERE lot.expires_at >= $1 AND lot.expires_at <= $3 AND (lot.expires_at, lot.id) > ($1, $2) AND lot.remaining > 0 \
                      ORDER BY lot.expires_at, lot.id LIMIT $4";
        let select = sqlx::query(select).bind(from.expires_ms).bind(from.lot).bind(upto).bind(ROUND);
        let rows = select.fetch_all(self.reads()).await?;
        let Some(last) = rows.last() else { return Ok(None) };
        let reached = Reached { expires_ms: row::int(last, "expires_at")?, lot: row::int(last, "id")? };
        let owners: BTreeSet<(i64, i64, i64)> = rows
            .iter()
            .map(|row| Ok((row::int(row, "expires_at")?, row::int(row, "person_id")?, row::int(row, "kind_id")?)))
            .collect::<Result<_>>()?;
        let mut write = self.write().await?;
        if !advance(&mut write, &what, before, reached).await? {
            write.undo().await?;
            return Ok(None);
        }
        let mut told = 0;
        for (expires_ms, person, kind) in owners {
            told += usize::from(self.tell_owner(&mut write, (PersonId(person), KindId(kind)), expires_ms, days, now).await?);
        }
        write.commit().await?;
        Ok(Some(told))
    }

    /// False: was told, has nothing left of it, or is no member.
    async fn tell_owner(
        &self,
        write: &mut Write,
        (person, kind): (PersonId, KindId),
        expires_ms: i64,
        days: u8,
        now: Timestamp,
    ) -> Result<bool> {
        let live = self.live_lots(person).await?;
        let select = format!(
            "SELECT kind.name_ko, kind.name_en, member.phone, member.language, (SELECT CAST(COALESCE(SUM(remaining), 0) AS BIGINT) FROM lot \
               WHERE id IN ({}) AND person_id = $1 AND kind_id = $2 AND expires_at = $3) AS amount \
             FROM member JOIN kind ON kind.id = $2 WHERE member.person_id = $1 AND member.phone NOT LIKE 'gone:%'",
            places(4, &live)
        );
        let select = sqlx::query(AssertSqlSafe(select)).bind(person.0).bind(kind.0).bind(expires_ms);
        let Some(row) = live.iter().fold(select, |select, lot| select.bind(lot.0)).fetch_optional(write.tx()).await? else {
            return Ok(false);
        };
        let amount = row::won(&row, "amount")?;
        if amount.is_zero() {
            return Ok(false);
        }
        let insert = "INSERT INTO expiry_notice (person_id, kind_id, expires_at, days, amount, told_at) VALUES ($1, $2, $3, $4, $5, $6) \
                      ON CONFLICT (person_id, kind_id, expires_at, days) DO NOTHING";
        let insert = sqlx::query(insert).bind(person.0).bind(kind.0).bind(expires_ms).bind(i64::from(days));
        if insert.bind(amount.get()).bind(crate::millis(now)).execute(write.tx()).await?.rows_affected() == 0 {
            return Ok(false);
        }
        let last_day = Day::of(crate::clock::at(expires_ms - 1));
        let text = match row::parsed(&row, "language", Language::parse)? {
            Language::Ko => message_ko(&row::text(&row, "name_ko")?, amount, last_day),
            Language::En => message_en(&row::text(&row, "name_en")?, amount, last_day),
        };
        let body = serde_json::json!({ "to": row::text(&row, "phone")?, "text": text });
        write.put_effect(SMS, &body, self.next_id(now), now).await?;
        Ok(true)
    }

    async fn reached(&self, what: &str) -> Result<Option<Reached>> {
        let select = sqlx::query("SELECT expires_at, lot_id FROM expiry_mark WHERE what = $1").bind(what.to_owned());
        let reached = |row: &sqlx::any::AnyRow| Ok(Reached { expires_ms: row::int(row, "expires_at")?, lot: row::int(row, "lot_id")? });
        select.fetch_optional(self.reads()).await?.as_ref().map(reached).transpose()
    }

    /// What a person had when its time was over and has not claimed, those that ended last first, and the kinds they are of. Their `left` is
    /// zero once they are booked.
    pub async fn expired_lots(&self, person: PersonId, now: Timestamp) -> Result<Vec<(Lot, Kind)>> {
        let live = self.live_lots(person).await?;
        let select = format!(
            concat!(
                "SELECT ",
                lot_columns!(),
                ", lot.person_id FROM lot JOIN kind ON kind.id = lot.kind_id WHERE lot.id IN ({}) AND lot.person_id = $1 \
                 AND lot.remaining > 0 AND lot.expires_at <= $2 \
                 UNION ALL SELECT ",
                lot_columns!(),
                ", lot.person_id FROM lot JOIN kind ON kind.id = lot.kind_id WHERE lot.person_id = $1 AND lot.remaining = 0 AND lot.expired > 0 \
                 ORDER BY expires_at DESC, id DESC"
            ),
            places(3, &live)
        );
        let select = sqlx::query(AssertSqlSafe(select)).bind(person.0).bind(crate::millis(now));
        let rows = live.iter().fold(select, |select, lot| select.bind(lot.0)).fetch_all(self.reads()).await?;
        rows.iter().map(|row| Ok((lot(row)?, row::kind(row)?))).collect()
    }
}

/// Compare and swap: false when another node was quicker.
async fn advance(write: &mut Write, what: &str, before: Option<Reached>, reached: Reached) -> Result<bool> {
    let written = match before {
        None => {
            let insert = "INSERT INTO expiry_mark (what, expires_at, lot_id) VALUES ($1, $2, $3) ON CONFLICT (what) DO NOTHING";
            sqlx::query(insert).bind(what.to_owned()).bind(reached.expires_ms).bind(reached.lot).execute(write.tx()).await?
        }
        Some(before) => {
            let update = "UPDATE expiry_mark SET expires_at = $2, lot_id = $3 WHERE what = $1 AND expires_at = $4 AND lot_id = $5";
            let update = sqlx::query(update).bind(what.to_owned()).bind(reached.expires_ms).bind(reached.lot);
            update.bind(before.expires_ms).bind(before.lot).execute(write.tx()).await?
        }
    };
    Ok(written.rows_affected() == 1)
}

/// One message of 90 bytes in EUC-KR where the kind's name allows it; what to do stands on the wallet's page.
fn message_ko(kind: &str, amount: Won, last_day: Day) -> String {
    let date = last_day.date().map(|date| format!("{}월 {}일", date.month(), date.day())).unwrap_or_default();
    format!("[Pay+] {kind} {amount}원을 {date}까지 쓸 수 있어요. 지갑에서 확인해 주세요.")
}

fn message_en(kind: &str, amount: Won, last_day: Day) -> String {
    let date = last_day.date().map(|date| date.strftime("%-d %B %Y").to_string()).unwrap_or_default();
    format!("[Pay+] {kind}: {amount} won can be spent until {date}. See your wallet.")
}
