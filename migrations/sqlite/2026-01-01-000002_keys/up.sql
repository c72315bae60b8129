-- Tables that are hardly more than their key: WITHOUT ROWID keeps each row once.

CREATE TABLE instance_keys (
    business TEXT NOT NULL,
    process TEXT NOT NULL,
    business_key TEXT NOT NULL,
    instance TEXT NOT NULL,
    PRIMARY KEY (business, process, business_key)
) WITHOUT ROWID;

CREATE TABLE task_candidates (
    business TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    task TEXT NOT NULL,
    PRIMARY KEY (business, kind, value, task)
) WITHOUT ROWID;
CREATE INDEX task_candidates_by_task ON task_candidates (business, task);

CREATE TABLE record_keys (
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    rule TEXT NOT NULL,
    value TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (business, record_type, rule, value)
) WITHOUT ROWID;
CREATE INDEX record_keys_by_record ON record_keys (business, record_type, record);

CREATE TABLE record_index (
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (business, record_type, field, value, record)
) WITHOUT ROWID;
CREATE INDEX record_index_by_record ON record_index (business, record_type, record);
