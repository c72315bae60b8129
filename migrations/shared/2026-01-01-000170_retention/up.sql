-- Which instances have been over for long enough to be forgotten.
CREATE INDEX instances_ended ON instances (business, process, ended_at, id) WHERE ended_at IS NOT NULL AND parent IS NULL;
