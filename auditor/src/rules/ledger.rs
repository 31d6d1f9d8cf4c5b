//! The ledger in itself, and the lots as its accounts.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "transfers_balance",
        what: "the entries of each transfer add up to zero, and there are at least two",
        counted: "entry",
        broken: "SELECT transfer_id, COUNT(*) AS lines, CAST(SUM(amount) AS BIGINT) AS amount FROM entry \
                 GROUP BY transfer_id HAVING COUNT(*) < 2 OR SUM(amount) <> 0",
        row: "transfer {transfer_id}",
        words: "{lines} entries add up to {amount won}",
    },
    Rule {
        name: "transfers_have_entries",
        what: "no transfer is empty",
        counted: "transfer",
        broken: "SELECT t.id, t.cause, t.subject, 0 AS amount FROM transfer t \
                 WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.transfer_id = t.id)",
        row: "transfer {id}",
        words: "{cause} of {subject} moves nothing",
    },
    Rule {
        name: "entries_belong_to_transfers",
        what: "each entry is of a transfer that exists",
        counted: "entry",
        broken: "SELECT e.transfer_id, e.line, e.account, e.owner, e.amount FROM entry e \
                 WHERE NOT EXISTS (SELECT 1 FROM transfer t WHERE t.id = e.transfer_id)",
        row: "entry {transfer_id}/{line}",
        words: "{amount won} in account {account} of {owner}, without its transfer",
    },
    Rule {
        name: "causes_are_known",
        what: "each transfer has one of the known causes",
        counted: "transfer",
        broken: "SELECT t.id, t.cause, (SELECT CAST(COALESCE(SUM(e.amount), 0) AS BIGINT) FROM entry e \
                   WHERE e.transfer_id = t.id AND e.amount > 0) AS amount \
                 FROM transfer t WHERE t.cause NOT IN ('buy', 'pay', 'cancel', 'late_debit', 'late_refund', 'refund', 'expire', 'revive', \
                   'refund_expired', 'gift', 'gift_accepted', 'gift_back', 'settle', 'payout')",
        row: "transfer {id}",
        words: "nobody knows the cause '{cause}'",
    },
    Rule {
        name: "accounts_are_known",
        what: "each entry is in an account of the chart, and its owner exists",
        counted: "entry",
        broken: "SELECT x.account, x.owner, x.lines, x.amount FROM \
                   (SELECT account, owner, COUNT(*) AS lines, CAST(SUM(amount) AS BIGINT) AS amount FROM entry \
                    WHERE account <> 2010 GROUP BY account, owner) x \
                 LEFT JOIN merchant m ON m.id = x.owner LEFT JOIN kind k ON k.id = x.owner \
                 LEFT JOIN gift g ON g.escrow = x.owner \
                 WHERE x.account NOT IN (1010, 2020, 2030, 2040, 2050, 4010, 4020, 5010) OR (x.account IN (1010, 2030, 4010) AND x.owner <> 0) \
                   OR (x.account IN (2020, 2040) AND m.id IS NULL) OR (x.account IN (4020, 5010) AND k.id IS NULL) OR (x.account = 2050 AND g.id IS NULL)",
        row: "account {account} of {owner}",
        words: "{lines} entries, {amount won} in all, in an account that does not exist",
    },
    Rule {
        name: "ledger_adds_up_to_zero",
        what: "all entries together add up to zero",
        counted: "entry",
        broken: "SELECT CAST(SUM(amount) AS BIGINT) AS amount, COUNT(*) AS lines FROM entry HAVING SUM(amount) <> 0",
        row: "the ledger",
        words: "{lines} entries add up to {amount won}: money was made or lost",
    },
    Rule {
        name: "lots_match_ledger",
        what: "what is left of each lot, and what open refunds hold of it, is the balance of its account",
        counted: "lot",
        broken: "SELECT id, remaining, open, balance, remaining + open - balance AS amount, lots FROM \
                   (SELECT id, CAST(SUM(lots) AS BIGINT) AS lots, CAST(SUM(remaining) AS BIGINT) AS remaining, \
                      CAST(SUM(open) AS BIGINT) AS open, CAST(-SUM(entered) AS BIGINT) AS balance FROM \
                     (SELECT id, 1 AS lots, remaining, 0 AS open, 0 AS entered FROM lot \
                      UNION ALL SELECT lot_id, 0, 0, face, 0 FROM refund WHERE state IN ('reserved', 'unknown') AND kept IS NULL \
                      UNION ALL SELECT owner, 0, 0, 0, amount FROM entry WHERE account = 2010) x \
                    GROUP BY id) y \
                 WHERE lots <> 1 OR remaining + open <> balance",
        row: "lot {id}",
        words: "{lots} lots with {remaining won} left and {open won} being refunded, the ledger says {balance won}",
    },
    Rule {
        name: "lots_within_face",
        what: "no lot is below zero or above its face: nothing was spent twice",
        counted: "lot",
        broken: "SELECT id, face, remaining, CASE WHEN remaining < 0 THEN remaining ELSE remaining - face END AS amount \
                 FROM lot WHERE remaining < 0 OR remaining > face",
        row: "lot {id}",
        words: "{remaining won} left of {face won}",
    },
    Rule {
        name: "lots_keep_their_price",
        what: "each lot that was bought cost its face less the discount it keeps, rounded down",
        counted: "lot",
        broken: "SELECT id, face, paid, discount_bp, paid - (face - face * discount_bp / 10000) AS amount \
                 FROM lot WHERE gift IS NULL AND paid <> face - face * discount_bp / 10000",
        row: "lot {id}",
        words: "{face won} cost {paid won} at {discount_bp} basis points",
    },
];
