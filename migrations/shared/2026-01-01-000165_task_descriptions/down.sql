ALTER TABLE user_tasks DROP COLUMN description;
