-- What a device of a shop has asked for and says itself, whoever speaks later: its notices after the one number, up to the other.
ALTER TABLE listener ADD COLUMN claim_after BIGINT NOT NULL DEFAULT 0;
ALTER TABLE listener ADD COLUMN claim_up_to BIGINT NOT NULL DEFAULT 0;
