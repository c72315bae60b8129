//! The organisation: units, positions, the closure of the hierarchy, limits of roles, absences and substitutions.

use super::row;

row!(
    /// A unit of the organisation.
    UnitRow, org_units = "org_units", (business, id), {
        business: String,
        id: String,
        parent: Option<String>,
        title: String,
        kind: String,
        version: i64,
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
        limits: String,
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
    /// What a business says of a role.
    RoleRow, roles = "roles", (business, name), {
        business: String,
        name: String,
        limits: String,
        version: i64,
    }
);

row!(
    /// A time in which somebody is away.
    AbsenceRow, absences = "absences", (business, id), {
        business: String,
        id: String,
        user_id: String,
        valid_from: i64,
        valid_to: i64,
        note: Option<String>,
        version: i64,
    }
);

row!(
    /// A time in which somebody acts for somebody else.
    SubstitutionRow, substitutions = "substitutions", (business, id), {
        business: String,
        id: String,
        user_id: String,
        for_user: String,
        valid_from: i64,
        valid_to: i64,
        limits: String,
        processes: Option<String>,
        version: i64,
    }
);
