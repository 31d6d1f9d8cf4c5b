//! `/city/settlement`: every won matched. Closed days, payouts that the bank refused, and bank, ledger and payouts beside each other with
//! their differences in words. Every operator looks; a controller acts, and what is done stands in the audit log.

use super::fields::Input;
use super::frame::{CityTab, Frame, Loaded};
use super::settlement_calls::{
    CitySettlement, ClosedDay, DeclareRevenue, MatchNow, Matching, RefusedPayout, RetryShopPayout, Unmatched, load_city_settlement,
};
use crate::merchant::{day_words, reason, when};
use crate::pieces::Column::{Figure, Text};
use crate::pieces::{Banner, Button, DataTable, ErrorNote, Facts, Glyph, LinkRow, Look, Section, Tone};
use crate::visitor::failure;
use crate::words::{lang, money, words};
use domain::operator::Role;
use domain::settling::payout::PayoutState;
use domain::{Timestamp, Won};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub fn CitySettlementPage() -> impl IntoView {
    let query = use_query_map();
    // A page that has done something is another page.
    let done = Memo::new(move |_| query.with(|query| (query.get("done"), query.get("at"))));
    let data = Resource::new_blocking(move || done.get(), |_| load_city_settlement());
    view! {
        <Loaded data let:loaded>
            <Frame title=words().settling.city_title tab=CityTab::Settlement who=loaded.who.clone()>
                <Desk loaded done=done.get_untracked().0 />
            </Frame>
        </Loaded>
    }
}

#[component]
fn Desk(loaded: CitySettlement, done: Option<String>) -> impl IntoView {
    let t = &words().settling;
    let (retry, declare, look) =
        (ServerAction::<RetryShopPayout>::new(), ServerAction::<DeclareRevenue>::new(), ServerAction::<MatchNow>::new());
    let failures = [failure(retry), failure(declare), failure(look)];
    let error = move || failures.iter().find_map(|failure| failure.get());
    let CitySettlement { who, days, refused, refused_more, matching } = loaded;
    let is_controller = who.is(Role::Controller);
    let said = match done.as_deref() {
        Some("retried") => Some((Tone::Good, t.retried)),
        Some("nothing") => Some((Tone::Warn, t.nothing_to_retry)),
        Some("declared") => Some((Tone::Good, t.declared)),
        _ => None,
    };
    let said = said.map(|(tone, says)| view! { <div role="status"><Banner tone>{says}</Banner></div> });
    view! {
        <p class="lead">{t.city_lead}</p>
        {said}
        {move || error().map(|message| view! { <ErrorNote message /> })}
        <div class="group">
            <LinkRow glyph=Glyph::Ticket title=words().expiry.to_page note=words().expiry.to_page_note href="/city/lots" />
            <LinkRow glyph=Glyph::Gift title=words().gift.to_signs note=words().gift.to_signs_note href="/city/gifts" />
        </div>
        {matched(matching, look)}
        {not_paid(refused, refused_more, is_controller, retry)}
        {closed(days)}
        {is_controller.then(|| declaring(declare))}
    }
    .into_any()
}

fn matched(matching: Option<Matching>, look: ServerAction<MatchNow>) -> AnyView {
    let (lang, t) = (lang(), &words().settling);
    let signed = move |won: i64| {
        let figure = money(lang, Won::new(won.abs()).unwrap_or(Won::MAX));
        if won < 0 { format!("−{figure}") } else { figure }
    };
    let found = match matching {
        None => view! { <p>{t.never_matched}</p> }.into_any(),
        Some(matching) => {
            let facts = [
                (t.bank_debited, matching.debited),
                (t.bank_credited, matching.credited),
                (t.account_checks, matching.account_checks),
                (t.ledger_bank, matching.ledger_bank),
                (t.on_the_way, matching.on_the_way),
                (t.payouts_paid, matching.payouts_paid),
                (t.payouts_open, matching.payouts_open),
                (t.ledger_payouts, matching.ledger_payouts),
                (t.ledger_fees, matching.ledger_fees),
                (t.ledger_payable, matching.ledger_payable),
            ];
            let facts = facts.map(|(name, won)| (name.to_owned(), signed(won))).to_vec();
            let line = |difference: Unmatched| {
                view! { <li>{what(&difference.what)} ": " <b>{signed(difference.amount)}</b> " " <code class="city-detail">{difference.order}</code></li> }
            };
            let lines = matching.differences.into_iter().map(line).collect_view();
            let (tone, says) = match matching.found {
                0 => (Tone::Good, t.all_fits.to_owned()),
                found => (Tone::Warn, t.differences(&found.to_string())),
            };
            view! {
                <p class="small">{t.matched_at(&when(matching.at))}</p>
                <Banner tone>{says}</Banner>
                <ul>{lines}</ul>
                <Facts facts />
            }
            .into_any()
        }
    };
    view! {
        <Section title=t.match_title>
            <p class="small">{t.match_lead}</p>
            {found}
            <ActionForm action=look>
                <Button look=Look::Line busy=look.pending()>{t.match_now}</Button>
            </ActionForm>
        </Section>
    }
    .into_any()
}

/// A difference in words; its name as stored.
fn what(stored: &str) -> &'static str {
    let t = &words().settling;
    match stored {
        "DebitOfNothing" => t.d_debit_of_nothing,
        "DebitOfVoided" => t.d_debit_of_voided,
        "NotDebited" => t.d_not_debited,
        "CreditOfNothing" => t.d_credit_of_nothing,
        "CreditOfVoided" => t.d_credit_of_voided,
        "PaidThoughRejected" => t.d_paid_though_rejected,
        "NotCredited" => t.d_not_credited,
        "NotRefunded" => t.d_not_refunded,
        "OtherAmount" => t.d_other_amount,
        "BankClearing" => t.d_bank_clearing,
        _ => t.d_payout_clearing,
    }
}

fn not_paid(refused: Vec<RefusedPayout>, more: i64, is_controller: bool, retry: ServerAction<RetryShopPayout>) -> AnyView {
    let (lang, t) = (lang(), &words().settling);
    if refused.is_empty() {
        return view! { <Section title=t.not_paid_title><p>{t.all_paid}</p></Section> }.into_any();
    }
    let row = move |payout: RefusedPayout| {
        let due = |at: Option<Timestamp>| at.map(when).unwrap_or_default();
        let state = match payout.state {
            PayoutState::Stopped => t.stopped.to_owned(),
            PayoutState::Unknown => t.unknown.to_owned(),
            PayoutState::Sent => t.sent.to_owned(),
            PayoutState::Waiting | PayoutState::Paid => t.again_at(&due(payout.due_at)),
        };
        let why = payout.reason.as_deref().map(reason);
        let may_retry = is_controller && matches!(payout.state, PayoutState::Stopped | PayoutState::Waiting);
        let form = may_retry.then(|| {
            view! {
                <ActionForm action=retry>
                    <input type="hidden" name="number" value=payout.merchant.number.to_string() />
                    <input type="hidden" name="day" value=payout.day.0.to_string() />
                    <Button look=Look::Line busy=retry.pending()>{t.retry}</Button>
                </ActionForm>
            }
        });
        view! {
            <tr>
                <th scope="row">{payout.merchant.name.clone()} " " {payout.merchant.number.to_string()}</th>
                <td data-label=t.column_day>{day_words(payout.day)}</td>
                <td class="figure" data-label=t.column_payout>{money(lang, payout.amount)}</td>
                <td data-label=t.column_state>{state} " " {why}</td>
                <td class="figure" data-label=t.column_tries>{payout.tries}</td>
                <td data-label=t.column_do>{form}</td>
            </tr>
        }
    };
    let rows = refused.into_iter().map(row).collect_view();
    let columns = vec![
        Text(t.column_shop),
        Text(t.column_day),
        Figure(t.column_payout),
        Text(t.column_state),
        Figure(t.column_tries),
        Text(t.column_do),
    ];
    view! {
        <Section title=t.not_paid_title>
            <DataTable label=t.not_paid_title columns>{rows}</DataTable>
            {(more > 0).then(|| view! { <p class="small">{t.more_not_paid(&more.to_string())}</p> })}
        </Section>
    }
    .into_any()
}

fn closed(days: Vec<ClosedDay>) -> AnyView {
    let (lang, t) = (lang(), &words().settling);
    let row = move |day: ClosedDay| {
        view! {
            <tr>
                <th scope="row">{day_words(day.day)}</th>
                <td class="figure" data-label=t.column_shops>{day.shops} " " {(!day.is_done).then_some(t.under_way)}</td>
                <td class="figure" data-label=t.column_paid>{money(lang, day.paid)}</td>
                <td class="figure" data-label=t.column_cancelled>{money(lang, day.cancelled)}</td>
                <td class="figure" data-label=t.column_fee>{money(lang, day.fee)}</td>
                <td class="figure" data-label=t.column_payout>{money(lang, day.payout)}</td>
                <td class="figure" data-label=t.column_arrived>{money(lang, day.arrived)}</td>
                <td data-label=t.column_pay_on>{day_words(day.pay_on)}</td>
            </tr>
        }
    };
    let rows = days.into_iter().map(row).collect_view();
    let columns = vec![
        Text(t.column_day),
        Figure(t.column_shops),
        Figure(t.column_paid),
        Figure(t.column_cancelled),
        Figure(t.column_fee),
        Figure(t.column_payout),
        Figure(t.column_arrived),
        Text(t.column_pay_on),
    ];
    view! {
        <Section title=t.days_title>
            <DataTable label=t.days_title columns>{rows}</DataTable>
        </Section>
    }
    .into_any()
}

fn declaring(declare: ServerAction<DeclareRevenue>) -> AnyView {
    let t = &words().settling;
    view! {
        <Section title=t.declare_title>
            <p class="small">{t.declare_lead}</p>
            <ActionForm action=declare attr:class="city-form">
                <div class="city-fields">
                    <Input label=t.shop_number name="number" value="" inputmode="numeric" maxlength=9 required=true />
                    <Input label=t.year name="year" value="" inputmode="numeric" maxlength=4 required=true />
                    <Input label=t.revenue name="revenue" value="" inputmode="numeric" maxlength=24 required=true />
                </div>
                <Button look=Look::Line busy=declare.pending()>{t.declare}</Button>
            </ActionForm>
        </Section>
    }
    .into_any()
}
