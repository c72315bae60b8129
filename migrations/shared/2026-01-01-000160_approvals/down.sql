ALTER TABLE user_tasks DROP COLUMN seat;
DROP TABLE approvals;
