-- The waiting room of a window (specification, "Waiting room"). Renewing a place touches none of these tables: they hold what must
-- outlive a node, and what shows afterwards that nobody overtook.

CREATE TABLE room (
    window_id BIGINT NOT NULL PRIMARY KEY REFERENCES sale_window (id),
    figures TEXT NOT NULL,                 -- JSON: domain::room::Figures
    seed BYTEA NOT NULL,                    -- of the draw; its SHA-256 is published before, itself from the opening on
    last_number BIGINT NOT NULL DEFAULT 0, -- tickets given so far
    drawn BIGINT,                          -- so many of them took part in the draw; NULL before the opening
    drawn_at BIGINT,
    serving BIGINT NOT NULL DEFAULT 0,     -- the last place that was called
    gate TEXT NOT NULL DEFAULT 'open' CHECK (gate IN ('open', 'paused', 'draining')),
    rate_per_s BIGINT NOT NULL,
    most_inside BIGINT NOT NULL,
    show_up_permille BIGINT NOT NULL DEFAULT 1000,
    saved_milli BIGINT NOT NULL DEFAULT 0,
    ticked_at BIGINT NOT NULL,             -- whoever moves the room names the last tick, so that several nodes move it once
    CHECK (serving >= 0 AND serving <= last_number),
    CHECK (drawn <= last_number)
);

-- Numbers count up in the order of arrival. Those up to `drawn` have the place that the draw gave their pseudonym; after them the
-- number is the place. Who lapses gets a new row at the end; the old one stays for the auditor.
CREATE TABLE ticket (
    window_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    pseudonym BYTEA NOT NULL,
    person_id BIGINT NOT NULL,
    joined_at BIGINT NOT NULL,
    lapsed_at BIGINT,
    PRIMARY KEY (window_id, number)
);
-- One a person and window, on all devices and channels.
CREATE UNIQUE INDEX ticket_of ON ticket (window_id, person_id) WHERE lapsed_at IS NULL;

-- Each move of the serving position.
CREATE TABLE room_call (
    window_id BIGINT NOT NULL,
    called_at BIGINT NOT NULL,
    serving BIGINT NOT NULL,
    PRIMARY KEY (window_id, called_at)
);

-- Who was let in: the pass is signed from this row, so that one that got lost on the way is given again as it was.
CREATE TABLE admission (
    window_id BIGINT NOT NULL,
    place BIGINT NOT NULL CHECK (place > 0),
    person_id BIGINT NOT NULL,
    admitted_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (window_id, place)
);
CREATE INDEX admission_expires ON admission (window_id, expires_at);

-- Rewritten every second.
ALTER TABLE room SET (fillfactor = 10);

-- The place whose pass a purchase was made with. A purchase that came to nothing uses none up.
ALTER TABLE purchase ADD COLUMN place BIGINT;
CREATE UNIQUE INDEX purchase_place ON purchase (window_id, place) WHERE place IS NOT NULL AND state IN ('reserved', 'unknown', 'posted');
