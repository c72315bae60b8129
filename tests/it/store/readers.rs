//! The pool of readers.

use super::fixtures::{acme, record};
use crate::support::{TestDatabase, on_both};
use diesel::connection::SimpleConnection;
use kamflow::store::{Connection, Log, Readers, StoreError, Url, records};
use serde_json::json;
use std::sync::{Arc, Barrier};

#[test]
fn many_reads_are_answered_at_once() {
    on_both(|database| {
        records::insert(&mut database.connect(), &record("c1", json!({})), &records::Columns::default()).unwrap();
        let readers = Arc::new(readers(&database.parsed_url(), 3));
        // Three reads meet: each has a thread of its own.
        let meet = Arc::new(Barrier::new(3));
        in_tokio(async {
            let all = (0..3).map(|_| {
                let (readers, meet) = (readers.clone(), meet.clone());
                tokio::spawn(async move {
                    readers
                        .read(move |conn| {
                            meet.wait();
                            count(conn)
                        })
                        .await
                        .unwrap()
                })
            });
            for one in all.collect::<Vec<_>>() {
                assert_eq!(one.await.unwrap(), 1);
            }
        });
    });
}

#[test]
fn a_reader_does_not_write() {
    on_both(|database| {
        let readers = readers(&database.parsed_url(), 1);
        let refused = in_tokio(
            readers.read(|conn| records::insert(conn, &record("c1", json!({})), &records::Columns::default())),
        );
        assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
        assert_eq!(in_tokio(readers.read(count)).unwrap(), 0);
    });
}

#[test]
fn a_read_that_panics_costs_only_its_own_answer() {
    on_both(|database| {
        let readers = readers(&database.parsed_url(), 1);
        let failed = in_tokio(readers.read(|_| -> Result<(), StoreError> { panic!("on purpose") }));
        assert!(matches!(failed, Err(StoreError::Closed)));
        assert_eq!(in_tokio(readers.read(count)).unwrap(), 0);
    });
}

#[test]
fn a_lost_connection_is_opened_again() {
    on_both(|database| {
        if database.name() == "sqlite" {
            return; // A file is not lost.
        }
        let readers = readers(&database.parsed_url(), 2);
        // Both have connected.
        let meet = Arc::new(Barrier::new(2));
        let read = || {
            let meet = meet.clone();
            readers.read(move |conn| {
                meet.wait();
                count(conn)
            })
        };
        let (one, other) = in_tokio(async { tokio::join!(read(), read()) });
        assert_eq!((one.unwrap(), other.unwrap()), (0, 0));
        cut_all_others(database);
        // The first read finds out; the connections of the others are as old and are not tried.
        let lost = in_tokio(readers.read(count)).unwrap_err();
        assert!(lost.is_lost(), "{lost}");
        for _ in 0..4 {
            assert_eq!(in_tokio(readers.read(count)).unwrap(), 0);
        }
    });
}

#[test]
fn dropped_readers_finish_what_waits() {
    on_both(|database| {
        let readers = readers(&database.parsed_url(), 1);
        let (said, hear) = std::sync::mpsc::channel();
        in_tokio(readers.read(move |conn| {
            said.send(count(conn)?).unwrap();
            Ok(())
        }))
        .unwrap();
        drop(readers);
        assert_eq!(hear.recv().unwrap(), 0);
        assert!(hear.recv().is_err(), "the thread is gone");
    });
}

#[test]
fn a_database_that_is_away_is_said_to_be() {
    let url = Url::parse("sqlite:/no/such/folder/kamflow.db").unwrap();
    let readers = readers(&url, 2);
    let error = in_tokio(readers.read(count)).unwrap_err();
    assert!(error.is_lost(), "{error}");
}

#[test]
fn what_was_read_is_handed_out_when_it_is_on_the_disk() {
    on_both(|database| {
        let log = Arc::new(Log::of(&database.parsed_url()));
        let readers = Readers::start(&database.parsed_url(), 1, &log);
        let mut conn = log.connect().unwrap();
        log.begin();
        records::insert(&mut conn, &record("c1", json!({})), &records::Columns::default()).unwrap();
        log.end();
        in_tokio(async {
            let read = tokio::spawn(async move { readers.read(count).await });
            if database.name() == "sqlite" {
                // However long it waits: nobody else forces the log.
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                assert!(!read.is_finished());
                tokio::task::spawn_blocking(move || log.force()).await.unwrap().unwrap();
            }
            assert_eq!(read.await.unwrap().unwrap(), 1);
        });
    });
}

fn readers(url: &Url, threads: usize) -> Readers {
    Readers::start(url, threads, &Arc::new(Log::of(url)))
}

fn cut_all_others(database: &TestDatabase) {
    database
        .connect()
        .batch_execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .unwrap();
}

fn count(conn: &mut Connection) -> Result<usize, StoreError> {
    Ok(records::find_many(conn, &acme(), "customer", &["c1".into()])?.len())
}

fn in_tokio<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap().block_on(work)
}
