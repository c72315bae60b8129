-- How many records each owner has, as a ledger: every change adds a row, and rows are summed up now and then. Nobody waits
-- for anybody, and a rule that shares work out need not count all records.
CREATE TABLE record_loads (
    id INTEGER PRIMARY KEY,
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    owner TEXT NOT NULL,
    number BIGINT NOT NULL,
    latest BIGINT
);
CREATE INDEX record_loads_by_owner ON record_loads (business, record_type, owner, number, latest);

INSERT INTO record_loads (business, record_type, owner, number, latest)
SELECT business, record_type, owner, COUNT(*), MAX(created_at) FROM records
WHERE owner IS NOT NULL AND merged_into IS NULL GROUP BY business, record_type, owner;

-- Who gets a record has one more, from that moment.
CREATE TRIGGER record_loads_of_created AFTER INSERT ON records
WHEN NEW.owner IS NOT NULL AND NEW.merged_into IS NULL BEGIN
    INSERT INTO record_loads (business, record_type, owner, number, latest)
    VALUES (NEW.business, NEW.record_type, NEW.owner, 1, NEW.created_at);
END;
CREATE TRIGGER record_loads_of_given AFTER UPDATE OF owner, merged_into ON records
WHEN NEW.owner IS NOT NULL AND NEW.merged_into IS NULL AND (OLD.owner IS NOT NEW.owner OR OLD.merged_into IS NOT NULL) BEGIN
    INSERT INTO record_loads (business, record_type, owner, number, latest)
    VALUES (NEW.business, NEW.record_type, NEW.owner, 1, CASE WHEN OLD.owner IS NOT NEW.owner THEN NEW.updated_at END);
END;
-- Who no longer has it has one less; when somebody got the last one does not change.
CREATE TRIGGER record_loads_of_taken AFTER UPDATE OF owner, merged_into ON records
WHEN OLD.owner IS NOT NULL AND OLD.merged_into IS NULL AND (OLD.owner IS NOT NEW.owner OR NEW.merged_into IS NOT NULL) BEGIN
    INSERT INTO record_loads (business, record_type, owner, number)
    VALUES (OLD.business, OLD.record_type, OLD.owner, -1);
END;
CREATE TRIGGER record_loads_of_deleted AFTER DELETE ON records
WHEN OLD.owner IS NOT NULL AND OLD.merged_into IS NULL BEGIN
    INSERT INTO record_loads (business, record_type, owner, number)
    VALUES (OLD.business, OLD.record_type, OLD.owner, -1);
END;
