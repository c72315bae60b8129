//! Users with their roles, units, positions and service accounts.

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
    /// A unit of the organisation.
    UnitRow, org_units = "org_units", (business, id), {
        business: String,
        id: String,
        parent: Option<String>,
        title: String,
    }
);

row!(
    /// A position; what it is when stands in its periods.
    PositionRow, positions = "positions", (business, id), {
        business: String,
        id: String,
        version: i64,
    }
);

row!(
    /// What a position is for a time.
    PeriodRow, position_periods = "position_periods", (business, position, valid_from), {
        business: String,
        position: String,
        valid_from: i64,
        valid_to: i64,
        unit: String,
        title: String,
        user_id: Option<String>,
        manager: Option<String>,
    }
);

row!(
    /// Who stands how far above whom, for a time.
    SuperiorRow, superiors = "superiors", (business, superior, user_id, valid_from), {
        business: String,
        superior: String,
        user_id: String,
        valid_from: i64,
        valid_to: i64,
        depth: i64,
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
