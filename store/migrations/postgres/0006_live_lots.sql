-- A person's live lots are listed in the allowance, which every reservation, release and payment loads and writes anyway. An
-- index of lots by person cost every purchase a page that lies anywhere; spent lots, which only the history looks for, are
-- indexed when a payment empties them.

-- Rows grow by 8 bytes a live lot: room in their page for three each (at 80 some rows move by then).
ALTER TABLE allowance SET (fillfactor = 70);
-- The live lots of the person and kind: something is left of them, or their purchase is reserved or unknown. 8 bytes an id,
-- big-endian, in order of reservation.
ALTER TABLE allowance ADD COLUMN lots BYTEA NOT NULL DEFAULT '\x';
-- The id of its lot, given when it is reserved. The lot is there once it is posted.
ALTER TABLE purchase ADD COLUMN lot_id BIGINT NOT NULL DEFAULT 0;

UPDATE purchase SET lot_id = lot.id FROM lot WHERE lot.purchase_id = purchase.id;
-- Those without a lot get 1, 2, 3, ...: the till's ids begin far above.
UPDATE purchase SET lot_id = numbered.number
FROM (SELECT id, row_number() OVER (ORDER BY created_at, id) AS number FROM purchase WHERE lot_id = 0) AS numbered
WHERE purchase.id = numbered.id;

UPDATE allowance SET lots = live.ids
FROM (
    SELECT person_id, kind_id, string_agg(int8send(lot_id), ''::bytea ORDER BY created_at, id) AS ids FROM (
        SELECT purchase.person_id, purchase.kind_id, purchase.lot_id, purchase.created_at, purchase.id
        FROM purchase JOIN lot ON lot.id = purchase.lot_id WHERE lot.remaining > 0
        UNION ALL
        SELECT person_id, kind_id, lot_id, created_at, id FROM purchase WHERE state IN ('reserved', 'unknown')) AS bought
    GROUP BY person_id, kind_id) AS live
WHERE allowance.person_id = live.person_id AND allowance.kind_id = live.kind_id;

DROP INDEX lot_person;
-- Used only where a statement says `remaining = 0` in these words.
CREATE INDEX lot_spent ON lot (person_id) WHERE remaining = 0;
