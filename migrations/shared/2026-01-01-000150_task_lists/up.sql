-- Every open task stands under each of its candidates in every order that lists have: a list for somebody with many
-- groups is the beginning of that many ranges, read in order.
ALTER TABLE task_candidates ADD COLUMN state TEXT NOT NULL DEFAULT 'created';
ALTER TABLE task_candidates ADD COLUMN due BIGINT NOT NULL DEFAULT 9223372036854775807;
ALTER TABLE task_candidates ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE task_candidates ADD COLUMN priority BIGINT NOT NULL DEFAULT 0;
UPDATE task_candidates SET state = t.state, due = COALESCE(t.due, 9223372036854775807), created_at = t.created_at,
    priority = t.priority
FROM user_tasks AS t WHERE t.business = task_candidates.business AND t.id = task_candidates.task;
CREATE INDEX task_candidates_by_due ON task_candidates (business, kind, value, state, due, task);
CREATE INDEX task_candidates_by_created ON task_candidates (business, kind, value, state, created_at, task);
CREATE INDEX task_candidates_by_priority ON task_candidates (business, kind, value, state, priority, task);

-- The record that a task is about, the business key of its root, and the words of its title between spaces.
ALTER TABLE user_tasks ADD COLUMN subject TEXT;
ALTER TABLE user_tasks ADD COLUMN business_key TEXT;
ALTER TABLE user_tasks ADD COLUMN words TEXT NOT NULL DEFAULT '';
UPDATE user_tasks SET business_key =
    (SELECT i.business_key FROM instances AS i WHERE i.business = user_tasks.business AND i.id = user_tasks.root);

DROP INDEX user_tasks_by_assignee;
CREATE INDEX user_tasks_by_assignee ON user_tasks
    (business, assignee, state, (COALESCE(due, 9223372036854775807)), id) WHERE assignee IS NOT NULL;
CREATE INDEX user_tasks_by_assignee_created ON user_tasks (business, assignee, state, created_at, id)
    WHERE assignee IS NOT NULL;
CREATE INDEX user_tasks_by_assignee_priority ON user_tasks (business, assignee, state, priority, id)
    WHERE assignee IS NOT NULL;
CREATE INDEX user_tasks_by_process ON user_tasks (business, process, state, (COALESCE(due, 9223372036854775807)), id);
CREATE INDEX user_tasks_by_created ON user_tasks (business, state, created_at, id);
CREATE INDEX user_tasks_by_priority ON user_tasks (business, state, priority, id);
CREATE INDEX user_tasks_by_subject ON user_tasks (business, subject, id) WHERE subject IS NOT NULL;
CREATE INDEX user_tasks_by_key ON user_tasks (business, business_key, id) WHERE business_key IS NOT NULL;

-- The search variables hold values as text that sorts; they are computed anew after this migration.
CREATE INDEX user_tasks_s1 ON user_tasks (business, process, s1, id) WHERE s1 IS NOT NULL;
CREATE INDEX user_tasks_s2 ON user_tasks (business, process, s2, id) WHERE s2 IS NOT NULL;
CREATE INDEX user_tasks_s3 ON user_tasks (business, process, s3, id) WHERE s3 IS NOT NULL;
CREATE INDEX user_tasks_s4 ON user_tasks (business, process, s4, id) WHERE s4 IS NOT NULL;
CREATE INDEX user_tasks_s5 ON user_tasks (business, process, s5, id) WHERE s5 IS NOT NULL;
CREATE INDEX user_tasks_s6 ON user_tasks (business, process, s6, id) WHERE s6 IS NOT NULL;
CREATE INDEX user_tasks_s7 ON user_tasks (business, process, s7, id) WHERE s7 IS NOT NULL;
CREATE INDEX user_tasks_s8 ON user_tasks (business, process, s8, id) WHERE s8 IS NOT NULL;
