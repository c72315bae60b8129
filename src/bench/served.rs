//! The server that is measured: this very program as a process of its own, on a port of its own.

use super::usage::Usage;
use crate::server::Failed;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What it says when it listens.
const LISTENS: &str = "kamflow listens on ";

/// A server. Stopped when it is dropped.
pub struct Served {
    child: Child,
    /// Where it listens, `http://127.0.0.1:41234`.
    pub url: String,
    /// How long it took until it listened.
    pub came_up: Duration,
}

impl Served {
    /// Starts it and waits until it listens.
    pub fn start(database: &str, folder: &Path, settings: &[String]) -> Result<Served, Failed> {
        let program = std::env::current_exe().map_err(Failed::because)?;
        let begun = Instant::now();
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--folder"])
            .arg(folder)
            // Not as an argument: it may hold a password, and arguments can be seen by everybody.
            .env("KAMFLOW_DATABASE", database)
            .args(["--requests-per-caller", "0", "--requests-per-business", "0", "--log", "warn"])
            .args(settings)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(Failed::because)?;
        let lines = child.stdout.take().map(BufReader::new).into_iter().flat_map(BufRead::lines);
        let url = lines.map_while(Result::ok).find_map(|line| {
            let place = line.strip_prefix(LISTENS)?.split_whitespace().next()?;
            Some(place.to_owned())
        });
        match url {
            Some(url) => Ok(Served { child, url, came_up: begun.elapsed() }),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                Err(Failed("the server that was to be measured did not come up".into()))
            }
        }
    }

    /// What it has used so far.
    pub fn usage(&self) -> Usage {
        Usage::of(self.child.id())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // One that ended already cannot be killed, which is well; what it answered is in the database.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
