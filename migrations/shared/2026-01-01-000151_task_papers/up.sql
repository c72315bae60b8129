-- Task lists that people saved, and what they put beside tasks: remarks and files. None of it is state of the engine.
CREATE TABLE task_filters (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    filter TEXT NOT NULL,
    sort TEXT,
    roles TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (business, id)
);
CREATE INDEX task_filters_by_owner ON task_filters (business, owner, id);

CREATE TABLE task_filter_roles (
    business TEXT NOT NULL,
    role TEXT NOT NULL,
    filter TEXT NOT NULL,
    PRIMARY KEY (business, role, filter)
);
CREATE INDEX task_filter_roles_by_filter ON task_filter_roles (business, filter);

CREATE TABLE task_comments (
    business TEXT NOT NULL,
    task TEXT NOT NULL,
    id TEXT NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (business, task, id)
);

CREATE TABLE task_attachments (
    business TEXT NOT NULL,
    task TEXT NOT NULL,
    file TEXT NOT NULL,
    attached_by TEXT NOT NULL,
    attached_at BIGINT NOT NULL,
    PRIMARY KEY (business, task, file)
);
CREATE INDEX task_attachments_by_file ON task_attachments (business, file);
