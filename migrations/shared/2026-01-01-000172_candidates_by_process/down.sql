DROP INDEX task_candidates_by_process;
ALTER TABLE task_candidates DROP COLUMN process;
