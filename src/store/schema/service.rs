//! What the service itself keeps: answers by idempotency key, signing keys, revoked tokens.

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
