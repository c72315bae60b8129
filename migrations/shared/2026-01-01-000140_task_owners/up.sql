-- Who answers for a task that somebody else does, for whom a substitute does it, who helped, and to whom it was raised.
ALTER TABLE user_tasks ADD COLUMN owner TEXT;
ALTER TABLE user_tasks ADD COLUMN delegation TEXT;
ALTER TABLE user_tasks ADD COLUMN acting_for TEXT;
ALTER TABLE user_tasks ADD COLUMN completed_for TEXT;
ALTER TABLE user_tasks ADD COLUMN helpers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE user_tasks ADD COLUMN follow_up BIGINT;
ALTER TABLE user_tasks ADD COLUMN parent TEXT;
ALTER TABLE user_tasks ADD COLUMN raised TEXT;
-- Whether those it was raised to may take it from its assignee now; they stand among the candidates by kinds of their own.
ALTER TABLE user_tasks ADD COLUMN escalated BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX user_tasks_by_owner ON user_tasks (business, owner, state, id) WHERE owner IS NOT NULL;
CREATE INDEX user_tasks_by_acting_for ON user_tasks (business, acting_for, state, id) WHERE acting_for IS NOT NULL;
CREATE INDEX user_tasks_by_completed_for ON user_tasks (business, completed_for, id) WHERE completed_for IS NOT NULL;
