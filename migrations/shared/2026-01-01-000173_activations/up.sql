-- The activation of the level around an approval and the node until which it holds; empty: any of the instance, as it was said
-- before.
ALTER TABLE approval_bindings ADD COLUMN activation TEXT NOT NULL DEFAULT '';
