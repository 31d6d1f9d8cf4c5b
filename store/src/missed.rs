//! What no device acknowledged is told by SMS, once. The row that says so (`notice_try`, way `sms`) is written in the transaction that puts
//! the message into the outbox, and nodes meet at the shop's row of `sms_told`: whoever comes second finds that it has been told.

use crate::alerts::{self, AlertSetting};
use crate::codes::SMS;
use crate::db::{Store, Write};
use crate::error::Result;
use crate::flake::Flake;
use crate::people::Language;
use crate::row;
use domain::missed::{AFTER_MS, GAP_MS, LOOK_BACK_MS, Sums};
use domain::notice::Event;
use domain::{MerchantId, Timestamp, Won};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};
use std::collections::{BTreeMap, BTreeSet};

/// Shops that are looked at by one statement and told in one transaction.
const SHOPS: usize = 50;
/// Notices of one shop that one look takes up.
const NOTICES: i64 = 1_000;
/// Payments that one look back reads at once.
const PAGE: i64 = 2_000;
const NAME_CHARS: usize = 12;
const SMS_DEVICE_CHARS: usize = 60;

/// Notices of a shop, from one number to another, that may have been missed.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub merchant: MerchantId,
    pub first: i64,
    pub last: i64,
}

/// What became of a stretch.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Looked {
    /// Nothing is left to tell: it was heard, or told before, or the shop wants no SMS (now).
    Settled,
    /// One SMS was put into the outbox, about so many notices.
    Told { count: usize },
    /// To be looked at again: somebody still has time to hear it, or the shop was told a moment ago.
    Again { at: Timestamp },
}

struct Unheard {
    number: i64,
    event: Event,
    amount: Won,
    at: Timestamp,
}

/// A shop, and whom to tell.
struct Shop {
    name: String,
    setting: AlertSetting,
    /// Phone, name and language of the person.
    to: Option<(String, String, Language)>,
}

/// A device said that it did, or an SMS told of it.
const NOT_TOLD: &str = "NOT EXISTS (SELECT 1 FROM notice_try t WHERE t.merchant_id = n.merchant_id AND t.number = n.number \
                        AND (t.outcome = 'done' OR t.way = 'sms'))";

impl Store {
    /// Tells shops by SMS what no device of theirs acknowledged in time. In the order of what was asked.
    pub async fn tell_missed(&self, stretches: &[Stretch], now: Timestamp) -> Result<Vec<(Stretch, Looked)>> {
        let mut all = Vec::with_capacity(stretches.len());
        for some in stretches.chunks(SHOPS) {
            let unheard = self.unheard(some, now).await?;
            let late = |notices: &Vec<Unheard>| notices.iter().map(|notice| notice.at).min().is_some_and(|at| is_late(at, now));
            let late: Vec<MerchantId> = unheard.iter().filter(|(_, notices)| late(notices)).map(|(shop, _)| *shop).collect();
            let mut told = self.tell(&late, &unheard, now).await?;
            all.extend(some.iter().map(|stretch| {
                let oldest = unheard.get(&stretch.merchant).and_then(|notices| notices.iter().map(|notice| notice.at).min());
                let looked = match (told.remove(&stretch.merchant), oldest) {
                    (Some(looked), _) => looked,
                    (None, Some(oldest)) if !is_late(oldest, now) => {
                        Looked::Again { at: crate::clock::at(crate::millis(oldest) + AFTER_MS) }
                    }
                    (None, _) => Looked::Settled,
                };
                (*stretch, looked)
            }));
        }
        Ok(all)
    }

    /// By shop, each in the order of its numbers.
    async fn unheard(&self, stretches: &[Stretch], now: Timestamp) -> Result<BTreeMap<MerchantId, Vec<Unheard>>> {
        let places = (0..SHOPS).map(|place| {
            let at = 2 + 3 * place;
            format!("(CAST(${at} AS BIGINT), CAST(${} AS BIGINT), CAST(${} AS BIGINT))", at + 1, at + 2)
        });
        let select = format!(
            "WITH asked (shop, low, high) AS (VALUES {}) SELECT n.merchant_id, n.number, n.event, n.amount, n.at FROM asked \
             JOIN notice n ON n.merchant_id = asked.shop AND n.number >= asked.low AND n.number <= asked.high \
             WHERE n.at > $1 AND {NOT_TOLD} ORDER BY n.merchant_id, n.number",
            places.collect::<Vec<_>>().join(", ")
        );
        let query = sqlx::query(AssertSqlSafe(select)).bind(crate::millis(now) - LOOK_BACK_MS);
        // One statement for any number of shops: nobody is shop -1.
        let asked = stretches.iter().map(|one| [one.merchant.0, one.first.max(one.last - NOTICES + 1), one.last]);
        let padded = asked.chain(std::iter::repeat([-1, 1, 0])).take(SHOPS).flatten();
        let rows = padded.fold(query, |query, bind| query.bind(bind)).fetch_all(self.reads()).await?;
        let mut unheard: BTreeMap<MerchantId, Vec<Unheard>> = BTreeMap::new();
        for row in &rows {
            let notice = Unheard {
                number: row::int(row, "number")?,
                event: row::parsed(row, "event", Event::parse)?,
                amount: row::won(row, "amount")?,
                at: row::time(row, "at")?,
            };
            unheard.entry(MerchantId(row::int(row, "merchant_id")?)).or_default().push(notice);
        }
        Ok(unheard)
    }

    async fn tell(
        &self,
        late: &[MerchantId],
        unheard: &BTreeMap<MerchantId, Vec<Unheard>>,
        now: Timestamp,
    ) -> Result<BTreeMap<MerchantId, Looked>> {
        let mut looked = BTreeMap::new();
        if late.is_empty() {
            return Ok(looked);
        }
        let shops = self.shops_to_tell(late).await?;
        let mut write = None;
        // Nodes that tell the same shops meet at their rows: everywhere in this order.
        for merchant in late.iter().copied().collect::<BTreeSet<_>>() {
            let Some(shop) = shops.get(&merchant).filter(|shop| shop.setting.sms) else { continue };
            let Some((phone, person, language)) = &shop.to else { continue };
            let loud = unheard.get(&merchant).into_iter().flatten().filter(|notice| !shop.setting.quiet.contains(notice.at));
            let loud: Vec<&Unheard> = loud.collect();
            if loud.is_empty() {
                continue;
            }
            if write.is_none() {
                write = Some(self.write().await?);
            }
            let Some(write) = &mut write else { continue };
            let told_ms = last_told(write, merchant).await?;
            if told_ms > crate::millis(now) - GAP_MS {
                looked.insert(merchant, Looked::Again { at: crate::clock::at(told_ms + GAP_MS) });
                continue;
            }
            let mut sums = Sums::default();
            for notice in loud {
                if record(write, merchant, notice, person, now).await? {
                    sums = sums.with(notice.event, notice.amount);
                }
            }
            if sums.count() > 0 {
                let update = sqlx::query("UPDATE sms_told SET told_at = $2 WHERE merchant_id = $1");
                update.bind(merchant.0).bind(crate::millis(now)).execute(write.tx()).await?;
                let body = serde_json::json!({ "to": phone, "text": message(*language, &shop.name, sums) });
                write.put_effect(SMS, &body, self.next_id(now), now).await?;
                looked.insert(merchant, Looked::Told { count: sums.count() });
            }
        }
        if let Some(write) = write {
            write.commit().await?;
        }
        Ok(looked)
    }

    /// Of each shop whoever is told by SMS. A member whose number has gone to somebody else has none (`gone:`).
    async fn shops_to_tell(&self, shops: &[MerchantId]) -> Result<BTreeMap<MerchantId, Shop>> {
        let select = format!(
            "SELECT o.id, o.name AS shop, a.sms, a.sms_person_id, a.quiet_from, a.quiet_to, m.phone, m.language, p.name FROM merchant o \
             LEFT JOIN alert a ON a.merchant_id = o.id \
             LEFT JOIN member m ON m.person_id = COALESCE(\
               (SELECT w.person_id FROM staff w JOIN member n ON n.person_id = w.person_id \
                WHERE w.merchant_id = o.id AND w.person_id = a.sms_person_id AND n.phone NOT LIKE 'gone:%'), \
               (SELECT w.person_id FROM staff w JOIN member n ON n.person_id = w.person_id \
                WHERE w.merchant_id = o.id AND w.role = 'owner' AND n.phone NOT LIKE 'gone:%' ORDER BY w.created_at, w.person_id LIMIT 1)) \
             LEFT JOIN person p ON p.id = m.person_id WHERE o.id IN {}",
            row::list(1, SHOPS)
        );
        let padded = shops.iter().map(|shop| shop.0).chain(std::iter::repeat(-1)).take(SHOPS);
        let query = padded.fold(sqlx::query(AssertSqlSafe(select)), |query, shop| query.bind(shop));
        let shop = |row: &AnyRow| -> Result<(MerchantId, Shop)> {
            let phone: Option<String> = row.try_get("phone")?;
            let to = match phone {
                Some(phone) => Some((phone, row::text(row, "name")?, row::parsed(row, "language", Language::parse)?)),
                None => None,
            };
            Ok((MerchantId(row::int(row, "id")?), Shop { name: row::text(row, "shop")?, setting: alerts::setting(row)?, to }))
        };
        query.fetch_all(self.reads()).await?.iter().map(shop).collect()
    }

    /// Where something was paid or cancelled since `from`, up to `to`, and which notices may be meant; the mark to go on from. What nodes
    /// remembered that are no longer there. A page at a time, in the order of the ledger.
    pub async fn stretches_since(&self, mark: Option<i64>, from: Timestamp, to: Timestamp) -> Result<(Vec<Stretch>, Option<i64>)> {
        let from = mark.unwrap_or_else(|| Flake::least_at(crate::millis(from)));
        let select = "SELECT t.id, p.merchant_id FROM transfer t JOIN payment p ON p.id = t.subject \
                      WHERE t.id >= $1 AND t.id < $2 AND t.cause IN ('pay', 'cancel') ORDER BY t.id LIMIT $3";
        let select = sqlx::query(select).bind(from).bind(Flake::least_at(crate::millis(to))).bind(PAGE);
        let rows = select.fetch_all(self.reads()).await?;
        let mut shops = BTreeSet::new();
        let mut last = None;
        for row in &rows {
            shops.insert(MerchantId(row::int(row, "merchant_id")?));
            last = Some(row::int(row, "id")? + 1);
        }
        let shops: Vec<MerchantId> = shops.into_iter().collect();
        let numbers = self.last_numbers(&shops).await?;
        let stretch = |(merchant, last): (MerchantId, i64)| Stretch { merchant, first: (last - NOTICES + 1).max(1), last };
        let is_full = i64::try_from(rows.len()).unwrap_or(i64::MAX) >= PAGE;
        Ok((numbers.into_iter().map(stretch).collect(), last.filter(|_| is_full)))
    }
}

fn is_late(at: Timestamp, now: Timestamp) -> bool {
    crate::millis(at) <= crate::millis(now) - AFTER_MS
}

/// When the shop was last told; whoever asks holds its row from here on.
async fn last_told(write: &mut Write, merchant: MerchantId) -> Result<i64> {
    let touch = "INSERT INTO sms_told (merchant_id, told_at) VALUES ($1, 0) \
                 ON CONFLICT (merchant_id) DO UPDATE SET told_at = sms_told.told_at RETURNING told_at";
    row::int(&sqlx::query(touch).bind(merchant.0).fetch_one(write.tx()).await?, "told_at")
}

/// `false`: heard or told since it was looked at.
async fn record(write: &mut Write, merchant: MerchantId, notice: &Unheard, person: &str, now: Timestamp) -> Result<bool> {
    let insert = format!(
        "INSERT INTO notice_try (merchant_id, number, way, device, outcome, at, after_ms) \
         SELECT n.merchant_id, n.number, 'sms', $3, 'sent', $4, $5 FROM notice n \
         WHERE n.merchant_id = $1 AND n.number = $2 AND {NOT_TOLD} ON CONFLICT DO NOTHING"
    );
    let insert = sqlx::query(AssertSqlSafe(insert)).bind(merchant.0).bind(notice.number);
    let insert = insert.bind(crate::plain::line(person, SMS_DEVICE_CHARS)).bind(crate::millis(now));
    let after_ms = (crate::millis(now) - crate::millis(notice.at)).max(0);
    Ok(insert.bind(after_ms).execute(write.tx()).await?.rows_affected() > 0)
}

/// One short message where the name allows it (90 bytes in EUC-KR).
fn message(language: Language, shop: &str, sums: Sums) -> String {
    let name: String = shop.chars().take(NAME_CHARS).collect();
    let Sums { paid, cancelled, .. } = sums;
    let (paid_count, cancelled_count) = (sums.paid_count, sums.cancelled_count);
    match language {
        Language::Ko => {
            let what = match (paid_count, cancelled_count) {
                (1, 0) => format!("{paid}원 결제"),
                (0, 1) => format!("{cancelled}원 결제 취소"),
                (_, 0) => format!("{paid_count}건, {paid}원 결제"),
                (0, _) => format!("{cancelled_count}건, {cancelled}원 결제 취소"),
                (..) => format!("{paid_count}건, {paid}원 결제. {cancelled_count}건, {cancelled}원 취소"),
            };
            format!("[Pay+] {name} {what}. 가게 화면이 꺼져 있어요.")
        }
        Language::En => {
            let what = match (paid_count, cancelled_count) {
                (1, 0) => format!("{paid} won paid"),
                (0, 1) => format!("{cancelled} won cancelled"),
                (_, 0) => format!("{paid_count} payments, {paid} won"),
                (0, _) => format!("{cancelled_count} cancelled, {cancelled} won"),
                (..) => format!("{paid_count} payments, {paid} won; {cancelled_count} cancelled, {cancelled} won"),
            };
            format!("[Pay+] {name}: {what}. No screen of the shop is on.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_missed_is_said_in_one_message() {
        let sums = |paid_count, paid, cancelled_count, cancelled| Sums {
            paid_count,
            paid: Won::of(paid),
            cancelled_count,
            cancelled: Won::of(cancelled),
        };
        for (sums, korean) in [
            (sums(1, 32_000, 0, 0), "[Pay+] 망원분식 32,000원 결제. 가게 화면이 꺼져 있어요."),
            (sums(3, 96_000, 0, 0), "[Pay+] 망원분식 3건, 96,000원 결제. 가게 화면이 꺼져 있어요."),
            (sums(0, 0, 1, 500), "[Pay+] 망원분식 500원 결제 취소. 가게 화면이 꺼져 있어요."),
            (sums(2, 1_000_000, 1, 5_000), "[Pay+] 망원분식 2건, 1,000,000원 결제. 1건, 5,000원 취소. 가게 화면이 꺼져 있어요."),
        ] {
            assert_eq!(message(Language::Ko, "망원분식", sums), korean);
        }
        let english = message(Language::En, "Mangwon", sums(3, 96_000, 0, 0));
        assert_eq!(english, "[Pay+] Mangwon: 3 payments, 96,000 won. No screen of the shop is on.");
    }
}
