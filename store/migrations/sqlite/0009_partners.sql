-- Partner apps: other doors to the same sale. Their keys, whom they brought, what each may sell of a window, and what their endpoints
-- are told.

CREATE TABLE partner (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,                 -- the bank's token of the account that its purchases are debited from; never changes
    masked TEXT NOT NULL,                  -- what may be shown of it
    webhook_url TEXT,
    webhook_secret BLOB,                   -- XChaCha20-Poly1305 under the server's key: nonce, then ciphertext
    webhook_old_secret BLOB,               -- signs beside the new one for a day
    webhook_old_until_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE partner_key (
    id BIGINT NOT NULL PRIMARY KEY,
    partner_id BIGINT NOT NULL REFERENCES partner (id),
    prefix TEXT NOT NULL UNIQUE,           -- its public part: in lists and logs
    secret_hash BLOB NOT NULL,             -- keyed hash of the other part
    scopes TEXT NOT NULL,                  -- read,buy,webhooks
    rate_per_s BIGINT NOT NULL CHECK (rate_per_s > 0),
    created_at BIGINT NOT NULL,
    expires_at BIGINT,                     -- rotated: good until then
    revoked_at BIGINT,
    used_at BIGINT                         -- to the minute
);
CREATE INDEX partner_key_of ON partner_key (partner_id);

-- What a partner calls a person: another name at each partner, so that two of them can't lay their lists beside each other.
CREATE TABLE partner_person (
    partner_id BIGINT NOT NULL REFERENCES partner (id),
    reference BLOB NOT NULL,
    person_id BIGINT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (partner_id, reference)
);

-- What a partner may sell of a window; no row: as much as there is. Held with the pool by the till.
CREATE TABLE channel_cap (
    window_id BIGINT NOT NULL REFERENCES sale_window (id),
    partner_id BIGINT NOT NULL REFERENCES partner (id),
    most BIGINT NOT NULL CHECK (most >= 0),
    held BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0),
    sold BIGINT NOT NULL DEFAULT 0 CHECK (sold >= 0),
    PRIMARY KEY (window_id, partner_id),
    CHECK (held + sold <= most)
);

-- Through whose app it was bought; NULL: our own.
ALTER TABLE purchase ADD COLUMN partner_id BIGINT;

-- What partners' endpoints are told, written in the transaction of its cause.
CREATE TABLE webhook (
    id BIGINT NOT NULL PRIMARY KEY,
    partner_id BIGINT NOT NULL,
    purchase_id BLOB,                      -- NULL: a test
    event TEXT NOT NULL CHECK (event IN ('purchase.posted', 'purchase.voided', 'purchase.refunded', 'test')),
    state TEXT NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'sent', 'given_up')),
    tries BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,                -- also the end of a claim: a worker that died loses it
    created_at BIGINT NOT NULL,
    UNIQUE (purchase_id, event)
);
CREATE INDEX webhook_due ON webhook (partner_id, due_at) WHERE state = 'due';

CREATE TABLE webhook_try (
    webhook_id BIGINT NOT NULL REFERENCES webhook (id),
    number BIGINT NOT NULL CHECK (number > 0),
    tried_at BIGINT NOT NULL,
    status BIGINT,                         -- of the answer; NULL: there was none
    error TEXT,                            -- why it counts as failed
    PRIMARY KEY (webhook_id, number)
);
