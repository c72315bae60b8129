-- What there is to say of a task.
ALTER TABLE user_tasks ADD COLUMN description TEXT;
