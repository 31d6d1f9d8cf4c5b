-- The city's console: who works there, what they plan, and what they did.

-- Sign-in takes the password and then a code of an app (RFC 6238). Wrong codes after the right password are counted here.
CREATE TABLE operator (
    id BIGINT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,           -- Argon2id, peppered with the server's key
    totp_secret BYTEA NOT NULL,             -- XChaCha20-Poly1305 under the server's key: nonce, then ciphertext
    last_totp_step BIGINT NOT NULL DEFAULT 0, -- a code works once
    roles TEXT NOT NULL,                   -- planner,controller,auditor
    tries BIGINT NOT NULL DEFAULT 0 CHECK (tries >= 0),
    locked_until BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

-- Between password and code. There is a row also for a wrong password, without an operator: the page tells neither apart.
CREATE TABLE operator_entry (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    operator_id BIGINT REFERENCES operator (id),
    expires_at BIGINT NOT NULL
);
CREATE INDEX operator_entry_expiry ON operator_entry (expires_at);

CREATE TABLE operator_session (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    operator_id BIGINT NOT NULL REFERENCES operator (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX operator_session_expiry ON operator_session (expires_at);
CREATE INDEX operator_session_of ON operator_session (operator_id);

CREATE TABLE sale_plan (
    id BIGINT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'released', 'cancelled')),
    planner_id BIGINT NOT NULL REFERENCES operator (id),
    releaser_id BIGINT REFERENCES operator (id),
    day BIGINT NOT NULL,                   -- yyyymmdd in Seoul
    body TEXT NOT NULL,                    -- JSON: domain::plan::Plan
    version BIGINT NOT NULL DEFAULT 1,     -- whoever writes names the one that was read
    sale_id BIGINT REFERENCES sale (id),   -- once released
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    released_at BIGINT,
    cancelled_at BIGINT,
    CHECK (releaser_id <> planner_id),
    CHECK (state <> 'released' OR (sale_id IS NOT NULL AND releaser_id IS NOT NULL AND released_at IS NOT NULL))
);
CREATE INDEX sale_plan_day ON sale_plan (day, id);

-- Whoever wrote any of a plan: none of them releases it.
CREATE TABLE plan_author (
    plan_id BIGINT NOT NULL REFERENCES sale_plan (id),
    operator_id BIGINT NOT NULL REFERENCES operator (id),
    PRIMARY KEY (plan_id, operator_id)
);

-- What operators did. Append only: each row's hash is over its fields and the hash before it, so none can be changed, taken out or
-- put in between without breaking all that follow.
CREATE TABLE audit_log (
    number BIGINT NOT NULL PRIMARY KEY,    -- 1, 2, 3, ...
    at BIGINT NOT NULL,
    operator_id BIGINT NOT NULL,           -- 0: the command line
    action TEXT NOT NULL,
    subject TEXT NOT NULL,                 -- "plan 1234", "window 1234", "operator 1234"
    detail TEXT NOT NULL,                  -- JSON without personal data
    hash BYTEA NOT NULL
);

-- The newest number and hash: taken and moved by every entry, so that entries of several nodes stand in a row, and none is missing
-- at the end.
CREATE TABLE audit_head (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    number BIGINT NOT NULL,
    hash BYTEA NOT NULL
);
INSERT INTO audit_head (one, number, hash) VALUES (1, 0, '\x0000000000000000000000000000000000000000000000000000000000000000'::bytea);
