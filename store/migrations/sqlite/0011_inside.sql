-- When a pass came to its end by a purchase: those inside are counted without looking at everybody who has ever been. NULL also
-- for those who let it expire.
ALTER TABLE admission ADD COLUMN left_at BIGINT;
DROP INDEX admission_expires;
CREATE INDEX admission_inside ON admission (window_id, expires_at) WHERE left_at IS NULL;

-- From when on whoever stands at a place or behind it was told, at the next renewal, that nothing can be left for them.
CREATE TABLE room_let_go (
    window_id BIGINT NOT NULL REFERENCES room (window_id),
    from_place BIGINT NOT NULL CHECK (from_place > 0),
    told_at BIGINT NOT NULL,
    PRIMARY KEY (window_id, from_place)
);
