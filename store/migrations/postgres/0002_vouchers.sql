-- Vouchers and money. Ids of hot tables grow with time, so their indexes grow at the right edge only; the CHECKs are the
-- second line of defence behind the domain's decisions.

CREATE TABLE kind (
    id BIGINT NOT NULL PRIMARY KEY,
    name_ko TEXT NOT NULL,
    name_en TEXT NOT NULL,
    district BIGINT NOT NULL,              -- 0: citywide, else 1..25
    discount_bp BIGINT NOT NULL CHECK (discount_bp BETWEEN 0 AND 10000),
    unit BIGINT NOT NULL CHECK (unit > 0),
    month_limit BIGINT NOT NULL CHECK (month_limit >= 0),
    holding_cap BIGINT NOT NULL CHECK (holding_cap >= 0),
    validity_years BIGINT NOT NULL CHECK (validity_years BETWEEN 1 AND 100)
);

CREATE TABLE sale (
    id BIGINT NOT NULL PRIMARY KEY,
    kind_id BIGINT NOT NULL REFERENCES kind (id),
    name_ko TEXT NOT NULL,
    name_en TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- A window and its pool: total = left + held + sold. One hot row; the till writes it once a batch.
CREATE TABLE sale_window (
    id BIGINT NOT NULL PRIMARY KEY,
    sale_id BIGINT NOT NULL REFERENCES sale (id),
    kind_id BIGINT NOT NULL REFERENCES kind (id),
    opens_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL,             -- half-open: not for sale at this moment
    who TEXT NOT NULL CHECK (who IN ('anyone', 'odd', 'even')),
    total BIGINT NOT NULL CHECK (total >= 0),
    held BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0),
    sold BIGINT NOT NULL DEFAULT 0 CHECK (sold >= 0),
    CHECK (opens_at < closes_at),
    CHECK (held + sold <= total)
);

-- What a person bought of a kind in a month and holds of it; open reservations included.
CREATE TABLE allowance (
    person_id BIGINT NOT NULL,
    kind_id BIGINT NOT NULL,
    month BIGINT NOT NULL,                 -- yyyymm that `bought` belongs to
    bought BIGINT NOT NULL CHECK (bought >= 0),
    held BIGINT NOT NULL CHECK (held >= 0),
    PRIMARY KEY (person_id, kind_id)
);

CREATE TABLE purchase (
    id BYTEA NOT NULL PRIMARY KEY,          -- made by the client: UUID version 7
    person_id BIGINT NOT NULL,
    window_id BIGINT NOT NULL,
    kind_id BIGINT NOT NULL,
    face BIGINT NOT NULL CHECK (face > 0),
    paid BIGINT NOT NULL CHECK (paid >= 0),
    fund BIGINT NOT NULL CHECK (fund >= 0),
    discount_bp BIGINT NOT NULL DEFAULT 0, -- that the price was made with
    month BIGINT NOT NULL,                 -- of the reservation; a release gives the month limit back only in it
    state TEXT NOT NULL CHECK (state IN ('reserved', 'unknown', 'posted', 'voided', 'refunding', 'refunded')),
    reason TEXT,                           -- of a void
    account TEXT NOT NULL DEFAULT '',      -- the bank's token of the account that is debited
    created_at BIGINT NOT NULL,
    decided_at BIGINT,                     -- when it was posted or voided
    check_at BIGINT,                       -- when to ask the bank (again); NULL once nothing is open with it
    checks BIGINT NOT NULL DEFAULT 0,
    CHECK (paid + fund = face)
);
-- Only what is open with the bank: small, whatever the history.
CREATE INDEX purchase_open ON purchase (person_id, id) WHERE check_at IS NOT NULL;
-- For a person's history: posted purchases are found through their lots, given-up ones are few.
CREATE INDEX purchase_given_up ON purchase (person_id, id) WHERE state IN ('voided', 'refunded');

-- What one purchase yields; `id` is given by the till and grows with time.
CREATE TABLE lot (
    id BIGINT NOT NULL PRIMARY KEY,
    purchase_id BYTEA NOT NULL,
    person_id BIGINT NOT NULL,
    kind_id BIGINT NOT NULL,
    district BIGINT NOT NULL,              -- the rules it was bought under stay with it
    discount_bp BIGINT NOT NULL,
    face BIGINT NOT NULL CHECK (face > 0),
    paid BIGINT NOT NULL CHECK (paid >= 0),
    remaining BIGINT NOT NULL,
    bought_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CHECK (remaining BETWEEN 0 AND face)
);
CREATE INDEX lot_person ON lot (person_id);

-- The ledger. Append only.
CREATE TABLE transfer (
    id BIGINT NOT NULL PRIMARY KEY,
    cause TEXT NOT NULL,
    subject BYTEA NOT NULL,                 -- the purchase or payment that it belongs to
    created_at BIGINT NOT NULL
);
CREATE TABLE entry (
    transfer_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    account BIGINT NOT NULL,               -- number in the chart of accounts (domain::ledger::Account::code)
    owner BIGINT NOT NULL,                 -- the lot, shop or kind whose account it is; 0 where there is only one
    amount BIGINT NOT NULL CHECK (amount <> 0), -- debit positive, credit negative: a transfer adds up to zero
    PRIMARY KEY (transfer_id, line)
);
