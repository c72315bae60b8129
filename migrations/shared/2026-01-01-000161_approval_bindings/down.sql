DROP TABLE approval_bindings;
