-- Whether only tasks had a file: then it goes with the last of them. Of those that were attached before, nobody knows; they stay.
ALTER TABLE files ADD COLUMN of_tasks BOOLEAN NOT NULL DEFAULT FALSE;
