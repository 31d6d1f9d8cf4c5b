-- The end of a lot's time: what is left of it is breakage, a share of which comes back when it is asked for, and the city may give lots
-- more time. Which share stays with the lot, as the other rules it was bought under.

ALTER TABLE kind ADD COLUMN expired_upto BIGINT NOT NULL DEFAULT 50000 CHECK (expired_upto >= 0); -- the largest face that counts as small
ALTER TABLE kind ADD COLUMN expired_small BIGINT NOT NULL DEFAULT 90 CHECK (expired_small BETWEEN 0 AND 100);
ALTER TABLE kind ADD COLUMN expired_large BIGINT NOT NULL DEFAULT 95 CHECK (expired_large BETWEEN 0 AND 100);
ALTER TABLE lot ADD COLUMN after_expiry BIGINT NOT NULL DEFAULT 95 CHECK (after_expiry BETWEEN 0 AND 100);
UPDATE lot SET after_expiry = 90 WHERE face <= 50000;
-- Of its face: booked as breakage and not claimed since.
ALTER TABLE lot ADD COLUMN expired BIGINT NOT NULL DEFAULT 0 CHECK (expired >= 0 AND remaining + refunded + expired <= face);
-- Lots end in the order they are bought: a summary of blocks does, and no payment that moves a lot to another page enters it in an index.
CREATE INDEX lot_expires ON lot USING brin (expires_at) WITH (pages_per_range = 32, autosummarize = on);
-- The lot's time was over: so much more it gave up, for nothing. NULL: it was not.
ALTER TABLE refund ADD COLUMN kept BIGINT CHECK (kept >= 0);

-- How far lots were looked at in the order of their ends: 'swept', and the days before at which people are told.
CREATE TABLE expiry_mark (
    what TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL,
    lot_id BIGINT NOT NULL
);

-- Whom it was told, so that nobody is told twice.
CREATE TABLE expiry_notice (
    person_id BIGINT NOT NULL,
    kind_id BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    days BIGINT NOT NULL CHECK (days > 0),
    amount BIGINT NOT NULL CHECK (amount > 0), -- what was left then
    told_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, kind_id, expires_at, days)
);

-- More time for the lots of a kind that end (or ended) at the same midnight.
CREATE TABLE extension (
    id BIGINT NOT NULL PRIMARY KEY,
    kind_id BIGINT NOT NULL REFERENCES kind (id),
    ended BIGINT NOT NULL,
    until BIGINT NOT NULL CHECK (until > ended),
    reason TEXT NOT NULL,
    operator_id BIGINT NOT NULL REFERENCES operator (id),
    created_at BIGINT NOT NULL,
    done_at BIGINT                         -- when the last of them had it
);
CREATE UNIQUE INDEX extension_open ON extension (kind_id, ended) WHERE done_at IS NULL;
