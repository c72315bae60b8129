//! Somebody who reads records of one type: what of them is seen, and what of that is shown.

use crate::model::actor::Actor;
use crate::model::definitions::Definitions;
use crate::model::ids::RecordId;
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::model::seen_record::SeenRecord;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::access::{self, FieldRights};
use crate::runtime::library::Library;
use crate::store::records::{self, Sight};
use crate::store::{Connection, StoreError};

/// A caller and the type that he reads.
pub(super) struct Reading<'l> {
    pub actor: &'l Actor,
    pub definitions: &'l Definitions,
    pub library: &'l Library,
    pub declared: &'l RecordType,
    pub now: Timestamp,
}

impl<'l> Reading<'l> {
    /// Refuses a type that the caller may do nothing with, as if it were not there.
    pub fn of(library: &'l Library, actor: &'l Actor, record_type: &str, now: Timestamp) -> Result<Self, Refusal> {
        let definitions = &library.definitions;
        let declared = access::record_type(actor, definitions, record_type, now)?;
        Ok(Reading { actor, definitions, library, declared, now })
    }

    /// The records that he may read.
    pub fn sight(&self) -> Sight {
        access::sight(self.actor, self.definitions, self.declared, &self.declared.access.read, self.now)
    }

    /// The fields of them that he may read.
    pub fn fields(&self) -> FieldRights<'l> {
        access::fields(self.actor, self.definitions, self.declared, self.now)
    }

    /// One record that he may read.
    pub fn find(&self, conn: &mut Connection, id: &RecordId) -> Result<Record, Stop> {
        let found = records::find_seen(conn, &self.actor.business, &self.declared.name, id, &self.sight())?;
        Ok(found.ok_or_else(|| Refusal::not_found(&self.declared.name, id))?)
    }

    /// Records that he may read, as he sees them.
    pub fn seen(&self, conn: &mut Connection, records: Vec<Record>) -> Result<Vec<SeenRecord>, StoreError> {
        access::seen_records(conn, self.actor, self.library, self.declared, records, self.now)
    }

    /// A record that he may read, as he sees it. That he may is known from [`Reading::find`], and not asked again.
    pub fn seen_one(&self, conn: &mut Connection, record: Record) -> Result<SeenRecord, Stop> {
        let id = record.id.clone();
        let seen = self.seen(conn, vec![record])?.pop();
        Ok(seen.ok_or_else(|| Refusal::not_found(&self.declared.name, &id))?)
    }
}
