-- How far a look at all records of a type for those that are there twice has come, moved on in the transaction of what it
-- found: one that broke off goes on where it stopped. `rules` is the hash of the functions that it goes by.
CREATE TABLE record_rescans (
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    rules TEXT NOT NULL,
    reached TEXT,
    looked BIGINT NOT NULL,
    suspected BIGINT NOT NULL,
    known BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (business, record_type)
);
