-- How a shop heard of its payments: which device speaks, and each try to tell it.

-- The devices of a shop that listen for payments, as they name themselves. One of them speaks, the others show.
CREATE TABLE listener (
    merchant_id BIGINT NOT NULL REFERENCES merchant (id),
    device BYTEA NOT NULL,                  -- made by the device: UUID version 7
    name TEXT NOT NULL,                    -- "카운터 태블릿"
    person_id BIGINT NOT NULL REFERENCES person (id),
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, device)
);

-- Which device of a shop speaks, and up to which number the shop has heard. Another one takes over when it is chosen, or when this one
-- has not been seen for a while.
CREATE TABLE speaker (
    merchant_id BIGINT NOT NULL PRIMARY KEY REFERENCES merchant (id),
    device BYTEA NOT NULL,
    heard BIGINT NOT NULL DEFAULT 0,
    seen_at BIGINT NOT NULL
);

-- Each try to tell a shop of a notice, by any way.
CREATE TABLE notice_try (
    merchant_id BIGINT NOT NULL,
    number BIGINT NOT NULL,                -- of the notice
    way TEXT NOT NULL CHECK (way IN ('spoken', 'shown', 'push', 'sms')),
    device TEXT NOT NULL,                  -- as it is named to people; of SMS: whose phone
    outcome TEXT NOT NULL CHECK (outcome IN ('done', 'failed', 'sent')),
    at BIGINT NOT NULL,
    after_ms BIGINT NOT NULL,              -- since the payment
    PRIMARY KEY (merchant_id, number, way, device)
);
CREATE INDEX notice_try_age ON notice_try (at);
