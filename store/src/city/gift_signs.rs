//! Signs of gifts that go round: rings, fast pass-along, many givers, spending at the giver's own shop. Signs and nothing else: nobody is
//! punished by them, and most have a harmless reason; the city looks.

use crate::db::Store;
use crate::error::Result;
use crate::row::{self, kind_columns};
use domain::gifting::Sign;
use domain::kind::Kind;
use domain::{Timestamp, Won};
use sqlx::any::AnyRow;

const DAY_MS: i64 = 86_400_000;
/// How far back the city looks, and within how many days a ring closes.
const LOOK_BACK_MS: i64 = 30 * DAY_MS;
/// Given on so soon after it was accepted.
const FAST_MS: i64 = DAY_MS;
/// So many people who gave to one person within the time that is looked at.
const GIVERS: i64 = 5;
const LINES: i64 = 200;

/// A sign, with whom it is about and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GiftSign {
    pub sign: Sign,
    pub kind: Kind,
    /// Whoever gave; of many givers nobody.
    pub from: Option<String>,
    /// Whoever received.
    pub to: String,
    pub amount: Won,
    pub gifts: i64,
    pub at: Timestamp,
}

impl Store {
    /// The newest first, at most 200.
    pub async fn gift_signs(&self, now: Timestamp) -> Result<Vec<GiftSign>> {
        let select = concat!(
            "SELECT ",
            kind_columns!(),
            ", s.sign AS sign, s.amount AS amount, s.gifts AS gifts, s.at AS at, f.name AS from_name, t.name AS to_name FROM ( \
               SELECT 'ring' AS sign, b.kind_id AS kind_id, b.sender_id AS from_id, b.receiver_id AS to_id, b.amount AS amount, 2 AS gifts, b.decided_at AS at \
                 FROM gift b JOIN gift a ON a.sender_id = b.receiver_id AND a.receiver_id = b.sender_id AND a.kind_id = b.kind_id \
                 WHERE a.decided_at < b.decided_at AND b.decided_at - a.decided_at < $2 AND b.decided_at >= $1 \
               UNION ALL \
               SELECT 'ring', c.kind_id, c.sender_id, c.receiver_id, c.amount, 3, c.decided_at \
                 FROM gift c JOIN gift b ON b.receiver_id = c.sender_id AND b.kind_id = c.kind_id \
                   JOIN gift a ON a.receiver_id = b.sender_id AND a.sender_id = c.receiver_id AND a.kind_id = c.kind_id \
                 WHERE a.decided_at < b.decided_at AND b.decided_at < c.decided_at AND c.decided_at - a.decided_at < $2 AND c.decided_at >= $1 \
               UNION ALL \
               SELECT 'passed_on', g.kind_id, g.sender_id, g.receiver_id, g.amount, 1, g.decided_at \
                 FROM gift g WHERE g.receiver_id IS NOT NULL AND g.decided_at >= $1 AND EXISTS \
                   (SELECT 1 FROM gift_part p JOIN lot l ON l.id = p.lot_id JOIN gift o ON o.escrow = l.gift \
                    WHERE p.escrow = g.escrow AND g.created_at - o.decided_at < $3) \
               UNION ALL \
               SELECT 'many_givers', kind_id, NULL, receiver_id, CAST(SUM(amount) AS BIGINT), COUNT(*), MAX(decided_at) \
                 FROM gift WHERE receiver_id IS NOT NULL AND decided_at >= $1 GROUP BY kind_id, receiver_id HAVING COUNT(DISTINCT sender_id) >= $4 \
               UNION ALL \
               SELECT 'own_shop', l.kind_id, g.sender_id, l.person_id, CAST(SUM(e.amount) AS BIGINT), COUNT(*), MAX(y.created_at) \
                 FROM gift g JOIN gift_part p ON p.escrow = g.escrow JOIN lot l ON l.id = p.to_lot_id \
                   JOIN entry e ON e.account = 2010 AND e.owner = l.id AND e.amount > 0 JOIN payment y ON y.transfer_id = e.transfer_id \
                   JOIN staff s ON s.merchant_id = y.merchant_id AND s.person_id = g.sender_id AND s.role = 'owner' \
                 WHERE g.receiver_id IS NOT NULL AND y.created_at >= $1 GROUP BY l.kind_id, g.sender_id, l.person_id \
             ) s JOIN kind ON kind.id = s.kind_id JOIN person t ON t.id = s.to_id LEFT JOIN person f ON f.id = s.from_id \
             ORDER BY s.at DESC, s.sign LIMIT $5"
        );
        let select = sqlx::query(select).bind(crate::millis(now) - LOOK_BACK_MS).bind(LOOK_BACK_MS).bind(FAST_MS).bind(GIVERS).bind(LINES);
        select.fetch_all(self.reads()).await?.iter().map(sign).collect()
    }
}

fn sign(row: &AnyRow) -> Result<GiftSign> {
    Ok(GiftSign {
        sign: row::parsed(row, "sign", Sign::parse)?,
        kind: row::kind(row)?,
        from: row::text_if_any(row, "from_name")?,
        to: row::text(row, "to_name")?,
        amount: row::won(row, "amount")?,
        gifts: row::int(row, "gifts")?,
        at: row::time(row, "at")?,
    })
}
