-- Records that approvals are about: a change of their `fields` is noticed while the approval goes on, and refused while it
-- is `held`, until the node `until` of the instance is done (empty: until the instance ends). `touched` is set by the
-- change and taken away by the approval that looks again, in one transaction.
CREATE TABLE approval_bindings (
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    record TEXT NOT NULL,
    approval TEXT NOT NULL,
    root TEXT NOT NULL,
    instance TEXT NOT NULL,
    until TEXT NOT NULL,
    fields TEXT NOT NULL,
    held BIGINT NOT NULL,
    touched BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (business, record_type, record, approval)
);
CREATE INDEX approval_bindings_by_approval ON approval_bindings (business, approval);
CREATE INDEX approval_bindings_by_instance ON approval_bindings (business, instance, until);
CREATE INDEX approval_bindings_touched ON approval_bindings (business) WHERE touched > 0;
