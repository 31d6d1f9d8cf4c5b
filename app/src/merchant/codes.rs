//! What the pages of one-time codes share ([`super::ask`], [`super::take`]).

use domain::paying::Code;
use domain::{PaymentId, Timestamp, Won};
use serde::{Deserialize, Serialize};

/// The payment that a code made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaidCode {
    pub payment: PaymentId,
    pub amount: Won,
    pub code: Code,
    pub at: Timestamp,
}

#[cfg(feature = "ssr")]
pub(super) fn paid_code(paid: &store::PaidOnce) -> PaidCode {
    PaidCode { payment: paid.payment, amount: paid.amount, code: paid.code, at: paid.at }
}
