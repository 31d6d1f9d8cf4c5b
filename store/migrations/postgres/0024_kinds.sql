-- Terms of kinds, version by version. `kind` holds what applies now, for every reader and the till; the versions are what it was
-- before, who pays the discount, and what a purchase that was reserved under one keeps.

ALTER TABLE kind ADD COLUMN version BIGINT NOT NULL DEFAULT 1 CHECK (version >= 1);
-- That it was reserved under; its lot gets the terms of it.
ALTER TABLE purchase ADD COLUMN kind_version BIGINT NOT NULL DEFAULT 1 CHECK (kind_version >= 1);

-- A change as an operator plans it, or a new kind.
CREATE TABLE kind_change (
    id BIGINT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'released', 'applied', 'cancelled')),
    kind_id BIGINT REFERENCES kind (id),   -- NULL: a new one, until it applies
    district BIGINT,                       -- of a new one
    planner_id BIGINT NOT NULL REFERENCES operator (id),
    releaser_id BIGINT REFERENCES operator (id),
    body TEXT NOT NULL,                    -- JSON: domain::kind::change::Change
    version BIGINT NOT NULL DEFAULT 1,     -- whoever writes names the one that was read
    from_at BIGINT,                        -- from when on it applies, once released
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    released_at BIGINT,
    applied_at BIGINT,
    cancelled_at BIGINT,
    CHECK (releaser_id <> planner_id),
    CHECK (kind_id IS NOT NULL OR district IS NOT NULL),
    CHECK (state NOT IN ('released', 'applied') OR (releaser_id IS NOT NULL AND released_at IS NOT NULL AND from_at IS NOT NULL)),
    CHECK (state <> 'applied' OR (applied_at IS NOT NULL AND kind_id IS NOT NULL))
);
CREATE INDEX kind_change_waiting ON kind_change (from_at) WHERE state = 'released';
CREATE INDEX kind_change_of ON kind_change (kind_id, id);

-- Whoever wrote any of a change: none of them releases it.
CREATE TABLE kind_change_author (
    change_id BIGINT NOT NULL REFERENCES kind_change (id),
    operator_id BIGINT NOT NULL REFERENCES operator (id),
    PRIMARY KEY (change_id, operator_id)
);

-- Append only.
CREATE TABLE kind_version (
    kind_id BIGINT NOT NULL REFERENCES kind (id),
    version BIGINT NOT NULL CHECK (version >= 1),
    change_id BIGINT UNIQUE REFERENCES kind_change (id), -- NULL: made with the kind
    from_at BIGINT NOT NULL,               -- 0: it was never another
    discount_bp BIGINT NOT NULL CHECK (discount_bp BETWEEN 0 AND 10000),
    unit BIGINT NOT NULL CHECK (unit > 0),
    month_limit BIGINT NOT NULL CHECK (month_limit >= 0),
    holding_cap BIGINT NOT NULL CHECK (holding_cap >= 0),
    validity_years BIGINT NOT NULL CHECK (validity_years BETWEEN 1 AND 100),
    refund_from BIGINT NOT NULL CHECK (refund_from BETWEEN 0 AND 100),
    nation_bp BIGINT NOT NULL CHECK (nation_bp >= 0),     -- who pays the discount
    city_bp BIGINT NOT NULL CHECK (city_bp >= 0),
    district_bp BIGINT NOT NULL CHECK (district_bp >= 0),
    PRIMARY KEY (kind_id, version),
    CHECK (nation_bp + city_bp + district_bp = discount_bp)
);
-- The city paid all of it so far.
INSERT INTO kind_version (kind_id, version, from_at, discount_bp, unit, month_limit, holding_cap, validity_years, refund_from,
    nation_bp, city_bp, district_bp)
SELECT id, 1, 0, discount_bp, unit, month_limit, holding_cap, validity_years, refund_from, 0, discount_bp, 0 FROM kind;
