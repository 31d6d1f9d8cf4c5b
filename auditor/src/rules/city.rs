//! The city's console: what two people have to agree on.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "plans_are_released_by_others",
        what: "a plan that became a sale was released by somebody who wrote none of it",
        counted: "sale_plan",
        broken: "SELECT id, COALESCE(releaser_id, 0) AS releaser, 0 AS amount FROM sale_plan WHERE sale_id IS NOT NULL AND \
               (releaser_id IS NULL OR releaser_id = planner_id OR EXISTS \
                 (SELECT 1 FROM plan_author a WHERE a.plan_id = sale_plan.id AND a.operator_id = sale_plan.releaser_id))",
        row: "plan {id}",
        words: "released by operator {releaser}, who also wrote it, or by nobody",
    },
    Rule {
        name: "open_shops_were_let_in",
        what: "a shop that signed up and may be paid was let in by the city, and is paid out to the account that one won proved",
        counted: "application",
        broken: "SELECT id, 0 AS amount, why FROM (SELECT m.id, CASE \
                   WHEN a.stage <> 'approved' THEN 'its application is ' || a.stage \
                   WHEN a.payout_account IS NULL OR m.payout_account IS NULL OR a.payout_account <> m.payout_account \
                     THEN 'it is paid out to another account than the one that was proved' \
                   WHEN NOT EXISTS (SELECT 1 FROM payout_check c WHERE c.application_id = a.id AND c.account = m.payout_account \
                     AND c.state = 'verified') THEN 'no one won proved its account' \
                   WHEN COALESCE((SELECT d.decision FROM shop_decision d WHERE d.merchant_id = m.id ORDER BY d.id DESC LIMIT 1), '') \
                     NOT IN ('approved', 'reopened') THEN 'the city did not let it in' END AS why \
                 FROM application a JOIN merchant m ON m.id = a.merchant_id WHERE m.standing = 'open') x WHERE why IS NOT NULL",
        row: "shop {id}",
        words: "{why}",
    },
    Rule {
        name: "decisions_about_shops_are_logged",
        what: "each decision about a shop stands in the audit log, and nothing stands there that was not decided",
        counted: "shop_decision",
        broken: "SELECT shop AS id, decision, 0 AS amount, CAST(SUM(decided) AS BIGINT) AS decided, CAST(SUM(logged) AS BIGINT) AS logged FROM \
                   (SELECT 'shop ' || CAST(merchant_id AS TEXT) AS shop, decision, operator_id AS operator, 1 AS decided, 0 AS logged \
                    FROM shop_decision \
                    UNION ALL \
                    SELECT subject, CASE action WHEN 'shop approved' THEN 'approved' WHEN 'shop sent back' THEN 'sent_back' \
                      WHEN 'shop closed' THEN 'closed' ELSE 'reopened' END, operator_id, 0, 1 FROM audit_log \
                    WHERE action IN ('shop approved', 'shop sent back', 'shop closed', 'shop reopened')) x \
                 GROUP BY shop, decision, operator HAVING SUM(decided) <> SUM(logged)",
        row: "{id}",
        words: "was {decision} {decided} times, the log says {logged}",
    },
    Rule {
        name: "one_business_has_one_shop",
        what: "of the shops that signed up with one business number one at most is not closed",
        counted: "application",
        broken: "SELECT MAX(m.id) AS id, a.business_number AS business, COUNT(*) AS shops, 0 AS amount FROM application a \
                 JOIN merchant m ON m.business_number = a.business_number WHERE a.merchant_id IS NOT NULL AND m.standing <> 'closed' \
                 AND a.stage <> 'closed' GROUP BY a.id, a.business_number HAVING COUNT(*) > 1",
        row: "shop {id}",
        words: "{shops} shops of one business are not closed",
    },
    Rule {
        name: "shops_have_owners",
        what: "a shop that signed up has an owner",
        counted: "application",
        broken: "SELECT merchant_id AS id, 0 AS amount FROM application WHERE merchant_id IS NOT NULL AND NOT EXISTS \
                   (SELECT 1 FROM staff s WHERE s.merchant_id = application.merchant_id AND s.role = 'owner')",
        row: "shop {id}",
        words: "nobody owns it",
    },
    Rule {
        name: "invitations_are_used_by_one",
        what: "an invitation was used before it ended, and not after it was taken back",
        counted: "invitation",
        broken: "SELECT id, 0 AS amount FROM invitation WHERE used_at >= expires_at OR used_at < created_at \
                 OR (used_at IS NOT NULL AND revoked_at IS NOT NULL)",
        row: "invitation {id}",
        words: "was used after its end",
    },
];
