-- Settling: a shop's day is closed, settled once, and paid out through the bank.

-- The door of the days. Whoever pays or cancels reads it in the transaction that does it: nothing falls into a day behind it.
CREATE TABLE settlement_door (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    closed_through BIGINT NOT NULL,        -- yyyymmdd; 0: no day has been closed
    open_since BIGINT NOT NULL             -- in ms: the midnight that ended it
);
INSERT INTO settlement_door (one, closed_through, open_since) VALUES (1, 0, 0);

-- A day that was closed, and how far its shops have been settled, by their ids.
CREATE TABLE settlement_day (
    day BIGINT NOT NULL PRIMARY KEY,       -- yyyymmdd
    pay_on BIGINT NOT NULL,                -- yyyymmdd: the second business day
    last_merchant BIGINT NOT NULL DEFAULT 0,
    shops BIGINT NOT NULL DEFAULT 0,
    closed_at BIGINT NOT NULL,
    done_at BIGINT
);
CREATE INDEX settlement_day_open ON settlement_day (day) WHERE done_at IS NULL;
CREATE INDEX merchant_day_of ON merchant_day (day, merchant_id);

-- The yearly revenue of a shop as the city knows it (the tax office's figure): the newest one of a year counts from the next close on.
CREATE TABLE revenue_declaration (
    id BIGINT NOT NULL PRIMARY KEY,
    merchant_id BIGINT NOT NULL REFERENCES merchant (id),
    year BIGINT NOT NULL,
    revenue BIGINT NOT NULL CHECK (revenue >= 0),
    operator_id BIGINT NOT NULL,
    declared_at BIGINT NOT NULL
);
CREATE INDEX revenue_declaration_of ON revenue_declaration (merchant_id, year, id);

-- A shop's day, settled. Once: the key says so.
CREATE TABLE settlement (
    merchant_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    paid_count BIGINT NOT NULL,
    paid BIGINT NOT NULL CHECK (paid >= 0),
    cancelled_count BIGINT NOT NULL,
    cancelled BIGINT NOT NULL CHECK (cancelled >= 0),
    debt_before BIGINT NOT NULL CHECK (debt_before >= 0), -- cancelled on earlier days and not taken yet
    revenue BIGINT NOT NULL CHECK (revenue >= 0), -- of the calendar year before
    declaration_id BIGINT,                 -- NULL: what the shop was paid through us
    fee_bp BIGINT NOT NULL CHECK (fee_bp BETWEEN 0 AND 10000),
    fee BIGINT NOT NULL CHECK (fee >= 0),
    payout BIGINT NOT NULL CHECK (payout >= 0),
    debt_after BIGINT NOT NULL CHECK (debt_after >= 0),
    year_net BIGINT NOT NULL,              -- payments less cancels of its calendar year, up to and with this day
    pay_on BIGINT NOT NULL,
    first_notice BIGINT NOT NULL,          -- the day's notices have numbers from here
    last_notice BIGINT NOT NULL,           -- to here
    next_notice BIGINT NOT NULL,           -- the first one of a later day
    settled_at BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, day),
    CHECK (paid - cancelled - debt_before = fee + payout - debt_after),
    CHECK (debt_after = 0 OR (fee = 0 AND payout = 0))
);

-- What the bank is to pay for a settled day.
CREATE TABLE payout (
    id BYTEA NOT NULL PRIMARY KEY,          -- never changes; the ledger's transfers name it
    merchant_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'unknown', 'paid', 'stopped')),
    rejections BIGINT NOT NULL DEFAULT 0,  -- since somebody acted
    asked BIGINT NOT NULL DEFAULT 0,       -- how often the bank did not answer about the open try
    reason TEXT,                           -- of the last rejection
    due_at BIGINT,                         -- also the end of a claim; NULL: nothing more to do by itself
    paid_at BIGINT,
    UNIQUE (merchant_id, day),
    CHECK ((state = 'paid') = (paid_at IS NOT NULL))
);
CREATE INDEX payout_due ON payout (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX payout_stopped ON payout (merchant_id) WHERE state = 'stopped';

-- Each time the bank was asked to pay it. At most one of them is open or done.
CREATE TABLE payout_try (
    id BYTEA NOT NULL PRIMARY KEY,          -- what the bank knows it by
    payout_id BYTEA NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    account TEXT NOT NULL,                 -- the bank's token; never changes
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'rejected')),
    reason TEXT,
    begun_at BIGINT NOT NULL,
    decided_at BIGINT,
    UNIQUE (payout_id, number)
);
CREATE UNIQUE INDEX payout_try_live ON payout_try (payout_id) WHERE state <> 'rejected';

-- Cash receipts (for the tax office): issued for each payment, voided in full or in part by each cancel. Made from a shop's notices when
-- its day is settled, each once.
CREATE TABLE cash_receipt (
    merchant_id BIGINT NOT NULL,
    number BIGINT NOT NULL,                -- of the notice
    day BIGINT NOT NULL,
    payment_id BYTEA NOT NULL,
    event TEXT NOT NULL CHECK (event IN ('issued', 'voided')),
    amount BIGINT NOT NULL CHECK (amount > 0),
    issued_at BIGINT NOT NULL,             -- when it was paid or cancelled
    PRIMARY KEY (merchant_id, number)
);

-- What the bank says that it moved, as read from it so far.
CREATE TABLE bank_line (
    seq BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('debit', 'credit')),
    order_id BYTEA NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    moved_at BIGINT NOT NULL
);
CREATE INDEX bank_line_order ON bank_line (order_id, kind);

-- Bank, ledger and payouts laid beside each other; JSON.
CREATE TABLE settlement_check (
    id BIGINT NOT NULL PRIMARY KEY,
    checked_at BIGINT NOT NULL,
    body TEXT NOT NULL
);
