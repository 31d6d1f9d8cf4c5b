//! Kinds: what applies is the newest of their versions, which come from changes that two people agreed on; a lot keeps the terms of the
//! version that its purchase was reserved under.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "kinds_are_their_newest_version",
        what: "each kind says what its newest version says, and its versions are numbered without a gap",
        counted: "kind",
        broken: "SELECT id, version, why, 0 AS amount FROM (SELECT k.id, k.version, CASE \
                   WHEN v.version IS NULL THEN 'it is not there' \
                   WHEN k.discount_bp <> v.discount_bp OR k.unit <> v.unit OR k.month_limit <> v.month_limit \
                     OR k.holding_cap <> v.holding_cap OR k.validity_years <> v.validity_years OR k.refund_from <> v.refund_from \
                     THEN 'the kind says something else' \
                   WHEN n.versions <> k.version OR n.latest <> k.version THEN 'there are others than 1 to this' END AS why \
                 FROM kind k LEFT JOIN kind_version v ON v.kind_id = k.id AND v.version = k.version \
                   LEFT JOIN (SELECT kind_id, COUNT(*) AS versions, MAX(version) AS latest FROM kind_version GROUP BY kind_id) n \
                     ON n.kind_id = k.id) x WHERE why IS NOT NULL",
        row: "kind {id}",
        words: "version {version}: {why}",
    },
    Rule {
        name: "versions_are_released_changes",
        what: "each later version of a kind is a change that somebody who wrote none of it released, as the log says, and each change \
               whose time has come is a version",
        counted: "kind_change",
        broken: "SELECT id, why, 0 AS amount FROM (SELECT 'change ' || CAST(c.id AS TEXT) AS id, CASE \
                   WHEN c.state = 'released' AND c.from_at < $1 - 600000 THEN 'should apply by now' \
                   WHEN c.releaser_id IS NULL OR EXISTS (SELECT 1 FROM kind_change_author a WHERE a.change_id = c.id \
                     AND a.operator_id = c.releaser_id) THEN 'was released by somebody who wrote some of it, or by nobody' \
                   WHEN NOT EXISTS (SELECT 1 FROM audit_log g WHERE g.action = 'kind change released' \
                     AND g.subject = 'change ' || CAST(c.id AS TEXT) AND g.operator_id = c.releaser_id) \
                     THEN 'was released, and the log does not say so' \
                   WHEN c.state = 'applied' AND v.version IS NULL THEN 'applies, and is no version' END AS why \
                 FROM kind_change c LEFT JOIN kind_version v ON v.change_id = c.id AND v.kind_id = c.kind_id AND v.from_at = c.from_at \
                 WHERE c.state IN ('released', 'applied') \
                 UNION ALL \
                 SELECT 'kind ' || CAST(v.kind_id AS TEXT), 'has a version that no change brought' FROM kind_version v \
                   LEFT JOIN kind_change c ON c.id = v.change_id AND c.state = 'applied' WHERE v.version > 1 AND c.id IS NULL) x \
                 WHERE why IS NOT NULL",
        row: "{id}",
        words: "{why}",
    },
    Rule {
        name: "purchases_name_their_version",
        what: "each purchase names the version of its kind that applied when it was reserved",
        counted: "purchase",
        broken: "SELECT p.id, p.kind_id, p.kind_version AS version, p.face AS amount FROM purchase p \
                 LEFT JOIN kind_version v ON v.kind_id = p.kind_id AND v.version = p.kind_version \
                 LEFT JOIN kind_version n ON n.kind_id = p.kind_id AND n.version = p.kind_version + 1 \
                 WHERE v.version IS NULL OR v.from_at > p.created_at OR n.from_at <= p.created_at",
        row: "purchase {id}",
        words: "names version {version} of kind {kind_id}, which did not apply",
    },
    // Years have 365 or 366 days, and a lot is good until the midnight that ends its last: less than two days beside the mean year. The
    // city may have given it more time, or have waived its threshold.
    Rule {
        name: "lots_keep_their_terms",
        what: "each lot has the discount, validity and refund threshold of the version that its purchase was reserved under",
        counted: "lot",
        broken: "SELECT id, version, amount, why FROM (SELECT l.id, p.kind_version AS version, l.face AS amount, CASE \
                   WHEN v.version IS NULL THEN 'is not there' \
                   WHEN l.discount_bp <> v.discount_bp THEN 'has another discount' \
                   WHEN l.expires_at - l.bought_at - v.validity_years * 31556952000 NOT BETWEEN -172800000 AND 172800000 \
                     AND NOT EXISTS (SELECT 1 FROM extension x WHERE x.kind_id = l.kind_id AND x.until >= l.expires_at) \
                     THEN 'is valid for another time' \
                   WHEN l.gift IS NOT NULL AND l.refund_from IS NULL THEN NULL \
                   WHEN COALESCE(l.refund_from, -1) <> CASE WHEN p.partner_id IS NULL THEN v.refund_from ELSE -1 END \
                     AND NOT (l.refund_from = 0 AND p.partner_id IS NULL \
                       AND EXISTS (SELECT 1 FROM waiver w WHERE w.kind_id = l.kind_id AND w.created_at >= l.bought_at)) THEN 'has another refund threshold' END AS why \
                 FROM lot l JOIN purchase p ON p.id = l.purchase_id \
                   LEFT JOIN kind_version v ON v.kind_id = p.kind_id AND v.version = p.kind_version) x WHERE why IS NOT NULL",
        row: "lot {id}",
        words: "version {version} of its kind {why}",
    },
];
