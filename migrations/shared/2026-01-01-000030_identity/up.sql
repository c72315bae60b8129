-- Tokens of a user or a client that were issued before `tokens_since` are void; `issuer` and `subject` say which account
-- of an outside provider a user is.
ALTER TABLE users ADD COLUMN tokens_since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN issuer TEXT;
ALTER TABLE users ADD COLUMN subject TEXT;

ALTER TABLE clients ADD COLUMN act_as TEXT NOT NULL DEFAULT '[]';
ALTER TABLE clients ADD COLUMN old_secret_hash TEXT;
ALTER TABLE clients ADD COLUMN old_secret_until BIGINT;
ALTER TABLE clients ADD COLUMN tokens_since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE signing_keys ADD COLUMN verifies_until BIGINT;

-- The client that acted as the person who changed a field.
ALTER TABLE record_history ADD COLUMN through TEXT;
