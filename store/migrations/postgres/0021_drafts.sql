-- Shops that were begun and never sent are forgotten after a while.
CREATE INDEX application_draft ON application (changed_at) WHERE stage = 'draft' AND merchant_id IS NULL;
