-- What somebody may take of one process is a range of its own, also where a group has ten thousands of tasks of others.
ALTER TABLE task_candidates ADD COLUMN process TEXT NOT NULL DEFAULT '';
UPDATE task_candidates SET process = t.process
FROM user_tasks AS t WHERE t.business = task_candidates.business AND t.id = task_candidates.task;
CREATE INDEX task_candidates_by_process ON task_candidates (business, kind, value, process, state, due, task);
