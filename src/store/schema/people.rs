//! Users with their roles, and service accounts.

use super::row;

row!(
    /// A user, without the password.
    UserRow, users = "users", (business, id), {
        business: String,
        id: String,
        name: String,
        active: bool,
        roles: String,
        attributes: String,
        created_at: i64,
        version: i64,
    }
);

row!(
    /// What decides whether a user's tokens are good.
    StandingRow, standing = "users", (business, id), {
        business: String,
        id: String,
        active: bool,
        roles: String,
        password_hash: Option<String>,
        tokens_since: i64,
        issuer: Option<String>,
        subject: Option<String>,
    }
);

row!(
    /// A role of a user: `users.roles` once more, to be found by role.
    UserRoleRow, user_roles = "user_roles", (business, role, user_id), {
        business: String,
        role: String,
        user_id: String,
    }
);

row!(
    /// A service account.
    ClientRow, clients = "clients", (business, id), {
        business: String,
        id: String,
        name: String,
        secret_hash: String,
        scopes: String,
        roles: String,
        act_as: String,
        old_secret_hash: Option<String>,
        old_secret_until: Option<i64>,
        tokens_since: i64,
        created_at: i64,
        version: i64,
    }
);
