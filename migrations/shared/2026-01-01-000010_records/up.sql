-- Two more well-known meanings with columns of their own, and by which rules a record was last derived.
ALTER TABLE records ADD COLUMN stage TEXT;
ALTER TABLE records ADD COLUMN amount BIGINT;
ALTER TABLE records ADD COLUMN currency TEXT;
ALTER TABLE records ADD COLUMN derived TEXT;
CREATE INDEX records_by_stage ON records (business, record_type, stage, id);
CREATE INDEX records_by_due ON records (business, record_type, due, id);
CREATE INDEX records_by_amount ON records (business, record_type, currency, amount, id);
CREATE INDEX records_by_derived ON records (business, record_type, derived, id);
