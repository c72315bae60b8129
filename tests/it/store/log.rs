//! The log of SQLite stays short, however much is written and read at once.

use crate::support::program::eventually;
use kamflow::store::{Checkpoints, Connection, Url, connect, connect_read_only, databases};
use std::sync::atomic::{AtomicBool, Ordering};
use std::{fs, thread};

/// Pages that are many here.
const LONG: i64 = 100;
/// Rounds, the commits of each at least, and the bytes of a commit.
const ROUNDS: usize = 5;
const COMMITS: usize = 1_000;
const BYTES: usize = 20_000;

fn run(conn: &mut Connection, sql: &str) {
    databases::texts(conn, sql).unwrap();
}

#[test]
fn the_log_is_begun_anew_while_others_read_and_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.db");
    let url = Url::parse(&format!("sqlite:{}", path.display())).unwrap();
    let mut conn = connect(&url).unwrap();
    // What is measured is no question of the disk.
    run(&mut conn, "PRAGMA synchronous = OFF");
    run(&mut conn, "CREATE TABLE t (n INTEGER PRIMARY KEY, text TEXT)");
    let checkpoints = Checkpoints::keeping(&url, LONG).unwrap();
    let log = folder.path().join("log.db-wal");
    // Two numbers in the head of the log are others whenever it is begun anew.
    let beginning = || fs::read(&log).unwrap()[16..24].to_vec();
    let is_over = AtomicBool::new(false);
    let mut written = 0;
    thread::scope(|threads| {
        for _ in 0..3 {
            threads.spawn(|| {
                let mut reader = connect_read_only(&url).unwrap();
                while !is_over.load(Ordering::Relaxed) {
                    run(&mut reader, "SELECT CAST(TOTAL(length(text)) AS TEXT) FROM (SELECT text FROM t LIMIT 300)");
                }
            });
        }
        let text = "x".repeat(BYTES);
        let mut write = || {
            run(&mut conn, &format!("INSERT OR REPLACE INTO t VALUES ({}, '{text}')", written % 500));
            written += 1;
            checkpoints.wake();
        };
        for _ in 0..ROUNDS {
            let before = beginning();
            (0..COMMITS).for_each(|_| write());
            // The readers come and go all the time, and some more is written.
            eventually("the log is begun anew", || {
                write();
                (beginning() != before).then_some(())
            });
        }
        is_over.store(true, Ordering::Relaxed);
    });
    let length = fs::metadata(&log).unwrap().len();
    assert!(length < (written * BYTES / 2) as u64, "{length} bytes of log after {written} commits");
}
