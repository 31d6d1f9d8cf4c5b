//! A person's purchases, whatever became of them. No index of all purchases by person is kept: it would be random writes on
//! the hottest table. Posted ones are found through their lots (live ones by the allowances' lists, spent ones by the index
//! `lot_spent`), never through those that were given to the person; open ones and given-up ones through small partial indexes.

use crate::db::Store;
use crate::error::Result;
use crate::history::{Fits, Mark, Stretch, page_size};
use crate::lot_list::places;
use crate::row::{self, kind_columns};
use domain::buying::{BankReason, Purchase, State};
use domain::kind::Price;
use domain::{PersonId, PurchaseId};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// The columns that [`purchase`] reads besides those of the kind and `expires_at`.
macro_rules! purchase_columns {
    () => {
        concat!(
            kind_columns!(),
            ", purchase.id AS id, purchase.face AS face, purchase.paid AS paid, purchase.fund AS fund, \
             purchase.state AS state, purchase.reason AS reason, purchase.created_at AS created_at, \
             purchase.decided_at AS decided_at, "
        )
    };
}

/// In the words of the partial index `purchase_open`. A voided purchase that is still watched is not open.
macro_rules! open {
    () => {
        "purchase.check_at IS NOT NULL AND purchase.state IN ('reserved', 'unknown', 'refunding')"
    };
}

impl Store {
    /// Newest first, those before `before`; at most `limit` (and 200).
    pub async fn purchases(&self, person: PersonId, before: Option<Mark>, limit: i64) -> Result<Vec<Purchase>> {
        self.purchases_in(person, Stretch::up_to(before), None, limit).await
    }

    /// Those of a stretch, newest first, and if `fits` is given only those of these kinds, or of this face or price.
    pub(crate) async fn purchases_in(&self, person: PersonId, stretch: Stretch, fits: Option<&Fits>, limit: i64) -> Result<Vec<Purchase>> {
        let live = self.live_lots(person).await?;
        let Some(condition) = Fits::condition(fits, 7 + live.len(), "kind_id", &["face", "paid"]) else { return Ok(Vec::new()) };
        // Each purchase is in one of the four parts only, whatever is posted or spent meanwhile.
        let select = format!(
            concat!(
                "SELECT * FROM (SELECT ",
                purchase_columns!(),
                "lot.expires_at AS expires_at FROM lot JOIN purchase ON purchase.id = lot.purchase_id \
                 JOIN kind ON kind.id = purchase.kind_id WHERE lot.id IN ({}) AND lot.person_id = $1 AND lot.remaining > 0 \
                 AND lot.gift IS NULL UNION ALL SELECT ",
                purchase_columns!(),
                "lot.expires_at AS expires_at FROM lot JOIN purchase ON purchase.id = lot.purchase_id \
                 JOIN kind ON kind.id = purchase.kind_id WHERE lot.person_id = $1 AND lot.remaining = 0 \
                 AND lot.gift IS NULL UNION ALL SELECT ",
                purchase_columns!(),
                "CAST(NULL AS BIGINT) AS expires_at FROM purchase JOIN kind ON kind.id = purchase.kind_id \
                 WHERE purchase.person_id = $1 AND ",
                open!(),
                " UNION ALL SELECT ",
                purchase_columns!(),
                "CAST(NULL AS BIGINT) AS expires_at FROM purchase JOIN kind ON kind.id = purchase.kind_id \
                 WHERE purchase.person_id = $1 AND purchase.state IN ('voided', 'refunded')) AS bought \
                 WHERE (created_at, id) < ($2, $3) AND (created_at, id) >= ($4, $5){} ORDER BY created_at DESC, id DESC LIMIT $6"
            ),
            places(7, &live),
            condition
        );
        let select = stretch.bind(sqlx::query(AssertSqlSafe(select)).bind(person.0)).bind(page_size(limit));
        let select = Fits::bind(fits, live.iter().fold(select, |select, lot| select.bind(lot.0)));
        select.fetch_all(self.reads()).await?.iter().map(purchase).collect()
    }

    /// Those that the bank has not settled, oldest first.
    pub async fn open_purchases(&self, person: PersonId) -> Result<Vec<Purchase>> {
        let select = concat!(
            "SELECT ",
            purchase_columns!(),
            "CAST(NULL AS BIGINT) AS expires_at FROM purchase JOIN kind ON kind.id = purchase.kind_id \
             WHERE purchase.person_id = $1 AND ",
            open!(),
            " ORDER BY purchase.created_at, purchase.id"
        );
        sqlx::query(select).bind(person.0).fetch_all(self.reads()).await?.iter().map(purchase).collect()
    }

    /// `None`: no such purchase, or it is someone else's.
    pub async fn purchase(&self, person: PersonId, id: PurchaseId) -> Result<Option<Purchase>> {
        let select = concat!(
            "SELECT ",
            purchase_columns!(),
            "lot.expires_at AS expires_at FROM purchase JOIN kind ON kind.id = purchase.kind_id \
             LEFT JOIN lot ON lot.id = purchase.lot_id \
             WHERE purchase.id = $1 AND purchase.person_id = $2"
        );
        let select = sqlx::query(select).bind(id.uuid().as_bytes().to_vec()).bind(person.0);
        select.fetch_optional(self.reads()).await?.as_ref().map(purchase).transpose()
    }
}

fn purchase(row: &AnyRow) -> Result<Purchase> {
    Ok(Purchase {
        id: PurchaseId::from_bytes(&row::bytes(row, "id")?).map_err(|_| row::damaged("purchase.id"))?,
        kind: row::kind(row)?,
        price: Price { face: row::won(row, "face")?, paid: row::won(row, "paid")?, fund: row::won(row, "fund")? },
        state: row::parsed(row, "state", State::parse)?,
        reason: row::text_if_any(row, "reason")?.as_deref().map(BankReason::parse),
        created_at: row::time(row, "created_at")?,
        decided_at: row::time_if_any(row, "decided_at")?,
        expires_at: row::time_if_any(row, "expires_at")?,
    })
}
