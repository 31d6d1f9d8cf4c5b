-- Cancelling a payment, and codes that are good for one payment (the shop's with an amount, the payer's own).

-- Each time something of a payment was given back.
CREATE TABLE cancellation (
    id BLOB NOT NULL PRIMARY KEY,          -- made by the client: UUID version 7
    payment_id BLOB NOT NULL,
    transfer_id BIGINT NOT NULL,           -- its entries say which lots got it
    by_id BIGINT NOT NULL,                 -- who of the shop's staff did it
    amount BIGINT NOT NULL CHECK (amount > 0),
    created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX cancellation_payment ON cancellation (payment_id);

-- A code on a screen, three minutes long. A shop's (`payer_id` is NULL) names shop and amount from the beginning; a payer's gets
-- them when a shop has scanned it: from then on no other shop can.
CREATE TABLE once (
    id BIGINT NOT NULL PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,       -- keyed hash of what stands in the code
    merchant_id BIGINT,
    payer_id BIGINT,
    amount BIGINT CHECK (amount > 0),
    payment_id BLOB,                       -- a payer's: made by the page of the shop that scanned it
    made_at BIGINT NOT NULL,
    proved_at BIGINT,                      -- a payer's: when the PIN was right
    taken_at BIGINT,                       -- a payer's: when a shop scanned it
    declined_at BIGINT,                    -- a payer's: "no" to shop or amount
    CHECK (payer_id IS NOT NULL OR (merchant_id IS NOT NULL AND amount IS NOT NULL)),
    CHECK ((payer_id IS NULL) = (proved_at IS NULL)),
    CHECK (taken_at IS NULL OR (merchant_id IS NOT NULL AND amount IS NOT NULL AND payment_id IS NOT NULL))
);
CREATE INDEX once_age ON once (made_at);
CREATE INDEX once_scan ON once (payment_id) WHERE payment_id IS NOT NULL;
CREATE INDEX once_payer ON once (payer_id, id) WHERE payer_id IS NOT NULL;

-- The code that a payment used up.
ALTER TABLE payment ADD COLUMN once BIGINT;
CREATE UNIQUE INDEX payment_once ON payment (once) WHERE once IS NOT NULL;
