//! What shops are told, and their days.

use super::{first_day_sql, months_sql};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "notices_are_numbered",
        what: "the notices of each shop are numbered from 1 to its count, without a gap",
        counted: "notice",
        broken: "SELECT merchant, counted, told, first, last, 0 AS amount FROM \
                   (SELECT merchant, CAST(SUM(counted) AS BIGINT) AS counted, CAST(SUM(told) AS BIGINT) AS told, \
                      MIN(first) AS first, MAX(last) AS last FROM \
                     (SELECT merchant_id AS merchant, count AS counted, 0 AS told, 1 AS first, 0 AS last FROM notice_count \
                      UNION ALL SELECT merchant_id, 0, 1, number, number FROM notice) x \
                    GROUP BY merchant) y \
                 WHERE counted <> told OR last <> told OR first <> 1",
        row: "shop {merchant}",
        words: "{counted} counted, {told} there, the first at most {first}, the last {last}",
    },
    Rule {
        name: "notices_tell_each_payment",
        what: "each payment was told exactly once, and what was cancelled too, to its shop, with its amount and code",
        counted: "notice",
        broken: "SELECT id, payments, told, paid, told_paid, cancelled, told_cancelled, \
                   told_paid - paid + cancelled - told_cancelled AS amount FROM \
                   (SELECT id, CAST(SUM(payments) AS BIGINT) AS payments, CAST(SUM(told) AS BIGINT) AS told, \
                      CAST(SUM(paid) AS BIGINT) AS paid, CAST(SUM(told_paid) AS BIGINT) AS told_paid, \
                      CAST(SUM(cancelled) AS BIGINT) AS cancelled, CAST(SUM(told_cancelled) AS BIGINT) AS told_cancelled, \
                      MIN(merchant) AS merchant, MAX(merchant) AS other_merchant, MIN(code) AS code, MAX(code) AS other_code FROM \
                     (SELECT id, 1 AS payments, 0 AS told, amount AS paid, 0 AS told_paid, cancelled, 0 AS told_cancelled, \
                        merchant_id AS merchant, code FROM payment \
                      UNION ALL \
                      SELECT payment_id, 0, CASE WHEN event = 'paid' THEN 1 ELSE 0 END, 0, CASE WHEN event = 'paid' THEN amount ELSE 0 END, \
                        0, CASE WHEN event = 'cancelled' THEN amount ELSE 0 END, merchant_id, code FROM notice) x \
                    GROUP BY id) y \
                 WHERE payments <> 1 OR told <> 1 OR paid <> told_paid OR cancelled <> told_cancelled OR merchant <> other_merchant \
                   OR code <> other_code",
        row: "payment {id}",
        words: "{payments} payments of {paid won}, {cancelled won} cancelled; told {told} times {told_paid won}, \
                {told_cancelled won} cancelled (or to another shop, or with another code)",
    },
    // A day is counted by its number since 1970 in Seoul (UTC+9, no summer time since 1988).
    Rule {
        name: "shop_days_match_payments",
        what: "each day of a shop counts what was paid and cancelled on that day in Seoul",
        counted: "merchant_day",
        broken: concat!(
            "SELECT merchant, day, days, paid_count, paid, cancelled_count, cancelled, payments, amounts, cancels, restored, \
               paid - amounts + restored - cancelled AS amount FROM \
               (SELECT merchant, number, MAX(day) AS day, CAST(SUM(days) AS BIGINT) AS days, CAST(SUM(paid_count) AS BIGINT) AS paid_count, \
                  CAST(SUM(paid) AS BIGINT) AS paid, CAST(SUM(cancelled_count) AS BIGINT) AS cancelled_count, \
                  CAST(SUM(cancelled) AS BIGINT) AS cancelled, CAST(SUM(payments) AS BIGINT) AS payments, \
                  CAST(SUM(amounts) AS BIGINT) AS amounts, CAST(SUM(cancels) AS BIGINT) AS cancels, \
                  CAST(SUM(restored) AS BIGINT) AS restored FROM \
                 (SELECT merchant_id AS merchant, ",
            first_day_sql!(months_sql!("(day / 100)")),
            " + day % 100 - 1 AS number, day, 1 AS days, paid_count, paid, cancelled_count, cancelled, 0 AS payments, 0 AS amounts, \
                    0 AS cancels, 0 AS restored FROM merchant_day \
                  UNION ALL \
                  SELECT merchant_id, (created_at + 32400000) / 86400000, 0, 0, 0, 0, 0, 0, 1, amount, 0, 0 FROM payment \
                  UNION ALL \
                  SELECT e.owner, (t.created_at + 32400000) / 86400000, 0, 0, 0, 0, 0, 0, 0, 0, 1, e.amount \
                  FROM transfer t JOIN entry e ON e.transfer_id = t.id WHERE t.cause = 'cancel' AND e.account = 2020) x \
                GROUP BY merchant, number) y \
             WHERE days <> 1 OR paid_count <> payments OR paid <> amounts OR cancelled_count <> cancels OR cancelled <> restored"
        ),
        row: "shop {merchant}, day {day}",
        words: "{days} rows say {paid_count} paid {paid won}, {cancelled_count} cancelled {cancelled won}; \
                there are {payments} of {amounts won} and {cancels} of {restored won}",
    },
];
