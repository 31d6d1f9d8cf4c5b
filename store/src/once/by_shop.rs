//! The shop's code with an amount (MPM dynamic): staff type it, the payer scans it, the shop's screen changes when it is paid.

use super::{PaidOnce, nonce, token_hash};
use crate::db::Store;
use crate::error::Result;
use crate::paying::Bill;
use crate::pins::PinProof;
use crate::staff::StaffProof;
use domain::paying::{Code, MOST, Wish};
use domain::{MerchantId, OnceId, Refused, Timestamp, Won, payer_code};

/// A code that asks for an amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopCode {
    pub id: OnceId,
    pub merchant: MerchantId,
    pub amount: Won,
    /// Stands in the QR (object 26-02).
    pub nonce: String,
    /// Half-open: no longer good at this moment.
    pub until: Timestamp,
    pub state: ShopCodeState,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ShopCodeState {
    Good,
    Expired,
    Paid(PaidOnce),
}

impl Store {
    /// A code for this amount, good from now on for three minutes.
    pub async fn ask_for(&self, by: &StaffProof, amount: Won, now: Timestamp) -> Result<Result<OnceId, Refused>> {
        if amount.is_zero() || amount > MOST {
            return Ok(Err(Refused::PaymentAmount { most: MOST }));
        }
        let id = OnceId(self.next_id(now));
        let insert = "INSERT INTO once (id, token_hash, merchant_id, amount, made_at) VALUES ($1, $2, $3, $4, $5)";
        let insert = sqlx::query(insert).bind(id.0).bind(token_hash(self.keys(), &nonce(self.keys(), id)));
        let mut write = self.write().await?;
        insert.bind(by.merchant().0).bind(amount.get()).bind(crate::millis(now)).execute(write.tx()).await?;
        write.commit().await?;
        Ok(Ok(id))
    }

    /// For the shop's own screen. `None`: there is no such code of this shop.
    pub async fn shop_code(&self, by: &StaffProof, id: OnceId, now: Timestamp) -> Result<Option<ShopCode>> {
        let code = self.once(id).await?.and_then(|row| self.as_shop_code(&row, now));
        Ok(code.filter(|code| code.merchant == by.merchant()))
    }

    /// For the payer who scanned it.
    pub async fn shop_code_by_nonce(&self, nonce: &str, now: Timestamp) -> Result<Option<ShopCode>> {
        Ok(self.once_by_text(nonce).await?.and_then(|row| self.as_shop_code(&row, now)))
    }

    /// Pays what the code asks for, and nothing else. The same payment again gives the same answer, also after the code's time.
    pub async fn pay_asked(&self, proof: PinProof, bill: Bill, nonce: &str, now: Timestamp) -> Result<Result<Code, Refused>> {
        let Some(asked) = self.shop_code_by_nonce(nonce, now).await? else { return Ok(Err(Refused::NoSuchCode)) };
        if (asked.merchant, asked.amount) != (bill.merchant, bill.amount) {
            return Ok(Err(Refused::NoSuchCode));
        }
        match asked.state {
            ShopCodeState::Expired => return Ok(Err(Refused::CodeExpired)),
            ShopCodeState::Paid(paid) if paid.payment != bill.id => return Ok(Err(Refused::CodeUsed)),
            ShopCodeState::Good | ShopCodeState::Paid(_) => {}
        }
        let wish = Wish { once: Some(asked.id), ..bill.wish(proof.person()) };
        self.till().pay(wish, now).await
    }

    fn as_shop_code(&self, row: &super::Row, now: Timestamp) -> Option<ShopCode> {
        if row.payer.is_some() {
            return None;
        }
        let state = match row.paid {
            Some(paid) => ShopCodeState::Paid(paid),
            None if payer_code::is_good(row.made_at, now) => ShopCodeState::Good,
            None => ShopCodeState::Expired,
        };
        let nonce = nonce(self.keys(), row.id);
        Some(ShopCode { id: row.id, merchant: row.merchant?, amount: row.amount?, nonce, until: row.until(), state })
    }
}
