//! The bank's part of a refund, outside of any transaction: the credit after the lot was emptied, and again, under the same id, for as
//! long as it is not known what became of it.

use crate::outside::Bank;
use crate::web::Services;
use domain::Timestamp;
use domain::refunding::State;
use std::time::Duration;
use store::{Credit, Store};

/// Most banks answer within it, and then the end is the next thing that is seen.
const BANK_ANSWERS_IN: Duration = Duration::from_millis(2_500);

/// Has the bank pay, to the end even when the caller goes away, and waits a moment for it. Whatever is not known by then is followed by
/// whoever asked, and asked of the bank by the server's job.
pub async fn pay_back(services: &Services, credit: Credit) {
    if credit.state != State::Reserved {
        return;
    }
    let services = services.clone();
    let work = services.debits.clone().spawn(async move {
        if let Err(error) = resolve(&services.store, services.bank.as_ref(), &credit).await {
            tracing::error!(refund = %credit.id, %error, "a refund could not be settled; the recovery job will ask the bank");
        }
    });
    // Late is not lost.
    let _ = tokio::time::timeout(BANK_ANSWERS_IN, work).await;
}

/// Asks the bank for the credit, or what became of it: it knows the id, so sent again it is the same credit. Safe to do twice and by two
/// nodes at once. The state afterwards; `None` when there is no such refund.
pub async fn resolve(store: &Store, bank: &dyn Bank, credit: &Credit) -> store::Result<Option<State>> {
    let says = bank.refund(credit.id, &credit.account, credit.paid).await;
    store.till().settle_refund(credit.id, says, Timestamp::now()).await
}
