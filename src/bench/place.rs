//! The database that a workload is measured on: one of its own beside the one that was named, removed in the end.

use crate::server::Failed;
use crate::store::{Url, connect, databases};
use std::fs;

/// What SQLite puts beside a file.
const BESIDE: [&str; 3] = ["", "-wal", "-shm"];

/// A database for one workload. Removed when it is dropped, unless it is kept.
pub struct Place {
    /// Where it is.
    pub url: Url,
    server: Url,
    is_kept: bool,
}

impl Place {
    /// Makes it beside `url`. One that is there already is from another run: it is used when it was kept, else in the way.
    pub fn make(url: &Url, workload: &str, is_kept: bool) -> Result<Place, Failed> {
        let new = databases::beside(url, workload).map_err(Failed::because)?;
        let is_there = match &new {
            Url::Sqlite(path) => fs::exists(path).map_err(Failed::because)?,
            Url::Postgres(_) => databases::make(url, &new).map_err(Failed::because)?,
        };
        if is_there && !is_kept {
            let mend = "remove it, or say --keep to go on with what is in it";
            return Err(Failed(format!("there is a database {new} from another run: {mend}")));
        }
        Ok(Place { url: new, server: url.clone(), is_kept })
    }

    /// The address as the server takes it.
    pub fn address(&self) -> String {
        self.url.with_secrets()
    }

    /// Which of the two databases it is.
    pub fn store(&self) -> &'static str {
        match self.url {
            Url::Sqlite(_) => "sqlite",
            Url::Postgres(_) => "postgres",
        }
    }

    /// Bytes of tables and indexes.
    pub fn bytes(&self) -> Result<i64, Failed> {
        let mut conn = connect(&self.url).map_err(Failed::because)?;
        databases::bytes(&mut conn).map_err(Failed::because)
    }

    /// How often PostgreSQL has forced its log to disk; none for SQLite, which cannot tell.
    pub fn syncs(&self) -> Result<Option<i64>, Failed> {
        let mut conn = connect(&self.url).map_err(Failed::because)?;
        databases::syncs(&mut conn).map_err(Failed::because)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.is_kept {
            return;
        }
        // What cannot be removed stands in the way of the next run, which says so.
        match &self.url {
            Url::Sqlite(path) => BESIDE.iter().for_each(|end| drop(fs::remove_file(format!("{path}{end}")))),
            Url::Postgres(_) => drop(databases::remove(&self.server, &self.url)),
        }
    }
}
