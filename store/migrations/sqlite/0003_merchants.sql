-- Shops, what they are paid, and what they are told.

CREATE TABLE merchant (
    id BIGINT NOT NULL PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,           -- 8 digits with a check digit; in the QR, and typed by hand
    business_number TEXT NOT NULL,
    name TEXT NOT NULL,
    district BIGINT NOT NULL CHECK (district BETWEEN 1 AND 25),
    address TEXT NOT NULL,
    category TEXT NOT NULL,                -- EMVCo merchant category code
    standing TEXT NOT NULL CHECK (standing IN ('pending', 'open', 'closed')),
    payout_account TEXT,
    created_at BIGINT NOT NULL
);

-- How many notices a shop has had. Apart from `merchant`, so that the hot row is small.
CREATE TABLE notice_count (
    merchant_id BIGINT NOT NULL PRIMARY KEY REFERENCES merchant (id),
    count BIGINT NOT NULL CHECK (count >= 0)
);

CREATE TABLE staff (
    merchant_id BIGINT NOT NULL REFERENCES merchant (id),
    person_id BIGINT NOT NULL REFERENCES person (id),
    role TEXT NOT NULL CHECK (role IN ('cashier', 'manager', 'owner')),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, person_id)
);
CREATE INDEX staff_person ON staff (person_id);

CREATE TABLE payment (
    id BLOB NOT NULL PRIMARY KEY,          -- made by the client: UUID version 7
    transfer_id BIGINT NOT NULL,           -- its entries say which lots were drawn on
    payer_id BIGINT NOT NULL,
    merchant_id BIGINT NOT NULL,
    kind_id BIGINT,                        -- the kind that the payer chose, if any (part of what was asked for)
    amount BIGINT NOT NULL CHECK (amount > 0),
    cancelled BIGINT NOT NULL DEFAULT 0,
    code BIGINT NOT NULL CHECK (code BETWEEN 0 AND 9999),
    created_at BIGINT NOT NULL,
    CHECK (cancelled BETWEEN 0 AND amount)
) WITHOUT ROWID;
CREATE INDEX payment_payer ON payment (payer_id, created_at);

-- The outbox of a shop's payments, numbered without a gap: speech, screen, push and SMS are all made from these rows.
CREATE TABLE notice (
    merchant_id BIGINT NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    payment_id BLOB NOT NULL,
    event TEXT NOT NULL CHECK (event IN ('paid', 'cancelled')),
    amount BIGINT NOT NULL CHECK (amount > 0),
    code BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, number)
) WITHOUT ROWID;

-- A shop's day in Seoul, kept by the till with each payment: the screen and the settlement read it.
CREATE TABLE merchant_day (
    merchant_id BIGINT NOT NULL,
    day BIGINT NOT NULL,                   -- yyyymmdd
    paid_count BIGINT NOT NULL CHECK (paid_count >= 0),
    paid BIGINT NOT NULL CHECK (paid >= 0),
    cancelled_count BIGINT NOT NULL CHECK (cancelled_count >= 0),
    cancelled BIGINT NOT NULL CHECK (cancelled >= 0),
    PRIMARY KEY (merchant_id, day)
) WITHOUT ROWID;
