-- The currency and the amount stand right behind the stage: sums of one state by stage and currency come in the order of
-- the index.
DROP INDEX records_summary;
CREATE INDEX records_summary ON records (business, record_type, status, stage, currency, amount, owner, due, parent, id);
