//! Purchases: their price, their window, their lot, their transfers, and the pool they came out of.

use super::{first_day_sql, months_sql};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "pools_match_purchases",
        what: "each window holds what its open purchases hold and has sold what its posted ones bought",
        counted: "sale_window",
        broken: "SELECT id, held, sold, open, posted, held - open + sold - posted AS amount, windows FROM \
                   (SELECT id, CAST(SUM(windows) AS BIGINT) AS windows, CAST(SUM(held) AS BIGINT) AS held, \
                      CAST(SUM(sold) AS BIGINT) AS sold, CAST(SUM(open) AS BIGINT) AS open, CAST(SUM(posted) AS BIGINT) AS posted FROM \
                     (SELECT id, 1 AS windows, held, sold, 0 AS open, 0 AS posted FROM sale_window \
                      UNION ALL \
                      SELECT window_id, 0, 0, 0, CASE WHEN state = 'posted' THEN 0 ELSE face END, \
                        CASE WHEN state = 'posted' THEN face ELSE 0 END \
                      FROM purchase WHERE state IN ('reserved', 'unknown', 'posted')) x \
                    GROUP BY id) y \
                 WHERE windows <> 1 OR held <> open OR sold <> posted",
        row: "window {id}",
        words: "{windows} windows say held {held won}, sold {sold won}; its purchases say held {open won}, sold {posted won}",
    },
    Rule {
        name: "pools_not_oversold",
        what: "no window has held and sold more than its total, and nothing of it is negative",
        counted: "sale_window",
        broken: "SELECT id, total, held, sold, held + sold - total AS amount FROM sale_window \
                 WHERE held + sold > total OR total < 0 OR held < 0 OR sold < 0",
        row: "window {id}",
        words: "held {held won} and sold {sold won} of {total won}",
    },
    Rule {
        name: "purchases_add_up",
        what: "what the citizen and the city paid is the face",
        counted: "purchase",
        broken: "SELECT id, face, paid, fund, paid + fund - face AS amount FROM purchase \
                 WHERE paid + fund <> face OR face <= 0 OR paid < 0 OR fund < 0",
        row: "purchase {id}",
        words: "{paid won} and {fund won} for {face won}",
    },
    Rule {
        name: "purchases_fit_their_window",
        what: "each purchase is of its window's kind, inside its span, by a person whom it admits, and counted in its month in Seoul",
        counted: "purchase",
        broken: concat!(
            "SELECT id, person_id, amount, why FROM (SELECT p.id, p.person_id, p.face AS amount, CASE \
               WHEN w.id IS NULL THEN 'there is no such window' \
               WHEN w.kind_id <> p.kind_id THEN 'of another kind than its window' \
               WHEN p.created_at < w.opens_at OR p.created_at >= w.closes_at THEN 'reserved while its window was closed' \
               WHEN w.who = 'odd' AND r.birth_date / 10000 % 2 <> 1 THEN 'the window is for odd birth years' \
               WHEN w.who = 'even' AND r.birth_date / 10000 % 2 <> 0 THEN 'the window is for even birth years' \
               WHEN (p.created_at + 32400000) / 86400000 < ",
            first_day_sql!(months_sql!("p.month")),
            " OR (p.created_at + 32400000) / 86400000 >= ",
            first_day_sql!(concat!("(", months_sql!("p.month"), " + 1)")),
            " THEN 'counted in another month than it was made in' END AS why \
             FROM purchase p LEFT JOIN sale_window w ON w.id = p.window_id LEFT JOIN person r ON r.id = p.person_id) x \
             WHERE why IS NOT NULL"
        ),
        row: "purchase {id}",
        words: "of person {person_id}: {why}",
    },
    Rule {
        name: "purchases_have_lots",
        what: "each posted purchase has exactly one lot, the one it names, of the same person, kind, face and price; no other has any",
        counted: "purchase",
        broken: "SELECT id, posted, lots, bought, face, paid, lot_paid, names, lot, face - bought AS amount FROM \
                   (SELECT id, CAST(SUM(posted) AS BIGINT) AS posted, CAST(SUM(lots) AS BIGINT) AS lots, \
                      CAST(SUM(bought) AS BIGINT) AS bought, CAST(SUM(face) AS BIGINT) AS face, \
                      CAST(SUM(paid) AS BIGINT) AS paid, CAST(SUM(lot_paid) AS BIGINT) AS lot_paid, \
                      MAX(person) AS person, MAX(lot_person) AS lot_person, MAX(kind) AS kind, MAX(lot_kind) AS lot_kind, \
                      MAX(names) AS names, MAX(lot) AS lot FROM \
                     (SELECT id, 1 AS posted, 0 AS lots, face AS bought, 0 AS face, paid, 0 AS lot_paid, \
                        person_id AS person, 0 AS lot_person, kind_id AS kind, 0 AS lot_kind, lot_id AS names, 0 AS lot \
                      FROM purchase WHERE state = 'posted' \
                      UNION ALL \
                      SELECT purchase_id, 0, 1, 0, face, 0, paid, 0, person_id, 0, kind_id, 0, id FROM lot WHERE gift IS NULL) x \
                    GROUP BY id) y \
                 WHERE posted <> 1 OR lots <> 1 OR bought <> face OR paid <> lot_paid OR person <> lot_person OR kind <> lot_kind \
                   OR names <> lot",
        row: "purchase {id}",
        words: "{posted} posted purchases of {bought won} at {paid won} naming lot {names}, {lots} lots of {face won} at {lot_paid won}, \
                {lot} (or of another person or kind)",
    },
    Rule {
        name: "purchases_have_transfers",
        what: "each posted purchase has exactly one transfer: bank and fund against its lot; no other has any",
        counted: "purchase",
        broken: "SELECT * FROM \
                   (SELECT id, CAST(SUM(posted) AS BIGINT) AS posted, CAST(SUM(transfers) AS BIGINT) AS transfers, \
                      CAST(SUM(face) AS BIGINT) AS face, CAST(SUM(paid) AS BIGINT) AS paid, CAST(SUM(fund) AS BIGINT) AS fund, \
                      CAST(SUM(credited) AS BIGINT) AS credited, CAST(SUM(bank) AS BIGINT) AS bank, CAST(SUM(city) AS BIGINT) AS city, \
                      CAST(SUM(credited) - SUM(face) AS BIGINT) AS amount, CAST(SUM(lines) AS BIGINT) AS lines, \
                      MAX(kind) AS kind, MAX(city_kind) AS city_kind, MAX(lot) AS lot, \
                      CAST(SUM(CASE WHEN lot > 0 THEN 1 ELSE 0 END) AS BIGINT) AS lots, MAX(credited_lot) AS credited_lot FROM \
                     (SELECT id, 1 AS posted, face, paid, fund, kind_id AS kind, 0 AS lot, 0 AS transfers, 0 AS lines, \
                        0 AS bank, 0 AS city, 0 AS city_kind, 0 AS credited, 0 AS credited_lot \
                      FROM purchase WHERE state = 'posted' \
                      UNION ALL SELECT purchase_id, 0, 0, 0, 0, 0, id, 0, 0, 0, 0, 0, 0, 0 FROM lot WHERE gift IS NULL \
                      UNION ALL \
                      SELECT t.subject, 0, 0, 0, 0, 0, 0, 1, COUNT(e.line), \
                        COALESCE(SUM(CASE WHEN e.account = 1010 THEN e.amount ELSE 0 END), 0), \
                        COALESCE(SUM(CASE WHEN e.account = 5010 THEN e.amount ELSE 0 END), 0), \
                        COALESCE(MAX(CASE WHEN e.account = 5010 THEN e.owner ELSE 0 END), 0), \
                        COALESCE(SUM(CASE WHEN e.account = 2010 THEN -e.amount ELSE 0 END), 0), \
                        COALESCE(MAX(CASE WHEN e.account = 2010 THEN e.owner ELSE 0 END), 0) \
                      FROM transfer t LEFT JOIN entry e ON e.transfer_id = t.id WHERE t.cause = 'buy' GROUP BY t.id, t.subject) x \
                    GROUP BY id) y \
                 WHERE posted <> transfers OR (posted = 1 AND (paid <> bank OR fund <> city OR face <> credited \
                   OR lines <> 1 + CASE WHEN paid > 0 THEN 1 ELSE 0 END + CASE WHEN fund > 0 THEN 1 ELSE 0 END \
                   OR (fund > 0 AND kind <> city_kind) OR (lots = 1 AND lot <> credited_lot)))",
        row: "purchase {id}",
        words: "{posted} posted at {paid won} and {fund won} of fund {kind} for {face won} in lot {lot}; {transfers} transfers \
                with {bank won} and {city won} of fund {city_kind} for {credited won} in lot {credited_lot}",
    },
    Rule {
        name: "late_debits_are_booked",
        what: "a debit after the void has one transfer in, and one out again once it is refunded; no other purchase has any",
        counted: "purchase",
        broken: "SELECT * FROM \
                   (SELECT id, CAST(SUM(paid) AS BIGINT) AS paid, CAST(SUM(late) AS BIGINT) AS late, CAST(SUM(back) AS BIGINT) AS back, \
                      CAST(SUM(debits) AS BIGINT) AS debits, CAST(SUM(refunds) AS BIGINT) AS refunds, CAST(SUM(lines) AS BIGINT) AS lines, \
                      CAST(SUM(debited) AS BIGINT) AS debited, CAST(SUM(refunded) AS BIGINT) AS refunded, \
                      CAST(SUM(owed) AS BIGINT) AS owed, \
                      CAST(SUM(debited) - SUM(refunded) - SUM(paid * (late - back)) AS BIGINT) AS amount FROM \
                     (SELECT id, paid, 1 AS late, CASE WHEN state = 'refunded' THEN 1 ELSE 0 END AS back, 0 AS debits, 0 AS refunds, \
                        0 AS lines, 0 AS debited, 0 AS refunded, 0 AS owed \
                      FROM purchase WHERE state IN ('refunding', 'refunded') \
                      UNION ALL \
                      SELECT t.subject, 0, 0, 0, CASE WHEN t.cause = 'late_debit' THEN 1 ELSE 0 END, \
                        CASE WHEN t.cause = 'late_refund' THEN 1 ELSE 0 END, COUNT(e.line), \
                        COALESCE(SUM(CASE WHEN e.account = 1010 AND t.cause = 'late_debit' THEN e.amount ELSE 0 END), 0), \
                        COALESCE(SUM(CASE WHEN e.account = 1010 AND t.cause = 'late_refund' THEN -e.amount ELSE 0 END), 0), \
                        COALESCE(SUM(CASE WHEN e.account = 2030 THEN -e.amount ELSE 0 END), 0) \
                      FROM transfer t LEFT JOIN entry e ON e.transfer_id = t.id \
                      WHERE t.cause IN ('late_debit', 'late_refund') GROUP BY t.id, t.subject, t.cause) x \
                    GROUP BY id) y \
                 WHERE debits <> late OR refunds <> back OR debited <> paid * late OR refunded <> paid * back \
                   OR owed <> paid * (late - back) OR lines <> 2 * (late + back)",
        row: "purchase {id}",
        words: "{late} late debits and {back} refunds of {paid won}; transfers: {debits} in with {debited won}, \
                {refunds} out with {refunded won}, {owed won} still owed",
    },
    Rule {
        name: "holds_are_asked_about",
        what: "for each open purchase there is a time at which the bank is asked again, and a decided one has the time of it",
        counted: "purchase",
        broken: "SELECT id, state, face AS amount FROM purchase \
                 WHERE (state IN ('reserved', 'unknown', 'refunding') AND check_at IS NULL) \
                   OR (state IN ('posted', 'voided', 'refunding', 'refunded') AND decided_at IS NULL)",
        row: "purchase {id}",
        words: "{state}, and nobody will ask the bank about it, or nobody knows when it was decided",
    },
    Rule {
        name: "ids_are_used_once",
        what: "no id is used by two purchases, payments or refunds",
        counted: "purchase",
        broken: "SELECT id, COUNT(*) AS uses, CAST(SUM(amount) AS BIGINT) AS amount FROM \
                   (SELECT id, face AS amount FROM purchase UNION ALL SELECT id, amount FROM payment UNION ALL SELECT id, face FROM refund) x \
                 GROUP BY id HAVING COUNT(*) > 1",
        row: "id {id}",
        words: "used {uses} times",
    },
];
