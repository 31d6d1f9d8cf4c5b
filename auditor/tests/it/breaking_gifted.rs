//! What can be wrong about gifts.

use crate::breaking::{Broken, break_each, is_clean_with};
use crate::database::{Engine, engines};
use crate::history::GIFTED;

/// 30,000 that the ledger took from another of the sender's lots than the gift says.
macro_rules! out_of_another {
    ($more:expr) => {
        concat!(
            "UPDATE entry SET owner = 172 WHERE transfer_id = 121 AND account = 2010; \
             UPDATE lot SET remaining = 66667 WHERE id = 171; UPDATE lot SET remaining = 50000 WHERE id = 172; ",
            $more
        )
    };
}

#[rustfmt::skip]
pub const BROKEN_GIFTED: &[Broken] = &[
    // the escrow
    Broken("UPDATE entry SET owner = 193 WHERE transfer_id = 121 AND account = 2050", "escrow 191", 30_000,
        &["escrow_holds_what_waits", "gifts_have_transfers"]),
    Broken("UPDATE entry SET owner = 999 WHERE transfer_id = 121 AND account = 2050", "account 2050 of 999", -30_000,
        &["accounts_are_known", "escrow_holds_what_waits", "gifts_have_transfers"]),
    // Into a lot with the number of the escrow.
    Broken("UPDATE entry SET account = 2010 WHERE transfer_id = 121 AND account = 2050", "lot 191", -30_000,
        &["lots_match_ledger", "escrow_holds_what_waits", "gifts_have_transfers", "given_matches_gifts"]),
    // Something is left in it after the answer, with whatever cause.
    Broken("INSERT INTO transfer VALUES (199, 'pay', @23, 1); INSERT INTO entry VALUES (199, 1, 2050, 191, 5), (199, 2, 2050, 192, -5)",
        "escrow 192", -5, &["escrow_holds_what_waits", "payments_have_transfers"]),
    // It is back, and still said to wait.
    Broken("UPDATE gift SET state = 'waiting', decided_at = NULL WHERE escrow = 193", "escrow 193", 40_000,
        &["held_matches_lots", "escrow_holds_what_waits", "gifts_have_transfers", "given_matches_gifts"]),
    // the ledger
    Broken("DELETE FROM entry WHERE transfer_id = 125; DELETE FROM transfer WHERE id = 125", "gift", 40_000,
        &["lots_match_ledger", "escrow_holds_what_waits", "gifts_have_transfers", "given_matches_gifts"]),
    Broken("DELETE FROM entry WHERE transfer_id = 121; DELETE FROM transfer WHERE id = 121", "gift", 30_000,
        &["lots_match_ledger", "escrow_holds_what_waits", "gifts_have_transfers", "given_matches_gifts"]),
    // Back twice.
    Broken("INSERT INTO transfer VALUES (199, 'gift_back', @123, 1); INSERT INTO entry VALUES (199, 1, 2050, 193, 40000), (199, 2, 2010, 172, -40000)",
        "gift", 40_000, &["lots_match_ledger", "escrow_holds_what_waits", "gifts_have_transfers", "given_matches_gifts"]),
    // Accepted, and booked as if it had come back.
    Broken("UPDATE transfer SET cause = 'gift_back' WHERE id = 127", "gift", 3_333, &["gifts_have_transfers", "given_matches_gifts"]),
    Broken("UPDATE transfer SET cause = 'gave' WHERE id = 121", "transfer 121", 30_000,
        &["causes_are_known", "gifts_have_transfers", "given_matches_gifts"]),
    Broken("UPDATE transfer SET subject = @124 WHERE id = 121", "gift", 30_000, &["gifts_have_transfers"]),
    // A won less than was given came to the receiver.
    Broken("UPDATE entry SET amount = 3332 WHERE transfer_id = 127 AND line = 1; UPDATE entry SET amount = -3332 WHERE transfer_id = 127 AND line = 2",
        "gift", 3_333, &["lots_match_ledger", "escrow_holds_what_waits", "gifts_have_transfers", "given_matches_gifts"]),
    // To the bank, and not to a lot.
    Broken("UPDATE entry SET account = 1010, owner = 0 WHERE transfer_id = 127 AND account = 2010", "gift", 3_333,
        &["lots_match_ledger", "gifts_have_transfers", "given_matches_gifts"]),
    // Nobody's gift, from one lot into another.
    Broken("INSERT INTO transfer VALUES (199, 'gift', @199, 1); INSERT INTO entry VALUES (199, 1, 2010, 172, 5), (199, 2, 2010, 171, -5); \
            UPDATE lot SET remaining = 36672 WHERE id = 171; UPDATE lot SET remaining = 79995 WHERE id = 172", "gift", 0,
        &["gifts_have_transfers", "given_matches_gifts"]),
    // the parts
    Broken("DELETE FROM gift_part WHERE escrow = 193", "escrow 193", 40_000, &["gifts_are_their_parts"]),
    Broken("INSERT INTO gift_part VALUES (999, 1, 171, 5, NULL)", "escrow 999", -5, &["gifts_are_their_parts"]),
    Broken("INSERT INTO gift_part VALUES (999, 1, 171, 0, NULL)", "escrow 999", 0, &["gifts_are_their_parts"]),
    Broken("UPDATE gift_part SET amount = 20001 WHERE escrow = 192 AND line = 2", "escrow 192", -1,
        &["gifts_are_their_parts", "given_matches_gifts", "gifted_lots_are_their_parts"]),
    // what lots have given
    Broken("UPDATE lot SET given = 63332 WHERE id = 171", "lot 171", -1, &["given_matches_gifts"]),
    Broken("UPDATE lot SET given = -1 WHERE id = 174", "lot 174", -1, &["given_matches_gifts"]),
    // Back, and still said to be given.
    Broken("UPDATE lot SET given = 60000 WHERE id = 172", "lot 172", 40_000, &["given_matches_gifts"]),
    Broken("UPDATE gift_part SET lot_id = 172 WHERE escrow = 191", "lot 172", -30_000, &["given_matches_gifts"]),
    Broken(out_of_another!(""), "lot 171", 30_000, &["given_matches_gifts"]),
    Broken(out_of_another!("UPDATE lot SET given = 33333 WHERE id = 171; UPDATE lot SET given = 50000 WHERE id = 172"), "lot 172", 30_000,
        &["given_matches_gifts"]),
    // Into another of the receiver's lots.
    Broken("UPDATE entry SET amount = -33330 WHERE transfer_id = 123 AND line = 2; UPDATE entry SET amount = -20003 WHERE transfer_id = 123 AND line = 3; \
            UPDATE entry SET owner = 174 WHERE transfer_id = 126 AND line = 1; \
            UPDATE lot SET remaining = 33330, given = 0 WHERE id = 173; UPDATE lot SET remaining = 16670, given = 3333 WHERE id = 174; \
            UPDATE gift_part SET lot_id = 174 WHERE escrow = 194; \
            UPDATE lot SET purchase_id = @112, bought_at = 1772413221000 WHERE id = 175", "lot 174", -3, &["given_matches_gifts"]),
    // the receiver's lots: of no gift, of one twice, of one that nobody has accepted
    Broken("INSERT INTO lot (id, purchase_id, person_id, kind_id, district, discount_bp, face, paid, remaining, refund_from, bought_at, expires_at, gift) \
            SELECT 176, purchase_id, person_id, kind_id, district, discount_bp, 5, 4, 0, refund_from, bought_at, expires_at, 191 \
            FROM lot WHERE id = 173", "lot 176", 5, &["given_matches_gifts", "gifted_lots_are_their_parts"]),
    Broken("UPDATE gift_part SET to_lot_id = 173 WHERE escrow = 192 AND line = 2", "lot 173", 33_333, &["gifted_lots_are_their_parts"]),
    Broken("UPDATE gift_part SET to_lot_id = 174 WHERE escrow = 191", "lot 171", 30_000, &["gifted_lots_are_their_parts"]),
    Broken("UPDATE gift_part SET to_lot_id = 172 WHERE escrow = 193", "lot 172", 40_000, &["gifted_lots_are_their_parts"]),
    Broken("UPDATE gift_part SET to_lot_id = NULL WHERE escrow = 192 AND line = 2", "lot 172", 20_000, &["gifted_lots_are_their_parts"]),
    Broken("UPDATE gift_part SET to_lot_id = 999 WHERE escrow = 194", "lot 173", 3_333, &["gifted_lots_are_their_parts"]),
    // Another lot: of another gift, of none, of somebody else, of another purchase, day, kind or district.
    Broken("UPDATE lot SET gift = 192 WHERE id = 175", "lot 173", 3_333, &["gifted_lots_are_their_parts"]),
    Broken("UPDATE lot SET gift = NULL WHERE id = 174", "lot 172", 20_000,
        &["purchases_have_lots", "given_matches_gifts", "gifted_lots_are_their_parts", "lots_keep_their_terms"]),
    Broken("UPDATE lot SET person_id = 6 WHERE id = 174; UPDATE allowance SET held = 170000, lots = @[171,172,174,175] WHERE person_id = 6; \
            UPDATE allowance SET held = 30000, lots = @[173] WHERE person_id = 7", "lot 172", 20_000, &["gifted_lots_are_their_parts"]),
    Broken("UPDATE lot SET purchase_id = @111 WHERE id = 174", "lot 172", 20_000, &["gifted_lots_are_their_parts"]),
    Broken("UPDATE lot SET bought_at = 1772413211000 WHERE id = 174", "lot 172", 20_000, &["gifted_lots_are_their_parts"]),
    Broken("UPDATE lot SET kind_id = 2 WHERE id = 174; UPDATE allowance SET held = 30000, lots = @[173] WHERE person_id = 7; \
            INSERT INTO allowance (person_id, kind_id, month, bought, held, lots) VALUES (7, 2, 0, 0, 20000, @[174])", "lot 172", 20_000,
        &["gifted_lots_are_their_parts"]),
    Broken("UPDATE lot SET district = 5 WHERE id = 174", "lot 172", 20_000, &["gifted_lots_are_their_parts"]),
    Broken("UPDATE gift SET kind_id = 2 WHERE escrow = 193", "lot 172", 40_000, &["gifted_lots_are_their_parts"]),
    Broken("UPDATE gift SET sender_id = 3 WHERE escrow = 193", "lot 172", 40_000, &["gifted_lots_are_their_parts"]),
    // At another price, in all or in its terms.
    Broken("UPDATE lot SET face = 20001 WHERE id = 174", "lot 172", 20_000, &["given_matches_gifts", "gifted_lots_are_their_parts"]),
    Broken("UPDATE lot SET paid = 18601 WHERE id = 174", "lot 172", 20_000, &["gifted_lots_are_their_parts"]),
    // Rounded up.
    Broken("UPDATE lot SET paid = 3100 WHERE id = 175", "lot 173", 3_333, &["gifted_lots_are_their_parts"]),
    Broken("UPDATE lot SET discount_bp = 0 WHERE id = 174", "lot 172", 20_000, &["gifted_lots_are_their_parts", "lots_keep_their_terms"]),
    Broken("UPDATE lot SET after_expiry = 90 WHERE id = 174", "lot 172", 20_000, &["gifted_lots_are_their_parts"]),
    Broken("UPDATE lot SET expires_at = 1930266000001 WHERE id = 174", "lot 172", 20_000, &["gifted_lots_are_their_parts"]),
    // More time was given, but not to lots of this kind, or not that much.
    Broken("UPDATE lot SET expires_at = 1930266000001 WHERE id = 174; \
            INSERT INTO extension (id, kind_id, ended, until, reason, operator_id, created_at, done_at) VALUES \
              (1, 2, 1930266000000, 1930266000001, 'flood', 41, 1, 2), (2, 1, 1930266000000, 1930266000002, 'flood', 41, 1, 2)",
        "lot 172", 20_000, &["gifted_lots_are_their_parts"]),
    Broken("UPDATE lot SET refund_from = 60 WHERE id = 174", "lot 172", 20_000, &["gifted_lots_are_their_parts"]),
    // times
    Broken("UPDATE gift SET ends_at = 1773104800001 WHERE escrow = 191", "gift", 30_000, &["gifts_wait_seven_days"]),
    Broken("UPDATE gift SET delivers_at = 1772500000001 WHERE escrow = 191", "gift", 30_000, &["gifts_wait_seven_days"]),
    Broken("UPDATE gift SET created_at = 1772500000001 WHERE escrow = 191", "gift", 30_000, &["gifts_wait_seven_days"]),
    // Ten minutes and a millisecond after its end it has not come back.
    Broken("UPDATE gift SET ends_at = 1772594399999, delivers_at = 1771989599999, created_at = 1771989599999 WHERE escrow = 191", "gift", 30_000,
        &["gifts_wait_seven_days"]),
    Broken("UPDATE gift SET state = 'returned' WHERE escrow = 193", "gift", 40_000, &["gifts_wait_seven_days"]),
    Broken("UPDATE gift SET state = 'returned', decided_at = 1773074199999 WHERE escrow = 193", "gift", 40_000, &["gifts_wait_seven_days"]),
    Broken("UPDATE gift SET decided_at = 1772453599999 WHERE escrow = 192", "gift", 53_333, &["gifts_wait_seven_days"]),
    Broken("UPDATE gift SET decided_at = 1773058400000 WHERE escrow = 192", "gift", 53_333, &["gifts_wait_seven_days"]),
    Broken("UPDATE gift SET state = 'declined', decided_at = 1772469999999 WHERE escrow = 193", "gift", 40_000, &["gifts_wait_seven_days"]),
    Broken("UPDATE gift SET decided_at = NULL WHERE escrow = 193", "gift", 40_000, &["gifts_wait_seven_days"]),
    Broken("UPDATE gift SET decided_at = 1772510000000 WHERE escrow = 191", "gift", 30_000, &["gifts_wait_seven_days"]),
    // to whom
    Broken("UPDATE gift SET receiver_id = NULL WHERE escrow = 192", "gift", 53_333, &["gifted_lots_are_their_parts", "gifts_wait_seven_days"]),
    Broken("UPDATE gift SET receiver_id = 7, month = 202603 WHERE escrow = 191", "gift", 30_000, &["gifts_wait_seven_days"]),
    Broken("UPDATE gift SET receiver_id = 7 WHERE escrow = 194; UPDATE lot SET person_id = 7 WHERE id = 175; \
            UPDATE allowance SET held = 146667, lots = @[171,172] WHERE person_id = 6; \
            UPDATE allowance SET held = 53333, lots = @[173,174,175] WHERE person_id = 7", "gift", 3_333, &["gifts_wait_seven_days"]),
    // the month
    Broken("UPDATE gift SET month = 202602 WHERE escrow = 192", "gift", 53_333, &["gifts_wait_seven_days"]),
    Broken("UPDATE gift SET month = 202604 WHERE escrow = 192", "gift", 53_333, &["gifts_wait_seven_days"]),
    Broken("UPDATE gift SET month = NULL WHERE escrow = 192", "gift", 53_333, &["gifts_wait_seven_days"]),
    Broken("UPDATE kind SET gift_month_cap = 53332 WHERE id = 1", "person 7, kind 1, 202603", 1, &["gift_month_caps_hold"]),
    // The same as two gifts.
    Broken("UPDATE kind SET gift_month_cap = 53332 WHERE id = 1; UPDATE gift SET amount = 33333 WHERE escrow = 192; \
            UPDATE gift_part SET escrow = 195, line = 1 WHERE escrow = 192 AND line = 2; UPDATE lot SET gift = 195 WHERE id = 174; \
            INSERT INTO gift (id, escrow, sender_id, kind_id, amount, card, message, state, receiver_id, month, created_at, delivers_at, ends_at, \
              decided_at) SELECT @125, 195, sender_id, kind_id, 20000, card, message, state, receiver_id, month, created_at, delivers_at, ends_at, \
              decided_at FROM gift WHERE escrow = 192; \
            INSERT INTO transfer VALUES (128, 'gift', @125, 1), (129, 'gift_accepted', @125, 1); \
            UPDATE entry SET transfer_id = 128 WHERE transfer_id = 122 AND owner = 172; \
            UPDATE entry SET transfer_id = 129 WHERE transfer_id = 123 AND owner = 174; \
            UPDATE entry SET amount = -33333 WHERE transfer_id = 122 AND account = 2050; \
            UPDATE entry SET amount = 33333 WHERE transfer_id = 123 AND account = 2050; \
            INSERT INTO entry VALUES (128, 3, 2050, 195, -20000), (129, 1, 2050, 195, 20000)", "person 7, kind 1, 202603", 1,
        &["gift_month_caps_hold"]),
    // what the other checks say of gifts
    Broken("UPDATE allowance SET held = 120000 WHERE person_id = 6", "person 6, kind 1", -30_000, &["held_matches_lots"]),
    Broken("UPDATE allowance SET bought = 53333, month = 202603 WHERE person_id = 7", "person 7, kind 1", 53_333, &["bought_matches_purchases"]),
    Broken("UPDATE allowance SET lots = @[173] WHERE person_id = 7", "person 7, kind 1, lot 174", 20_000, &["live_lots_are_listed"]),
    // Waits, and can still be spent.
    Broken("UPDATE lot SET remaining = 66667 WHERE id = 171; UPDATE allowance SET held = 180000 WHERE person_id = 6", "lot 171", 30_000,
        &["lots_match_ledger"]),
];

#[tokio::test]
async fn what_is_broken_of_a_gift_is_found_by_its_check_alone_on_sqlite() {
    break_each(Engine::Sqlite, GIFTED, BROKEN_GIFTED).await;
}

#[tokio::test]
async fn what_is_broken_of_a_gift_is_found_by_its_check_alone_on_postgres() {
    if engines().contains(&Engine::Postgres) {
        break_each(Engine::Postgres, GIFTED, BROKEN_GIFTED).await;
    }
}

#[tokio::test]
async fn a_history_with_gifts_is_clean_whatever_may_become_of_them() {
    let table = [
        "",
        "UPDATE gift SET state = 'declined' WHERE escrow = 193",
        // Just delivered, and in the last moment; on the first day and in the last moment of a month in Seoul.
        "UPDATE gift SET decided_at = 1772453600000 WHERE escrow = 192",
        "UPDATE gift SET decided_at = 1773058399999 WHERE escrow = 192",
        "UPDATE gift SET delivers_at = 1772290000000, created_at = 1772290000000, ends_at = 1772894800000, decided_at = 1772290799999, \
           month = 202602 WHERE escrow = 192",
        "UPDATE gift SET delivers_at = 1772290000000, created_at = 1772290000000, ends_at = 1772894800000, decided_at = 1772290800000 \
           WHERE escrow = 192",
        // Nobody answered it, and the job came at once or minutes later; or is about to come.
        "UPDATE gift SET state = 'returned', ends_at = 1772500000000, delivers_at = 1771895200000, created_at = 1771895200000, \
           decided_at = 1772500000000 WHERE escrow = 193",
        "UPDATE gift SET ends_at = 1772594400000, delivers_at = 1771989600000, created_at = 1771989600000 WHERE escrow = 191",
        // Taken back on its way and after its end.
        "UPDATE gift SET delivers_at = 1772580000000, ends_at = 1773184800000 WHERE escrow = 193",
        "UPDATE gift SET delivers_at = 1771800000000, created_at = 1771800000000, ends_at = 1772404800000 WHERE escrow = 193",
        "UPDATE kind SET gift_month_cap = 53333 WHERE id = 1",
        // A kind that gives its receivers money, and one of its lots for which nobody gets any.
        "UPDATE kind SET gift_refund = 1 WHERE id = 1; UPDATE lot SET refund_from = 60 WHERE id IN (173, 175)",
        // The city gives more time, lot by lot: to the giver's first or to the receiver's.
        "INSERT INTO extension (id, kind_id, ended, until, reason, operator_id, created_at) VALUES \
           (1, 1, 1930266000000, 1930352400000, 'flood', 41, 1772569000000); UPDATE lot SET expires_at = 1930352400000 WHERE id = 174",
        "INSERT INTO extension (id, kind_id, ended, until, reason, operator_id, created_at) VALUES \
           (1, 1, 1930266000000, 1930352400000, 'flood', 41, 1772569000000); UPDATE lot SET expires_at = 1930352400000 WHERE id = 172",
    ];
    for engine in engines() {
        for more in table {
            is_clean_with(engine, &format!("{GIFTED} {more}")).await;
        }
    }
}
