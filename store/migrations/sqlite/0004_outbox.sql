-- Effects on the outside (SMS now; push and webhooks later), written in the transaction of their cause. A worker claims,
-- sends, retries with back-off, and sets a row aside that never succeeds.
CREATE TABLE outbox (
    id BIGINT NOT NULL PRIMARY KEY,
    topic TEXT NOT NULL,
    body TEXT NOT NULL,                    -- JSON
    state TEXT NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'sent', 'poison')),
    tries BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,                -- also the end of a claim: a worker that died loses it
    error TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'due';
CREATE INDEX outbox_poison ON outbox (id) WHERE state = 'poison';
