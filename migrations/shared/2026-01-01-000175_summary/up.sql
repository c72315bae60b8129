-- Whether a record was merged is asked of every row of a summary: without its column in the index each row was looked up in the
-- table.
DROP INDEX records_summary;
CREATE INDEX records_summary ON records
    (business, record_type, status, stage, currency, amount, owner, due, parent, id, merged_into);
