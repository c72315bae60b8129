ALTER TABLE approval_bindings DROP COLUMN activation;
