-- Records in the order of their making and changing, of their makers, and everything a summary by columns reads.
CREATE INDEX records_by_created ON records (business, record_type, created_at, id);
CREATE INDEX records_by_updated ON records (business, record_type, updated_at, id);
CREATE INDEX records_by_creator ON records (business, record_type, created_by, id);
CREATE INDEX records_summary ON records (business, record_type, status, stage, owner, currency, amount, due, parent, id);

-- Whether a record has an entry in a field is asked of the index alone.
DROP INDEX record_index_by_record;
CREATE INDEX record_index_by_record ON record_index (business, record_type, record, field);

-- What the columns of a record were, and from when to when. The open period ends at the end of time.
CREATE TABLE record_periods (
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    id TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    status TEXT,
    stage TEXT,
    owner TEXT,
    parent TEXT,
    due TEXT,
    amount BIGINT,
    currency TEXT,
    PRIMARY KEY (business, record_type, id, valid_from)
);
CREATE INDEX record_periods_at ON record_periods
    (business, record_type, valid_to, valid_from, status, stage, owner, currency, amount, due, parent, id);

-- What is there now is so since it was last changed; what was before is not known.
INSERT INTO record_periods
    (business, record_type, id, valid_from, valid_to, status, stage, owner, parent, due, amount, currency)
SELECT business, record_type, id, updated_at, 9223372036854775807, status, stage, owner, parent, due, amount, currency
FROM records;
