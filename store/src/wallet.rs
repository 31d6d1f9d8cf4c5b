//! What a person holds and may still buy.

use crate::db::Store;
use crate::error::Result;
use crate::lot_list::places;
use crate::row;
use domain::buying::Allowance;
use domain::calendar::Month;
use domain::kind::Kind;
use domain::spending::Lot;
use domain::{EscrowId, KindId, LotId, PersonId, Timestamp};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// The lots of a person that something is left of and that have not expired, oldest first, and the kinds they are of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wallet {
    pub lots: Vec<Lot>,
    /// Each once. As sold now; what binds a lot stands in the lot.
    pub kinds: Vec<Kind>,
}

impl Store {
    pub async fn wallet(&self, person: PersonId, now: Timestamp) -> Result<Wallet> {
        let live = self.live_lots(person).await?;
        let select = format!(
            concat!(
                "SELECT ",
                lot_columns!(),
                " FROM lot JOIN kind ON kind.id = lot.kind_id WHERE lot.id IN ({}) AND lot.person_id = $1 AND lot.remaining > 0 \
                 AND lot.expires_at > $2 ORDER BY lot.bought_at, lot.id"
            ),
            places(3, &live)
        );
        let select = sqlx::query(AssertSqlSafe(select)).bind(person.0).bind(crate::millis(now));
        let rows = live.iter().fold(select, |select, lot| select.bind(lot.0)).fetch_all(self.reads()).await?;
        let mut wallet = Wallet::default();
        for row in &rows {
            let lot = lot(row)?;
            if wallet.kinds.iter().all(|kind| kind.id != lot.kind) {
                wallet.kinds.push(row::kind(row)?);
            }
            wallet.lots.push(lot);
        }
        Ok(wallet)
    }

    /// What a person bought of a kind in a month, and holds of it.
    pub async fn allowance(&self, person: PersonId, kind: KindId) -> Result<Allowance> {
        let select = sqlx::query("SELECT month, bought, held FROM allowance WHERE person_id = $1 AND kind_id = $2");
        let row = select.bind(person.0).bind(kind.0).fetch_optional(self.reads()).await?;
        let Some(row) = row else { return Ok(Allowance::NONE) };
        let month = i32::try_from(row::int(&row, "month")?).map_err(|_| row::damaged("month"))?;
        Ok(Allowance { month: Month(month), bought: row::won(&row, "bought")?, held: row::won(&row, "held")? })
    }
}

/// The columns that [`lot`] reads, with those of its kind.
macro_rules! lot_columns {
    () => {
        concat!(
            "lot.id AS id, lot.district AS district, lot.discount_bp AS discount_bp, lot.face AS face, lot.paid AS paid, \
             lot.remaining AS remaining, lot.refunded AS refunded, lot.expired AS expired, lot.given AS given, lot.gift AS gift, lot.refund_from AS refund_from, \
             lot.after_expiry AS after_expiry, lot.bought_at AS bought_at, lot.expires_at AS expires_at, ",
            $crate::row::kind_columns!()
        )
    };
}
pub(crate) use lot_columns;

pub(crate) fn lot(row: &AnyRow) -> Result<Lot> {
    Ok(Lot {
        id: LotId(row::int(row, "id")?),
        kind: KindId(row::int(row, "kind_id")?),
        scope: row::scope(row, "district")?,
        face: row::won(row, "face")?,
        paid: row::won(row, "paid")?,
        discount: row::basis_points(row, "discount_bp")?,
        left: row::won(row, "remaining")?,
        refunded: row::won(row, "refunded")?,
        expired: row::won(row, "expired")?,
        given: row::won(row, "given")?,
        gift: row::int_if_any(row, "gift")?.map(EscrowId),
        after_expiry: row::percent(row, "after_expiry")?,
        refund_from: row::int_if_any(row, "refund_from")?.map(|_| row::percent(row, "refund_from")).transpose()?,
        bought_at: row::time(row, "bought_at")?,
        expires_at: row::time(row, "expires_at")?,
    })
}
