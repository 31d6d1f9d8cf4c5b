//! `/merchant/:number/settlements/:day`: the statement of a day. It adds up to the won, lists each payment and cancel with its cash
//! receipt, and prints on A4: the browser makes the PDF.

use super::base;
use super::settlements::{SettledDay, state};
use crate::Error;
use crate::pieces::Column::{Figure, Text};
use crate::pieces::{Button, DataTable, Facts, Look, Section, ShopPage, ShopTab, print};
use crate::visitor::LoadedPage;
use crate::words::{self, lang, money, percent, words};
use domain::business_number::BusinessNumber;
use domain::merchant::{Merchant, Role};
use domain::{Timestamp, Won};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde::{Deserialize, Serialize};

/// Lines on one page; what is more has a page of its own.
#[cfg(feature = "ssr")]
const LINES: i64 = 2_000;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ShopStatement {
    pub merchant: Merchant,
    pub role: Role,
    pub business_number: String,
    /// Where the money of the day went, and while it has not, where it would go now. Masked; `None` of a shop that was registered before
    /// it could prove one.
    pub account: Option<String>,
    pub day: SettledDay,
    pub lines: Vec<StatementLine>,
    /// There are more after this number.
    pub after: Option<i64>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct StatementLine {
    pub payment: domain::PaymentId,
    pub is_cancel: bool,
    pub amount: Won,
    pub at: Timestamp,
}

#[server(prefix = "/api", endpoint = "merchant/settlements/day")]
pub async fn load_statement(number: String, day: String, #[server(default)] after: i64) -> Result<ShopStatement, Error> {
    use crate::web::{answer, services};
    use domain::settling::payout::PayoutState;
    use store::ReceiptEvent;
    answer(async {
        let (merchant, proof) = super::my_shop_as(&number, Role::Manager).await?;
        let day = day.parse().map(domain::calendar::Day).map_err(|_| Error::NotFound)?;
        let store = services().store;
        let row = store.settlement(&proof, day).await?.ok_or(Error::NotFound)?;
        let business_number = store.business_number(&proof).await?;
        let account = match row.payout.as_ref().map(|payout| payout.state) {
            Some(PayoutState::Paid) => store.paid_to(&proof, day).await?,
            _ => store.application_of(merchant.id).await?.and_then(|application| application.payout),
        };
        let mut receipts = store.receipts(&proof, day, after, LINES + 1).await?;
        let has_more = i64::try_from(receipts.len()).is_ok_and(|lines| lines > LINES);
        if has_more {
            receipts.pop();
        }
        let after = receipts.last().filter(|_| has_more).map(|last| last.number);
        let line = |line: store::ReceiptRow| StatementLine {
            payment: line.payment,
            is_cancel: line.event == ReceiptEvent::Voided,
            amount: line.amount,
            at: line.at,
        };
        let lines = receipts.into_iter().map(line).collect();
        Ok(ShopStatement { merchant, role: proof.role(), business_number, account, day: row.into(), lines, after })
    })
    .await
}

#[component]
pub fn StatementPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let of = move || params.with(|params| (params.get("number").unwrap_or_default(), params.get("day").unwrap_or_default()));
    let after = move || query.with(|query| query.get("after").and_then(|after| after.parse().ok()).unwrap_or(0));
    let data = Resource::new_blocking(move || (of(), after()), |((number, day), after)| load_statement(number, day, after));
    view! {
        <LoadedPage data let:shown>
            <Statement shown />
        </LoadedPage>
    }
}

#[component]
fn Statement(shown: ShopStatement) -> impl IntoView {
    let (lang, t) = (lang(), &words().settling);
    let ShopStatement { merchant, role, business_number, account, day, lines, after } = shown;
    let date = day.day.span().map(|span| words::date(lang, span.from())).unwrap_or_default();
    let title = t.statement(&date);
    let business_number = BusinessNumber::parse(&business_number).map_or(business_number, |number| number.to_string());
    let facts = vec![
        (t.shop_facts.to_owned(), merchant.name.clone()),
        (t.business_number.to_owned(), business_number),
        (t.shop_number.to_owned(), merchant.number.to_string()),
        (t.account.to_owned(), account.unwrap_or_else(|| t.account_registered.to_owned())),
        (t.column_state.to_owned(), state(&day)),
    ];
    let sums = sums(&day);
    let (figures, revenue) = (day.figures, money(lang, day.revenue));
    let revenue = if day.is_declared { t.revenue_declared(&revenue) } else { t.revenue_seen(&revenue) };
    let receipts = t.receipts(&figures.paid_count.to_string(), &figures.cancelled_count.to_string());
    let path = format!("{}/settlements/{}", base(&merchant), day.day.0);
    let more =
        after.map(|after| view! { <p class="no-print"><a class="city-link" href=format!("{path}?after={after}")>{t.more_lines}</a></p> });
    let payments = format!("{}/payments", base(&merchant));
    let rows = lines.into_iter().map(|line| row(line, &payments)).collect_view();
    let columns = vec![Text(t.column_time), Text(t.column_what), Figure(t.column_amount)];
    view! {
        <ShopPage title=title.clone() shop=merchant.name.clone() base=base(&merchant) role current=ShopTab::Settlements>
            <article class="statement">
                <h2 class="statement-title">{title}</h2>
                <Section title=t.shop_facts><Facts facts /></Section>
                <Section title=t.sums>
                    <Facts facts=sums />
                    <p class="small">{revenue}</p>
                    <p class="small">{receipts} ". " {t.receipt_note}</p>
                </Section>
                <Section title=t.lines_title>
                    <DataTable label=t.lines_title columns>{rows}</DataTable>
                    {more}
                </Section>
                <div class="with-js no-print">
                    <Button look=Look::Primary r#type="button" on_press=Callback::new(|_| print())>{t.print}</Button>
                </div>
            </article>
        </ShopPage>
    }
}

/// Adds up line by line: payments, less cancels, less the debt, less the fee.
fn sums(day: &SettledDay) -> Vec<(String, String)> {
    let (lang, t) = (lang(), &words().settling);
    let figures = day.figures;
    let less = |amount: Won| if amount.is_zero() { money(lang, amount) } else { format!("−{}", money(lang, amount)) };
    let mut sums = vec![
        (t.payments(&figures.paid_count.to_string()), money(lang, figures.paid)),
        (t.cancels(&figures.cancelled_count.to_string()), less(figures.cancelled)),
    ];
    if !day.debt_before.is_zero() {
        sums.push((t.debt_before.to_owned(), less(day.debt_before)));
    }
    sums.push((t.fee(&percent(day.fee_rate)), less(day.settled.fee)));
    if !day.settled.debt.is_zero() {
        sums.push((t.debt_after.to_owned(), money(lang, day.settled.debt)));
    }
    sums.push((t.payout.to_owned(), money(lang, day.settled.payout)));
    sums
}

fn row(line: StatementLine, payments: &str) -> AnyView {
    let (lang, t) = (lang(), &words().settling);
    let (what, receipt, sign) =
        if line.is_cancel { (t.what_cancelled, t.receipt_voided, "−") } else { (t.what_paid, t.receipt_issued, "") };
    view! {
        <tr>
            <th scope="row"><a class="city-link" href=format!("{payments}/{}", line.payment)>{words::clock(line.at)}</a></th>
            <td data-label=t.column_what>{what} " · " {receipt}</td>
            <td class="figure" data-label=t.column_amount>{sign} {money(lang, line.amount)}</td>
        </tr>
    }
    .into_any()
}
