//! Settlements, payouts, cash receipts: a won that was paid goes to its shop once, less a fee that is counted here a second time.
//! A day `yyyymmdd` is compared by its number since 1970, as in `notices`.

use super::number_sql;
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "settled_days_match_payments",
        what: "each payment and each cancel of a closed day is in exactly one settlement: that of its shop and day",
        counted: "settlement",
        broken: concat!(
            "SELECT merchant, number, settled, paid_count, paid, cancelled_count, cancelled, payments, amounts, cancels, restored, \
               paid - cancelled - amounts + restored AS amount FROM \
               (SELECT merchant, number, CAST(SUM(settled) AS BIGINT) AS settled, CAST(SUM(paid_count) AS BIGINT) AS paid_count, \
                  CAST(SUM(paid) AS BIGINT) AS paid, CAST(SUM(cancelled_count) AS BIGINT) AS cancelled_count, \
                  CAST(SUM(cancelled) AS BIGINT) AS cancelled, CAST(SUM(payments) AS BIGINT) AS payments, \
                  CAST(SUM(amounts) AS BIGINT) AS amounts, CAST(SUM(cancels) AS BIGINT) AS cancels, \
                  CAST(SUM(restored) AS BIGINT) AS restored FROM \
                 (SELECT merchant_id AS merchant, ",
            number_sql!("day"),
            " AS number, 1 AS settled, paid_count, paid, cancelled_count, cancelled, 0 AS payments, 0 AS amounts, 0 AS cancels, \
                    0 AS restored FROM settlement \
                  UNION ALL \
                  SELECT merchant_id, (created_at + 32400000) / 86400000, 0, 0, 0, 0, 0, 1, amount, 0, 0 FROM payment \
                  UNION ALL \
                  SELECT e.owner, (t.created_at + 32400000) / 86400000, 0, 0, 0, 0, 0, 0, 0, 1, e.amount \
                  FROM transfer t JOIN entry e ON e.transfer_id = t.id WHERE t.cause = 'cancel' AND e.account = 2020) x \
                GROUP BY merchant, number) y \
             WHERE settled > 1 \
               OR (settled = 1 AND (paid_count <> payments OR paid <> amounts OR cancelled_count <> cancels OR cancelled <> restored)) \
               OR (settled = 0 AND number * 86400000 - 32400000 < (SELECT open_since FROM settlement_door) \
                   AND NOT EXISTS (SELECT 1 FROM settlement_day d WHERE ",
            number_sql!("d.day"),
            " = number AND d.done_at IS NULL AND d.last_merchant < merchant))"
        ),
        row: "shop {merchant}, day number {number}",
        words: "{settled} settlements of {paid_count} paid {paid won}, {cancelled_count} cancelled {cancelled won}; \
                there are {payments} of {amounts won} and {cancels} of {restored won}",
    },
    Rule {
        name: "settlements_add_up",
        what: "payments less cancels and debt are fee and payout, or a debt; none of them is negative",
        counted: "settlement",
        broken: "SELECT merchant_id, day, paid, cancelled, debt_before, fee, payout, debt_after, \
                   paid - cancelled - debt_before - fee - payout + debt_after AS amount FROM settlement \
                 WHERE paid - cancelled - debt_before <> fee + payout - debt_after OR fee < 0 OR payout < 0 OR debt_before < 0 \
                   OR debt_after < 0 OR (debt_after > 0 AND fee + payout > 0)",
        row: "shop {merchant_id}, day {day}",
        words: "{paid won} less {cancelled won} less {debt_before won} became a fee of {fee won}, a payout of {payout won}, a debt of \
                {debt_after won}",
    },
    Rule {
        name: "debts_are_carried",
        what: "each settlement begins with the debt that the shop's one before ended with",
        counted: "settlement",
        broken: "SELECT merchant_id, day, debt_before, debt, debt_before - debt AS amount FROM \
                   (SELECT merchant_id, day, debt_before, \
                      COALESCE(LAG(debt_after) OVER (PARTITION BY merchant_id ORDER BY day), 0) AS debt FROM settlement) x \
                 WHERE debt_before <> debt",
        row: "shop {merchant_id}, day {day}",
        words: "begins with a debt of {debt_before won}, the one before ended with {debt won}",
    },
    Rule {
        name: "fees_follow_the_tiers",
        what: "each fee is 0, 0.3 or 0.5 percent by the revenue of the year before, as declared or as paid here, rounded down",
        counted: "settlement",
        broken: "SELECT merchant_id, day, revenue, known, fee_bp, rate, fee, base * rate / 10000 AS due, fee - base * rate / 10000 AS amount \
                 FROM (SELECT merchant_id, day, revenue, known, fee_bp, fee, base, declared, newer, \
                     CASE WHEN known <= 800000000 THEN 0 WHEN known <= 1200000000 THEN 30 ELSE 50 END AS rate FROM \
                   (SELECT s.merchant_id, s.day, s.revenue, s.fee_bp, s.fee, \
                      CASE WHEN s.declaration_id IS NULL THEN COALESCE(CASE WHEN y.net > 0 THEN y.net END, 0) ELSE r.revenue END AS known, \
                      CASE WHEN s.paid - s.cancelled > s.debt_before THEN s.paid - s.cancelled - s.debt_before ELSE 0 END AS base, \
                      CASE WHEN s.declaration_id IS NULL OR r.id IS NOT NULL THEN 1 ELSE 0 END AS declared, \
                      (SELECT COUNT(*) FROM revenue_declaration n WHERE n.merchant_id = s.merchant_id AND n.year = s.day / 10000 - 1 \
                         AND n.id > COALESCE(s.declaration_id, 0) AND n.declared_at < s.settled_at - 60000) AS newer \
                    FROM settlement s \
                    LEFT JOIN revenue_declaration r ON r.id = s.declaration_id AND r.merchant_id = s.merchant_id \
                      AND r.year = s.day / 10000 - 1 \
                    LEFT JOIN (SELECT merchant_id, day / 10000 AS year, CAST(SUM(paid) - SUM(cancelled) AS BIGINT) AS net \
                      FROM merchant_day GROUP BY merchant_id, day / 10000) y \
                      ON y.merchant_id = s.merchant_id AND y.year = s.day / 10000 - 1) x) z \
                 WHERE declared = 0 OR newer > 0 OR revenue <> known OR fee_bp <> rate OR fee <> base * rate / 10000",
        row: "shop {merchant_id}, day {day}",
        words: "{fee won} at {fee_bp} basis points of a revenue of {revenue won}; due are {due won} at {rate} of {known won} \
                (or another declaration counts)",
    },
    Rule {
        name: "payouts_match_settlements",
        what: "each settlement with something to pay has exactly one payout, of that amount; there is no other",
        counted: "payout",
        broken: "SELECT merchant_id, day, settled, payouts, due, paying, paying - due AS amount FROM \
                   (SELECT merchant_id, day, CAST(SUM(settled) AS BIGINT) AS settled, CAST(SUM(payouts) AS BIGINT) AS payouts, \
                      CAST(SUM(due) AS BIGINT) AS due, CAST(SUM(paying) AS BIGINT) AS paying FROM \
                     (SELECT merchant_id, day, 1 AS settled, 0 AS payouts, payout AS due, 0 AS paying FROM settlement WHERE payout > 0 \
                      UNION ALL SELECT merchant_id, day, 0, 1, 0, amount FROM payout) x \
                    GROUP BY merchant_id, day) y \
                 WHERE settled <> 1 OR payouts <> 1 OR due <> paying",
        row: "shop {merchant_id}, day {day}",
        words: "{settled} settlements with {due won} to pay, {payouts} payouts of {paying won}",
    },
    Rule {
        name: "settlements_have_transfers",
        what: "each payout has exactly one transfer of its settlement: what the shop is owed against payout and fee; nothing else has any",
        counted: "payout",
        broken: "SELECT id, payouts, transfers, merchant, owner, clearer, paying, fee, taken, cleared, earned, taken - paying - fee AS amount FROM \
                   (SELECT id, CAST(SUM(payouts) AS BIGINT) AS payouts, CAST(SUM(transfers) AS BIGINT) AS transfers, \
                      MAX(merchant) AS merchant, MAX(owner) AS owner, MAX(clearer) AS clearer, CAST(SUM(paying) AS BIGINT) AS paying, \
                      CAST(SUM(fee) AS BIGINT) AS fee, CAST(SUM(taken) AS BIGINT) AS taken, CAST(SUM(cleared) AS BIGINT) AS cleared, \
                      CAST(SUM(earned) AS BIGINT) AS earned FROM \
                     (SELECT p.id, 1 AS payouts, 0 AS transfers, p.merchant_id AS merchant, 0 AS owner, 0 AS clearer, p.amount AS paying, \
                        COALESCE(s.fee, 0) AS fee, 0 AS taken, 0 AS cleared, 0 AS earned \
                      FROM payout p LEFT JOIN settlement s ON s.merchant_id = p.merchant_id AND s.day = p.day \
                      UNION ALL \
                      SELECT t.subject, 0, 1, 0, COALESCE(MAX(CASE WHEN e.account = 2020 THEN e.owner ELSE 0 END), 0), \
                        COALESCE(MAX(CASE WHEN e.account = 2040 THEN e.owner ELSE 0 END), 0), 0, 0, \
                        COALESCE(SUM(CASE WHEN e.account = 2020 THEN e.amount ELSE 0 END), 0), \
                        COALESCE(SUM(CASE WHEN e.account = 2040 THEN -e.amount ELSE 0 END), 0), \
                        COALESCE(SUM(CASE WHEN e.account = 4010 THEN -e.amount ELSE 0 END), 0) \
                      FROM transfer t LEFT JOIN entry e ON e.transfer_id = t.id WHERE t.cause = 'settle' GROUP BY t.id, t.subject) x \
                    GROUP BY id) y \
                 WHERE payouts <> 1 OR transfers <> 1 OR merchant <> owner OR merchant <> clearer OR taken <> paying + fee \
                   OR cleared <> paying OR earned <> fee",
        row: "payout {id}",
        words: "{payouts} payouts of {paying won} with a fee of {fee won} to shop {merchant}; {transfers} transfers take {taken won} \
                from {owner}, clear {cleared won} of {clearer} and earn {earned won}",
    },
    Rule {
        name: "payouts_are_paid_once",
        what: "each paid payout has exactly one try that the bank carried out and one transfer; no other has any; one try at a time is open",
        counted: "payout",
        broken: "SELECT id, payouts, states, amount AS sum, done, open, transfers, moved, moved - amount AS amount FROM \
                   (SELECT id, CAST(SUM(payouts) AS BIGINT) AS payouts, MAX(states) AS states, CAST(SUM(paid) AS BIGINT) AS paid, \
                      CAST(SUM(asking) AS BIGINT) AS asking, CAST(SUM(amount) AS BIGINT) AS amount, CAST(SUM(done) AS BIGINT) AS done, \
                      CAST(SUM(open) AS BIGINT) AS open, CAST(SUM(transfers) AS BIGINT) AS transfers, CAST(SUM(moved) AS BIGINT) AS moved FROM \
                     (SELECT id, 1 AS payouts, state AS states, CASE WHEN state = 'paid' THEN 1 ELSE 0 END AS paid, \
                        CASE WHEN state IN ('sent', 'unknown') THEN 1 ELSE 0 END AS asking, \
                        CASE WHEN state = 'paid' THEN amount ELSE 0 END AS amount, 0 AS done, 0 AS open, 0 AS transfers, 0 AS moved FROM payout \
                      UNION ALL \
                      SELECT payout_id, 0, '', 0, 0, 0, CASE WHEN state = 'done' THEN 1 ELSE 0 END, CASE WHEN state = 'open' THEN 1 ELSE 0 END, \
                        0, 0 FROM payout_try \
                      UNION ALL \
                      SELECT t.subject, 0, '', 0, 0, 0, 0, 0, 1, COALESCE(SUM(CASE WHEN e.account = 1010 THEN -e.amount ELSE 0 END), 0) \
                      FROM transfer t LEFT JOIN entry e ON e.transfer_id = t.id WHERE t.cause = 'payout' GROUP BY t.id, t.subject) x \
                    GROUP BY id) y \
                 WHERE payouts <> 1 OR done <> paid OR transfers <> paid OR moved <> amount OR open <> asking",
        row: "payout {id}",
        words: "{payouts} payouts, {states}, {sum won} paid; {done} tries done, {open} open, {transfers} transfers of {moved won}",
    },
    Rule {
        name: "payouts_are_in_time",
        what: "each payout is due on a weekday, two days later at least, and no try is begun before that day",
        counted: "payout",
        broken: concat!(
            "SELECT merchant_id, day, pay_on, early_ms, amount FROM (SELECT s.merchant_id, s.day, s.pay_on, s.payout AS amount, ",
            number_sql!("s.day"),
            " AS number, ",
            number_sql!("s.pay_on"),
            " AS due, d.pay_on AS days, (",
            number_sql!("s.pay_on"),
            " * 86400000 - 32400000 - (SELECT MIN(t.begun_at) FROM payout_try t JOIN payout p ON p.id = t.payout_id \
                WHERE p.merchant_id = s.merchant_id AND p.day = s.day)) AS early_ms \
              FROM settlement s LEFT JOIN settlement_day d ON d.day = s.day) x \
             WHERE due % 7 IN (2, 3) OR due < number + 2 OR due > number + 14 OR days IS NULL OR days <> pay_on OR early_ms > 0"
        ),
        row: "shop {merchant_id}, day {day}",
        words: "to be paid on {pay_on}, first tried {early_ms} ms before it began",
    },
    Rule {
        name: "settled_accounts_add_up",
        what: "what shops are owed, what is still to be paid to them, and what the city earned are the balances of their accounts",
        counted: "entry",
        broken: "SELECT account, owner, due, balance, balance - due AS amount FROM \
                   (SELECT account, owner, CAST(SUM(due) AS BIGINT) AS due, CAST(-SUM(entered) AS BIGINT) AS balance FROM \
                     (SELECT 2020 AS account, merchant_id AS owner, paid - cancelled AS due, 0 AS entered FROM merchant_day \
                      UNION ALL SELECT 2020, merchant_id, -fee - payout, 0 FROM settlement \
                      UNION ALL SELECT 2040, merchant_id, amount, 0 FROM payout WHERE state <> 'paid' \
                      UNION ALL SELECT 4010, 0, fee, 0 FROM settlement \
                      UNION ALL SELECT account, owner, 0, amount FROM entry WHERE account IN (2020, 2040, 4010)) x \
                    GROUP BY account, owner) y \
                 WHERE due <> balance",
        row: "account {account} of {owner}",
        words: "{balance won}, and should be {due won}",
    },
    Rule {
        name: "cash_receipts_match_notices",
        what: "each payment of a settled day has its cash receipt, each cancel its correction; there is no other",
        counted: "cash_receipt",
        broken: concat!(
            "SELECT merchant, number, told, receipts, amount FROM \
               (SELECT merchant, number, CAST(SUM(told) AS BIGINT) AS told, CAST(SUM(receipts) AS BIGINT) AS receipts, \
                  CAST(SUM(issued) - SUM(due) AS BIGINT) AS amount FROM \
                 (SELECT n.merchant_id AS merchant, n.number, 1 AS told, 0 AS receipts, n.amount AS due, 0 AS issued, n.payment_id AS payment, \
                    CASE WHEN n.event = 'paid' THEN 'issued' ELSE 'voided' END AS event \
                  FROM notice n JOIN settlement s ON s.merchant_id = n.merchant_id AND ",
            number_sql!("s.day"),
            " = (n.at + 32400000) / 86400000 \
                  UNION ALL SELECT merchant_id, number, 0, 1, 0, amount, payment_id, event FROM cash_receipt) x \
                GROUP BY merchant, number, payment, event) y \
             WHERE told <> 1 OR receipts <> 1 OR amount <> 0"
        ),
        row: "shop {merchant}, notice {number}",
        words: "told {told} times on settled days, {receipts} cash receipts (or of another payment, amount or kind)",
    },
];
