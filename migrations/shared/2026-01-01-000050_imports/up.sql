-- How far the import of a file has come, moved on in the transaction of its rows: an import that broke off goes on where
-- it stopped, and one that came to its end is not done again.
CREATE TABLE imports (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    caller TEXT NOT NULL,
    name TEXT NOT NULL,
    target TEXT NOT NULL,
    line BIGINT NOT NULL,
    digest TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (business, id)
);
CREATE INDEX imports_by_start ON imports (business, started_at, id);
