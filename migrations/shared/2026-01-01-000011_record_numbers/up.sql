-- The last number that a type gave out, for each way in which its pattern begins and ends.
CREATE TABLE record_numbers (
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    pattern TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (business, record_type, pattern)
);
