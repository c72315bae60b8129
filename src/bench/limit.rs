//! The limit: the rows that the commands of a workload wrote, written again for other instances by prepared statements
//! and nothing else. No JSON is read, nothing is decided, no token is checked; it is what the disk and the database allow.

use super::client::Client;
use super::drive::Driven;
use super::work::Work;
use crate::model::ids::{BusinessId, InstanceId};
use crate::server::{Failed, demo};
use crate::store::replay::{self, RowChange, Rows};
use crate::store::{Connection, Url, connect};
use std::thread;
use std::time::{Duration, Instant};

/// Threads that write batches to PostgreSQL: as many as the server has writers.
pub const WRITERS: usize = 2;

/// What each command of a round wrote.
#[derive(Clone)]
pub struct Recording {
    root: InstanceId,
    commands: Vec<Vec<RowChange>>,
}

impl Recording {
    /// Goes through the steps once, and reads after each what its command wrote.
    pub fn new(work: &Work, client: &Client, url: &Url) -> Result<Recording, Failed> {
        let mut conn = connect(url).map_err(Failed::because)?;
        let mut before = Rows::new();
        let mut recording = Recording { root: InstanceId::from(""), commands: Vec::new() };
        work.once(client, &mut |instance| {
            recording.root = InstanceId::from(instance);
            let after =
                replay::rows(&mut conn, &BusinessId::from(demo::BUSINESS), &recording.root).map_err(Failed::because)?;
            recording.commands.push(replay::changes(&before, &after));
            before = after;
            Ok(())
        })?;
        Ok(recording)
    }

    /// Commands of a round.
    pub fn steps(&self) -> usize {
        self.commands.len()
    }

    /// One connection, `batch` commands in a transaction, for so long.
    pub fn batched(&self, url: &Url, batch: usize, lasts: Duration) -> Result<Driven, Failed> {
        self.write(&mut connect(url).map_err(Failed::because)?, batch, lasts)
    }

    /// Several connections at once, each with its own transactions.
    pub fn at_once(&self, url: &Url, connections: usize, batch: usize, lasts: Duration) -> Result<Driven, Failed> {
        let threads: Vec<_> = (0..connections)
            .map(|_| {
                let (recording, url) = (self.clone(), url.clone());
                thread::spawn(move || recording.batched(&url, batch, lasts))
            })
            .collect();
        let mut all = Driven { lasted: lasts, ..Driven::default() };
        for thread in threads {
            all.took.extend(thread.join().map_err(|_| Failed("a writer of the limit broke off".into()))??.took);
        }
        all.took.sort_unstable();
        Ok(all)
    }

    /// The same with as many connections as the server writes with.
    pub fn by_writers(&self, url: &Url, batch: usize, lasts: Duration) -> Result<Driven, Failed> {
        self.at_once(url, WRITERS, batch, lasts)
    }

    /// `batch` new instances at a time: the first command of all of them in one transaction, then the second of all. Only
    /// the transactions count; what is written in them is made before.
    fn write(&self, conn: &mut Connection, batch: usize, lasts: Duration) -> Result<Driven, Failed> {
        let mut driven = Driven::default();
        // The first round prepares the statements and does not count.
        let mut is_warm = false;
        while driven.lasted < lasts {
            let instances: Vec<InstanceId> =
                (0..batch).map(|_| InstanceId::from(uuid::Uuid::now_v7().to_string())).collect();
            for command in &self.commands {
                let changes: Vec<RowChange> =
                    instances.iter().flat_map(|to| replay::renamed(command, &self.root, to)).collect();
                let begun = Instant::now();
                replay::write(conn, &changes).map_err(Failed::because)?;
                let took = begun.elapsed();
                if is_warm {
                    let micros = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
                    driven.took.extend(std::iter::repeat_n(micros, batch));
                    driven.lasted += took;
                }
            }
            is_warm = true;
        }
        driven.took.sort_unstable();
        Ok(driven)
    }
}
