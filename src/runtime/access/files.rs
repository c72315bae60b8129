//! Who sees a file: its uploader until a record holds it, and then whoever may read a record, and the field, that does.

use super::sight;
use crate::model::actor::Actor;
use crate::model::definitions::Definitions;
use crate::model::file::File;
use crate::model::ids::RecordId;
use crate::model::record_type::RecordType;
use crate::model::time::Timestamp;
use crate::plugins::records::files;
use crate::store::records::{self, RecordQuery, Sight};
use crate::store::{Connection, StoreError};

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
    let spots = files::spots(definitions);
    for spot in records::spots_naming(conn, &actor.business, &spots, file.id.as_str())? {
        let Some(declared) = definitions.records.get(&spot.record_type) else { continue };
        let query = RecordQuery {
            business: actor.business.clone(),
            record_type: declared.name.clone(),
            sight: sight(actor, definitions, declared, &declared.access.read, at),
            owner: None,
            status: None,
            parent: None,
            name_prefix: None,
            indexed: vec![(spot.path.clone(), file.id.0.clone())],
            after: None,
            limit: LOOKED,
        };
        let holders: Vec<RecordId> = records::search(conn, &query)?.items.into_iter().map(|record| record.id).collect();
        let field = spot.path.split('.').next().unwrap_or(&spot.path);
        if !holders.is_empty() && reads_field(conn, actor, definitions, declared, field, &holders, at)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the caller, who may read these records, may read a field of one of them.
pub fn reads_field(
    conn: &mut Connection,
    actor: &Actor,
    definitions: &Definitions,
    declared: &RecordType,
    field: &str,
    holders: &[RecordId],
    at: Timestamp,
) -> Result<bool, StoreError> {
    let Some(relations) = declared.access.fields.get(field).and_then(|rights| rights.read.as_ref()) else {
        return Ok(true);
    };
    let sight = sight(actor, definitions, declared, relations, at);
    Ok(sight == Sight::All || !records::seen(conn, &actor.business, &declared.name, holders, &sight)?.is_empty())
}
