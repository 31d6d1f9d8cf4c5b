-- A shop's takings, hour by hour: made by a job out of the notices and payments, and by nobody else. Whatever stands here can be thrown
-- away and made again; what has been counted is told by `shop_tally`. No index of a table that paying writes is needed for it.

-- The newest notice of a shop that is counted below.
CREATE TABLE shop_tally (
    merchant_id BIGINT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL CHECK (number >= 0)
);

CREATE TABLE shop_hour (
    merchant_id BIGINT NOT NULL,
    day BIGINT NOT NULL,                   -- yyyymmdd in Seoul
    hour BIGINT NOT NULL CHECK (hour BETWEEN 0 AND 23),
    first_number BIGINT NOT NULL,          -- of the notices of this hour: where in `notice` they are
    last_number BIGINT NOT NULL,
    paid_count BIGINT NOT NULL CHECK (paid_count >= 0),
    paid BIGINT NOT NULL CHECK (paid >= 0),
    cancelled_count BIGINT NOT NULL CHECK (cancelled_count >= 0),
    cancelled BIGINT NOT NULL CHECK (cancelled >= 0),
    new_payers BIGINT NOT NULL CHECK (new_payers >= 0),
    returning_payers BIGINT NOT NULL CHECK (returning_payers >= 0), -- each once a day
    PRIMARY KEY (merchant_id, day, hour)
) WITHOUT ROWID;

-- What was paid out of which kind, before cancels.
CREATE TABLE shop_kind (
    merchant_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    kind_id BIGINT NOT NULL,
    payments BIGINT NOT NULL CHECK (payments >= 0),
    paid BIGINT NOT NULL CHECK (paid >= 0),
    PRIMARY KEY (merchant_id, day, kind_id)
) WITHOUT ROWID;

-- Who has paid here, and on which day first and last: new and returning payers are told apart by it, nobody is shown.
CREATE TABLE shop_payer (
    merchant_id BIGINT NOT NULL,
    payer_id BIGINT NOT NULL,
    first_day BIGINT NOT NULL,
    last_day BIGINT NOT NULL,
    PRIMARY KEY (merchant_id, payer_id)
) WITHOUT ROWID;
