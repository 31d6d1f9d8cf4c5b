//! What a person may buy in a month and hold at once.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "bought_matches_purchases",
        what: "what each person is counted to have bought of a kind in the last month is what the purchases say, less what was refunded \
               untouched in that month",
        counted: "allowance",
        broken: "SELECT person_id, kind_id, month, latest, bought, purchased, bought - purchased AS amount FROM \
                   (SELECT person_id, kind_id, MAX(CASE WHEN kept > 0 THEN month ELSE 0 END) AS month, \
                      MAX(CASE WHEN purchased > 0 THEN month ELSE 0 END) AS latest, CAST(SUM(bought) AS BIGINT) AS bought, \
                      CAST(SUM(CASE WHEN kept > 0 THEN purchased ELSE 0 END) AS BIGINT) AS purchased FROM \
                     (SELECT person_id, kind_id, month, SUM(kept) AS kept, SUM(bought) AS bought, SUM(face) AS purchased FROM \
                       (SELECT person_id, kind_id, month, 1 AS kept, bought, 0 AS face FROM allowance \
                        UNION ALL \
                        SELECT person_id, kind_id, month, 0, 0, face FROM purchase WHERE state IN ('reserved', 'unknown', 'posted') \
                        UNION ALL \
                        SELECT person_id, kind_id, month, 0, 0, -face FROM refund WHERE state = 'posted' AND month IS NOT NULL) x \
                      GROUP BY person_id, kind_id, month) y \
                    GROUP BY person_id, kind_id) z \
                 WHERE bought <> purchased OR latest > month",
        row: "person {person_id}, kind {kind_id}",
        words: "counted {bought won} in {month}, purchases say {purchased won}; last bought in {latest}",
    },
    Rule {
        name: "held_matches_lots",
        what: "what each person is counted to hold of a kind is what is left of the lots and in open purchases, refunds and gifts",
        counted: "allowance",
        broken: "SELECT person_id, kind_id, held, remaining, open, held - remaining - open AS amount FROM \
                   (SELECT person_id, kind_id, CAST(SUM(held) AS BIGINT) AS held, CAST(SUM(remaining) AS BIGINT) AS remaining, \
                      CAST(SUM(open) AS BIGINT) AS open FROM \
                     (SELECT person_id, kind_id, held, 0 AS remaining, 0 AS open FROM allowance \
                      UNION ALL SELECT person_id, kind_id, 0, remaining, 0 FROM lot \
                      UNION ALL SELECT person_id, kind_id, 0, 0, face FROM purchase WHERE state IN ('reserved', 'unknown') \
                      UNION ALL SELECT person_id, kind_id, 0, 0, face FROM refund WHERE state IN ('reserved', 'unknown') AND kept IS NULL \
                      UNION ALL SELECT sender_id, kind_id, 0, 0, amount FROM gift WHERE state = 'waiting') x \
                    GROUP BY person_id, kind_id) y \
                 WHERE held <> remaining + open",
        row: "person {person_id}, kind {kind_id}",
        words: "counted {held won}, lots have {remaining won} left and {open won} are reserved",
    },
    Rule {
        name: "month_limits_hold",
        what: "nobody bought more of a kind in any month than the version of it that was bought under allows, but for what was refunded \
               untouched",
        counted: "purchase",
        // What was bought under earlier versions counts towards the limit of a later one. Refunds stand before all of them.
        broken: "SELECT person_id, kind_id, month, version, face, month_limit, face - month_limit AS amount FROM \
                   (SELECT x.person_id, x.kind_id, x.month, x.version, v.month_limit, CAST(SUM(x.face) OVER \
                      (PARTITION BY x.person_id, x.kind_id, x.month ORDER BY x.version) AS BIGINT) AS face FROM \
                     (SELECT person_id, kind_id, month, version, SUM(face) AS face FROM \
                       (SELECT person_id, kind_id, month, kind_version AS version, face FROM purchase \
                          WHERE state IN ('reserved', 'unknown', 'posted') \
                        UNION ALL SELECT person_id, kind_id, month, 0, -face FROM refund WHERE state = 'posted' AND month IS NOT NULL) z \
                      GROUP BY person_id, kind_id, month, version) x \
                    LEFT JOIN kind_version v ON v.kind_id = x.kind_id AND v.version = x.version) y WHERE face > month_limit",
        row: "person {person_id}, kind {kind_id}, {month}",
        words: "bought {face won}, version {version} allows {month_limit won}",
    },
    // A cancelled payment gives the lots back in full, even past the cap, so that much may be above it.
    Rule {
        name: "holding_caps_hold",
        what: "nobody holds more of a kind than any version of it allowed, but for payments that were cancelled",
        counted: "allowance",
        broken: "SELECT a.person_id, a.kind_id, a.held, k.holding_cap, a.held - k.holding_cap AS amount \
                 FROM allowance a \
                 JOIN (SELECT kind_id, MAX(holding_cap) AS holding_cap FROM kind_version GROUP BY kind_id) k ON k.kind_id = a.kind_id \
                 WHERE a.held > k.holding_cap AND a.held > k.holding_cap + \
                   (SELECT COALESCE(SUM(p.cancelled), 0) FROM payment p WHERE p.payer_id = a.person_id)",
        row: "person {person_id}, kind {kind_id}",
        words: "holds {held won}, allowed are {holding_cap won}",
    },
];
