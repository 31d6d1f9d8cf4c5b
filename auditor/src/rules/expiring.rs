//! The end of lots: what became breakage, what of it was claimed, and what the city gave back.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "expired_matches_ledger",
        what: "what each lot has expired with, and what was claimed of it since, is what the ledger moved from it to breakage and not back",
        counted: "lot",
        broken: "SELECT id, expired, claimed, moved, expired + claimed - moved AS amount FROM \
                   (SELECT id, CAST(SUM(expired) AS BIGINT) AS expired, CAST(SUM(claimed) AS BIGINT) AS claimed, \
                      CAST(SUM(moved) AS BIGINT) AS moved FROM \
                     (SELECT id, expired, 0 AS claimed, 0 AS moved FROM lot \
                      UNION ALL SELECT lot_id, 0, face + kept, 0 FROM refund WHERE state <> 'voided' AND kept IS NOT NULL \
                      UNION ALL SELECT e.owner, 0, 0, e.amount FROM transfer t JOIN entry e ON e.transfer_id = t.id \
                        WHERE t.cause IN ('expire', 'revive') AND e.account = 2010) x GROUP BY id) y \
                 WHERE expired + claimed <> moved",
        row: "lot {id}",
        words: "{expired won} expired and {claimed won} claimed, the ledger moved {moved won}",
    },
    Rule {
        name: "breakage_matches_lots",
        what: "the breakage of each kind is what its lots have expired with, less what was paid of it to their owners and back to the fund",
        counted: "kind",
        broken: "SELECT kind_id, expired, breakage, expired - breakage AS amount FROM \
                   (SELECT kind_id, CAST(SUM(expired) AS BIGINT) AS expired, CAST(-SUM(entered) AS BIGINT) AS breakage FROM \
                     (SELECT kind_id, expired, 0 AS entered FROM lot WHERE expired > 0 \
                      UNION ALL SELECT kind_id, CASE WHEN state = 'posted' THEN kept ELSE face + kept END, 0 FROM refund \
                        WHERE state <> 'voided' AND kept IS NOT NULL \
                      UNION ALL SELECT owner, 0, amount FROM entry WHERE account = 4020) x GROUP BY kind_id) y \
                 WHERE expired <> breakage",
        row: "kind {kind_id}",
        words: "{expired won} by the lots, {breakage won} by the ledger",
    },
    Rule {
        name: "lots_expire_at_their_end",
        what: "nothing is left of a lot whose time is over, as far as was swept, and none has expired before its end",
        counted: "lot",
        broken: "SELECT l.id, l.remaining, l.expired, l.remaining + l.expired AS amount FROM lot l \
                 WHERE (l.remaining > 0 AND l.expires_at <= (SELECT MAX(expires_at) - 3600000 FROM expiry_mark WHERE what = 'swept')) \
                   OR (l.expired > 0 AND l.expires_at > (SELECT MAX(t.created_at) FROM transfer t JOIN entry e ON e.transfer_id = t.id \
                       WHERE t.cause = 'expire' AND e.account = 2010 AND e.owner = l.id AND t.subject = l.purchase_id) \
                     AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.lot_id = l.id AND r.state = 'voided' AND r.kept IS NOT NULL \
                       AND r.decided_at >= l.expires_at))",
        row: "lot {id}",
        words: "{remaining won} left after its end, or {expired won} taken before it",
    },
    Rule {
        name: "expired_refunds_have_transfers",
        what: "each posted refund of a lot whose time was over has exactly one transfer: breakage against bank and fund; no other has any",
        counted: "refund",
        broken: "SELECT * FROM \
                   (SELECT id, CAST(SUM(posted) AS BIGINT) AS posted, CAST(SUM(transfers) AS BIGINT) AS transfers, \
                      CAST(SUM(face) AS BIGINT) AS face, CAST(SUM(paid) AS BIGINT) AS paid, CAST(SUM(fund) AS BIGINT) AS fund, \
                      CAST(SUM(taken) AS BIGINT) AS taken, CAST(SUM(bank) AS BIGINT) AS bank, CAST(SUM(city) AS BIGINT) AS city, \
                      CAST(SUM(taken) - SUM(face) AS BIGINT) AS amount, MAX(kind) AS kind, MAX(taken_kind) AS taken_kind FROM \
                     (SELECT id, 1 AS posted, face, paid, fund, kind_id AS kind, 0 AS transfers, 0 AS bank, 0 AS city, 0 AS taken, \
                        0 AS taken_kind \
                      FROM refund WHERE state = 'posted' AND kept IS NOT NULL \
                      UNION ALL \
                      SELECT t.subject, 0, 0, 0, 0, 0, 1, \
                        COALESCE(SUM(CASE WHEN e.account = 1010 THEN -e.amount ELSE 0 END), 0), \
                        COALESCE(SUM(CASE WHEN e.account = 5010 THEN -e.amount ELSE 0 END), 0), \
                        COALESCE(SUM(CASE WHEN e.account = 4020 THEN e.amount ELSE 0 END), 0), \
                        COALESCE(MAX(CASE WHEN e.account IN (4020, 5010) THEN e.owner ELSE 0 END), 0) \
                      FROM transfer t LEFT JOIN entry e ON e.transfer_id = t.id WHERE t.cause = 'refund_expired' \
                      GROUP BY t.id, t.subject) x \
                    GROUP BY id) y \
                 WHERE posted <> 1 OR transfers <> 1 OR paid <> bank OR fund <> city OR face <> taken OR kind <> taken_kind",
        row: "refund {id}",
        words: "{posted} posted with {paid won} and {fund won} for {face won} of kind {kind}; {transfers} transfers with {bank won} and \
                {city won} for {taken won} of kind {taken_kind}",
    },
];
