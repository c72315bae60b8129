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
        created_at: i64,
    }
);
