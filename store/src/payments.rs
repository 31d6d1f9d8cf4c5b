//! Payments, as the payer and the shop see them.

use crate::db::Store;
use crate::error::Result;
use crate::history::{Fits, Mark, Stretch, page_size};
use crate::merchants::{merchant, merchant_columns};
use crate::row;
use crate::staff::StaffProof;
use domain::ledger::Account;
use domain::paying::{Code, Payment};
use domain::spending::Draw;
use domain::{KindId, LotId, PaymentId, PersonId};
use sqlx::AssertSqlSafe;
use sqlx::any::AnyRow;

/// Who asks for a payment.
#[derive(Copy, Clone, Debug)]
pub enum Viewer<'a> {
    Payer(PersonId),
    /// Staff of the shop. It is not told which lots were drawn on.
    Staff(&'a StaffProof),
}

macro_rules! payment_columns {
    () => {
        concat!("payment.id, payment.amount, payment.code, payment.created_at, payment.cancelled, ", merchant_columns!())
    };
}

impl Store {
    /// `None`: no such payment, or it is neither the viewer's nor the viewer's shop's.
    pub async fn payment(&self, viewer: Viewer<'_>, id: PaymentId) -> Result<Option<Payment>> {
        let by_payer = concat!(
            "SELECT ",
            payment_columns!(),
            " FROM payment JOIN merchant ON merchant.id = payment.merchant_id WHERE payment.id = $1 AND payment.payer_id = $2"
        );
        let by_shop = concat!(
            "SELECT ",
            payment_columns!(),
            " FROM payment JOIN merchant ON merchant.id = payment.merchant_id WHERE payment.id = $1 AND payment.merchant_id = $2"
        );
        let (select, whose) = match viewer {
            Viewer::Payer(person) => (by_payer, person.0),
            Viewer::Staff(proof) => (by_shop, proof.merchant().0),
        };
        let select = sqlx::query(select).bind(id.uuid().as_bytes().to_vec()).bind(whose);
        let Some(row) = select.fetch_optional(self.reads()).await? else { return Ok(None) };
        let mut payments = vec![payment(&row)?];
        if let Viewer::Payer(person) = viewer {
            self.fill_in_draws(person, &mut payments).await?;
        }
        Ok(payments.pop())
    }

    /// Of a payer, newest first, those before `before`; at most `limit` (and 200).
    pub async fn payments(&self, payer: PersonId, before: Option<Mark>, limit: i64) -> Result<Vec<Payment>> {
        let mut payments = self.payments_in(payer, Stretch::up_to(before), None, limit).await?;
        self.fill_in_draws(payer, &mut payments).await?;
        Ok(payments)
    }

    /// Those of a stretch, newest first, and if `fits` is given only those at these shops or of this amount. Without their draws.
    pub(crate) async fn payments_in(&self, payer: PersonId, stretch: Stretch, fits: Option<&Fits>, limit: i64) -> Result<Vec<Payment>> {
        let Some(condition) = Fits::condition(fits, 7, "payment.merchant_id", &["payment.amount"]) else { return Ok(Vec::new()) };
        let select = format!(
            concat!(
                "SELECT ",
                payment_columns!(),
                " FROM payment JOIN merchant ON merchant.id = payment.merchant_id \
                 WHERE payment.payer_id = $1 AND (payment.created_at, payment.id) < ($2, $3) \
                 AND (payment.created_at, payment.id) >= ($4, $5){} \
                 ORDER BY payment.created_at DESC, payment.id DESC LIMIT $6"
            ),
            condition
        );
        let select = stretch.bind(sqlx::query(AssertSqlSafe(select)).bind(payer.0)).bind(page_size(limit));
        Fits::bind(fits, select).fetch_all(self.reads()).await?.iter().map(payment).collect()
    }

    /// What the tax service knows the shop by, of a payment of this payer. `None`: no such payment, or somebody else's.
    pub async fn business_number_of(&self, payer: PersonId, id: PaymentId) -> Result<Option<String>> {
        let select = "SELECT merchant.business_number FROM payment JOIN merchant ON merchant.id = payment.merchant_id \
                      WHERE payment.id = $1 AND payment.payer_id = $2";
        let row = sqlx::query(select).bind(id.uuid().as_bytes().to_vec()).bind(payer.0).fetch_optional(self.reads()).await?;
        row.map(|row| row::text(&row, "business_number")).transpose()
    }

    /// The draws of a run of payments, newest first, of one payer: what their transfers debited the lots.
    async fn fill_in_draws(&self, payer: PersonId, payments: &mut [Payment]) -> Result<()> {
        let (Some(newest), Some(oldest)) = (payments.first(), payments.last()) else { return Ok(()) };
        let (newest, oldest) = (Mark::of_payment(newest), Mark::of_payment(oldest));
        let select = "SELECT payment.id, entry.owner, entry.amount, lot.kind_id FROM payment \
                      JOIN entry ON entry.transfer_id = payment.transfer_id AND entry.account = $6 JOIN lot ON lot.id = entry.owner \
                      WHERE payment.payer_id = $1 AND (payment.created_at, payment.id) <= ($2, $3) \
                      AND (payment.created_at, payment.id) >= ($4, $5) ORDER BY entry.transfer_id, entry.line";
        let select = sqlx::query(select).bind(payer.0).bind(newest.at_ms()).bind(newest.id().to_vec());
        let select = select.bind(oldest.at_ms()).bind(oldest.id().to_vec()).bind(Account::Lot(LotId(0)).code());
        for row in select.fetch_all(self.reads()).await? {
            let (id, amount) = (id(&row)?, row::won(&row, "amount")?);
            let draw = Draw { lot: LotId(row::int(&row, "owner")?), kind: KindId(row::int(&row, "kind_id")?), amount };
            if let Some(payment) = payments.iter_mut().find(|payment| payment.id == id) {
                payment.draws.push(draw);
            }
        }
        Ok(())
    }
}

fn id(row: &AnyRow) -> Result<PaymentId> {
    PaymentId::from_bytes(&row::bytes(row, "id")?).map_err(|_| row::damaged("payment.id"))
}

fn payment(row: &AnyRow) -> Result<Payment> {
    Ok(Payment {
        id: id(row)?,
        merchant: merchant(row)?,
        amount: row::won(row, "amount")?,
        code: Code::new(row::int(row, "code")?).ok_or_else(|| row::damaged("code"))?,
        created_at: row::time(row, "created_at")?,
        cancelled: row::won(row, "cancelled")?,
        draws: Vec::new(),
    })
}
