//! What can be wrong about lots whose time is over.

use crate::breaking::{Broken, break_each, is_clean_with};
use crate::database::{Engine, engines};
use crate::history::EXPIRED;

#[rustfmt::skip]
pub const BROKEN_EXPIRED: &[Broken] = &[
    Broken("UPDATE lot SET expired = 49999 WHERE id = 161", "lot 161", -1, &["expired_matches_ledger", "breakage_matches_lots"]),
    // Never booked.
    Broken("DELETE FROM entry WHERE transfer_id = 86; DELETE FROM transfer WHERE id = 86", "lot 161", 50_000,
        &["lots_match_ledger", "expired_matches_ledger", "breakage_matches_lots"]),
    // Given back to the lot, and still what can be claimed.
    Broken("UPDATE lot SET expired = 50000, remaining = 0 WHERE id = 165; UPDATE allowance SET held = 0, lots = @[] WHERE person_id = 5",
        "lot 165", 50_000, &["lots_match_ledger", "expired_matches_ledger", "breakage_matches_lots", "lots_expire_at_their_end"]),
    Broken("UPDATE entry SET owner = 1 WHERE transfer_id = 86 AND account = 4020", "kind 4", 50_000, &["breakage_matches_lots"]),
    // Its time is over, and nobody has booked it.
    Broken("UPDATE lot SET expires_at = 1772590000000 WHERE id = 165", "lot 165", 50_000, &["lots_expire_at_their_end"]),
    // Taken before its end.
    Broken("UPDATE transfer SET created_at = 1772549999999 WHERE id = 86", "lot 161", 50_000, &["lots_expire_at_their_end"]),
    Broken("DELETE FROM entry WHERE transfer_id = 92; DELETE FROM transfer WHERE id = 92", "refund", -45_500,
        &["breakage_matches_lots", "expired_refunds_have_transfers"]),
    // The bank said no, and it was booked.
    Broken("INSERT INTO transfer VALUES (99, 'refund_expired', @88, 1772560201000); \
            INSERT INTO entry VALUES (99, 1, 4020, 4, 45500), (99, 2, 1010, 0, -40500), (99, 3, 5010, 4, -5000)", "refund", 45_500,
        &["breakage_matches_lots", "expired_refunds_have_transfers"]),
    // One won of the discount's share went to the person.
    Broken("UPDATE entry SET amount = -40501 WHERE transfer_id = 92 AND line = 2; UPDATE entry SET amount = -4999 WHERE transfer_id = 92 AND line = 3",
        "refund", 0, &["expired_refunds_have_transfers"]),
    // More than the lot's share; less.
    Broken("UPDATE refund SET paid = 42750, kept = 2250, face = 47750 WHERE id = @88", "refund", 2_250, &["refunds_give_the_share"]),
    Broken("UPDATE lot SET after_expiry = 95 WHERE id = 164", "refund", -2_250, &["refunds_give_the_share"]),
    Broken("UPDATE refund SET month = 202603 WHERE id = @88", "refund", 45_500, &["refunds_give_the_month_back_once"]),
    // Nobody holds what has expired.
    Broken("UPDATE allowance SET held = 100000 WHERE person_id = 5", "person 5, kind 4", 50_000, &["held_matches_lots"]),
    Broken("UPDATE allowance SET lots = @[161,165] WHERE person_id = 5", "person 5, kind 4, lot 161", 0, &["live_lots_are_listed"]),
];

#[tokio::test]
async fn a_history_with_expired_lots_is_clean_and_each_thing_broken_in_it_is_found() {
    for engine in engines() {
        is_clean_with(engine, EXPIRED).await;
        break_each(engine, EXPIRED, BROKEN_EXPIRED).await;
    }
}

/// A round that was not finished has booked only some.
#[tokio::test]
async fn what_ended_within_the_last_hour_may_wait() {
    is_clean_with(Engine::Sqlite, EXPIRED).await;
    let waiting = format!("{EXPIRED} UPDATE lot SET expires_at = 1772594000000 WHERE id = 165");
    is_clean_with(Engine::Sqlite, &waiting).await;
}
