-- What instances wait for from outside: messages and signals. Projected from the events of the root.
CREATE TABLE subscriptions (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    root TEXT NOT NULL,
    instance TEXT NOT NULL,
    node TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    key TEXT,
    business_key TEXT,
    opened_at BIGINT NOT NULL,
    serial BIGINT NOT NULL,
    PRIMARY KEY (business, id)
);
CREATE INDEX subscriptions_by_key ON subscriptions (business, kind, name, key);
CREATE INDEX subscriptions_by_business_key ON subscriptions (business, kind, name, business_key) WHERE key IS NULL;

-- The outbox of messages and signals: what was sent and has not arrived. A row goes in the transaction that brings it.
CREATE TABLE deliveries (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    key TEXT,
    payload TEXT NOT NULL,
    subscription TEXT,
    sender TEXT,
    due BIGINT NOT NULL,
    kept_until BIGINT,
    looked BIGINT NOT NULL,
    PRIMARY KEY (business, id)
);
CREATE INDEX deliveries_by_due ON deliveries (due, id);
CREATE INDEX deliveries_by_name ON deliveries (business, kind, name);

-- When timers at the start of a process begin it next.
CREATE TABLE schedules (
    business TEXT NOT NULL,
    process TEXT NOT NULL,
    node TEXT NOT NULL,
    place BIGINT NOT NULL,
    spec TEXT NOT NULL,
    due BIGINT NOT NULL,
    remaining BIGINT,
    PRIMARY KEY (business, process, node, place)
);
CREATE INDEX schedules_by_due ON schedules (due);
