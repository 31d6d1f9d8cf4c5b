-- Gifts: what is given waits in escrow until it is accepted, declined, taken back, or its seven days are over.

CREATE TABLE gift (
    id BYTEA NOT NULL PRIMARY KEY,          -- made by the page that gives: UUID version 7
    escrow BIGINT NOT NULL UNIQUE,         -- its account in the ledger
    sender_id BIGINT NOT NULL REFERENCES person (id),
    kind_id BIGINT NOT NULL REFERENCES kind (id),
    amount BIGINT NOT NULL CHECK (amount > 0),
    to_phone TEXT,                         -- NULL: whoever has the link
    card TEXT NOT NULL,
    message TEXT NOT NULL,
    wished_at BIGINT,                      -- when it was to be delivered, as it was asked for; NULL: at once
    state TEXT NOT NULL CHECK (state IN ('waiting', 'accepted', 'declined', 'taken_back', 'returned')),
    receiver_id BIGINT REFERENCES person (id),
    month BIGINT,                          -- in Seoul, of its acceptance: what a person may receive is counted by it
    created_at BIGINT NOT NULL,
    delivers_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL CHECK (ends_at > delivers_at),
    decided_at BIGINT,
    told_of_at BIGINT,                     -- the message to the phone it is for was put into the outbox
    told_end_at BIGINT,                    -- so was the sender's, of how it ended
    thanks TEXT,
    thanked_at BIGINT,
    CHECK ((state = 'waiting') = (decided_at IS NULL)),
    CHECK ((state = 'accepted') = (receiver_id IS NOT NULL)),
    CHECK ((receiver_id IS NULL) = (month IS NULL)),
    CHECK (receiver_id <> sender_id),
    CHECK (thanks IS NULL OR state = 'accepted')
);
CREATE INDEX gift_sender ON gift (sender_id, created_at);
CREATE INDEX gift_receiver ON gift (receiver_id, kind_id, month) WHERE receiver_id IS NOT NULL;
CREATE INDEX gift_to ON gift (to_phone) WHERE state = 'waiting';
CREATE INDEX gift_delivers ON gift (delivers_at) WHERE told_of_at IS NULL;
CREATE INDEX gift_ends ON gift (ends_at) WHERE state = 'waiting';
CREATE INDEX gift_decided ON gift (decided_at) WHERE told_end_at IS NULL;

-- What it came from, and what it became.
CREATE TABLE gift_part (
    escrow BIGINT NOT NULL,
    line BIGINT NOT NULL,
    lot_id BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    to_lot_id BIGINT,                      -- the receiver's, once it is accepted
    PRIMARY KEY (escrow, line)
);
CREATE INDEX gift_part_lot ON gift_part (lot_id);

-- Of its face: given to others, or on the way to them.
ALTER TABLE lot ADD COLUMN given BIGINT NOT NULL DEFAULT 0 CHECK (given >= 0 AND remaining + refunded + expired + given <= face);
-- It was a part of this gift; NULL: it was bought.
ALTER TABLE lot ADD COLUMN gift BIGINT;

-- What a person may receive of a kind in a month (1,000,000 of the citywide one, 1,500,000 of a district's), and whether money comes back for it.
ALTER TABLE kind ADD COLUMN gift_month_cap BIGINT NOT NULL DEFAULT 1500000 CHECK (gift_month_cap >= 0);
ALTER TABLE kind ADD COLUMN gift_refund BIGINT NOT NULL DEFAULT 0 CHECK (gift_refund IN (0, 1));
UPDATE kind SET gift_month_cap = 1000000 WHERE district = 0;
