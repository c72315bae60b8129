-- How selective the indexes of records are, as a large business has it. Without such numbers SQLite takes every index for
-- equally good, and a list of two values for worse than a whole type. They are written by hand, so that searches go the
-- same way on the first day and with a million records. An index that is added to these tables needs a line here, too.
ANALYZE businesses;
DELETE FROM sqlite_stat1 WHERE tbl IN ('records', 'record_index', 'record_periods');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('records', 'sqlite_autoindex_records_1', '1000000 1000000 500000 1'),
    ('records', 'records_by_owner', '1000000 1000000 500000 1000 1'),
    ('records', 'records_by_status', '1000000 1000000 500000 100000 1'),
    ('records', 'records_by_parent', '1000000 1000000 500000 20 1'),
    ('records', 'records_by_name', '1000000 1000000 500000 2 1'),
    ('records', 'records_by_stage', '1000000 1000000 500000 50000 1'),
    ('records', 'records_by_due', '1000000 1000000 500000 1000 1'),
    ('records', 'records_by_amount', '1000000 1000000 500000 200000 10 1'),
    ('records', 'records_by_derived', '1000000 1000000 500000 250000 1'),
    ('records', 'records_by_created', '1000000 1000000 500000 5 1'),
    ('records', 'records_by_updated', '1000000 1000000 500000 5 1'),
    ('records', 'records_by_creator', '1000000 1000000 500000 5000 1'),
    ('records', 'records_summary', '1000000 1000000 500000 100000 15000 10000 10 5 3 2 1'),
    ('record_index', 'record_index', '20000000 20000000 10000000 500000 100 1'),
    ('record_index', 'record_index_by_record', '20000000 20000000 10000000 20 2 1'),
    ('record_periods', 'sqlite_autoindex_record_periods_1', '4000000 4000000 2000000 4 1'),
    ('record_periods', 'record_periods_at', '4000000 4000000 2000000 5 5 4 4 3 3 2 2 2 1');
