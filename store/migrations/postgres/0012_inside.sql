-- When a pass came to its end by a purchase: those inside are counted without looking at everybody who has ever been. NULL also
-- for those who let it expire.
ALTER TABLE admission ADD COLUMN left_at BIGINT;
DROP INDEX admission_expires;
CREATE INDEX admission_inside ON admission (window_id, expires_at) WHERE left_at IS NULL;
