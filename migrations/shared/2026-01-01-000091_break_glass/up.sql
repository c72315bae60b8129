-- Access beyond what rules give: asked for with a reason, opened by a second person, for a time. Never deleted.
-- `about` is the record type, or the process of an instance.
CREATE TABLE break_glass (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    target TEXT NOT NULL,
    right_to TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (business, id)
);
CREATE INDEX break_glass_by_user ON break_glass (business, user_id, state, kind, about, target);
