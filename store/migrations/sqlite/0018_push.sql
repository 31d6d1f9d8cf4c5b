-- Telling a shop that is not looking: Web Push to devices of its staff, and an SMS for what no device acknowledged.

-- A device of somebody of the staff that is pushed to. It ends with the session it was made in and with the job in the shop.
CREATE TABLE push_subscription (
    id BIGINT NOT NULL PRIMARY KEY,
    merchant_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    device TEXT NOT NULL,                  -- "Chrome · Android"
    endpoint_hash BLOB NOT NULL,           -- keyed: one row for one browser in one shop
    sealed BLOB NOT NULL,                  -- endpoint and keys, encrypted under the server's key
    failed_count BIGINT NOT NULL DEFAULT 0, -- in a row
    failing_since BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (merchant_id, endpoint_hash),
    FOREIGN KEY (merchant_id, person_id) REFERENCES staff (merchant_id, person_id) ON DELETE CASCADE
);
CREATE INDEX push_subscription_session ON push_subscription (session_id);
CREATE INDEX push_subscription_staff ON push_subscription (merchant_id, person_id);

-- What a shop wants about being told; without a row it is as usual: SMS to the owner, quiet at night.
CREATE TABLE alert (
    merchant_id BIGINT NOT NULL PRIMARY KEY REFERENCES merchant (id),
    sms BIGINT NOT NULL CHECK (sms IN (0, 1)),
    sms_person_id BIGINT,                  -- whose phone; NULL, or no longer staff: the owner's
    quiet_from BIGINT NOT NULL CHECK (quiet_from BETWEEN 0 AND 1439), -- minutes of the day in Seoul; both the same: never quiet
    quiet_to BIGINT NOT NULL CHECK (quiet_to BETWEEN 0 AND 1439),
    changed_by BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- When a shop was last told by SMS of what nobody heard. Nodes meet at this row.
CREATE TABLE sms_told (
    merchant_id BIGINT NOT NULL PRIMARY KEY,
    told_at BIGINT NOT NULL
);
