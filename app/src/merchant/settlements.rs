//! `/merchant/:number/settlements`: what was settled day by day, what is paid out when or why not, and what is expected next. For
//! managers and owners.

use super::base;
use crate::Error;
use crate::pieces::Column::{Figure, Text};
use crate::pieces::{Banner, Button, DataTable, EmptyState, ErrorNote, Glyph, Look, Section, ShopPage, ShopTab, Tone};
use crate::visitor::{LoadedPage, failure};
use crate::words::{self, lang, money, words};
use domain::calendar::Day;
use domain::kind::BasisPoints;
use domain::merchant::{Merchant, Role};
use domain::settling::payout::PayoutState;
use domain::settling::{DayFigures, Settled};
use domain::{Timestamp, Won};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde::{Deserialize, Serialize};

/// Days on one page.
#[cfg(feature = "ssr")]
const SHOWN: i64 = 31;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ShopSettlements {
    pub merchant: Merchant,
    pub role: Role,
    /// Not settled yet, newest first, with the day of the payout where it is known.
    pub open: Vec<(Day, DayFigures, Option<Day>)>,
    pub days: Vec<SettledDay>,
    /// There are more before this day.
    pub before: Option<Day>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SettledDay {
    pub day: Day,
    pub figures: DayFigures,
    pub debt_before: Won,
    pub revenue: Won,
    pub is_declared: bool,
    pub fee_rate: BasisPoints,
    pub settled: Settled,
    pub pay_on: Day,
    pub payout: Option<PayoutShown>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PayoutShown {
    pub state: PayoutState,
    /// As stored.
    pub reason: Option<String>,
    pub rejections: i64,
    pub due_at: Option<Timestamp>,
    pub paid_at: Option<Timestamp>,
}

#[cfg(feature = "ssr")]
impl From<store::SettlementRow> for SettledDay {
    fn from(row: store::SettlementRow) -> SettledDay {
        let payout = row.payout.map(|payout| PayoutShown {
            state: payout.state,
            reason: payout.reason,
            rejections: payout.rejections,
            due_at: payout.due_at,
            paid_at: payout.paid_at,
        });
        SettledDay {
            day: row.day,
            figures: row.figures,
            debt_before: row.debt_before,
            revenue: row.revenue,
            is_declared: row.is_declared,
            fee_rate: row.fee_rate,
            settled: row.settled,
            pay_on: row.pay_on,
            payout,
        }
    }
}

/// `before`: a day as `yyyymmdd`, or nothing.
#[server(prefix = "/api", endpoint = "merchant/settlements")]
pub async fn load_settlements(number: String, #[server(default)] before: String) -> Result<ShopSettlements, Error> {
    use crate::web::{answer, services};
    answer(async {
        let (merchant, proof) = super::my_shop_as(&number, Role::Manager).await?;
        let store = services().store;
        let before = before.parse().ok().map(Day);
        let open = if before.is_none() { store.unsettled_days(&proof).await? } else { Vec::new() };
        let open = open.into_iter().map(|open| (open.day, open.figures, domain::settling::pays_on(open.day).ok())).collect();
        let mut days: Vec<SettledDay> = store.settlements(&proof, before, SHOWN + 1).await?.into_iter().map(Into::into).collect();
        let has_more = i64::try_from(days.len()).is_ok_and(|days| days > SHOWN);
        if has_more {
            days.pop();
        }
        let before = days.last().filter(|_| has_more).map(|last| last.day);
        Ok(ShopSettlements { merchant, role: proof.role(), open, days, before })
    })
    .await
}

/// The owner has a payout that the bank refused tried again.
#[server(prefix = "/api", endpoint = "merchant/settlements/retry")]
pub async fn retry_payout(number: String, day: String) -> Result<(), Error> {
    use crate::error::Input;
    use crate::web::{answer, go, new_id, now, services};
    answer(async {
        let (merchant, proof) = super::my_shop_as(&number, Role::Owner).await?;
        let day = day.parse().map(Day).map_err(|_| Input::Id)?;
        let said = if services().store.retry_own_payout(&proof, day, now()).await? { "yes" } else { "no" };
        go(&format!("{}/settlements?retried={said}&at={}", base(&merchant), new_id().0));
        Ok(())
    })
    .await
}

#[component]
pub fn SettlementsPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let number = move || params.with(|params| params.get("number").unwrap_or_default());
    // A page that has done something is loaded anew.
    let asked = move || query.with(|query| (query.get("before").unwrap_or_default(), query.get("at")));
    let data = Resource::new_blocking(move || (number(), asked()), |(number, (before, _))| load_settlements(number, before));
    let retried = Memo::new(move |_| query.with(|query| query.get("retried")));
    view! {
        <LoadedPage data let:shown>
            <Shown shown retried />
        </LoadedPage>
    }
}

#[component]
fn Shown(shown: ShopSettlements, retried: Memo<Option<String>>) -> impl IntoView {
    let (lang, t) = (lang(), &words().settling);
    let ShopSettlements { merchant, role, open, days, before } = shown;
    let base = base(&merchant);
    let retry = ServerAction::<RetryPayout>::new();
    let error = failure(retry);
    let is_empty = open.is_empty() && days.is_empty();
    let coming = (!open.is_empty()).then(move || {
        let line = move |(day, figures, pay_on): (Day, DayFigures, Option<Day>)| {
            let pays = pay_on.map(|pay_on| t.waits_for(&day_words(pay_on)));
            view! {
                <li class="row">
                    <span class="row-words">
                        <span class="row-title">{day_words(day)}</span>
                        <span class="row-note">
                            {t.payments(&figures.paid_count.to_string())}
                            {(figures.cancelled_count > 0).then(|| format!(", {} −{}", t.column_cancelled, money(lang, figures.cancelled)))}
                        </span>
                        <span class="row-note">{pays}</span>
                    </span>
                    <span class="row-amount">{money(lang, figures.paid)}</span>
                </li>
            }
        };
        view! {
            <Section title=t.expected>
                <ul class="group">{open.into_iter().map(line).collect_view()}</ul>
                <p class="small">{t.expected_note}</p>
            </Section>
        }
    });
    let older = before.map(|day| view! { <p><a class="city-link" href=format!("{base}/settlements?before={}", day.0)>{t.older}</a></p> });
    let number = merchant.number.to_string();
    let rows = days.into_iter().map(|day| row(day, &base, (role == Role::Owner).then(|| (number.clone(), retry)))).collect_view();
    let columns = vec![
        Text(t.column_day),
        Figure(t.column_paid),
        Figure(t.column_cancelled),
        Figure(t.column_fee),
        Figure(t.column_payout),
        Text(t.column_state),
    ];
    view! {
        <ShopPage title=t.title shop=merchant.name.clone() base=base.clone() role current=ShopTab::Settlements>
            {move || match retried.get().as_deref() {
                Some("yes") => view! { <div role="status"><Banner tone=Tone::Good>{t.retried}</Banner></div> }.into_any(),
                Some(_) => view! { <div role="status"><Banner tone=Tone::Warn>{t.nothing_to_retry}</Banner></div> }.into_any(),
                None => ().into_any(),
            }}
            {move || error.get().map(|message| view! { <ErrorNote message /> })}
            {is_empty.then(|| view! { <EmptyState glyph=Glyph::Bank title=t.none_title lead=t.none /> })}
            {coming}
            {(!is_empty).then(move || view! {
                <DataTable label=t.title columns>{rows}</DataTable>
            })}
            {older}
        </ShopPage>
    }
}

fn row(day: SettledDay, base: &str, retry: Option<(String, ServerAction<RetryPayout>)>) -> AnyView {
    let (lang, t) = (lang(), &words().settling);
    let href = format!("{base}/settlements/{}", day.day.0);
    let is_refused = day
        .payout
        .as_ref()
        .is_some_and(|payout| payout.state == PayoutState::Stopped || (payout.state == PayoutState::Waiting && payout.rejections > 0));
    let form = retry.filter(|_| is_refused).map(|(number, retry)| {
        view! {
            <ActionForm action=retry>
                <input type="hidden" name="number" value=number />
                <input type="hidden" name="day" value=day.day.0.to_string() />
                <Button look=Look::Line busy=retry.pending()>{t.retry}</Button>
            </ActionForm>
            <p class="small">{t.retry_note}</p>
        }
    });
    let debt = (!day.debt_before.is_zero())
        .then(|| view! { <span class="small">{format!("{} −{}", t.debt_before, money(lang, day.debt_before))}</span> });
    let carried = (!day.settled.debt.is_zero())
        .then(|| view! { <span class="small">{format!("{} {}", t.debt_after, money(lang, day.settled.debt))}</span> });
    view! {
        <tr>
            <th scope="row"><a class="city-link" href=href>{day_words(day.day)}</a></th>
            <td class="figure" data-label=t.column_paid>{money(lang, day.figures.paid)}</td>
            <td class="figure" data-label=t.column_cancelled>{money(lang, day.figures.cancelled)} {debt}</td>
            <td class="figure" data-label=t.column_fee>{money(lang, day.settled.fee)}</td>
            <td class="figure" data-label=t.column_payout><b>{money(lang, day.settled.payout)}</b> {carried}</td>
            <td data-label=t.column_state>{state(&day)} {form}</td>
        </tr>
    }
    .into_any()
}

/// When it is paid, or why not.
pub(super) fn state(day: &SettledDay) -> String {
    let t = &words().settling;
    let Some(payout) = &day.payout else { return t.nothing_to_pay.to_owned() };
    let why = payout.reason.as_deref().map(reason).filter(|_| payout.state != PayoutState::Paid);
    let what = match payout.state {
        PayoutState::Paid => t.paid_at(&payout.paid_at.map(when).unwrap_or_default()),
        PayoutState::Sent => t.sent.to_owned(),
        PayoutState::Unknown => t.unknown.to_owned(),
        PayoutState::Stopped => t.stopped.to_owned(),
        PayoutState::Waiting if payout.rejections > 0 => t.again_at(&payout.due_at.map(when).unwrap_or_default()),
        PayoutState::Waiting => t.waits_for(&day_words(day.pay_on)),
    };
    match why {
        Some(why) => format!("{what} · {why}"),
        None => what,
    }
}

/// Why the bank did not pay.
pub(crate) fn reason(stored: &str) -> &'static str {
    let t = &words().settling;
    match stored {
        "no_account" => t.no_account,
        "account_closed" => t.account_closed,
        "limit" => t.bank_limit,
        _ => t.bank_other,
    }
}

pub(crate) fn when(at: Timestamp) -> String {
    format!("{} {}", words::day(lang(), at), words::time_of_day(lang(), at))
}

/// "11월 22일 토요일"
pub(crate) fn day_words(day: Day) -> String {
    day.span().map(|span| words::weekday_day(lang(), span.from())).unwrap_or_default()
}
