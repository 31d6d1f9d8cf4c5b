//! The server functions of the settlement's desk. What each may do is judged in the store.

use super::Operator;
use crate::Error;
use domain::calendar::Day;
use domain::merchant::Merchant;
use domain::settling::payout::PayoutState;
use domain::{Timestamp, Won};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
const DAYS: i64 = 14;
#[cfg(feature = "ssr")]
const REFUSED: i64 = 100;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CitySettlement {
    pub who: Operator,
    pub days: Vec<ClosedDay>,
    pub refused: Vec<RefusedPayout>,
    /// So many more of them are not shown.
    pub refused_more: i64,
    /// `None`: nobody has looked yet.
    pub matching: Option<Matching>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ClosedDay {
    pub day: Day,
    pub pay_on: Day,
    pub is_done: bool,
    pub shops: i64,
    pub paid: Won,
    pub cancelled: Won,
    pub fee: Won,
    pub payout: Won,
    pub arrived: Won,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RefusedPayout {
    pub merchant: Merchant,
    pub day: Day,
    pub amount: Won,
    pub state: PayoutState,
    pub reason: Option<String>,
    pub tries: i64,
    pub due_at: Option<Timestamp>,
}

/// The last look over bank, ledger and payouts; balances in won.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Matching {
    pub at: Timestamp,
    pub debited: i64,
    pub credited: i64,
    pub ledger_bank: i64,
    pub on_the_way: i64,
    /// Single won that proved the accounts of shops; the ledger knows nothing of them.
    pub account_checks: i64,
    pub payouts_paid: i64,
    pub payouts_open: i64,
    pub ledger_payouts: i64,
    pub ledger_fees: i64,
    pub ledger_payable: i64,
    pub differences: Vec<Unmatched>,
    pub found: i64,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Unmatched {
    pub what: String,
    pub order: String,
    pub amount: i64,
}

#[server(prefix = "/api", endpoint = "city/settlement/get")]
pub async fn load_city_settlement() -> Result<CitySettlement, Error> {
    use crate::web::{answer, operator, services};
    answer(async {
        let (who, store) = (operator().await?, services().store);
        let days = store.settled_days(DAYS).await?.into_iter().map(serve::closed).collect();
        let refused: Vec<_> = store.payouts_not_paid(REFUSED).await?.into_iter().map(serve::refused).collect();
        let shown = i64::try_from(refused.len()).unwrap_or(i64::MAX);
        let refused_more = if shown < REFUSED { 0 } else { (store.count_payouts_not_paid().await? - shown).max(0) };
        let matching = store.last_match().await?.map(serve::matching);
        Ok(CitySettlement { who: Operator::from(&who), days, refused, refused_more, matching })
    })
    .await
}

/// Reads the bank's list and looks over everything now.
#[server(prefix = "/api", endpoint = "city/settlement/match")]
pub async fn match_now() -> Result<(), Error> {
    use crate::settling::match_bank;
    use crate::web::{answer, incident, operator, services};
    answer(async {
        operator().await?;
        match_bank(&services()).await.map_err(|error| incident(&error))?;
        serve::back("matched");
        Ok(())
    })
    .await
}

/// Tries a payout again that the bank refused. For controllers.
#[server(prefix = "/api", endpoint = "city/settlement/retry")]
pub async fn retry_shop_payout(number: String, day: String) -> Result<(), Error> {
    use super::done;
    use crate::error::Input;
    use crate::web::{answer, now, operator, services};
    answer(async {
        let who = operator().await?;
        let merchant = serve::shop(&number).await?;
        let day = day.parse().map(Day).map_err(|_| Input::Id)?;
        let retried = done(services().store.retry_payout(&who, merchant, day, now()).await?)?;
        serve::back(if retried { "retried" } else { "nothing" });
        Ok(())
    })
    .await
}

/// What a shop earned in a year, in won. For controllers.
#[server(prefix = "/api", endpoint = "city/settlement/revenue")]
pub async fn declare_revenue(number: String, year: String, revenue: String) -> Result<(), Error> {
    use super::done;
    use crate::web::{answer, now, operator, services};
    use domain::amount_input::parse_won;
    use domain::business_days;
    answer(async {
        let who = operator().await?;
        let merchant = serve::shop(&number).await?;
        let year = year.trim().parse().ok().filter(|year: &i16| business_days::years().contains(year) || *year == 2021);
        let year = year.ok_or(Error::BadRequest)?;
        let revenue = parse_won(&revenue).ok().and_then(|won| Won::new(won).ok()).ok_or(Error::BadRequest)?;
        done(services().store.declare_revenue(&who, merchant, year, revenue, now()).await?)?;
        serve::back("declared");
        Ok(())
    })
    .await
}

#[cfg(feature = "ssr")]
mod serve {
    use super::{ClosedDay, Matching, RefusedPayout, Unmatched};
    use crate::Error;
    use crate::web::{go, new_id, services};
    use domain::{MerchantId, Timestamp};
    use store::{DeskTotals, Matched, NotPaid};

    pub(super) fn back(done: &str) {
        // Another address, so that a page with JavaScript loads anew.
        go(&format!("/city/settlement?done={done}&at={}", new_id().0));
    }

    pub(super) async fn shop(number: &str) -> Result<MerchantId, Error> {
        let number = domain::qr::MerchantNumber::parse(number).map_err(|_| Error::NotFound)?;
        Ok(services().store.merchant_by_number(number).await?.ok_or(Error::NotFound)?.id)
    }

    pub(super) fn closed(day: DeskTotals) -> ClosedDay {
        let DeskTotals { day, pay_on, is_done, shops, paid, cancelled, fee, payout, arrived } = day;
        ClosedDay { day, pay_on, is_done, shops, paid, cancelled, fee, payout, arrived }
    }

    pub(super) fn refused(payout: NotPaid) -> RefusedPayout {
        let NotPaid { merchant, day, amount, state, reason, tries, due_at } = payout;
        RefusedPayout { merchant, day, amount, state, reason, tries, due_at }
    }

    pub(super) fn matching(matched: Matched) -> Matching {
        let unmatched = |difference: store::Difference| Unmatched {
            what: format!("{:?}", difference.what),
            order: difference.order,
            amount: difference.amount,
        };
        Matching {
            at: Timestamp::from_millisecond(matched.checked_ms).unwrap_or(Timestamp::MIN),
            debited: matched.debited,
            credited: matched.credited,
            ledger_bank: matched.ledger_bank,
            on_the_way: matched.on_the_way,
            account_checks: matched.account_checks,
            payouts_paid: matched.payouts_paid,
            payouts_open: matched.payouts_open,
            ledger_payouts: matched.ledger_payouts,
            ledger_fees: matched.ledger_fees,
            ledger_payable: matched.ledger_payable,
            differences: matched.differences.into_iter().map(unmatched).collect(),
            found: matched.found,
        }
    }
}
