-- What an outside directory says over SCIM: profiles of users, with their addresses once more to be found by, and groups
-- with their members. A user that the directory deleted stays, for history; `deleted` hides it from the directory alone.

CREATE TABLE user_profiles (
    business TEXT NOT NULL,
    user_id TEXT NOT NULL,
    external_id TEXT,
    profile TEXT NOT NULL,
    deleted BOOLEAN NOT NULL,
    PRIMARY KEY (business, user_id)
);
CREATE INDEX user_profiles_by_external_id ON user_profiles (business, external_id);

-- Addresses and kinds in lower case.
CREATE TABLE user_emails (
    business TEXT NOT NULL,
    user_id TEXT NOT NULL,
    place BIGINT NOT NULL,
    value TEXT NOT NULL,
    kind TEXT,
    main BOOLEAN NOT NULL,
    PRIMARY KEY (business, user_id, place)
);
CREATE INDEX user_emails_by_value ON user_emails (business, value);

-- `roles` are those that members have through the group, as a JSON list.
CREATE TABLE directory_groups (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    external_id TEXT,
    roles TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (business, id)
);
CREATE UNIQUE INDEX directory_groups_by_name ON directory_groups (business, LOWER(name));
CREATE INDEX directory_groups_by_external_id ON directory_groups (business, external_id);

CREATE TABLE directory_members (
    business TEXT NOT NULL,
    group_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (business, group_id, user_id)
);
CREATE INDEX directory_members_by_user ON directory_members (business, user_id);

-- Directories compare logins without regard to case.
CREATE INDEX users_by_lower_login ON users (business, LOWER(id));
