//! Gifts: what waits in escrow, what became of it, and that nobody received more than their kind lets them.

use super::{first_day_sql, months_sql};
use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "escrow_holds_what_waits",
        what: "the escrow of each gift has its amount while it waits, and nothing afterwards",
        counted: "gift",
        broken: "SELECT escrow, waiting, balance, waiting - balance AS amount FROM \
                   (SELECT escrow, CAST(SUM(waiting) AS BIGINT) AS waiting, CAST(-SUM(entered) AS BIGINT) AS balance FROM \
                     (SELECT escrow, CASE WHEN state = 'waiting' THEN amount ELSE 0 END AS waiting, 0 AS entered FROM gift \
                      UNION ALL SELECT owner, 0, amount FROM entry WHERE account = 2050) x GROUP BY escrow) y \
                 WHERE waiting <> balance",
        row: "escrow {escrow}",
        words: "{waiting won} wait, the ledger has {balance won}",
    },
    Rule {
        name: "gifts_have_transfers",
        what: "each gift was taken from lots once, and given to lots once when it was answered or came back, for its amount; no other was",
        counted: "gift",
        broken: "SELECT id, state, given, accepted, back, amount FROM \
                   (SELECT id, MAX(state) AS state, CAST(SUM(amount) AS BIGINT) AS amount, CAST(SUM(given) AS BIGINT) AS given, \
                      CAST(SUM(accepted) AS BIGINT) AS accepted, CAST(SUM(back) AS BIGINT) AS back, CAST(SUM(wrong) AS BIGINT) AS wrong FROM \
                     (SELECT id, state, amount, 0 AS given, 0 AS accepted, 0 AS back, 0 AS wrong FROM gift \
                      UNION ALL \
                      SELECT t.subject, '', 0, CASE WHEN t.cause = 'gift' THEN 1 ELSE 0 END, \
                        CASE WHEN t.cause = 'gift_accepted' THEN 1 ELSE 0 END, CASE WHEN t.cause = 'gift_back' THEN 1 ELSE 0 END, \
                        CASE WHEN COALESCE((SELECT SUM(ABS(e.amount)) FROM entry e WHERE e.transfer_id = t.id AND e.account = 2050 \
                            AND e.owner = g.escrow AND (e.amount < 0) = (t.cause = 'gift')), 0) <> COALESCE(g.amount, 0) \
                          OR EXISTS (SELECT 1 FROM entry e WHERE e.transfer_id = t.id AND e.account NOT IN (2010, 2050)) THEN 1 ELSE 0 END \
                      FROM transfer t LEFT JOIN gift g ON g.id = t.subject WHERE t.cause IN ('gift', 'gift_accepted', 'gift_back')) x \
                    GROUP BY id) y \
                 WHERE wrong > 0 OR state = '' OR given <> 1 OR accepted <> CASE WHEN state = 'accepted' THEN 1 ELSE 0 END \
                   OR back <> CASE WHEN state IN ('declined', 'taken_back', 'returned') THEN 1 ELSE 0 END",
        row: "gift {id}",
        words: "'{state}', of {amount won}: given {given} times, accepted {accepted} times, back {back} times, or not for that much",
    },
    Rule {
        name: "gifts_are_their_parts",
        what: "the parts of each gift add up to it",
        counted: "gift",
        broken: "SELECT escrow, gifts, amount AS whole, parts, amount - parts AS amount FROM \
                   (SELECT escrow, CAST(SUM(gifts) AS BIGINT) AS gifts, CAST(SUM(amount) AS BIGINT) AS amount, \
                      CAST(SUM(parts) AS BIGINT) AS parts FROM \
                     (SELECT escrow, 1 AS gifts, amount, 0 AS parts FROM gift \
                      UNION ALL SELECT escrow, 0, 0, amount FROM gift_part) x GROUP BY escrow) y WHERE gifts <> 1 OR amount <> parts",
        row: "escrow {escrow}",
        words: "{gifts} gifts of {whole won}, their parts are {parts won}",
    },
    Rule {
        name: "given_matches_gifts",
        what: "what each lot is said to have given is what its gifts say that wait or were accepted, and what the ledger took out of it for them; \
               what came of a gift as a lot is what the ledger put into it",
        counted: "lot",
        broken: "SELECT id, given, gifts, taken, came, put, \
                   CASE WHEN given <> gifts THEN given - gifts WHEN given <> taken THEN given - taken ELSE came - put END AS amount FROM \
                   (SELECT id, CAST(SUM(given) AS BIGINT) AS given, CAST(SUM(gifts) AS BIGINT) AS gifts, CAST(SUM(taken) AS BIGINT) AS taken, \
                      CAST(SUM(came) AS BIGINT) AS came, CAST(SUM(put) AS BIGINT) AS put FROM \
                     (SELECT id, given, 0 AS gifts, 0 AS taken, CASE WHEN gift IS NULL THEN 0 ELSE face END AS came, 0 AS put \
                      FROM lot WHERE given <> 0 OR gift IS NOT NULL \
                      UNION ALL SELECT p.lot_id, 0, p.amount, 0, 0, 0 FROM gift_part p JOIN gift g ON g.escrow = p.escrow \
                        WHERE g.state IN ('waiting', 'accepted') \
                      UNION ALL SELECT e.owner, 0, 0, CASE WHEN t.cause = 'gift_accepted' THEN 0 ELSE e.amount END, 0, \
                        CASE WHEN t.cause = 'gift_accepted' THEN -e.amount ELSE 0 END \
                      FROM transfer t JOIN entry e ON e.transfer_id = t.id \
                      WHERE t.cause IN ('gift', 'gift_accepted', 'gift_back') AND e.account = 2010) x GROUP BY id) y \
                 WHERE given <> gifts OR given <> taken OR came <> put",
        row: "lot {id}",
        words: "{given won} given, its gifts say {gifts won} and the ledger {taken won}; it came with {came won}, the ledger says {put won}",
    },
    // The city may give the lots of a kind more time, each on its own.
    Rule {
        name: "gifted_lots_are_their_parts",
        what: "each part of an accepted gift is one lot of the receiver, of the same purchase, kind, price and time; no other lot comes of a gift",
        counted: "gift_part",
        broken: "SELECT id, why, amount FROM \
                   (SELECT n.id, n.face AS amount, CASE WHEN COUNT(p.line) <> 1 THEN 'is no part of a gift' END AS why \
                      FROM lot n LEFT JOIN gift_part p ON p.to_lot_id = n.id AND p.escrow = n.gift WHERE n.gift IS NOT NULL GROUP BY n.id, n.face \
                    UNION ALL \
                    SELECT l.id, p.amount, CASE \
                      WHEN (g.state = 'accepted') <> (p.to_lot_id IS NOT NULL) THEN 'was given, and is nobody''s or two people''s' \
                      WHEN g.state = 'accepted' AND n.id IS NULL THEN 'was given, and what came of it is not there' \
                      WHEN (n.id IS NOT NULL AND COALESCE(n.gift, 0) <> g.escrow) OR n.person_id <> COALESCE(g.receiver_id, 0) \
                        OR n.kind_id <> l.kind_id OR n.district <> l.district OR l.kind_id <> g.kind_id \
                        OR n.purchase_id <> l.purchase_id OR l.person_id <> g.sender_id OR n.bought_at <> l.bought_at \
                        THEN 'was given, and another lot came of it' \
                      WHEN n.face <> p.amount OR n.paid <> p.amount * l.paid / l.face OR n.discount_bp <> l.discount_bp \
                        OR n.after_expiry <> l.after_expiry THEN 'was given at another price' \
                      WHEN n.expires_at <> l.expires_at AND NOT EXISTS (SELECT 1 FROM extension x WHERE x.kind_id = l.kind_id \
                        AND x.until IN (n.expires_at, l.expires_at)) THEN 'was given with another end' \
                      WHEN n.refund_from IS NOT NULL AND k.gift_refund = 0 THEN 'gives the receiver money' END AS why \
                    FROM gift_part p JOIN gift g ON g.escrow = p.escrow JOIN lot l ON l.id = p.lot_id JOIN kind k ON k.id = g.kind_id \
                      LEFT JOIN lot n ON n.id = p.to_lot_id) x WHERE why IS NOT NULL",
        row: "lot {id}",
        words: "{why}",
    },
    // Ten minutes for the job, and for clocks of nodes.
    Rule {
        name: "gifts_wait_seven_days",
        what: "a gift waits for seven days from its delivery, and is answered within them or comes back; nobody gives to themselves; what was \
               accepted counts in the month of that",
        counted: "gift",
        broken: concat!(
            "SELECT id, why, amount FROM (SELECT id, amount, CASE \
               WHEN ends_at <> delivers_at + 604800000 OR delivers_at < created_at THEN 'waits for another time' \
               WHEN (state = 'waiting') <> (decided_at IS NULL) THEN 'ended at an unknown time, or waits and was answered' \
               WHEN state = 'waiting' AND ends_at < $1 - 600000 THEN 'should be back by now' \
               WHEN state = 'returned' AND decided_at < ends_at - 600000 THEN 'came back early' \
               WHEN state IN ('accepted', 'declined') AND (decided_at < delivers_at OR decided_at >= ends_at) THEN 'was answered at another time' \
               WHEN (state = 'accepted') <> (receiver_id IS NOT NULL) THEN 'was accepted by nobody, or has a receiver who did not accept it' \
               WHEN receiver_id = sender_id THEN 'went to its sender' \
               WHEN state = 'accepted' AND (month IS NULL OR (decided_at + 32400000) / 86400000 < ",
            first_day_sql!(months_sql!("month")),
            " OR (decided_at + 32400000) / 86400000 >= ",
            first_day_sql!(concat!("(", months_sql!("month"), " + 1)")),
            ") THEN 'counts in another month than it was accepted in' \
             END AS why FROM gift) x WHERE why IS NOT NULL"
        ),
        row: "gift {id}",
        words: "{why}",
    },
    Rule {
        name: "gift_month_caps_hold",
        what: "nobody received more gifts of a kind in a month than the kind lets them",
        counted: "gift",
        broken: "SELECT g.receiver_id, g.kind_id, g.month, CAST(SUM(g.amount) AS BIGINT) AS received, k.gift_month_cap AS cap, \
                   CAST(SUM(g.amount) AS BIGINT) - k.gift_month_cap AS amount FROM gift g JOIN kind k ON k.id = g.kind_id \
                 WHERE g.receiver_id IS NOT NULL GROUP BY g.receiver_id, g.kind_id, g.month, k.gift_month_cap \
                 HAVING SUM(g.amount) > k.gift_month_cap",
        row: "person {receiver_id}, kind {kind_id}, {month}",
        words: "received {received won}, allowed are {cap won}",
    },
];
