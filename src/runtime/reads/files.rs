//! Files: what they are, their bytes part by part, and those that a record has.

use super::reading::Reading;
use crate::model::actor::Actor;
use crate::model::file::File;
use crate::model::ids::{FileId, RecordId};
use crate::model::json::Json;
use crate::model::record_type::ATTACHMENTS;
use crate::model::refusal::Refusal;
use crate::runtime::{Runtime, access};
use crate::store::{blobs, files};

impl Runtime {
    /// A file that the caller may see.
    pub async fn file(&self, actor: &Actor, id: &FileId) -> Result<File, Refusal> {
        let (actor, id) = (actor.clone(), id.clone());
        self.read(move |conn, shared| {
            let library = shared.libraries.present(conn, &actor.business)?;
            let found = files::find(conn, &actor.business, &id)?;
            match found {
                Some(found) if access::sees_file(conn, &actor, &library.definitions, &found, shared.clock.now())? => {
                    Ok(found)
                }
                _ => Err(Refusal::not_found("file", id).into()),
            }
        })
        .await
    }

    /// A part of the content of a file that [`Runtime::file`] gave; none behind the last one.
    pub async fn file_part(&self, file: &File, part: i64) -> Result<Option<Vec<u8>>, Refusal> {
        let (business, sha256) = (file.business.clone(), file.sha256.clone());
        self.read(move |conn, _| Ok(blobs::part(conn, &business, &sha256, part)?)).await
    }

    /// The attachments of a record that the caller may read, as its list has them.
    pub async fn attachments(&self, actor: &Actor, record_type: &str, id: &RecordId) -> Result<Vec<File>, Refusal> {
        let (actor, record_type, id) = (actor.clone(), record_type.to_owned(), id.clone());
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let reading = Reading::of(&library, &actor, &record_type, shared.clock.now())?;
            let record = reading.find(conn, &id)?;
            let record = reading.seen_one(conn, record)?.record;
            let list = record.fields.get(ATTACHMENTS).and_then(Json::as_array).cloned().unwrap_or_default();
            let ids: Vec<FileId> = list.iter().filter_map(Json::as_str).map(FileId::from).collect();
            let mut found = files::find_many(conn, &actor.business, &ids)?;
            found.sort_by_key(|file| ids.iter().position(|id| *id == file.id));
            Ok(found)
        })
        .await
    }
}
