-- Files: what they are called, and their bytes in parts, each content once for a business. SQLite keeps bytes as they
-- are whatever the type of the column is called.
CREATE TABLE files (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    uploaded_at BIGINT NOT NULL,
    uploaded_by TEXT NOT NULL,
    attached_at BIGINT,
    PRIMARY KEY (business, id)
);
CREATE INDEX files_by_content ON files (business, sha256);
CREATE INDEX files_loose ON files (uploaded_at) WHERE attached_at IS NULL;

CREATE TABLE uploads (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    PRIMARY KEY (business, id)
);
CREATE INDEX uploads_by_age ON uploads (started_at);

CREATE TABLE blobs (
    business TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    upload TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (business, sha256)
);

CREATE TABLE blob_parts (
    business TEXT NOT NULL,
    upload TEXT NOT NULL,
    part BIGINT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (business, upload, part)
);
