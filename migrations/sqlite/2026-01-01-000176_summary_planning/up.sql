-- What was known of an index goes with it; see 000092.
DELETE FROM sqlite_stat1 WHERE idx = 'records_summary';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('records', 'records_summary', '1000000 1000000 500000 100000 15000 10000 10 5 3 2 1 1');
