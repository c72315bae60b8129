//! `kamflow backup`: everything that is in the database, in one file, while others work with it.

use crate::server::Failed;
use crate::server::config::Config;
use crate::server::say::complain;
use crate::store::archive::{self, Summary};
use clap::Args;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, stdout};
use std::path::{Path, PathBuf};

/// Saves everything as it is at one moment; the same file can be restored into SQLite and into PostgreSQL.
#[derive(Args)]
pub struct Backup {
    /// The file, which is not there yet; - writes to standard output
    file: PathBuf,
}

impl Backup {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failed> {
        let saved = if self.file == Path::new("-") {
            archive::save(&config.database, &mut BufWriter::new(stdout().lock())).map_err(Failed::because)?
        } else {
            let file = new_file(&self.file)?;
            archive::save(&config.database, &mut BufWriter::new(&file))
                .map_err(Failed::because)
                .and_then(|saved| file.sync_all().map(|()| saved).map_err(Failed::because))
                .inspect_err(|_| drop(fs::remove_file(&self.file)))?
        };
        complain(format_args!("saved {}", told(&saved)));
        Ok(())
    }
}

/// What a backup holds, in a sentence.
pub(super) fn told(saved: &Summary) -> String {
    let rows: u64 = saved.values().map(|content| content.rows).sum();
    format!("{rows} rows of {} tables", saved.len())
}

/// A file that only its owner reads: keys, passwords' hashes and everybody's data are in it.
fn new_file(path: &Path) -> Result<File, Failed> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| Failed(format!("{}: {error}", path.display())))
}
