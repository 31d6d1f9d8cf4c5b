//! Refunds: what a lot gave back, whether it might, and what was booked for it.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "refunds_give_the_share",
        what: "what each refund gives back is its lot's price for that much of it, rounded down, and the share of that which the lot gives after \
               its time; lot, person and kind belong together",
        counted: "refund",
        broken: "SELECT r.id, r.lot_id, r.face, r.paid, r.fund, r.lot_face, r.lot_paid, r.paid - r.due AS amount FROM \
                   (SELECT r.id, r.lot_id, r.face, r.paid, r.fund, COALESCE(r.kept, 0) AS kept, COALESCE(l.face, 0) AS lot_face, \
                      COALESCE(l.paid, 0) AS lot_paid, l.person_id = r.person_id AND l.kind_id = r.kind_id AS is_theirs, \
                      COALESCE((r.face + COALESCE(r.kept, 0)) * l.paid / l.face, 0) AS cost, \
                      COALESCE((r.face + COALESCE(r.kept, 0)) * l.paid / l.face \
                        * CASE WHEN r.kept IS NULL THEN 100 ELSE l.after_expiry END / 100, 0) AS due \
                    FROM refund r LEFT JOIN lot l ON l.id = r.lot_id) r \
                 WHERE NOT COALESCE(r.is_theirs, 1 = 0) OR r.paid + r.fund <> r.face OR r.paid <> r.due OR r.paid + r.kept <> r.cost",
        row: "refund {id}",
        words: "{paid won} and {fund won} for {face won} of lot {lot_id}, of which {lot_face won} cost {lot_paid won}",
    },
    Rule {
        name: "refunds_match_lots",
        what: "what each lot is said to have given back is what its refunds say that were not voided",
        counted: "lot",
        broken: "SELECT id, refunded, given, refunded - given AS amount FROM \
                   (SELECT id, CAST(SUM(refunded) AS BIGINT) AS refunded, CAST(SUM(given) AS BIGINT) AS given FROM \
                     (SELECT id, refunded, 0 AS given FROM lot \
                      UNION ALL SELECT lot_id, 0, face + COALESCE(kept, 0) FROM refund WHERE state <> 'voided') x GROUP BY id) y \
                 WHERE refunded <> given",
        row: "lot {id}",
        words: "{refunded won} given back, its refunds say {given won}",
    },
    // What was heard within a minute of it may have been decided before or after.
    Rule {
        name: "refunds_were_due",
        what: "when each refund was asked for, nothing of its lot was spent, or as much as its rules want, or its time was over",
        counted: "refund",
        broken: "SELECT id, lot_id, face, spent, COALESCE(threshold, 0) AS threshold, COALESCE(threshold, 0) - spent AS amount FROM \
                   (SELECT r.id, r.lot_id, l.face, (l.face * l.refund_from + 99) / 100 AS threshold, \
                      CAST(COALESCE(SUM(CASE WHEN t.cause = 'pay' OR t.created_at < r.created_at - 60000 THEN e.amount ELSE 0 END), 0) \
                        AS BIGINT) AS spent, \
                      CAST(COALESCE(SUM(CASE WHEN t.cause = 'cancel' OR t.created_at < r.created_at - 60000 THEN e.amount ELSE 0 END), 0) \
                        AS BIGINT) AS least \
                    FROM refund r JOIN lot l ON l.id = r.lot_id \
                    LEFT JOIN (entry e JOIN transfer t ON t.id = e.transfer_id AND t.cause IN ('pay', 'cancel') \
                        AND e.account = 2010 AND e.owner IN (SELECT lot_id FROM refund)) \
                      ON e.owner = r.lot_id AND t.created_at <= r.created_at + 60000 \
                    WHERE r.kept IS NULL OR l.refund_from IS NULL \
                    GROUP BY r.id, r.lot_id, l.face, l.refund_from) x \
                 WHERE threshold IS NULL OR (spent < threshold AND least > 0)",
        row: "refund {id}",
        words: "of lot {lot_id} ({face won}) {spent won} was spent, at least {threshold won} should have been",
    },
    Rule {
        name: "refunds_have_transfers",
        what: "each posted refund has exactly one transfer: its lot against bank and fund; no other has any",
        counted: "refund",
        broken: "SELECT * FROM \
                   (SELECT id, CAST(SUM(posted) AS BIGINT) AS posted, CAST(SUM(transfers) AS BIGINT) AS transfers, \
                      CAST(SUM(face) AS BIGINT) AS face, CAST(SUM(paid) AS BIGINT) AS paid, CAST(SUM(fund) AS BIGINT) AS fund, \
                      CAST(SUM(taken) AS BIGINT) AS taken, CAST(SUM(bank) AS BIGINT) AS bank, CAST(SUM(city) AS BIGINT) AS city, \
                      CAST(SUM(taken) - SUM(face) AS BIGINT) AS amount, CAST(SUM(lines) AS BIGINT) AS lines, \
                      MAX(kind) AS kind, MAX(city_kind) AS city_kind, MAX(lot) AS lot, MAX(taken_lot) AS taken_lot FROM \
                     (SELECT id, 1 AS posted, face, paid, fund, kind_id AS kind, lot_id AS lot, 0 AS transfers, 0 AS lines, \
                        0 AS bank, 0 AS city, 0 AS city_kind, 0 AS taken, 0 AS taken_lot \
                      FROM refund WHERE state = 'posted' AND kept IS NULL \
                      UNION ALL \
                      SELECT t.subject, 0, 0, 0, 0, 0, 0, 1, COUNT(e.line), \
                        COALESCE(SUM(CASE WHEN e.account = 1010 THEN -e.amount ELSE 0 END), 0), \
                        COALESCE(SUM(CASE WHEN e.account = 5010 THEN -e.amount ELSE 0 END), 0), \
                        COALESCE(MAX(CASE WHEN e.account = 5010 THEN e.owner ELSE 0 END), 0), \
                        COALESCE(SUM(CASE WHEN e.account = 2010 THEN e.amount ELSE 0 END), 0), \
                        COALESCE(MAX(CASE WHEN e.account = 2010 THEN e.owner ELSE 0 END), 0) \
                      FROM transfer t LEFT JOIN entry e ON e.transfer_id = t.id WHERE t.cause = 'refund' GROUP BY t.id, t.subject) x \
                    GROUP BY id) y \
                 WHERE posted <> 1 OR transfers <> 1 OR paid <> bank OR fund <> city OR face <> taken OR lot <> taken_lot \
                   OR lines <> 2 + CASE WHEN fund > 0 THEN 1 ELSE 0 END OR (fund > 0 AND kind <> city_kind)",
        row: "refund {id}",
        words: "{posted} posted with {paid won} and {fund won} of fund {kind} for {face won} of lot {lot}; {transfers} transfers \
                with {bank won} and {city won} of fund {city_kind} for {taken won} of lot {taken_lot}",
    },
    Rule {
        name: "refunds_are_asked_about",
        what: "for each open refund there is a time at which the bank is asked again, and a decided one has the time of it",
        counted: "refund",
        broken: "SELECT id, state, paid AS amount FROM refund \
                 WHERE (state IN ('reserved', 'unknown') AND (check_at IS NULL OR decided_at IS NOT NULL)) \
                   OR (state IN ('posted', 'voided') AND (check_at IS NOT NULL OR decided_at IS NULL))",
        row: "refund {id}",
        words: "{state}, and nobody will ask the bank about it, or nobody knows when it was decided",
    },
    Rule {
        name: "refunds_give_the_month_back_once",
        what: "only a lot that gave back all of its face at once, in its time, may give back the month limit, and that of its purchase",
        counted: "refund",
        broken: "SELECT r.id, r.face AS amount, r.month, l.face, p.month AS bought FROM refund r \
                 JOIN lot l ON l.id = r.lot_id JOIN purchase p ON p.id = l.purchase_id \
                 WHERE (r.face = l.face AND r.kept IS NULL AND l.gift IS NULL AND (r.month IS NULL OR r.month <> p.month)) \
                   OR ((r.face <> l.face OR r.kept IS NOT NULL OR l.gift IS NOT NULL) AND r.month IS NOT NULL)",
        row: "refund {id}",
        words: "of {amount won} of a lot of {face won}, bought in {bought}: month {month}",
    },
];
