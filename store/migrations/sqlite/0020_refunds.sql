-- Refunds: what is left of a lot comes back as money. From which share on stays with the lot, as the other rules it was bought under.

ALTER TABLE kind ADD COLUMN refund_from BIGINT NOT NULL DEFAULT 60 CHECK (refund_from BETWEEN 0 AND 100);
-- NULL: never; it was bought through a partner, who was paid for it and whose account was debited.
ALTER TABLE lot ADD COLUMN refund_from BIGINT DEFAULT 60 CHECK (refund_from BETWEEN 0 AND 100);
UPDATE lot SET refund_from = NULL WHERE purchase_id IN (SELECT id FROM purchase WHERE partner_id IS NOT NULL);
-- Of its face, refunded or on the way; the rest was spent or is left.
ALTER TABLE lot ADD COLUMN refunded BIGINT NOT NULL DEFAULT 0 CHECK (refunded >= 0 AND remaining + refunded <= face);

CREATE TABLE refund (
    id BLOB NOT NULL PRIMARY KEY,          -- made by the client: UUID version 7; the bank knows the credit by it
    lot_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    kind_id BIGINT NOT NULL,
    face BIGINT NOT NULL CHECK (face > 0), -- what the lot gives up
    paid BIGINT NOT NULL CHECK (paid > 0), -- what goes to the account
    fund BIGINT NOT NULL CHECK (fund >= 0),-- what goes back to the city
    month BIGINT,                          -- of an untouched lot: in which its purchase counts; the limit comes back only in it
    state TEXT NOT NULL CHECK (state IN ('reserved', 'unknown', 'posted', 'voided')),
    reason TEXT,                           -- of a void
    account TEXT NOT NULL,                 -- the bank's token of the account that is credited
    created_at BIGINT NOT NULL,
    decided_at BIGINT,                     -- when it was posted or voided
    check_at BIGINT,                       -- when to ask the bank (again); NULL once it is decided
    checks BIGINT NOT NULL DEFAULT 0,
    CHECK (paid + fund = face)
) WITHOUT ROWID;
CREATE INDEX refund_open ON refund (check_at) WHERE check_at IS NOT NULL;
CREATE INDEX refund_person ON refund (person_id, created_at);
