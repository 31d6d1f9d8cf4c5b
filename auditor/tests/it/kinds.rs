//! The history after its citywide kind was changed: from 3 March on at 5 percent, for at most 200,000 a month and 500,000 held, two years,
//! refunds from 70 percent on. Person 2 bought 20,000 of it then (lot 110), after the 60,000 that were reserved the day before.

use crate::breaking::{Broken, break_each, is_clean_with};
use crate::database::engines;

/// 1772463600000 is the midnight that ended 2 March 2026 in Seoul. The hash of the log's only entry is written as four numbers.
const CHANGED: &str = "
INSERT INTO operator (id, login, name, password_hash, totp_secret, roles, created_at) VALUES
  (42, 'lee', 'Lee', '', @900, 'planner', 1), (43, 'ahn', 'Ahn', '', @900, 'planner', 1);
INSERT INTO kind_change (id, state, kind_id, planner_id, releaser_id, body, version, from_at, created_at, changed_at, released_at, applied_at)
  VALUES (71, 'applied', 1, 42, 41, '{}', 3, 1772463600000, 1, 1, 1, 1772463600500);
INSERT INTO kind_change_author (change_id, operator_id) VALUES (71, 42), (71, 43);
INSERT INTO kind_version (kind_id, version, change_id, from_at, discount_bp, unit, month_limit, holding_cap, validity_years, refund_from,
  nation_bp, city_bp, district_bp) VALUES (1, 2, 71, 1772463600000, 500, 10000, 200000, 500000, 2, 70, 100, 400, 0);
INSERT INTO audit_log (number, at, operator_id, action, subject, detail, hash) VALUES (1, 1, 41, 'kind change released', 'change 71', '{}',
  @[-62982367159015722,3550415707442443379,210878617239988243,7856180412956607344]);
UPDATE audit_head SET number = 1, hash = (SELECT hash FROM audit_log);
UPDATE kind SET version = 2, discount_bp = 500, month_limit = 200000, holding_cap = 500000, validity_years = 2, refund_from = 70 WHERE id = 1;
INSERT INTO sale_window (id, sale_id, kind_id, opens_at, closes_at, who, total, held, sold, planned) VALUES
  (19, 1, 1, 1772499600000, 1772514000000, 'anyone', 20000, 0, 20000, 20000);
INSERT INTO purchase (id, lot_id, person_id, window_id, kind_id, face, paid, fund, discount_bp, month, state, created_at, decided_at, kind_version)
  VALUES (@70, 110, 2, 19, 1, 20000, 19000, 1000, 500, 202603, 'posted', 1772499700000, 1772499701000, 2);
INSERT INTO lot (id, purchase_id, person_id, kind_id, district, discount_bp, face, paid, remaining, refund_from, bought_at, expires_at) VALUES
  (110, @70, 2, 1, 0, 500, 20000, 19000, 20000, 70, 1772499701000, 1835708400000);
UPDATE allowance SET bought = 80000, held = 80000, lots = @[104,105,110] WHERE person_id = 2 AND kind_id = 1;
INSERT INTO transfer (id, cause, subject, created_at) VALUES (70, 'buy', @70, 1772499701000);
INSERT INTO entry (transfer_id, line, account, owner, amount) VALUES (70, 1, 1010, 0, 19000), (70, 2, 5010, 1, 1000), (70, 3, 2010, 110, -20000);
";

#[rustfmt::skip]
pub const BROKEN_KINDS: &[Broken] = &[
    Broken("UPDATE kind SET unit = 5000 WHERE id = 2", "kind 2", 0, &["kinds_are_their_newest_version"]),
    Broken("UPDATE kind_version SET nation_bp = 0, city_bp = 400, discount_bp = 400 WHERE kind_id = 1 AND version = 2", "kind 1", 0,
        &["kinds_are_their_newest_version", "lots_keep_their_terms"]),
    // Gone back to what it was without a change.
    Broken("UPDATE kind SET version = 1, discount_bp = 700, month_limit = 400000, holding_cap = 1000000, validity_years = 5, refund_from = 60 \
            WHERE id = 1", "kind 1", 0, &["kinds_are_their_newest_version"]),
    Broken("UPDATE kind_change SET releaser_id = 43 WHERE id = 71", "change 71", 0, &["versions_are_released_changes"]),
    Broken("DELETE FROM audit_log", "change 71", 0, &["versions_are_released_changes", "audit_log_is_unbroken"]),
    Broken("UPDATE kind_change SET from_at = 1772463600001 WHERE id = 71", "change 71", 0, &["versions_are_released_changes"]),
    Broken("UPDATE kind_version SET change_id = NULL WHERE change_id = 71", "kind 1", 0, &["versions_are_released_changes"]),
    // Ten minutes and a millisecond after its time it has not applied.
    Broken("INSERT INTO kind_change (id, state, kind_id, planner_id, releaser_id, body, from_at, created_at, changed_at, released_at) VALUES \
            (72, 'released', 2, 42, 41, '{}', 1772594399999, 1, 1, 1)", "change 72", 0, &["versions_are_released_changes"]),
    // A purchase of before and one of after the midnight.
    Broken("UPDATE purchase SET kind_version = 2 WHERE state = 'voided'", "purchase", 30_000, &["purchases_name_their_version"]),
    Broken("UPDATE purchase SET kind_version = 1 WHERE lot_id = 110; UPDATE lot SET discount_bp = 700, paid = 18600, refund_from = 60, \
            expires_at = 1930316400000 WHERE id = 110; UPDATE purchase SET paid = 18600, fund = 1400 WHERE lot_id = 110; \
            UPDATE entry SET amount = 18600 WHERE transfer_id = 70 AND line = 1; UPDATE entry SET amount = 1400 WHERE transfer_id = 70 AND line = 2",
        "purchase", 20_000, &["purchases_name_their_version"]),
    Broken("UPDATE purchase SET kind_version = 3 WHERE state = 'voided'", "purchase", 30_000, &["purchases_name_their_version"]),
    // A lot of before that the change has touched, and lots with one term of another version.
    Broken("UPDATE lot SET refund_from = 70 WHERE id = 101", "lot 101", 100_000, &["lots_keep_their_terms"]),
    Broken("UPDATE lot SET refund_from = 60 WHERE id = 109", "lot 109", 50_000, &["lots_keep_their_terms"]),
    Broken("UPDATE lot SET refund_from = NULL WHERE id = 110", "lot 110", 20_000, &["lots_keep_their_terms"]),
    Broken("UPDATE lot SET expires_at = 1835708400000 WHERE id = 101", "lot 101", 100_000, &["lots_keep_their_terms"]),
    Broken("UPDATE lot SET expires_at = 1930316400000 WHERE id = 110", "lot 110", 20_000, &["lots_keep_their_terms"]),
    // What was bought under the first version counts towards the limit of the second, and of what it may not reach.
    Broken("UPDATE kind SET month_limit = 79999 WHERE id = 1; UPDATE kind_version SET month_limit = 79999 WHERE kind_id = 1 AND version = 2",
        "person 2, kind 1, 202603", 1, &["month_limits_hold"]),
    Broken("UPDATE kind_version SET month_limit = 299999 WHERE kind_id = 1 AND version = 1", "person 1, kind 1, 202603", 1, &["month_limits_hold"]),
];

#[tokio::test]
async fn a_changed_kind_is_clean_and_each_thing_broken_about_it_is_found() {
    for engine in engines() {
        is_clean_with(engine, CHANGED).await;
        break_each(engine, CHANGED, BROKEN_KINDS).await;
    }
}
