-- Portable on SQLite and PostgreSQL: ids TEXT, instants BIGINT (UTC milliseconds), JSON in TEXT.
-- `business` leads every key of what belongs to a business. Text columns become COLLATE "C" on PostgreSQL after every
-- migration, so both databases compare and sort by code point.

CREATE TABLE businesses (
    id TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    active_revision BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE revisions (
    business TEXT NOT NULL,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (business, number)
);

CREATE TABLE revision_files (
    business TEXT NOT NULL,
    number BIGINT NOT NULL,
    path TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    PRIMARY KEY (business, number, path)
);

CREATE TABLE file_contents (
    hash TEXT NOT NULL PRIMARY KEY,
    content TEXT NOT NULL
);

CREATE TABLE users (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    roles TEXT NOT NULL,
    attributes TEXT NOT NULL,
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (business, id)
);

CREATE TABLE user_roles (
    business TEXT NOT NULL,
    role TEXT NOT NULL,
    user_id TEXT NOT NULL,
    PRIMARY KEY (business, role, user_id)
);
CREATE INDEX user_roles_by_user ON user_roles (business, user_id);

CREATE TABLE org_units (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    parent TEXT,
    title TEXT NOT NULL,
    PRIMARY KEY (business, id)
);

CREATE TABLE positions (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    unit TEXT NOT NULL,
    title TEXT NOT NULL,
    user_id TEXT,
    manager TEXT,
    valid_from BIGINT,
    valid_to BIGINT,
    PRIMARY KEY (business, id)
);
CREATE INDEX positions_by_user ON positions (business, user_id);

CREATE TABLE clients (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    scopes TEXT NOT NULL,
    roles TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (business, id)
);

CREATE TABLE signing_keys (
    id TEXT NOT NULL PRIMARY KEY,
    algorithm TEXT NOT NULL,
    private_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);

-- Roots and called instances. `document` is the whole aggregate and only roots have one; `s1` to `s8` are the
-- variables of the process's `search` list.
CREATE TABLE instances (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    root TEXT NOT NULL,
    parent TEXT,
    process TEXT NOT NULL,
    revision BIGINT NOT NULL,
    state TEXT NOT NULL,
    error TEXT,
    business_key TEXT,
    starter TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    search TEXT NOT NULL,
    s1 TEXT, s2 TEXT, s3 TEXT, s4 TEXT, s5 TEXT, s6 TEXT, s7 TEXT, s8 TEXT,
    version BIGINT NOT NULL,
    document TEXT,
    PRIMARY KEY (business, id)
);
CREATE INDEX instances_by_start ON instances (business, started_at, id);
CREATE INDEX instances_by_state ON instances (business, state, started_at, id);
CREATE INDEX instances_by_process ON instances (business, process, state, id);
CREATE INDEX instances_by_starter ON instances (business, starter, id);
CREATE INDEX instances_by_key ON instances (business, business_key, id) WHERE business_key IS NOT NULL;

CREATE TABLE user_tasks (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    root TEXT NOT NULL,
    instance TEXT NOT NULL,
    process TEXT NOT NULL,
    token BIGINT NOT NULL,
    node TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    assignee TEXT,
    candidate_users TEXT NOT NULL,
    candidate_groups TEXT NOT NULL,
    form TEXT,
    outcomes TEXT NOT NULL,
    priority BIGINT NOT NULL,
    due BIGINT,
    search TEXT NOT NULL,
    s1 TEXT, s2 TEXT, s3 TEXT, s4 TEXT, s5 TEXT, s6 TEXT, s7 TEXT, s8 TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    completed_by TEXT,
    outcome TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (business, id)
);
-- A task that is never due comes last.
CREATE INDEX user_tasks_by_due ON user_tasks (business, state, (COALESCE(due, 9223372036854775807)), id);
CREATE INDEX user_tasks_by_assignee ON user_tasks (business, assignee, state, id) WHERE assignee IS NOT NULL;
CREATE INDEX user_tasks_by_completer ON user_tasks (business, completed_by, id) WHERE completed_by IS NOT NULL;

-- Only timers that wait; a timer that fired or was cancelled is gone.
CREATE TABLE timers (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    root TEXT NOT NULL,
    token BIGINT NOT NULL,
    node TEXT NOT NULL,
    due BIGINT NOT NULL,
    PRIMARY KEY (business, id)
);
CREATE INDEX timers_by_due ON timers (due, id);

CREATE TABLE incidents (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    root TEXT NOT NULL,
    instance TEXT NOT NULL,
    process TEXT NOT NULL,
    token BIGINT NOT NULL,
    node TEXT NOT NULL,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    input TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    resolved_at BIGINT,
    resolved_by TEXT,
    resolution TEXT,
    PRIMARY KEY (business, id)
);
CREATE INDEX incidents_by_state ON incidents (business, state, created_at, id);

CREATE TABLE decisions (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    root TEXT NOT NULL,
    instance TEXT NOT NULL,
    node TEXT NOT NULL,
    plugin TEXT NOT NULL,
    function TEXT NOT NULL,
    revision BIGINT NOT NULL,
    script_hash TEXT NOT NULL,
    input TEXT NOT NULL,
    output TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (business, id)
);
CREATE INDEX decisions_by_time ON decisions (business, at, id);
CREATE INDEX decisions_by_function ON decisions (business, plugin, function, at, id);

CREATE TABLE history (
    business TEXT NOT NULL,
    root TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    instance TEXT NOT NULL,
    kind TEXT NOT NULL,
    node TEXT,
    actor TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (business, root, sequence)
);

CREATE TABLE records (
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    id TEXT NOT NULL,
    fields TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    owner TEXT,
    status TEXT,
    parent TEXT,
    due TEXT,
    name TEXT,
    PRIMARY KEY (business, record_type, id)
);
CREATE INDEX records_by_owner ON records (business, record_type, owner, id);
CREATE INDEX records_by_status ON records (business, record_type, status, id);
CREATE INDEX records_by_parent ON records (business, record_type, parent, id);
CREATE INDEX records_by_name ON records (business, record_type, name, id);

CREATE TABLE record_history (
    business TEXT NOT NULL,
    record_type TEXT NOT NULL,
    record TEXT NOT NULL,
    version BIGINT NOT NULL,
    field TEXT NOT NULL,
    old TEXT NOT NULL,
    new TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    reason TEXT,
    instance TEXT,
    PRIMARY KEY (business, record_type, record, version, field)
);

CREATE TABLE idempotency (
    business TEXT NOT NULL,
    caller TEXT NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    outcome TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (business, caller, route, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

CREATE TABLE revoked_tokens (
    jti TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (expires_at);
