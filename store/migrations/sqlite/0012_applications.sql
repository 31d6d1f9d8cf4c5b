-- Shops sign up, the city decides, staff is invited.

-- A shop that asks to be taken in, kept between its pages. It becomes a shop (pending) when it is sent to the city for the first time.
CREATE TABLE application (
    id BIGINT NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES person (id),
    merchant_id BIGINT UNIQUE REFERENCES merchant (id),
    stage TEXT NOT NULL DEFAULT 'draft' CHECK (stage IN ('draft', 'submitted', 'sent_back', 'approved', 'closed')),
    version BIGINT NOT NULL DEFAULT 1,     -- of what was sent: whoever decides names the one that was looked at
    business_number TEXT NOT NULL,
    name TEXT,
    category TEXT,
    district BIGINT CHECK (district BETWEEN 1 AND 25),
    address TEXT,
    photo_id BIGINT,
    payout_account TEXT,                   -- verified: the bank's token, not the number
    payout_masked TEXT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    submitted_at BIGINT
);
CREATE INDEX application_person ON application (person_id);
CREATE INDEX application_queue ON application (submitted_at, id) WHERE stage = 'submitted';
-- One business, one shop.
CREATE UNIQUE INDEX application_business ON application (business_number) WHERE stage IN ('submitted', 'sent_back', 'approved');
CREATE INDEX merchant_business ON merchant (business_number);

-- Made anew from what was uploaded: nothing of the file itself is kept.
CREATE TABLE photo (
    id BIGINT NOT NULL PRIMARY KEY,
    application_id BIGINT NOT NULL REFERENCES application (id),
    jpeg BLOB NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX photo_application ON photo (application_id);

-- One won with a code in the sender's name. The code is not kept: it is made of the id under the server's key.
CREATE TABLE payout_check (
    id BLOB NOT NULL PRIMARY KEY,          -- made by the page: UUID version 7; the bank's id of the transfer
    application_id BIGINT NOT NULL REFERENCES application (id),
    account TEXT NOT NULL,
    masked TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'sent', 'rejected', 'verified')),
    tries BIGINT NOT NULL DEFAULT 0 CHECK (tries >= 0),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX payout_check_application ON payout_check (application_id, created_at);

-- What the city did to a shop, and why. That it did stands in the audit log; the reason may name people, so it stands here.
CREATE TABLE shop_decision (
    id BIGINT NOT NULL PRIMARY KEY,
    merchant_id BIGINT NOT NULL REFERENCES merchant (id),
    decision TEXT NOT NULL CHECK (decision IN ('approved', 'sent_back', 'closed', 'reopened')),
    reason TEXT NOT NULL,
    operator_id BIGINT NOT NULL REFERENCES operator (id),
    at BIGINT NOT NULL
);
CREATE INDEX shop_decision_of ON shop_decision (merchant_id, id);

-- Good once, for a day, while whoever made it could still give the role.
CREATE TABLE invitation (
    id BIGINT NOT NULL PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE,
    merchant_id BIGINT NOT NULL REFERENCES merchant (id),
    role TEXT NOT NULL CHECK (role IN ('cashier', 'manager', 'owner')),
    invited_by BIGINT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    used_at BIGINT,
    used_by BIGINT,
    CHECK ((used_at IS NULL) = (used_by IS NULL))
);
CREATE INDEX invitation_merchant ON invitation (merchant_id, id);

-- Sessions in which a shop's pages were opened. Ended from afar, a session sees the shop no more; it is not signed out of all else.
CREATE TABLE shop_device (
    merchant_id BIGINT NOT NULL REFERENCES merchant (id),
    session_id BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (merchant_id, session_id)
) WITHOUT ROWID;
