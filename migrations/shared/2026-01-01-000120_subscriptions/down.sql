ALTER TABLE timers RENAME COLUMN holder TO token;
