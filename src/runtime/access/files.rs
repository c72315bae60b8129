//! Who sees a file: its uploader until a record or a task holds it; then whoever sees such a task, and whoever may read a
//! record, and the field, that holds it.

use super::{fields, sight, work};
use crate::model::actor::Actor;
use crate::model::definitions::Definitions;
use crate::model::file::File;
use crate::model::time::Timestamp;
use crate::plugins::records::files;
use crate::store::{Connection, StoreError};
use crate::store::{records, task_papers};

/// Records that hold a file and may be looked at by the rights of its field; those of the record are asked of all.
const LOOKED: i64 = 500;

/// Whether the caller may know of a file at an instant.
pub fn sees_file(
    conn: &mut Connection,
    actor: &Actor,
    definitions: &Definitions,
    file: &File,
    at: Timestamp,
) -> Result<bool, StoreError> {
    if file.attached_at.is_none() {
        return Ok(file.uploaded_by == actor.user);
    }
    let visible = work::seen(actor, Some(definitions), at);
    if task_papers::sees_file(conn, &actor.business, &file.id, &visible)? {
        return Ok(true);
    }
    let spots = files::spots(definitions);
    for spot in records::spots_naming(conn, &actor.business, &spots, file.id.as_str())? {
        let Some(declared) = definitions.records.get(&spot.record_type) else { continue };
        let readers = sight(actor, definitions, declared, &declared.access.read, at);
        let holders = records::holders(conn, &actor.business, &spot, file.id.as_str(), &readers, LOOKED)?;
        let hidden = fields(actor, definitions, declared, at).hidden(conn, &holders)?;
        let field = spot.path.split('.').next().unwrap_or(&spot.path);
        if holders.iter().any(|holder| hidden.get(holder).is_none_or(|hidden| !hidden.contains(field))) {
            return Ok(true);
        }
    }
    Ok(false)
}
