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
        what: "what each person is counted to hold of a kind is what is left of the lots and in open purchases and refunds",
        counted: "allowance",
        broken: "SELECT person_id, kind_id, held, remaining, open, held - remaining - open AS amount FROM \
                   (SELECT person_id, kind_id, CAST(SUM(held) AS BIGINT) AS held, CAST(SUM(remaining) AS BIGINT) AS remaining, \
                      CAST(SUM(open) AS BIGINT) AS open FROM \
                     (SELECT person_id, kind_id, held, 0 AS remaining, 0 AS open FROM allowance \
                      UNION ALL SELECT person_id, kind_id, 0, remaining, 0 FROM lot \
                      UNION ALL SELECT person_id, kind_id, 0, 0, face FROM purchase WHERE state IN ('reserved', 'unknown') \
                      UNION ALL SELECT person_id, kind_id, 0, 0, face FROM refund WHERE state IN ('reserved', 'unknown') AND kept IS NULL) x \
                    GROUP BY person_id, kind_id) y \
                 WHERE held <> remaining + open",
        row: "person {person_id}, kind {kind_id}",
        words: "counted {held won}, lots have {remaining won} left and {open won} are reserved",
    },
    Rule {
        name: "month_limits_hold",
        what: "nobody bought more of a kind in any month than it allows, but for what was refunded untouched",
        counted: "purchase",
        broken: "SELECT x.person_id, x.kind_id, x.month, x.face, k.month_limit, x.face - k.month_limit AS amount FROM \
                   (SELECT person_id, kind_id, month, CAST(SUM(face) AS BIGINT) AS face FROM \
                     (SELECT person_id, kind_id, month, face FROM purchase WHERE state IN ('reserved', 'unknown', 'posted') \
                      UNION ALL SELECT person_id, kind_id, month, -face FROM refund WHERE state = 'posted' AND month IS NOT NULL) z \
                    GROUP BY person_id, kind_id, month) x \
                 JOIN kind k ON k.id = x.kind_id WHERE x.face > k.month_limit",
        row: "person {person_id}, kind {kind_id}, {month}",
        words: "bought {face won}, allowed are {month_limit won}",
    },
    // A cancelled payment gives the lots back in full, even past the cap, so that much may be above it.
    Rule {
        name: "holding_caps_hold",
        what: "nobody holds more of a kind than it allows, but for payments that were cancelled",
        counted: "allowance",
        broken: "SELECT a.person_id, a.kind_id, a.held, k.holding_cap, a.held - k.holding_cap AS amount \
                 FROM allowance a JOIN kind k ON k.id = a.kind_id \
                 WHERE a.held > k.holding_cap AND a.held > k.holding_cap + \
                   (SELECT COALESCE(SUM(p.cancelled), 0) FROM payment p WHERE p.payer_id = a.person_id)",
        row: "person {person_id}, kind {kind_id}",
        words: "holds {held won}, allowed are {holding_cap won}",
    },
];
