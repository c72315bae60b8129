-- How many records each owner has, as a ledger: every change adds a row, and rows are summed up now and then. Nobody waits
-- for anybody, and a rule that shares work out need not count all records.
CREATE TABLE record_loads (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    owner TEXT NOT NULL,
    number BIGINT NOT NULL,
    latest BIGINT
);
CREATE INDEX record_loads_by_owner ON record_loads (business, record_type, owner) INCLUDE (number, latest);

INSERT INTO record_loads (business, record_type, owner, number, latest)
SELECT business, record_type, owner, COUNT(*), MAX(created_at) FROM records
WHERE owner IS NOT NULL AND merged_into IS NULL GROUP BY business, record_type, owner;

-- Who gets a record has one more, from that moment; who no longer has it has one less, and when somebody got the last one
-- does not change.
CREATE FUNCTION keep_record_loads() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    had TEXT := CASE WHEN TG_OP <> 'INSERT' AND OLD.merged_into IS NULL THEN OLD.owner END;
    has TEXT := CASE WHEN TG_OP <> 'DELETE' AND NEW.merged_into IS NULL THEN NEW.owner END;
BEGIN
    IF had IS NOT DISTINCT FROM has THEN
        RETURN NULL;
    END IF;
    IF had IS NOT NULL THEN
        INSERT INTO record_loads (business, record_type, owner, number)
        VALUES (OLD.business, OLD.record_type, had, -1);
    END IF;
    IF has IS NOT NULL THEN
        INSERT INTO record_loads (business, record_type, owner, number, latest)
        VALUES (NEW.business, NEW.record_type, has, 1, CASE
            WHEN TG_OP = 'INSERT' THEN NEW.created_at
            WHEN OLD.owner IS DISTINCT FROM NEW.owner THEN NEW.updated_at
        END);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER record_loads_of AFTER INSERT OR UPDATE OR DELETE ON records
FOR EACH ROW EXECUTE FUNCTION keep_record_loads();
