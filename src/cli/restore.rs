//! `kamflow restore`: a backup into a database that holds nothing.

use super::backup::told;
use crate::server::Failed;
use crate::server::config::Config;
use crate::server::say::say;
use crate::store::{Url, archive};
use clap::Args;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, stdin};
use std::path::{Path, PathBuf};

/// Restores a backup into an empty database, reads everything back, and compares it.
#[derive(Args)]
pub struct Restore {
    /// The file; - reads from standard input
    file: PathBuf,
}

impl Restore {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failed> {
        let input: Box<dyn BufRead> = if self.file == Path::new("-") {
            Box::new(stdin().lock())
        } else {
            let wrong = |error| Failed(format!("{}: {error}", self.file.display()));
            Box::new(BufReader::new(File::open(&self.file).map_err(wrong)?))
        };
        let is_new = matches!(&config.database, Url::Sqlite(path) if !Path::new(path).exists());
        let restored = archive::restore(&config.database, &mut { input }).map_err(Failed::because);
        if let (Err(_), true, Url::Sqlite(path)) = (&restored, is_new, &config.database) {
            // Nothing is in it; it would only be in the way of the next try.
            ["", "-wal", "-shm"].iter().for_each(|end| drop(fs::remove_file(format!("{path}{end}"))));
        }
        say(format_args!("restored {} into {}, and compared them", told(&restored?), config.database));
        Ok(())
    }
}
