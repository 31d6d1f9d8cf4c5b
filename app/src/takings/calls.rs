//! What the pages ask the server.

use crate::Error;
use domain::Timestamp;
use domain::kind::Kind;
use domain::merchant::{Merchant, Role};
use domain::takings::filter::{PaymentFilter, Typed};
use domain::takings::{DayRange, SettledTakings, ShopPayment, Takings, Today};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A span of a shop's days, and its day today.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct TakingsView {
    pub merchant: Merchant,
    pub role: Role,
    pub range: DayRange,
    pub takings: Takings,
    pub today: Today,
    pub settled: SettledTakings,
    pub now: Timestamp,
}

/// Payments that were found.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PaymentsView {
    pub merchant: Merchant,
    pub role: Role,
    pub filter: PaymentFilter,
    /// To choose from, and to name.
    pub kinds: Vec<Kind>,
    pub rows: Vec<ShopPayment>,
    /// The next page begins before this notice.
    pub next: Option<i64>,
    pub now: Timestamp,
}

/// The takings of a shop that I manage: of a preset, else from day to day, else of this month.
#[server(prefix = "/api", endpoint = "takings/look")]
pub async fn load_takings(
    number: String,
    #[server(default)] preset: String,
    #[server(default)] from: String,
    #[server(default)] to: String,
) -> Result<TakingsView, Error> {
    use crate::web::{answer, now, services};
    answer(async {
        let (merchant, proof) = crate::merchant::my_shop_as(&number, Role::Manager).await?;
        let now = now();
        let range = serve::range(&preset, &from, &to, now)?;
        let store = services().store;
        let (takings, today) = store.takings(&proof, range, now).await?;
        let settled = store.settled_takings(&proof, range).await?;
        Ok(TakingsView { merchant, role: proof.role(), range, takings, today, settled, now })
    })
    .await
}

/// Payments of a shop that I work for, newest first, those before the notice `before`. A cashier finds today's.
#[server(prefix = "/api", endpoint = "takings/payments")]
pub async fn find_payments(
    number: String,
    #[server(default)] typed: Typed,
    #[server(default)] before: String,
) -> Result<PaymentsView, Error> {
    use crate::error::Input;
    use crate::web::{answer, now, services};
    use store::{Page, ShopPayments};
    answer(async {
        let (merchant, proof) = crate::merchant::my_shop(&number).await?;
        let now = now();
        let filter = PaymentFilter::parse(&typed, proof.role(), now).map_err(Input::Filter)?;
        let page = match before.as_str() {
            "" => Page::NEWEST,
            before => Page::Before(before.parse().ok().filter(|number| *number > 0).ok_or(Error::BadRequest)?),
        };
        let store = services().store;
        let ShopPayments { rows, next } = store.shop_payments(&proof, &filter, page, serve::ROWS).await?;
        let next = next.map(|page| match page {
            Page::Before(number) | Page::After(number) => number,
        });
        Ok(PaymentsView { merchant, role: proof.role(), filter, kinds: store.kinds().await?, rows, next, now })
    })
    .await
}

#[cfg(feature = "ssr")]
mod serve {
    use crate::Error;
    use crate::error::Input;
    use domain::Timestamp;
    use domain::takings::filter::FilterError;
    use domain::takings::{DayRange, Preset, iso};

    /// On one page.
    pub(super) const ROWS: i64 = 50;

    pub(super) fn range(preset: &str, from: &str, to: &str, now: Timestamp) -> Result<DayRange, Error> {
        let typed = |from: &str, to: &str| DayRange::parse(from, to).map_err(|error| Input::Filter(FilterError::Days(error)).into());
        match (preset, from.trim(), to.trim()) {
            ("", "", "") => Ok(Preset::Month.range(now)),
            ("", "", to) => typed(to, to),
            ("", from, "") => typed(from, &iso(Preset::Today.range(now).to())),
            ("", from, to) => typed(from, to),
            (preset, ..) => Ok(Preset::parse(preset).ok_or(Error::BadRequest)?.range(now)),
        }
    }
}
