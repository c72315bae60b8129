-- Approvals: one row each, with all votes in its document, kept after it ended. `seat` marks the tasks that are votes.
CREATE TABLE approvals (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    root TEXT NOT NULL,
    instance TEXT NOT NULL,
    process TEXT NOT NULL,
    node TEXT NOT NULL,
    submitter TEXT NOT NULL,
    state TEXT NOT NULL,
    document TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (business, id)
);
CREATE INDEX approvals_by_age ON approvals (business, opened_at, id);
CREATE INDEX approvals_by_submitter ON approvals (business, submitter, opened_at, id);
ALTER TABLE user_tasks ADD COLUMN seat BIGINT;
