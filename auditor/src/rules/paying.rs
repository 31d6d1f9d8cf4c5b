//! Payments: their transfers, the lots they drew on, and what was given back.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "payments_have_transfers",
        what: "each payment has exactly one transfer: lots against what its shop is owed; and it is the one it names",
        counted: "payment",
        broken: "SELECT * FROM \
                   (SELECT id, CAST(SUM(payments) AS BIGINT) AS payments, CAST(SUM(transfers) AS BIGINT) AS transfers, \
                      CAST(SUM(amount) AS BIGINT) AS amount, CAST(SUM(drawn) AS BIGINT) AS drawn, CAST(SUM(owed) AS BIGINT) AS owed, \
                      CAST(SUM(lines) AS BIGINT) AS lines, CAST(SUM(draws) AS BIGINT) AS draws, MAX(merchant) AS merchant, \
                      MAX(payee) AS payee, MAX(names) AS names, MAX(transfer) AS transfer FROM \
                     (SELECT id, 1 AS payments, amount, merchant_id AS merchant, transfer_id AS names, 0 AS transfers, 0 AS transfer, \
                        0 AS lines, 0 AS draws, 0 AS drawn, 0 AS owed, 0 AS payee FROM payment \
                      UNION ALL \
                      SELECT t.subject, 0, 0, 0, 0, 1, t.id, COUNT(e.line), \
                        COALESCE(SUM(CASE WHEN e.account = 2010 AND e.amount > 0 THEN 1 ELSE 0 END), 0), \
                        COALESCE(SUM(CASE WHEN e.account = 2010 THEN e.amount ELSE 0 END), 0), \
                        COALESCE(SUM(CASE WHEN e.account = 2020 THEN -e.amount ELSE 0 END), 0), \
                        COALESCE(MAX(CASE WHEN e.account = 2020 THEN e.owner ELSE 0 END), 0) \
                      FROM transfer t LEFT JOIN entry e ON e.transfer_id = t.id WHERE t.cause = 'pay' GROUP BY t.id, t.subject) x \
                    GROUP BY id) y \
                 WHERE payments <> 1 OR transfers <> 1 OR names <> transfer OR drawn <> amount OR owed <> amount OR payee <> merchant \
                   OR lines <> draws + 1",
        row: "payment {id}",
        words: "{payments} payments of {amount won} to shop {merchant} naming transfer {names}; {transfers} transfers, \
                {transfer}: {drawn won} from {draws} lots, {owed won} to shop {payee}",
    },
    Rule {
        name: "draws_are_the_payers",
        what: "each payment drew on the payer's own lots only, usable at this shop, not expired, of the kind that was chosen",
        counted: "payment",
        broken: "SELECT id, lot, amount, why FROM (SELECT p.id, e.owner AS lot, e.amount, CASE \
                   WHEN l.id IS NULL THEN 'there is no such lot' \
                   WHEN l.person_id <> p.payer_id THEN 'it is someone else''s' \
                   WHEN l.district <> 0 AND l.district <> m.district THEN 'it is not taken in the district of the shop' \
                   WHEN p.created_at >= l.expires_at THEN 'it had expired' \
                   WHEN l.kind_id <> p.kind_id THEN 'another kind was chosen' END AS why \
                 FROM payment p JOIN entry e ON e.transfer_id = p.transfer_id LEFT JOIN lot l ON l.id = e.owner \
                 LEFT JOIN merchant m ON m.id = p.merchant_id WHERE e.account = 2010) x \
                 WHERE why IS NOT NULL",
        row: "payment {id}",
        words: "drew {amount won} on lot {lot}: {why}",
    },
    Rule {
        name: "cancels_match_payments",
        what: "what each payment says was given back is what its cancelling transfers moved",
        counted: "payment",
        broken: "SELECT id, payments, cancelled, restored, taken, cancelled - restored AS amount FROM \
                   (SELECT id, CAST(SUM(payments) AS BIGINT) AS payments, CAST(SUM(cancelled) AS BIGINT) AS cancelled, \
                      CAST(SUM(paid) AS BIGINT) AS paid, CAST(SUM(restored) AS BIGINT) AS restored, \
                      CAST(SUM(taken) AS BIGINT) AS taken, MAX(merchant) AS merchant, MAX(payee) AS payee FROM \
                     (SELECT id, 1 AS payments, amount AS paid, cancelled, merchant_id AS merchant, 0 AS restored, 0 AS taken, 0 AS payee \
                      FROM payment \
                      UNION ALL \
                      SELECT t.subject, 0, 0, 0, 0, CASE WHEN e.account = 2010 THEN -e.amount ELSE 0 END, \
                        CASE WHEN e.account = 2020 THEN e.amount ELSE 0 END, CASE WHEN e.account = 2020 THEN e.owner ELSE 0 END \
                      FROM transfer t JOIN entry e ON e.transfer_id = t.id WHERE t.cause = 'cancel') x \
                    GROUP BY id) y \
                 WHERE payments <> 1 OR cancelled <> restored OR cancelled <> taken OR cancelled < 0 OR cancelled > paid \
                   OR (payee <> 0 AND payee <> merchant)",
        row: "payment {id}",
        words: "{payments} payments with {cancelled won} cancelled; {restored won} went back to lots, {taken won} came from the shop",
    },
    Rule {
        name: "cancels_restore_the_same_lots",
        what: "a cancelled payment gives no lot more than it took from it",
        counted: "payment",
        broken: "SELECT id, lot, CAST(-SUM(drawn) AS BIGINT) AS amount FROM \
                   (SELECT p.id, e.owner AS lot, e.amount AS drawn FROM payment p JOIN entry e ON e.transfer_id = p.transfer_id \
                    WHERE p.cancelled > 0 AND e.account = 2010 \
                    UNION ALL \
                    SELECT t.subject, e.owner, e.amount FROM transfer t JOIN entry e ON e.transfer_id = t.id \
                    WHERE t.cause = 'cancel' AND e.account = 2010) x \
                 GROUP BY id, lot HAVING SUM(drawn) < 0",
        row: "payment {id}",
        words: "gave lot {lot} back {amount won} more than it took",
    },
    Rule {
        name: "cancels_are_recorded",
        what: "each cancelling transfer was asked for once, by somebody, for that payment and amount",
        counted: "cancellation",
        broken: "SELECT id, records, recorded, moved, recorded - moved AS amount FROM \
                   (SELECT id, CAST(SUM(records) AS BIGINT) AS records, CAST(SUM(recorded) AS BIGINT) AS recorded, \
                      CAST(SUM(moved) AS BIGINT) AS moved, COUNT(DISTINCT payment) AS payments FROM \
                     (SELECT transfer_id AS id, payment_id AS payment, 1 AS records, amount AS recorded, 0 AS moved FROM cancellation \
                      UNION ALL \
                      SELECT t.id, t.subject, 0, 0, e.amount FROM transfer t JOIN entry e ON e.transfer_id = t.id \
                      WHERE t.cause = 'cancel' AND e.account = 2020) x \
                    GROUP BY id) y \
                 WHERE records <> 1 OR recorded <> moved OR payments <> 1",
        row: "transfer {id}",
        words: "{records} records of {recorded won}; {moved won} were moved (or of another payment)",
    },
    Rule {
        name: "codes_pay_as_asked",
        what: "each payment by a code on a screen is what the code asked for, in its three minutes, and the code's only one",
        counted: "payment",
        broken: "SELECT id, once, amount, why FROM (SELECT p.id, p.once, p.amount, CASE \
                   WHEN o.id IS NULL THEN 'there is no such code' \
                   WHEN o.merchant_id <> p.merchant_id THEN 'it asks for another shop' \
                   WHEN o.amount <> p.amount THEN 'it asks for another amount' \
                   WHEN o.payer_id <> p.payer_id THEN 'it is somebody else''s' \
                   WHEN o.payer_id IS NULL AND p.created_at >= o.made_at + 180000 THEN 'its time was over' \
                   WHEN o.payer_id IS NOT NULL AND (o.taken_at >= o.made_at + 180000 OR p.created_at >= o.taken_at + 180000) \
                     THEN 'its time was over' \
                   WHEN o.payer_id IS NOT NULL AND (o.payment_id IS NULL OR o.payment_id <> p.id) THEN 'another scan took it' \
                   WHEN (SELECT COUNT(*) FROM payment q WHERE q.once = p.once) > 1 THEN 'it paid more than once' END AS why \
                 FROM payment p LEFT JOIN once o ON o.id = p.once WHERE p.once IS NOT NULL) x \
                 WHERE why IS NOT NULL",
        row: "payment {id}",
        words: "{amount won} by code {once}: {why}",
    },
    Rule {
        name: "paid_shops_are_approved",
        what: "every shop that was paid exists and has been approved",
        counted: "payment",
        broken: "SELECT p.id, p.merchant_id, p.amount, COALESCE(m.standing, 'unknown') AS standing FROM payment p \
                 LEFT JOIN merchant m ON m.id = p.merchant_id WHERE m.id IS NULL OR m.standing = 'pending'",
        row: "payment {id}",
        words: "shop {merchant_id} is {standing}",
    },
];
