-- Units say what they are. Positions and roles say how far those who have them may go. People are absent, and others
-- stand in for them.

ALTER TABLE org_units ADD COLUMN kind TEXT NOT NULL DEFAULT 'other';
ALTER TABLE org_units ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX org_units_by_parent ON org_units (business, parent, id);

ALTER TABLE position_periods ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';

CREATE TABLE roles (
    business TEXT NOT NULL,
    name TEXT NOT NULL,
    limits TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (business, name)
);

CREATE TABLE absences (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    note TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (business, id)
);
CREATE INDEX absences_by_user ON absences (business, user_id, valid_from);
CREATE INDEX absences_by_end ON absences (business, valid_to, user_id);

CREATE TABLE substitutions (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    for_user TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    limits TEXT NOT NULL,
    processes TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (business, id)
);
CREATE INDEX substitutions_by_user ON substitutions (business, user_id, valid_from);
CREATE INDEX substitutions_by_for ON substitutions (business, for_user, valid_from);
CREATE INDEX substitutions_by_end ON substitutions (business, valid_to);
