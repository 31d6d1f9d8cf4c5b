-- People. Times are milliseconds since 1970 (UTC); `*_hash` columns hold keyed hashes, never what was hashed.

-- A verified human. Limits belong to it, so one human is one row: the key is a keyed hash of CI.
CREATE TABLE person (
    id BIGINT NOT NULL PRIMARY KEY,
    person_key BYTEA NOT NULL UNIQUE,
    name TEXT NOT NULL,
    birth_date BIGINT NOT NULL,            -- yyyymmdd, from the verified identity; its year decides the window
    created_at BIGINT NOT NULL
);

-- The account of a person. Tries of the PIN are counted here, so that a restart forgives nothing.
CREATE TABLE member (
    person_id BIGINT NOT NULL PRIMARY KEY REFERENCES person (id),
    phone TEXT NOT NULL UNIQUE,
    pin_salt BYTEA NOT NULL,
    pin_hash BYTEA NOT NULL,
    pin_tries BIGINT NOT NULL DEFAULT 0 CHECK (pin_tries >= 0),
    pin_locked_until BIGINT NOT NULL DEFAULT 0,
    bank_account TEXT,                     -- the bank's token, not the number
    bank_masked TEXT,                      -- what may be shown
    language TEXT NOT NULL DEFAULT 'ko',
    large_text BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

-- A sign-up or a way back in, between its pages. Works without JavaScript: the browser holds only the token.
CREATE TABLE enrolment (
    id BIGINT NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    phone TEXT NOT NULL,
    phone_verified_at BIGINT,
    person_key BYTEA,
    name TEXT,
    birth_date BIGINT,
    pin_salt BYTEA,
    pin_hash BYTEA,
    person_id BIGINT,                      -- who came of it: sent twice, the second gets the same answer
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX enrolment_expiry ON enrolment (expires_at);

-- One-time codes sent by SMS. Only the newest of a phone is good.
CREATE TABLE phone_code (
    id BIGINT NOT NULL PRIMARY KEY,
    phone TEXT NOT NULL,
    code_hash BYTEA NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX phone_code_phone ON phone_code (phone, id);

-- How often something was tried in a span of time: codes and PINs per phone, person, address and in all.
CREATE TABLE attempt (
    bucket TEXT NOT NULL,                  -- e.g. code:phone:<hash>
    span_start BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (bucket, span_start)
);
CREATE INDEX attempt_age ON attempt (span_start);

CREATE TABLE session (
    id BIGINT NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    person_id BIGINT NOT NULL REFERENCES person (id),
    device TEXT NOT NULL,                  -- as shown in the list: "Chrome, Android"
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_person ON session (person_id);

-- A browser that this person has signed in with before: phone and code are enough there, elsewhere the PIN is asked too.
CREATE TABLE known_device (
    token_hash BYTEA NOT NULL,
    person_id BIGINT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (token_hash, person_id)
);
CREATE INDEX known_device_person ON known_device (person_id);
