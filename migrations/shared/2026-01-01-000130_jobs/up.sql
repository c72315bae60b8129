-- Jobs for workers outside. What the engine says of a job is written from events; `worker`, `lease` and `fence` are who
-- has it, and are written by the taking of jobs alone. `available_at` is when somebody may take it next: when it is due,
-- or when the lease runs out. `spent` is what the holder of the lease did with it. Ended ones are kept for a day.
CREATE TABLE jobs (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    root TEXT NOT NULL,
    instance TEXT NOT NULL,
    process TEXT NOT NULL,
    token BIGINT NOT NULL,
    node TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    input TEXT NOT NULL,
    priority BIGINT NOT NULL,
    state TEXT NOT NULL,
    retries BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    message TEXT,
    due BIGINT NOT NULL,
    available_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    worker TEXT,
    lease TEXT,
    fence BIGINT NOT NULL DEFAULT 0,
    spent TEXT,
    PRIMARY KEY (business, id)
);
CREATE INDEX jobs_to_do ON jobs (business, kind, available_at) WHERE state = 'open';
CREATE INDEX jobs_by_age ON jobs (business, created_at, id);
CREATE INDEX jobs_ended ON jobs (ended_at) WHERE ended_at IS NOT NULL;
