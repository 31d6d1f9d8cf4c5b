//! Codes on screens, each good for one payment and three minutes: the shop's with an amount in it ([`by_shop`], MPM dynamic), and
//! the payer's own, which a shop scans ([`by_payer`], CPM). What stands in a code follows from its id and the server's key, so a
//! page that is loaded again shows the same one, and the database alone makes none. The till uses a code up: `payment.once` is
//! unique.

mod by_payer;
mod by_shop;

pub use by_payer::{PayerCodeState, Scan, Scanned, TakenState};
pub use by_shop::{ShopCode, ShopCodeState};

use crate::db::Store;
use crate::error::Result;
use crate::keys::{Keys, Purpose};
use crate::row;
use domain::payer_code::{LIVES, PayerCode};
use domain::paying::Code;
use domain::{MerchantId, OnceId, PaymentId, PersonId, Timestamp, Won};
use sqlx::any::AnyRow;

/// A row of `once`, with the payment that used it up.
struct Row {
    id: OnceId,
    merchant: Option<MerchantId>,
    payer: Option<PersonId>,
    amount: Option<Won>,
    /// Of the page that scanned it.
    payment: Option<PaymentId>,
    made_at: Timestamp,
    proved_at: Option<Timestamp>,
    taken_at: Option<Timestamp>,
    declined_at: Option<Timestamp>,
    paid: Option<PaidOnce>,
}

/// The payment that used a code up.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct PaidOnce {
    pub payment: PaymentId,
    pub amount: Won,
    pub code: Code,
    pub at: Timestamp,
}

macro_rules! once_columns {
    () => {
        "SELECT once.id, once.merchant_id, once.payer_id, once.amount, once.payment_id, once.made_at, once.proved_at, once.taken_at, \
         once.declined_at, payment.id AS paid_id, payment.amount AS paid_amount, payment.code AS paid_code, \
         payment.created_at AS paid_at FROM once LEFT JOIN payment ON payment.once = once.id AND payment.once IS NOT NULL "
    };
}
use once_columns;

impl Row {
    fn read(row: &AnyRow) -> Result<Row> {
        use sqlx::Row as _;
        let int = |column: &str| row.try_get::<Option<i64>, _>(column);
        let payment = |column: &str| -> Result<Option<PaymentId>> {
            let bytes: Option<Vec<u8>> = row.try_get(column)?;
            bytes.map(|bytes| PaymentId::from_bytes(&bytes).map_err(|_| row::damaged(column))).transpose()
        };
        let paid = match payment("paid_id")? {
            Some(payment) => Some(PaidOnce {
                payment,
                amount: row::won(row, "paid_amount")?,
                code: Code::new(row::int(row, "paid_code")?).ok_or_else(|| row::damaged("code"))?,
                at: row::time(row, "paid_at")?,
            }),
            None => None,
        };
        Ok(Row {
            id: OnceId(row::int(row, "id")?),
            merchant: int("merchant_id")?.map(MerchantId),
            payer: int("payer_id")?.map(PersonId),
            amount: int("amount")?.map(|won| Won::new(won).map_err(|_| row::damaged("amount"))).transpose()?,
            payment: payment("payment_id")?,
            made_at: row::time(row, "made_at")?,
            proved_at: row::time_if_any(row, "proved_at")?,
            taken_at: row::time_if_any(row, "taken_at")?,
            declined_at: row::time_if_any(row, "declined_at")?,
            paid,
        })
    }

    fn until(&self) -> Timestamp {
        self.made_at + LIVES
    }
}

impl Store {
    async fn once(&self, id: OnceId) -> Result<Option<Row>> {
        let select = sqlx::query(concat!(once_columns!(), "WHERE once.id = $1")).bind(id.0);
        select.fetch_optional(self.reads()).await?.as_ref().map(Row::read).transpose()
    }

    /// By what stands in the code.
    async fn once_by_text(&self, text: &str) -> Result<Option<Row>> {
        let select = sqlx::query(concat!(once_columns!(), "WHERE once.token_hash = $1")).bind(token_hash(self.keys(), text));
        select.fetch_optional(self.reads()).await?.as_ref().map(Row::read).transpose()
    }
}

fn token_hash(keys: &Keys, text: &str) -> Vec<u8> {
    keys.hash(Purpose::Once, &[b"hash", text.as_bytes()]).to_vec()
}

/// What makes a shop's code payable once (object 26-02): 32 hexadecimal digits.
fn nonce(keys: &Keys, id: OnceId) -> String {
    hex::encode(&keys.hash(Purpose::Once, &[b"shop", &id.0.to_be_bytes()])[..16])
}

fn payer_code(keys: &Keys, id: OnceId) -> PayerCode {
    let hash = keys.hash(Purpose::Once, &[b"payer", &id.0.to_be_bytes()]);
    let mut random = [0; 16];
    random.copy_from_slice(&hash[..16]);
    PayerCode::from_random(u128::from_be_bytes(random))
}
