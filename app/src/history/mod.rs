//! History: what was bought, paid and refunded, month by month. Each row opens its receipt; earlier pages are links.

mod months;

use crate::Error;
use crate::pieces::{EmptyState, Glyph, LinkButton, Look, Page, PaymentRow, PurchaseRow, RefundRow, Section, Tab};
use crate::visitor::Loaded;
use crate::words::{self, amount, month, words};
use domain::buying::Purchase;
use domain::calendar::Month;
use domain::paying::Payment;
use domain::refunding::Refund;
use domain::{Timestamp, Won};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use months::by_month;
use serde::{Deserialize, Serialize};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Row {
    Bought(Purchase),
    Paid(Payment),
    Refunded(Refund),
}

impl Row {
    fn at(&self) -> Timestamp {
        match self {
            Row::Bought(purchase) => purchase.created_at,
            Row::Paid(payment) => payment.created_at,
            Row::Refunded(refund) => refund.created_at,
        }
    }
}

/// The whole month's figures, whatever part of it is on the page.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub month: Month,
    pub bought: Won,
    pub saved: Won,
    pub paid: Won,
}

/// A page of it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryView {
    /// Newest first.
    pub rows: Vec<Row>,
    /// Of each month that `rows` touches.
    pub totals: Vec<Totals>,
    /// Where the next page begins, when there is one.
    pub earlier: Option<String>,
    pub now: Timestamp,
}

/// What whoever asks bought and paid before `before` (empty: all of it), a page of it.
#[server(prefix = "/api", endpoint = "history/list")]
pub async fn history(before: String) -> Result<HistoryView, Error> {
    use crate::web::{answer, now, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let before = if before.is_empty() { None } else { Some(before.parse().map_err(|_| Error::BadRequest)?) };
        let (rows, earlier) = serve::page(&services().store, who.person, before).await?;
        let totals = serve::totals(&services().store, who.person, &rows).await?;
        Ok(HistoryView { rows, totals, earlier, now: now() })
    })
    .await
}

#[cfg(feature = "ssr")]
mod serve {
    use super::{Row, Totals, by_month};
    use crate::Error;
    use domain::PersonId;
    use store::{HistoryRow, Mark, Store};

    const PAGE: usize = 40;

    /// One row more than is shown tells whether there is another page.
    pub(super) async fn page(store: &Store, person: PersonId, before: Option<Mark>) -> Result<(Vec<Row>, Option<String>), Error> {
        let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
        let mut rows = store.history(person, before, limit).await?;
        let has_more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let earlier = rows.last().filter(|_| has_more).map(|row| row.mark().to_string());
        let shown = rows.into_iter().map(|row| match row {
            HistoryRow::Bought(purchase) => Row::Bought(purchase),
            HistoryRow::Paid(payment) => Row::Paid(payment),
            HistoryRow::Refunded(refund) => Row::Refunded(refund),
        });
        Ok((shown.collect(), earlier))
    }

    pub(super) async fn totals(store: &Store, person: PersonId, rows: &[Row]) -> Result<Vec<Totals>, Error> {
        let mut totals = Vec::new();
        for (month, _) in by_month(rows.to_vec()) {
            let Some(span) = month.span() else { continue };
            let of = store.month_totals(person, span).await?;
            totals.push(Totals { month, bought: of.bought, saved: of.saved, paid: of.paid });
        }
        Ok(totals)
    }
}

#[component]
pub fn HistoryPage() -> impl IntoView {
    let query = use_query_map();
    let before = move || query.with(|query| query.get("before")).unwrap_or_default();
    let data = Resource::new_blocking(before, history);
    let is_first = move || before().is_empty();
    view! {
        <Page title=words().history.title tab=Tab::History>
            <Loaded data let:view>
                <Months view is_first=is_first() />
            </Loaded>
        </Page>
    }
}

#[component]
fn Months(view: HistoryView, is_first: bool) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().history);
    let HistoryView { rows, totals, earlier, now } = view;
    let latest = (!is_first).then(|| view! { <LinkButton href="/history" look=Look::Plain>{t.latest}</LinkButton> });
    if rows.is_empty() && is_first {
        return view! { <EmptyState glyph=Glyph::History title=t.empty_title lead=t.empty href="/buy" action=t.empty_button /> }.into_any();
    }
    let months = by_month(rows)
        .into_iter()
        .map(|(of, rows)| {
            let totals = totals.iter().find(|totals| totals.month == of).copied();
            let rows = rows
                .into_iter()
                .map(|row| match row {
                    Row::Bought(purchase) => {
                        let href = format!("/buy/{}", purchase.id);
                        view! { <PurchaseRow purchase now href /> }.into_any()
                    }
                    Row::Paid(payment) => {
                        let href = format!("/payments/{}", payment.id);
                        view! { <PaymentRow payment now href /> }.into_any()
                    }
                    Row::Refunded(refund) => view! { <RefundRow refund now /> }.into_any(),
                })
                .collect_view();
            view! {
                <Section title=month(lang, of)>
                    {totals.map(|totals| view! { <MonthTotals totals /> })}
                    <div class="group">{rows}</div>
                </Section>
            }
        })
        .collect_view();
    view! {
        <div class="history">
            {latest}
            {months}
            {earlier.map(|mark| view! { <LinkButton href=format!("/history?before={mark}") look=Look::Line>{t.earlier}</LinkButton> })}
        </div>
    }
    .into_any()
}

#[component]
fn MonthTotals(totals: Totals) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().history);
    let saved = (!totals.saved.is_zero()).then(|| t.month_saved(&amount(lang, totals.saved)));
    view! {
        <ul class="month-totals">
            <li>{t.month_total(&amount(lang, totals.paid))}</li>
            <li>{t.month_bought(&amount(lang, totals.bought))}</li>
            {saved.map(|saved| view! { <li class="month-saved">{saved}</li> })}
        </ul>
    }
}
