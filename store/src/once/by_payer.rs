//! The payer's code (CPM): shown by the payer, scanned by one shop. Whoever scans it first has it; above a threshold the payer
//! confirms on the own phone.

use super::{PaidOnce, Row, once_columns, payer_code, token_hash};
use crate::db::Store;
use crate::error::Result;
use crate::pins::PinProof;
use crate::staff::StaffProof;
use domain::payer_code::{CONFIRM_ABOVE, LIVES, PayerCode, RENEWS, is_good};
use domain::paying::{Code, MOST, Wish};
use domain::{MerchantId, OnceId, PaymentId, PersonId, Refused, Timestamp, Won};

/// How a payer's code is, for the payer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayerCodeState {
    /// To be shown.
    Good {
        code: PayerCode,
        until: Timestamp,
    },
    /// A shop scanned it; nothing is paid before the payer says so.
    Asked {
        merchant: MerchantId,
        amount: Won,
        until: Timestamp,
    },
    /// A shop scanned it, and the payment is being made or came to nothing.
    Taken,
    Paid(PaidOnce),
    Declined,
    Expired,
}

/// What a shop scanned. The id is made by the shop's page: the same scan sent again gets the first answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    pub payment: PaymentId,
    pub code: PayerCode,
    pub amount: Won,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Scanned {
    Paid(Code),
    /// The payer is asked on the own phone.
    Asked,
}

/// How a scan went on, for the shop.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct TakenState {
    pub amount: Won,
    /// The payer may confirm until then.
    pub until: Timestamp,
    pub paid: Option<PaidOnce>,
    pub is_declined: bool,
}

impl Store {
    /// A code for whoever proved the PIN; the one before is no longer good.
    pub async fn make_payer_code(&self, proof: PinProof, now: Timestamp) -> Result<OnceId> {
        self.new_payer_code(proof.person(), now, now).await
    }

    /// A new code instead of `old`, without the PIN: within ten minutes of it, and while nobody has scanned the old one or it came to
    /// nothing. `None`: the PIN is needed.
    pub async fn renew_payer_code(&self, payer: PersonId, old: OnceId, now: Timestamp) -> Result<Option<OnceId>> {
        let Some(row) = self.once(old).await?.filter(|row| row.payer == Some(payer)) else { return Ok(None) };
        let Some(proved_at) = row.proved_at.filter(|proved_at| now < *proved_at + RENEWS) else { return Ok(None) };
        let goes_on = |taken: Taken| row.declined_at.is_none() && now < taken.until;
        if row.paid.is_some() || row.taken().is_some_and(goes_on) {
            return Ok(None);
        }
        Ok(Some(self.new_payer_code(payer, proved_at, now).await?))
    }

    async fn new_payer_code(&self, payer: PersonId, proved_at: Timestamp, now: Timestamp) -> Result<OnceId> {
        let id = OnceId(self.next_id(now));
        let now_ms = crate::millis(now);
        let mut write = self.write().await?;
        let old = "UPDATE once SET declined_at = $2 WHERE payer_id = $1 AND taken_at IS NULL AND declined_at IS NULL AND made_at > $3";
        let old = sqlx::query(old).bind(payer.0).bind(now_ms).bind(crate::millis(now - LIVES));
        old.execute(write.tx()).await?;
        let insert = "INSERT INTO once (id, token_hash, payer_id, made_at, proved_at) VALUES ($1, $2, $3, $4, $5)";
        let insert = sqlx::query(insert).bind(id.0).bind(token_hash(self.keys(), payer_code(self.keys(), id).digits()));
        insert.bind(payer.0).bind(now_ms).bind(crate::millis(proved_at)).execute(write.tx()).await?;
        write.commit().await?;
        Ok(id)
    }

    /// For the payer's own screen. `None`: there is no such code of this person.
    pub async fn payer_code(&self, payer: PersonId, id: OnceId, now: Timestamp) -> Result<Option<PayerCodeState>> {
        let Some(row) = self.once(id).await?.filter(|row| row.payer == Some(payer)) else { return Ok(None) };
        let state = match (row.paid, row.taken()) {
            (Some(paid), _) => PayerCodeState::Paid(paid),
            (None, Some(_)) if row.declined_at.is_some() => PayerCodeState::Declined,
            (None, Some(taken)) if taken.until <= now => PayerCodeState::Expired,
            (None, Some(taken)) if taken.amount > CONFIRM_ABOVE => {
                PayerCodeState::Asked { merchant: taken.merchant, amount: taken.amount, until: taken.until }
            }
            (None, Some(_)) => PayerCodeState::Taken,
            (None, None) if row.declined_at.is_some() || !is_good(row.made_at, now) => PayerCodeState::Expired,
            (None, None) => PayerCodeState::Good { code: payer_code(self.keys(), id), until: row.until() },
        };
        Ok(Some(state))
    }

    /// A shop scanned a payer's code and typed an amount. Small amounts are paid at once; above [`CONFIRM_ABOVE`] the payer is asked.
    pub async fn take_payer_code(&self, by: &StaffProof, scan: Scan, now: Timestamp) -> Result<Result<Scanned, Refused>> {
        if scan.amount.is_zero() || scan.amount > MOST {
            return Ok(Err(Refused::PaymentAmount { most: MOST }));
        }
        let Some(row) = self.once_by_text(scan.code.digits()).await?.filter(|row| row.payer.is_some()) else {
            return Ok(Err(Refused::NoSuchCode));
        };
        let row = match self.claim(by, row, &scan, now).await? {
            Ok(row) => row,
            Err(refused) => return Ok(Err(refused)),
        };
        if let Some(paid) = row.paid {
            return Ok(Ok(Scanned::Paid(paid.code)));
        }
        if scan.amount > CONFIRM_ABOVE {
            return Ok(Ok(Scanned::Asked));
        }
        let paid = self.pay_taken(&row, now).await?;
        Ok(paid.map(Scanned::Paid).map_err(for_the_shop))
    }

    /// Makes the code this scan's, once; the same scan again finds it so.
    async fn claim(&self, by: &StaffProof, row: Row, scan: &Scan, now: Timestamp) -> Result<Result<Row, Refused>> {
        let id = row.id;
        let mut row = row;
        if row.taken_at.is_none() {
            if row.declined_at.is_some() || !is_good(row.made_at, now) {
                return Ok(Err(Refused::CodeExpired));
            }
            let claim = "UPDATE once SET merchant_id = $2, amount = $3, payment_id = $4, taken_at = $5 \
                         WHERE id = $1 AND taken_at IS NULL AND declined_at IS NULL";
            let claim = sqlx::query(claim).bind(id.0).bind(by.merchant().0).bind(scan.amount.get());
            let claim = claim.bind(scan.payment.uuid().as_bytes().to_vec()).bind(crate::millis(now));
            let mut write = self.write().await?;
            claim.execute(write.tx()).await?;
            write.commit().await?;
            let Some(again) = self.once(id).await? else { return Ok(Err(Refused::NoSuchCode)) };
            row = again;
        }
        let Some(taken) = row.taken() else { return Ok(Err(Refused::CodeExpired)) };
        let is_this_scan = (taken.merchant, taken.payment) == (by.merchant(), scan.payment);
        let is_over = row.declined_at.is_some() || taken.until <= now;
        Ok(match row.paid {
            Some(_) if !is_this_scan => Err(Refused::CodeUsed),
            _ if is_this_scan && taken.amount != scan.amount => Err(Refused::IdReused),
            None if is_over => Err(Refused::CodeExpired),
            None if !is_this_scan => Err(Refused::CodeTaken),
            _ => Ok(row),
        })
    }

    /// The payer agrees to what the shop typed.
    pub async fn confirm_payer_code(&self, payer: PersonId, id: OnceId, now: Timestamp) -> Result<Result<PaymentId, Refused>> {
        let Some(row) = self.once(id).await?.filter(|row| row.payer == Some(payer)) else { return Ok(Err(Refused::NoSuchCode)) };
        if let Some(paid) = row.paid {
            return Ok(Ok(paid.payment));
        }
        let Some(taken) = row.taken().filter(|taken| row.declined_at.is_none() && now < taken.until) else {
            return Ok(Err(Refused::CodeExpired));
        };
        Ok(self.pay_taken(&row, now).await?.map(|_| taken.payment))
    }

    /// The payer does not agree, or gives a code up. `false`: it was paid before, or there is no such code.
    pub async fn decline_payer_code(&self, payer: PersonId, id: OnceId, now: Timestamp) -> Result<bool> {
        let update = "UPDATE once SET declined_at = $3 WHERE id = $1 AND payer_id = $2 AND declined_at IS NULL \
                      AND NOT EXISTS (SELECT 1 FROM payment WHERE payment.once = once.id AND payment.once IS NOT NULL)";
        let mut write = self.write().await?;
        let declined = sqlx::query(update).bind(id.0).bind(payer.0).bind(crate::millis(now)).execute(write.tx()).await?;
        write.commit().await?;
        Ok(declined.rows_affected() == 1)
    }

    /// How a scan went on. `None`: no such scan of this shop. A page that was refused one code may have scanned another: the one that
    /// paid counts, else the last.
    pub async fn taken_code(&self, by: &StaffProof, payment: PaymentId) -> Result<Option<TakenState>> {
        let select = concat!(
            once_columns!(),
            "WHERE once.payment_id = $1 AND once.payment_id IS NOT NULL AND once.merchant_id = $2 \
             ORDER BY CASE WHEN payment.id IS NULL THEN 1 ELSE 0 END, once.taken_at DESC, once.id DESC LIMIT 1"
        );
        let select = sqlx::query(select).bind(payment.uuid().as_bytes().to_vec()).bind(by.merchant().0);
        let Some(row) = select.fetch_optional(self.reads()).await?.as_ref().map(Row::read).transpose()? else { return Ok(None) };
        let is_declined = row.declined_at.is_some() && row.paid.is_none();
        Ok(row.taken().map(|taken| TakenState { amount: taken.amount, until: taken.until, paid: row.paid, is_declined }))
    }

    /// A refusal by the rules ends the code, as a payment does: the payer gets a new one. What was only too busy may be sent again.
    async fn pay_taken(&self, row: &Row, now: Timestamp) -> Result<Result<Code, Refused>> {
        let (Some(payer), Some(taken)) = (row.payer, row.taken()) else { return Ok(Err(Refused::NoSuchCode)) };
        let Taken { merchant, amount, payment, .. } = taken;
        let wish = Wish { id: payment, payer, merchant, amount, kind: None, once: Some(row.id) };
        let paid = self.till().pay(wish, now).await?;
        if paid.as_ref().is_err_and(|refused| *refused != Refused::Busy) {
            self.decline_payer_code(payer, row.id, now).await?;
        }
        Ok(paid)
    }
}

/// What is in a wallet is the payer's to know.
fn for_the_shop(refused: Refused) -> Refused {
    match refused {
        Refused::NotEnough { .. } | Refused::KindNotUsableHere { .. } => Refused::PayerCantPay,
        other => other,
    }
}

/// What a scan made of a code.
struct Taken {
    merchant: MerchantId,
    amount: Won,
    payment: PaymentId,
    until: Timestamp,
}

impl Row {
    fn taken(&self) -> Option<Taken> {
        let until = self.taken_at? + LIVES;
        Some(Taken { merchant: self.merchant?, amount: self.amount?, payment: self.payment?, until })
    }
}
