-- The planner knows the new index with fresh numbers from the beginning.
ANALYZE records;
