//! The libraries in use: loaded and compiled once per revision, shared by writers and reads.

use super::library::{self, Library};
use crate::model::ids::BusinessId;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::plugins::Stop;
use crate::store::{Connection, businesses, revisions};
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
        let key = (business.clone(), number);
        if let Some(library) = self.0.get(&key) {
            return Ok(library);
        }
        let files = revisions::files(conn, business, number)?;
        let checked = library::build(number, files);
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

    /// The library of the active revision.
    pub fn active(&self, conn: &mut Connection, business: &BusinessId) -> Result<Arc<Library>, Stop> {
        let active = businesses::active_revisions(conn, std::slice::from_ref(business))?;
        match active.first() {
            Some((_, number)) => self.get(conn, business, *number),
            None => Err(nothing_deployed(business).into()),
        }
    }
}

/// Nothing was ever deployed for this business.
pub fn nothing_deployed(business: &BusinessId) -> Refusal {
    Refusal::conflict(
        "nothing_deployed",
        format!("nothing is deployed for business \"{business}\"; run kamflow deploy"),
    )
}
