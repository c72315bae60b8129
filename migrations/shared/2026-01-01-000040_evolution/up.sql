-- How records that were kept under earlier rules of their type read by the rules of now: one row for each stamp that may
-- still have records. The stamp of records from before there were stamps is ''.
CREATE TABLE record_lenses (
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    stamp TEXT NOT NULL,
    lens TEXT NOT NULL,
    PRIMARY KEY (business, record_type, stamp)
);

-- Names under which keys (`rule`) and index entries (`field`) of such records still stand.
CREATE TABLE record_aliases (
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    kind TEXT NOT NULL,
    stored TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (business, record_type, kind, stored)
);

-- What became of the fields of a type, in order, for ever: a new name, none for one that was removed, or the value that
-- records without one have since. History is told by it.
CREATE TABLE record_renames (
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    field TEXT NOT NULL,
    name TEXT,
    hidden BOOLEAN NOT NULL,
    filled TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (business, record_type, sequence, field)
);

-- How far the records of a type are brought to the rules of a revision; `reached` and `reached_stamp` are the last record
-- that was looked at.
CREATE TABLE record_derivations (
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    revision BIGINT NOT NULL,
    stamp TEXT NOT NULL,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    reached_stamp TEXT,
    reached TEXT,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (business, record_type)
);

-- Records that could not be brought to the rules of a revision wholly; `version` is the one that it was found at.
CREATE TABLE record_troubles (
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    record TEXT NOT NULL,
    code TEXT NOT NULL,
    field TEXT NOT NULL,
    sentence TEXT NOT NULL,
    revision BIGINT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (business, record_type, record, code, field)
);
