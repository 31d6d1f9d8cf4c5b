-- The sale day: what pauses meanwhile, and what is left over of a window and goes on to a later one.

-- Half-open spans. They end by themselves; nothing has to resume them.
CREATE TABLE suspension (
    id BIGINT NOT NULL PRIMARY KEY,
    feature TEXT NOT NULL CHECK (feature IN ('sign_up', 'shop_finder', 'gifts')),
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    sale_id BIGINT,                        -- that it was planned with; called off with it
    CHECK (from_at < to_at)
);
CREATE INDEX suspension_to ON suspension (to_at);

-- A window that takes what is left of the sale's earlier ones when it opens. `total` is what it has now, `planned` what it was
-- created with: the difference is what moved.
ALTER TABLE sale_window ADD COLUMN takes_left_over BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sale_window ADD COLUMN planned BIGINT NOT NULL DEFAULT 0;
UPDATE sale_window SET planned = total;
CREATE TABLE left_over (
    from_window BIGINT NOT NULL,
    to_window BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    PRIMARY KEY (from_window, to_window, moved_at)
);

-- Who was seen lately on each node, one bit a place: what nodes tell each other once a second, so that all count the same people.
CREATE TABLE room_crowd (
    window_id BIGINT NOT NULL,
    node BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    words BLOB NOT NULL,                     -- 64-bit words, big-endian; place 1 is the lowest bit of the first
    PRIMARY KEY (window_id, node)
);
