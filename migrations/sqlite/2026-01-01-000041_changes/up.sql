-- What changed since a look at all records of a type. On PostgreSQL such an index would keep every update of a record from
-- leaving the other indexes alone; there the records are read instead, once in a deployment that narrows a type.
CREATE INDEX records_by_change ON records (business, record_type, updated_at, id);
