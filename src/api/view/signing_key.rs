//! A signing key, without what signs.

use crate::model::directory::SigningKeySummary;
use serde::Serialize;
use utoipa::ToSchema;

/// A key that signs tokens, or did.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SigningKey)]
pub(in crate::api) struct SigningKeyView {
    /// Its `kid`.
    id: String,
    /// How it signs.
    algorithm: String,
    /// Whether new tokens are signed with it.
    signs: bool,
    /// When it was made.
    created_at: String,
    /// Until when a key that signs no more still verifies.
    verifies_until: Option<String>,
}

/// Shows a signing key.
pub(in crate::api) fn signing_key(key: SigningKeySummary) -> SigningKeyView {
    SigningKeyView {
        id: key.id,
        algorithm: key.algorithm,
        signs: key.signs,
        created_at: key.created_at.rfc3339(),
        verifies_until: key.verifies_until.map(|until| until.rfc3339()),
    }
}
