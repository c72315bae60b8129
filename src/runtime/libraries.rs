//! The libraries in use: loaded and compiled once per revision, shared by writers and reads.

use super::built_in;
use super::library::{self, Library};
use crate::model::ids::BusinessId;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::plugins::Stop;
use crate::store::{Connection, businesses, records, revisions};
use quick_cache::sync::Cache;
use std::sync::Arc;

/// Revisions kept in memory at most.
const MOST: usize = 64;

/// Libraries by business and number.
pub struct Libraries(Cache<(BusinessId, i64), Arc<Library>>);

impl Default for Libraries {
    fn default() -> Self {
        Libraries(Cache::new(MOST))
    }
}

impl Libraries {
    /// The library of a stored revision.
    pub fn get(&self, conn: &mut Connection, business: &BusinessId, number: i64) -> Result<Arc<Library>, Stop> {
        // What kamflow brings along is the same for all.
        let of = if built_in::is_edition(number) { BusinessId::from("") } else { business.clone() };
        let key = (of, number);
        if let Some(library) = self.0.get(&key) {
            return Ok(library);
        }
        let checked = match built_in::library(number) {
            Some(checked) => checked,
            None => library::build(number, revisions::files(conn, business, number)?),
        };
        let Some(library) = checked.library else {
            let first = checked.findings.iter().find(|finding| finding.is_error()).map(ToString::to_string);
            let sentence = format!(
                "revision {number} of {business} cannot be loaded by this version of kamflow: {}",
                first.unwrap_or_default()
            );
            return Err(Refusal::new(RefusalKind::Internal, "revision_unreadable", sentence).into());
        };
        let library = Arc::new(library);
        self.0.insert(key, library.clone());
        Ok(library)
    }

    /// Keeps a library that is loaded already, of a revision that is stored under its number.
    pub fn keep(&self, business: &BusinessId, library: Arc<Library>) {
        self.0.insert((business.clone(), library.number), library);
    }

    /// The active library of each business that has one which can be loaded. Of another one its commands say why; work on
    /// all businesses goes on.
    pub fn all_active(&self, conn: &mut Connection) -> Result<Vec<(BusinessId, Arc<Library>)>, Stop> {
        let mut all = Vec::new();
        for business in businesses::list(conn)?.into_iter().filter(|business| business.active_revision.is_some()) {
            match self.active(conn, &business.id) {
                Ok(library) => all.push((business.id, library)),
                Err(Stop::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(all)
    }

    /// The library of the active revision.
    pub fn active(&self, conn: &mut Connection, business: &BusinessId) -> Result<Arc<Library>, Stop> {
        self.perhaps(conn, business)?.ok_or_else(|| nothing_deployed(business).into())
    }

    /// The same; none when nothing was ever deployed.
    pub fn perhaps(&self, conn: &mut Connection, business: &BusinessId) -> Result<Option<Arc<Library>>, Stop> {
        let active = businesses::active_revisions(conn, std::slice::from_ref(business))?;
        active.first().map(|(_, number)| self.get(conn, business, *number)).transpose()
    }

    /// What a business goes by now: the active revision; before anything was deployed, what kamflow brings along.
    pub fn present(&self, conn: &mut Connection, business: &BusinessId) -> Result<Arc<Library>, Stop> {
        match self.perhaps(conn, business)? {
            Some(active) => Ok(active),
            None => self.get(conn, business, built_in::newest()),
        }
    }

    /// The same for a transaction that writes records: no other revision becomes active until its end.
    pub fn writing(&self, conn: &mut Connection, business: &BusinessId) -> Result<Arc<Library>, Stop> {
        records::lock_types_shared(conn, business)?;
        self.active(conn, business)
    }
}

/// Nothing was ever deployed for this business.
pub fn nothing_deployed(business: &BusinessId) -> Refusal {
    Refusal::conflict(
        "nothing_deployed",
        format!("nothing is deployed for business \"{business}\"; run kamflow deploy"),
    )
}
