//! The city's console: what two people have to agree on.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[Rule {
    name: "plans_are_released_by_others",
    what: "a plan that became a sale was released by somebody who wrote none of it",
    counted: "sale_plan",
    broken: "SELECT id, COALESCE(releaser_id, 0) AS releaser, 0 AS amount FROM sale_plan WHERE sale_id IS NOT NULL AND \
               (releaser_id IS NULL OR releaser_id = planner_id OR EXISTS \
                 (SELECT 1 FROM plan_author a WHERE a.plan_id = sale_plan.id AND a.operator_id = sale_plan.releaser_id))",
    row: "plan {id}",
    words: "released by operator {releaser}, who also wrote it, or by nobody",
}];
