//! A service account.

use crate::model::directory::Client;
use serde::Serialize;
use utoipa::ToSchema;

/// A service account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Client)]
pub(in crate::api) struct ClientView {
    /// Its id.
    id: String,
    /// What it is for.
    name: String,
    /// What its tokens allow.
    scopes: Vec<String>,
    /// Its roles.
    roles: Vec<String>,
    /// The people it may act as: `user:alice`, or `role:sales_rep` for whoever has the role.
    act_as: Vec<String>,
    /// Until when the secret before the present one is good as well.
    old_secret_until: Option<String>,
    /// When it was created.
    created_at: String,
    /// Counts its changes; also its ETag.
    version: i64,
}

/// Shows a service account.
pub(in crate::api) fn client(client: Client) -> ClientView {
    ClientView {
        id: client.id,
        name: client.name,
        scopes: client.scopes,
        roles: client.roles,
        act_as: client.act_as,
        old_secret_until: client.old_secret_until.map(|until| until.rfc3339()),
        created_at: client.created_at.rfc3339(),
        version: client.version,
    }
}
