-- A merged record stays as a redirect. The journal says what a merge changed, so that it can be undone exactly.
ALTER TABLE records ADD COLUMN merged_into TEXT;

CREATE TABLE record_merges (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    record_type TEXT NOT NULL,
    winner TEXT NOT NULL,
    loser TEXT NOT NULL,
    merged_at BIGINT NOT NULL,
    merged_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    instance TEXT,
    choices TEXT NOT NULL,
    repointed BIGINT NOT NULL,
    undone_at BIGINT,
    undone_by TEXT,
    undone_reason TEXT,
    PRIMARY KEY (business, id)
);
CREATE INDEX record_merges_by_winner ON record_merges (business, record_type, winner, id);
CREATE INDEX record_merges_by_loser ON record_merges (business, record_type, loser, id);

-- Every record that a merge wrote: the version that it made, and the fields before and after.
CREATE TABLE record_merge_rows (
    business TEXT NOT NULL,
    merge TEXT NOT NULL,
    record_type TEXT NOT NULL,
    record TEXT NOT NULL,
    part TEXT NOT NULL,
    version BIGINT NOT NULL,
    before TEXT,
    changes TEXT NOT NULL,
    PRIMARY KEY (business, merge, record_type, record)
);
CREATE INDEX record_merge_rows_by_record ON record_merge_rows (business, record_type, record, version);
