-- Who started the process that a task belongs to, so that starters and those above them find it by an index.
ALTER TABLE user_tasks ADD COLUMN starter TEXT NOT NULL DEFAULT '';
UPDATE user_tasks SET starter = COALESCE(
    (SELECT i.starter FROM instances AS i WHERE i.business = user_tasks.business AND i.id = user_tasks.root), '');
CREATE INDEX user_tasks_by_starter ON user_tasks (business, starter, state, id);
