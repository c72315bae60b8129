//! What an outside directory says over SCIM: profiles of users, groups and their members.

use super::row;

row!(
    /// What is kept of a user beside the user itself.
    ProfileRow, user_profiles = "user_profiles", (business, user_id), {
        business: String,
        user_id: String,
        external_id: Option<String>,
        profile: String,
        deleted: bool,
    }
);

row!(
    /// An address of a user: `user_profiles.profile` once more, to be found by.
    EmailRow, user_emails = "user_emails", (business, user_id, place), {
        business: String,
        user_id: String,
        place: i64,
        value: String,
        kind: Option<String>,
        main: bool,
    }
);

row!(
    /// A group.
    GroupRow, directory_groups = "directory_groups", (business, id), {
        business: String,
        id: String,
        name: String,
        external_id: Option<String>,
        roles: String,
        created_at: i64,
        version: i64,
    }
);

row!(
    /// Who is in a group.
    MemberRow, directory_members = "directory_members", (business, group_id, user_id), {
        business: String,
        group_id: String,
        user_id: String,
    }
);
