//! What the service itself keeps: answers by idempotency key, imports, signing keys, revoked tokens.

use super::row;

row!(
    /// The answer that was given to a key.
    IdempotencyRow, idempotency = "idempotency", (business, caller, route, key), {
        business: String,
        caller: String,
        route: String,
        key: String,
        body_hash: String,
        outcome: String,
        created_at: i64,
    }
);

row!(
    /// A key that tokens are signed with.
    SigningKeyRow, signing_keys = "signing_keys", (id), {
        id: String,
        algorithm: String,
        private_key: String,
        created_at: i64,
        retired_at: Option<i64>,
        verifies_until: Option<i64>,
    }
);

row!(
    /// A token that is no longer accepted, until it would have expired anyway.
    RevokedTokenRow, revoked_tokens = "revoked_tokens", (jti), {
        jti: String,
        expires_at: i64,
    }
);

row!(
    /// How far the import of a file has come.
    ImportRow, imports = "imports", (business, id), {
        business: String,
        id: String,
        caller: String,
        name: String,
        target: String,
        line: i64,
        digest: String,
        created: i64,
        updated: i64,
        unchanged: i64,
        refused: i64,
        started_at: i64,
        moved_at: i64,
        ended_at: Option<i64>,
    }
);
