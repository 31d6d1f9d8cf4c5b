//! History: what was bought, paid, refunded and given, month by month, and looked up by shop, amount, what happened and month. Each row opens its
//! receipt; earlier pages are links, and all of it is a plain form.

mod looking_up;
mod months;

use crate::Error;
use crate::gifting::GiftRow;
use crate::gifting::calls::GiftLine;
use crate::pieces::{EmptyState, Glyph, LinkButton, LinkRow, Look, Page, PaymentRow, PurchaseRow, RefundRow, Section, Tab};
use crate::visitor::Loaded;
use crate::words::{self, amount, month, words};
use domain::buying::Purchase;
use domain::calendar::Month;
use domain::history::Typed;
use domain::paying::Payment;
use domain::refunding::Refund;
use domain::{Timestamp, Won};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use looking_up::{LookUp, NothingFound, link, said};
use months::by_month;
use serde::{Deserialize, Serialize};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Row {
    Bought(Purchase),
    Paid(Payment),
    Refunded(Refund),
    Gift(GiftLine),
}

impl Row {
    fn at(&self) -> Timestamp {
        match self {
            Row::Bought(purchase) => purchase.created_at,
            Row::Paid(payment) => payment.created_at,
            Row::Refunded(refund) => refund.created_at,
            Row::Gift(gift) => gift.at,
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
    /// Where the next page begins, when there is one. What was looked for may be on it even when nothing is on this one.
    pub earlier: Option<String>,
    /// What was asked for.
    pub asked: Typed,
    /// The first month with anything in it; `None`: there is none.
    pub since: Option<Month>,
    pub now: Timestamp,
}

/// What whoever asks bought, paid, got back, gave and was given before `before` (empty: all of it), as far as it was asked for, a page of it.
#[server(prefix = "/api", endpoint = "history/list")]
pub async fn history(#[server(default)] asked: Typed, before: String) -> Result<HistoryView, Error> {
    use crate::web::{answer, now, services, signed_in};
    answer(async {
        let who = signed_in().await?;
        let before = if before.is_empty() { None } else { Some(before.parse().map_err(|_| Error::BadRequest)?) };
        let store = services().store;
        let (rows, earlier) = serve::page(&store, who.person, &asked, before).await?;
        let totals = serve::totals(&store, who.person, &rows).await?;
        let since = store.first_use(who.person).await?.map(Month::of);
        Ok(HistoryView { rows, totals, earlier, asked, since, now: now() })
    })
    .await
}

#[cfg(feature = "ssr")]
mod serve {
    use super::{Row, Totals};
    use crate::Error;
    use crate::finding::FindingRefused;
    use crate::gifting::calls::serve as gifting;
    use crate::web::now;
    use domain::PersonId;
    use domain::calendar::{Month, Span};
    use domain::history::{Search, SearchError, Typed};
    use store::{HistoryRow, Mark, Store};

    const PAGE: i64 = 40;

    pub(super) async fn page(
        store: &Store,
        person: PersonId,
        asked: &Typed,
        before: Option<Mark>,
    ) -> Result<(Vec<Row>, Option<String>), Error> {
        let search = Search::parse(asked).map_err(|error| match error {
            SearchError::TooLong => Error::Finding(FindingRefused::TooLong),
            SearchError::What | SearchError::Month => Error::BadRequest,
        })?;
        let (found, now) = (store.search_history(person, &search, before, PAGE).await?, now());
        let shown = found.rows.into_iter().map(|row| match row {
            HistoryRow::Bought(purchase) => Row::Bought(purchase),
            HistoryRow::Paid(payment) => Row::Paid(payment),
            HistoryRow::Refunded(refund) => Row::Refunded(refund),
            HistoryRow::Gave(sent) => Row::Gift(gifting::sent_line(sent, now)),
            HistoryRow::Got(opened) => Row::Gift(gifting::line(opened)),
        });
        Ok((shown.collect(), found.earlier.map(|mark| mark.to_string())))
    }

    /// Of all months between the first row and the last, in one go.
    pub(super) async fn totals(store: &Store, person: PersonId, rows: &[Row]) -> Result<Vec<Totals>, Error> {
        let (Some(newest), Some(oldest)) = (rows.first(), rows.last()) else { return Ok(Vec::new()) };
        let (newest, oldest) = (Month::of(newest.at()).span(), Month::of(oldest.at()).span());
        let span = oldest.zip(newest).and_then(|(oldest, newest)| Span::new(oldest.from(), newest.to()));
        let Some(span) = span else { return Ok(Vec::new()) };
        let months = store.totals_by_month(person, span).await?.into_iter();
        Ok(months.map(|(month, of)| Totals { month, bought: of.bought, saved: of.saved, paid: of.paid }).collect())
    }
}

#[component]
pub fn HistoryPage() -> impl IntoView {
    let query = use_query_map();
    let asked = move || {
        let of = |name: &str| query.with(|query| query.get(name)).unwrap_or_default();
        (Typed { q: of("q"), what: of("what"), month: of("month") }, of("before"))
    };
    let data = Resource::new_blocking(asked, |(asked, before)| history(asked, before));
    let is_first = move || asked().1.is_empty();
    view! {
        <Page title=words().history.title tab=Tab::History>
            // Where a search that can't be taken leads back to.
            <Loaded data instead=("/history", words().lookup.clear) let:view>
                <Months view is_first=is_first() />
            </Loaded>
        </Page>
    }
}

#[component]
fn Months(view: HistoryView, is_first: bool) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().history);
    let HistoryView { rows, totals, earlier, asked, since, now } = view;
    let is_whole = asked.is_empty();
    if rows.is_empty() && is_first && is_whole {
        return view! { <EmptyState glyph=Glyph::History title=t.empty_title lead=t.empty href="/buy" action=t.empty_button /> }.into_any();
    }
    let form = view! { <LookUp asked=asked.clone() since now /> };
    let latest = (!is_first).then(|| view! { <LinkButton href=link(&asked, None) look=Look::Plain>{t.latest}</LinkButton> });
    if rows.is_empty() {
        return view! {
            <div class="history">
                {form} {latest}
                <NothingFound asked earlier />
            </div>
        }
        .into_any();
    }
    let found = (!is_whole).then(|| view! { <p class="history-asked" role="status">{words().lookup.asked(&said(lang, &asked))}</p> });
    let statement = (is_whole && is_first).then(|| {
        let t = &words().statement;
        view! { <div class="group"><LinkRow glyph=Glyph::Chart title=t.title note=t.note href="/statement" /></div> }
    });
    let on = earlier.map(|mark| view! { <LinkButton href=link(&asked, Some(&mark)) look=Look::Line>{t.earlier}</LinkButton> });
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
                    Row::Gift(line) => view! { <GiftRow line now says_side=true /> }.into_any(),
                })
                .collect_view();
            view! {
                <Section title=month(lang, of)>
                    {totals.map(|totals| view! { <MonthTotals totals is_whole /> })}
                    <div class="group">{rows}</div>
                </Section>
            }
        })
        .collect_view();
    view! {
        <div class="history">
            {form} {found} {latest} {months} {on} {statement}
        </div>
    }
    .into_any()
}

/// Of the whole month, also when only some of its rows were looked for; then it says so.
#[component]
fn MonthTotals(totals: Totals, is_whole: bool) -> impl IntoView {
    let (lang, t) = (words::lang(), &words().history);
    let saved = (!totals.saved.is_zero()).then(|| t.month_saved(&amount(lang, totals.saved)));
    view! {
        <ul class="month-totals">
            {(!is_whole).then(|| view! { <li>{words().lookup.whole_month}</li> })}
            <li>{t.month_total(&amount(lang, totals.paid))}</li>
            <li>{t.month_bought(&amount(lang, totals.bought))}</li>
            {saved.map(|saved| view! { <li class="month-saved">{saved}</li> })}
        </ul>
    }
}
