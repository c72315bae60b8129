//! Who may see and say what of other people: absences, substitutions, those below.

use super::ADMIN;
use crate::model::actor::Actor;
use crate::model::ids::UserId;
use crate::model::time::Timestamp;
use crate::store::{Connection, StoreError, superiors};

/// Whether the caller may see and say for a person when that person is away, who stands in, and who stands below: the
/// person, its superiors, an administrator.
pub fn speaks_for(conn: &mut Connection, actor: &Actor, user: &UserId, at: Timestamp) -> Result<bool, StoreError> {
    if actor.user == *user || actor.roles.contains(ADMIN) {
        return Ok(true);
    }
    superiors::is_superior(conn, &actor.business, &actor.user, user, at)
}

/// Whose absences and substitutions a list shows: the caller's own and those of people below; none: everybody's.
pub fn seen_by(actor: &Actor, at: Timestamp) -> Option<(UserId, Timestamp)> {
    (!actor.roles.contains(ADMIN)).then(|| (actor.user.clone(), at))
}
