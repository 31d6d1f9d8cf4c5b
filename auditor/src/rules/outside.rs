//! People, and what is still to be sent to the outside.

use crate::rule::Rule;

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "people_exist",
        what: "every account, session, role, allowance, purchase, lot, refund, gift and payment is of a person who exists",
        counted: "person",
        broken: "SELECT x.what, x.person_id, x.amount FROM \
                   (SELECT 'member' AS what, person_id, 0 AS amount FROM member \
                    UNION ALL SELECT 'session', person_id, 0 FROM session \
                    UNION ALL SELECT 'known device', person_id, 0 FROM known_device \
                    UNION ALL SELECT 'staff', person_id, 0 FROM staff \
                    UNION ALL SELECT 'allowance', person_id, held FROM allowance \
                    UNION ALL SELECT 'purchase', person_id, face FROM purchase \
                    UNION ALL SELECT 'lot', person_id, remaining FROM lot \
                    UNION ALL SELECT 'refund', person_id, face FROM refund \
                    UNION ALL SELECT 'gift', sender_id, amount FROM gift \
                    UNION ALL SELECT 'gift', receiver_id, amount FROM gift WHERE receiver_id IS NOT NULL \
                    UNION ALL SELECT 'payment', payer_id, amount FROM payment) x \
                 WHERE NOT EXISTS (SELECT 1 FROM person p WHERE p.id = x.person_id)",
        row: "{what} of person {person_id}",
        words: "there is no such person",
    },
    Rule {
        name: "outbox_is_in_time",
        what: "nothing in the outbox has been due for more than an hour",
        counted: "outbox",
        broken: "SELECT id, topic, tries, ($1 - due_at) / 60000 AS late_min, 0 AS amount FROM outbox \
                 WHERE state = 'due' AND due_at < $1 - 3600000",
        row: "outbox {id}",
        words: "{topic} has been due for {late_min} minutes after {tries} tries",
    },
    Rule {
        name: "outbox_has_no_poison",
        what: "nothing in the outbox was given up",
        counted: "outbox",
        broken: "SELECT id, topic, tries, 0 AS amount FROM outbox WHERE state = 'poison'",
        row: "outbox {id}",
        words: "{topic} was given up after {tries} tries",
    },
];
