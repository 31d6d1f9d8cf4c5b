//! Closes the day at midnight, settles its shops, sends their payouts to the bank, and lays the bank's own list beside the books.

use super::Work;
use app::settling::match_bank;
use domain::Timestamp;
use domain::buying::BankSays;
use futures::{StreamExt, stream};
use jiff::SignedDuration;
use std::time::Duration;
use store::{PayoutAct, PayoutOrder};

const EVERY: Duration = Duration::from_secs(1);
/// Payouts taken up in one go; a claim lasts longer than the bank is waited for.
const CLAIM_MOST: i64 = 64;
const AT_ONCE: usize = 16;
/// Between two looks over everything; there is one after each close too.
const MATCHED_EVERY: SignedDuration = SignedDuration::from_hours(1);

pub(super) async fn run(work: Work) {
    let mut matched_at: Option<Timestamp> = None;
    while work.wait(EVERY).await {
        let has_closed = close(&work).await;
        pay_out(&work).await;
        let now = Timestamp::now();
        if has_closed || matched_at.is_none_or(|at| now.duration_since(at) >= MATCHED_EVERY) {
            matched_at = Some(now);
            look(&work).await;
        }
    }
}

/// Whether the last shop of a day has been settled.
async fn close(work: &Work) -> bool {
    let store = &work.services.store;
    match store.close_days(Timestamp::now()).await {
        Ok(Ok(days)) if !days.is_empty() => tracing::info!(?days, "closed"),
        Ok(Ok(_)) => {}
        Ok(Err(nobody_knows)) => tracing::error!(%nobody_knows, "NO DAY IS CLOSED AND NO SHOP PAID"),
        Err(error) => tracing::error!(%error, "the day can't be closed"),
    }
    let mut is_done = false;
    while !work.stop.is_cancelled() {
        match store.settle_some(Timestamp::now()).await {
            Ok(Some(some)) => {
                is_done |= some.is_done;
                metrics::counter!("payplus_settled_shops_total").increment(some.shops as u64);
            }
            Ok(None) => break,
            Err(error) => {
                tracing::error!(%error, "shops can't be settled");
                break;
            }
        }
    }
    is_done
}

async fn pay_out(work: &Work) {
    match work.services.store.claim_payouts(CLAIM_MOST, Timestamp::now()).await {
        // What was taken is brought to its end, also when the server stops.
        Ok(orders) => stream::iter(orders).for_each_concurrent(AT_ONCE, |order| pay(work, order)).await,
        Err(error) => tracing::error!(%error, "payouts can't be read"),
    }
}

async fn pay(work: &Work, order: PayoutOrder) {
    let bank = &work.services.bank;
    let send = || bank.pay_out(order.id, &order.account, order.amount, order.day);
    let says = match order.act {
        PayoutAct::Send => send().await,
        PayoutAct::Ask => match bank.inquire_payout(order.id).await {
            BankSays::NotFound => send().await,
            says => says,
        },
    };
    match work.services.store.payout_said(&order, says, Timestamp::now()).await {
        Ok(state) => {
            tracing::info!(payout = %order.payout, ?says, ?state, "payout");
            metrics::counter!("payplus_payout_tries_total", "state" => state.as_str()).increment(1);
        }
        Err(error) => tracing::error!(payout = %order.payout, %error, "the bank's word can't be written"),
    }
}

async fn look(work: &Work) {
    match match_bank(&work.services).await {
        Ok(matched) if matched.found > 0 => tracing::error!(differences = matched.found, "bank, ledger and payouts do not match"),
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the bank can't be matched now"),
    }
}
