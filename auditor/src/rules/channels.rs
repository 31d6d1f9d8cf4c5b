//! Partner apps: what one of them may sell, whose account its purchases are debited from, whom it buys for, and what it is told. Limits
//! are the person's whatever the channel, so purchases are counted here once more over all channels.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "channel_caps_hold",
        what: "no partner has sold and holds more of a window than its cap, and the cap counts just that",
        counted: "channel_cap",
        broken: "SELECT window_id, partner_id, most, held, sold, open, posted, held - open + sold - posted AS amount FROM \
                   (SELECT window_id, partner_id, CAST(SUM(caps) AS BIGINT) AS caps, CAST(SUM(most) AS BIGINT) AS most, \
                      CAST(SUM(held) AS BIGINT) AS held, CAST(SUM(sold) AS BIGINT) AS sold, CAST(SUM(open) AS BIGINT) AS open, \
                      CAST(SUM(posted) AS BIGINT) AS posted FROM \
                     (SELECT window_id, partner_id, 1 AS caps, most, held, sold, 0 AS open, 0 AS posted FROM channel_cap \
                      UNION ALL \
                      SELECT window_id, partner_id, 0, 0, 0, 0, CASE WHEN state = 'posted' THEN 0 ELSE face END, \
                        CASE WHEN state = 'posted' THEN face ELSE 0 END \
                      FROM purchase WHERE partner_id IS NOT NULL AND state IN ('reserved', 'unknown', 'posted')) x \
                    GROUP BY window_id, partner_id) y \
                 WHERE caps > 0 AND (held <> open OR sold <> posted OR held + sold > most OR open + posted > most)",
        row: "window {window_id}, partner {partner_id}",
        words: "may sell {most won}, says held {held won}, sold {sold won}; its purchases say held {open won}, sold {posted won}",
    },
    Rule {
        name: "channels_share_one_limit",
        what: "nobody who bought through partners has bought more of a kind in a month than any version that was bought under allows, over all channels \
               together",
        counted: "purchase",
        broken: "SELECT person_id, kind_id, month, own, through, own + through - month_limit AS amount FROM \
                   (SELECT person_id, kind_id, month, CAST(SUM(CASE WHEN partner_id IS NULL THEN face ELSE 0 END) AS BIGINT) AS own, \
                      CAST(SUM(CASE WHEN partner_id IS NULL THEN 0 ELSE face END) AS BIGINT) AS through, MAX(month_limit) AS month_limit \
                    FROM (SELECT b.person_id, b.kind_id, b.month, b.partner_id, b.face, v.month_limit FROM purchase b \
                        JOIN kind_version v ON v.kind_id = b.kind_id AND v.version = b.kind_version \
                        WHERE b.state IN ('reserved', 'unknown', 'posted') \
                      UNION ALL SELECT r.person_id, r.kind_id, r.month, p.partner_id, -r.face, 0 FROM refund r \
                        JOIN lot l ON l.id = r.lot_id JOIN purchase p ON p.id = l.purchase_id \
                        WHERE r.state = 'posted' AND r.month IS NOT NULL) z \
                    GROUP BY person_id, kind_id, month) x \
                   WHERE through > 0 AND own + through > month_limit",
        row: "person {person_id}, kind {kind_id}, {month}",
        words: "{own won} in our own app and {through won} through partners",
    },
    Rule {
        name: "partners_buy_from_their_own_account",
        what: "each purchase through a partner is debited from that partner's account, for somebody whom it has introduced",
        counted: "purchase",
        broken: "SELECT id, partner_id, amount, why FROM (SELECT p.id, p.partner_id, p.face AS amount, CASE \
                   WHEN r.id IS NULL THEN 'there is no such partner' \
                   WHEN p.account <> r.account THEN 'debited from another account than its own' \
                   WHEN i.person_id IS NULL THEN 'for somebody whom it has not introduced' END AS why \
                 FROM purchase p LEFT JOIN partner r ON r.id = p.partner_id \
                   LEFT JOIN partner_person i ON i.partner_id = p.partner_id AND i.person_id = p.person_id \
                 WHERE p.partner_id IS NOT NULL) x WHERE why IS NOT NULL",
        row: "purchase {id}",
        words: "through partner {partner_id}: {why}",
    },
    Rule {
        name: "partners_are_told",
        what: "each purchase through a partner has one message for each thing that became of it, to that partner; no other has any",
        counted: "webhook",
        broken: "SELECT id, event, due, told, amount FROM \
                   (SELECT id, event, CAST(SUM(due) AS BIGINT) AS due, CAST(SUM(told) AS BIGINT) AS told, \
                      CAST(SUM(face) AS BIGINT) AS amount, MAX(partner) AS partner, MAX(told_to) AS told_to FROM \
                     (SELECT id, 'purchase.posted' AS event, 1 AS due, 0 AS told, face, partner_id AS partner, 0 AS told_to \
                      FROM purchase WHERE partner_id IS NOT NULL AND state = 'posted' \
                      UNION ALL SELECT id, 'purchase.voided', 1, 0, face, partner_id, 0 \
                      FROM purchase WHERE partner_id IS NOT NULL AND state IN ('voided', 'refunding', 'refunded') \
                      UNION ALL SELECT id, 'purchase.refunded', 1, 0, face, partner_id, 0 \
                      FROM purchase WHERE partner_id IS NOT NULL AND state = 'refunded' \
                      UNION ALL SELECT purchase_id, event, 0, 1, 0, 0, partner_id FROM webhook WHERE purchase_id IS NOT NULL) x \
                    GROUP BY id, event) y \
                 WHERE due <> 1 OR told <> 1 OR partner <> told_to",
        row: "purchase {id}",
        words: "{event}: {due} to be told, {told} messages (or to another partner)",
    },
    Rule {
        name: "webhooks_are_in_time",
        what: "nothing that a partner with an endpoint is to be told has been due for more than an hour",
        counted: "webhook",
        broken: "SELECT w.id, w.tries, ($1 - w.due_at) / 60000 AS late_min, 0 AS amount FROM webhook w JOIN partner p ON p.id = w.partner_id \
                 WHERE w.state = 'due' AND p.webhook_url IS NOT NULL AND w.due_at < $1 - 3600000",
        row: "webhook {id}",
        words: "has been due for {late_min} minutes after {tries} tries",
    },
    Rule {
        name: "webhook_tries_are_written",
        what: "a message that was sent has one try that arrived, its last; no other has any, and no try is written that was not begun",
        counted: "webhook",
        broken: "SELECT id, state, tries, written, arrived, 0 AS amount FROM \
                   (SELECT w.id, w.state, w.tries, COUNT(t.number) AS written, COALESCE(MAX(t.number), 0) AS last, \
                      CAST(COALESCE(SUM(CASE WHEN t.error IS NULL AND t.status BETWEEN 200 AND 299 THEN 1 ELSE 0 END), 0) AS BIGINT) AS arrived, \
                      COALESCE(MAX(CASE WHEN t.error IS NULL THEN t.number ELSE 0 END), 0) AS arrived_at \
                    FROM webhook w LEFT JOIN webhook_try t ON t.webhook_id = w.id GROUP BY w.id, w.state, w.tries) x \
                 WHERE last > tries OR (state = 'sent' AND (arrived <> 1 OR arrived_at <> tries)) OR (state <> 'sent' AND arrived_at > 0)",
        row: "webhook {id}",
        words: "{state} after {tries} tries: {written} written, {arrived} arrived",
    },
];
