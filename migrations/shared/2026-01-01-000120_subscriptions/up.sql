-- A timer is held by a token, or by a scope in which an event sub-process waits.
ALTER TABLE timers RENAME COLUMN token TO holder;
