//! Sums of shops, made beside the ledger: up to where a shop is counted, they are what its notices and payments say. The order of
//! the notices' numbers tells who was there before.

use super::{first_day_sql, months_sql};
use crate::rule::Rule;

/// Paid notices that are counted, with their payers, and the latest day on which each was there before.
macro_rules! visits_sql {
    () => {
        "(SELECT n.merchant_id AS merchant, p.payer_id AS payer, n.number, (n.at + 32400000) / 86400000 AS day, \
            (n.at + 32400000) / 3600000 % 24 AS hour, \
            MAX((n.at + 32400000) / 86400000) OVER (PARTITION BY n.merchant_id, p.payer_id ORDER BY n.number \
              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS seen \
          FROM shop_tally t JOIN notice n ON n.merchant_id = t.merchant_id JOIN payment p ON p.id = n.payment_id \
          WHERE n.number <= t.number AND n.event = 'paid')"
    };
}

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "tallies_follow_notices",
        what: "no shop is counted further than it was told",
        counted: "shop_tally",
        broken: "SELECT t.merchant_id AS merchant, t.number, COALESCE(c.count, 0) AS told, 0 AS amount FROM shop_tally t \
                 LEFT JOIN notice_count c ON c.merchant_id = t.merchant_id WHERE t.number > COALESCE(c.count, 0)",
        row: "shop {merchant}",
        words: "counted up to {number}, told {told}",
    },
    Rule {
        name: "takings_match_notices",
        what: "each hour of a shop sums what was told of it, and says where it stands",
        counted: "shop_hour",
        broken: concat!(
            "SELECT merchant, day, hour, there, paid_count, paid, cancelled_count, cancelled, told_count, told, back_count, back, \
               paid - told + back - cancelled AS amount FROM \
               (SELECT merchant, number_of_day, hour, MAX(day) AS day, CAST(SUM(there) AS BIGINT) AS there, \
                  CAST(SUM(paid_count) AS BIGINT) AS paid_count, CAST(SUM(paid) AS BIGINT) AS paid, \
                  CAST(SUM(cancelled_count) AS BIGINT) AS cancelled_count, CAST(SUM(cancelled) AS BIGINT) AS cancelled, \
                  CAST(SUM(told_count) AS BIGINT) AS told_count, CAST(SUM(told) AS BIGINT) AS told, \
                  CAST(SUM(back_count) AS BIGINT) AS back_count, CAST(SUM(back) AS BIGINT) AS back, \
                  MAX(first) AS first, MAX(last) AS last, MIN(number) AS least, MAX(number) AS most FROM \
                 (SELECT merchant_id AS merchant, ",
            first_day_sql!(months_sql!("(day / 100)")),
            " + day % 100 - 1 AS number_of_day, hour, day, 1 AS there, paid_count, paid, cancelled_count, cancelled, 0 AS told_count, 0 AS told, \
                    0 AS back_count, 0 AS back, first_number AS first, last_number AS last, NULL AS number FROM shop_hour \
                  UNION ALL \
                  SELECT n.merchant_id, (n.at + 32400000) / 86400000, (n.at + 32400000) / 3600000 % 24, 0, 0, 0, 0, 0, 0, \
                    CASE WHEN n.event = 'paid' THEN 1 ELSE 0 END, CASE WHEN n.event = 'paid' THEN n.amount ELSE 0 END, \
                    CASE WHEN n.event = 'cancelled' THEN 1 ELSE 0 END, CASE WHEN n.event = 'cancelled' THEN n.amount ELSE 0 END, \
                    0, 0, n.number FROM shop_tally t JOIN notice n ON n.merchant_id = t.merchant_id WHERE n.number <= t.number) x \
                GROUP BY merchant, number_of_day, hour) y \
             WHERE there <> 1 OR paid_count <> told_count OR paid <> told OR cancelled_count <> back_count OR cancelled <> back \
               OR first <> least OR last <> most"
        ),
        row: "shop {merchant}, day {day}, hour {hour}",
        words: "{there} rows say {paid_count} paid {paid won}, {cancelled_count} cancelled {cancelled won}; told {told_count} of {told won} \
                and {back_count} of {back won} (or others than it names)",
    },
    Rule {
        name: "payers_are_told_apart",
        what: "each hour of a shop counts who was there for the first time, and who had been on an earlier day",
        counted: "shop_hour",
        broken: concat!(
            "SELECT merchant, day, hour, fresh, known, first_time, again, fresh - first_time AS amount FROM \
               (SELECT merchant, number_of_day, hour, MAX(day) AS day, CAST(SUM(fresh) AS BIGINT) AS fresh, \
                  CAST(SUM(known) AS BIGINT) AS known, CAST(SUM(first_time) AS BIGINT) AS first_time, CAST(SUM(again) AS BIGINT) AS again FROM \
                 (SELECT merchant_id AS merchant, ",
            first_day_sql!(months_sql!("(day / 100)")),
            " + day % 100 - 1 AS number_of_day, hour, day, new_payers AS fresh, returning_payers AS known, 0 AS first_time, 0 AS again FROM shop_hour \
                  UNION ALL \
                  SELECT merchant, day, hour, 0, 0, 0, CASE WHEN seen IS NULL THEN 1 ELSE 0 END, CASE WHEN day > seen THEN 1 ELSE 0 END FROM ",
            visits_sql!(),
            " visits) x GROUP BY merchant, number_of_day, hour) y WHERE fresh <> first_time OR known <> again"
        ),
        row: "shop {merchant}, day {day}, hour {hour}",
        words: "says {fresh} new and {known} returning; there were {first_time} and {again}",
    },
    Rule {
        name: "payers_are_remembered",
        what: "each payer of a shop stands there once, with the first and the last day",
        counted: "shop_payer",
        broken: concat!(
            "SELECT merchant, payer, there, first, last, came, 0 AS amount FROM \
               (SELECT merchant, payer, CAST(SUM(there) AS BIGINT) AS there, CAST(SUM(first) AS BIGINT) AS first, \
                  CAST(SUM(last) AS BIGINT) AS last, CAST(SUM(came) AS BIGINT) AS came, CAST(SUM(first_day) AS BIGINT) AS first_day, \
                  MAX(last_day) AS last_day FROM \
                 (SELECT merchant_id AS merchant, payer_id AS payer, 1 AS there, ",
            first_day_sql!(months_sql!("(first_day / 100)")),
            " + first_day % 100 - 1 AS first, ",
            first_day_sql!(months_sql!("(last_day / 100)")),
            " + last_day % 100 - 1 AS last, 0 AS came, 0 AS first_day, 0 AS last_day FROM shop_payer \
                  UNION ALL \
                  SELECT merchant, payer, 0, 0, 0, CASE WHEN seen IS NULL THEN 1 ELSE 0 END, CASE WHEN seen IS NULL THEN day ELSE 0 END, day FROM ",
            visits_sql!(),
            " visits) x GROUP BY merchant, payer) y WHERE there <> 1 OR came <> 1 OR first <> first_day OR last <> last_day"
        ),
        row: "shop {merchant}, payer {payer}",
        words: "{there} rows, from day {first} to day {last} since 1970; came {came} times for the first time",
    },
    Rule {
        name: "kinds_have_their_shares",
        what: "each day of a shop says how much was paid out of which kind, and by how many payments",
        counted: "shop_kind",
        broken: concat!(
            "SELECT merchant, day, kind, there, payments, paid, drawing, drawn, paid - drawn AS amount FROM \
               (SELECT merchant, number_of_day, kind, MAX(day) AS day, CAST(SUM(there) AS BIGINT) AS there, \
                  CAST(SUM(payments) AS BIGINT) AS payments, CAST(SUM(paid) AS BIGINT) AS paid, CAST(SUM(drawing) AS BIGINT) AS drawing, \
                  CAST(SUM(drawn) AS BIGINT) AS drawn FROM \
                 (SELECT merchant_id AS merchant, ",
            first_day_sql!(months_sql!("(day / 100)")),
            " + day % 100 - 1 AS number_of_day, kind_id AS kind, day, 1 AS there, payments, paid, 0 AS drawing, 0 AS drawn FROM shop_kind \
                  UNION ALL \
                  SELECT n.merchant_id, (n.at + 32400000) / 86400000, l.kind_id, 0, 0, 0, 0, COUNT(DISTINCT n.number), SUM(e.amount) \
                  FROM shop_tally t JOIN notice n ON n.merchant_id = t.merchant_id JOIN payment p ON p.id = n.payment_id \
                  JOIN entry e ON e.transfer_id = p.transfer_id AND e.account = 2010 JOIN lot l ON l.id = e.owner \
                  WHERE n.number <= t.number AND n.event = 'paid' GROUP BY n.merchant_id, (n.at + 32400000) / 86400000, l.kind_id) x \
                GROUP BY merchant, number_of_day, kind) y \
             WHERE there <> 1 OR payments <> drawing OR paid <> drawn"
        ),
        row: "shop {merchant}, day {day}, kind {kind}",
        words: "{there} rows say {paid won} by {payments}; {drawn won} by {drawing} were drawn",
    },
];
