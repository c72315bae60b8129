-- Whether a change of what is held is not refused, but approved anew.
ALTER TABLE approval_bindings ADD COLUMN reapprove BIGINT NOT NULL DEFAULT 0;
