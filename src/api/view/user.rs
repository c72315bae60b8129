//! A user, and the caller itself.

use crate::model::actor::Actor;
use crate::model::directory::User;
use crate::model::json::JsonMap;
use crate::runtime::Relative;
use serde::Serialize;
use utoipa::ToSchema;

/// A user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = User)]
pub(in crate::api) struct UserView {
    /// The login.
    id: String,
    /// The name.
    name: String,
    /// Whether the user can sign in and is given work.
    active: bool,
    /// Roles.
    roles: Vec<String>,
    /// What assignment scripts look at: territories, industries, capacity, skills.
    #[schema(value_type = Object)]
    attributes: JsonMap,
    /// When the user was created.
    created_at: String,
    /// Counts its changes; also its ETag.
    version: i64,
}

/// Shows a user.
pub(in crate::api) fn user(user: User) -> UserView {
    UserView {
        id: user.id.0,
        name: user.name,
        active: user.active,
        roles: user.roles,
        attributes: user.attributes,
        created_at: user.created_at.rfc3339(),
        version: user.version,
    }
}

/// Somebody who stands above or below a user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Relative)]
pub(in crate::api) struct RelativeView {
    /// The login.
    user: String,
    /// The name.
    name: String,
    /// Whether the user is active now.
    active: bool,
    /// How many persons up or down; 1: directly.
    depth: i64,
}

/// Shows somebody who stands above or below.
pub(in crate::api) fn relative(relative: Relative) -> RelativeView {
    let Relative { user, name, active, depth } = relative;
    RelativeView { user: user.0, name, active, depth }
}

/// Who a token stands for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Me)]
pub(in crate::api) struct MeView {
    /// The login, or the id of the service account.
    id: String,
    /// The business whose data it sees.
    business: String,
    /// Roles, as the directory has them now.
    roles: Vec<String>,
    /// Roles that the claims of an outside issuer were mapped to; they give no authority over tasks.
    mapped_roles: Vec<String>,
    /// What the token allows.
    scopes: Vec<String>,
    /// The client that acts as this person; null when the person acts itself.
    through: Option<String>,
}

/// Shows the caller.
pub(in crate::api) fn me(actor: Actor) -> MeView {
    MeView {
        id: actor.user.0,
        business: actor.business.0,
        roles: actor.roles.into_iter().collect(),
        mapped_roles: actor.mapped.into_iter().collect(),
        scopes: actor.scopes.into_iter().collect(),
        through: actor.through,
    }
}
