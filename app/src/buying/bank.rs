//! The bank's part of a purchase, outside of any transaction: debit after the reservation, settle with what the bank says,
//! and ask again for whatever is left open by a time-out, a crash or a late debit.

use crate::outside::Bank;
use crate::web::Services;
use domain::buying::{self, BankSays, State};
use domain::room::Pass;
use domain::{PurchaseId, Timestamp, Won};
use std::time::Duration;
use store::{Debit, Due, Store};

/// Most banks answer within it, and then the receipt is the next thing that is seen.
const BANK_ANSWERS_IN: Duration = Duration::from_millis(2_500);

/// Has the bank debited, to the end even when the caller goes away, and waits a moment for it. Whatever is not known by then is followed
/// by whoever asked, and asked of the bank by the server's job.
pub async fn collect(services: &Services, debit: Debit, pass: Option<Pass>) {
    if debit.state != State::Reserved {
        return;
    }
    let services = services.clone();
    let work = services.debits.clone().spawn(async move {
        let Debit { id, account, paid, .. } = debit;
        match self::debit(&services.store, services.bank.as_ref(), id, &account, paid).await {
            // At once, so that the next one comes in.
            Ok(Some(State::Posted)) => pass.iter().for_each(|pass| services.rooms.leave(pass)),
            Ok(_) => {}
            Err(error) => tracing::error!(purchase = %id, %error, "a debit could not be settled; the recovery job will ask the bank"),
        }
    });
    // Late is not lost.
    let _ = tokio::time::timeout(BANK_ANSWERS_IN, work).await;
}

/// Debits a reserved purchase and settles it. The state afterwards; `None` when there is no such purchase.
pub async fn debit(store: &Store, bank: &dyn Bank, id: PurchaseId, account: &str, paid: Won) -> store::Result<Option<State>> {
    let says = bank.debit(id, account, paid).await;
    store.till().settle(id, says, Timestamp::now()).await
}

/// Resolves one purchase that is open with the bank. Safe to do twice and by two nodes at once: the bank knows the id, and
/// the till decides on the state it finds.
pub async fn resolve(store: &Store, bank: &dyn Bank, due: &Due) -> store::Result<Option<State>> {
    let says = match due.state {
        State::Reserved | State::Unknown => match bank.inquire_debit(due.id).await {
            // The bank has not heard of it and the person still wants it: a debit sent again is the same debit.
            BankSays::NotFound if is_held(due) => bank.debit(due.id, &due.account, due.paid).await,
            says => says,
        },
        State::Voided => bank.inquire_debit(due.id).await,
        State::Refunding => match bank.credit(due.id, &due.account, due.paid).await {
            BankSays::Done => BankSays::Returned,
            says => says,
        },
        State::Posted | State::Refunded => return Ok(Some(due.state)),
    };
    store.till().settle(due.id, says, Timestamp::now()).await
}

fn is_held(due: &Due) -> bool {
    store::millis(Timestamp::now()) < store::millis(due.created_at) + buying::HOLD_MS
}
