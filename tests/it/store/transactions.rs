//! Transactions, savepoints, kinds of trouble.

use super::fixtures::{acme, record};
use crate::support::{on_both, on_both_connected};
use kamflow::model::ids::RecordId;
use kamflow::store::{self, Connection, StoreError, records, savepoint};
use serde_json::json;

#[test]
fn a_failed_transaction_leaves_nothing() {
    on_both_connected(|conn| {
        let failed: Result<(), StoreError> = store::transaction(conn, |conn| {
            add(conn, "a");
            Err(StoreError::Closed)
        });
        assert!(matches!(failed, Err(StoreError::Closed)));
        assert!(!store::in_transaction(conn));
        assert_eq!(there(conn, ["a"]), [false]);
        store::transaction::<_, StoreError>(conn, |conn| {
            add(conn, "a");
            Ok(())
        })
        .unwrap();
        assert_eq!(there(conn, ["a"]), [true]);
    });
}

#[test]
fn a_failure_takes_back_the_savepoints_that_it_left_open() {
    on_both_connected(|conn| {
        let failed: Result<(), StoreError> = store::transaction(conn, |conn| {
            add(conn, "a");
            savepoint::set(conn)?;
            savepoint::set(conn)?;
            add(conn, "b");
            Err(StoreError::Closed)
        });
        assert!(matches!(failed, Err(StoreError::Closed)));
        assert!(!store::in_transaction(conn), "what comes next would never be committed");
        store::transaction::<_, StoreError>(conn, |conn| {
            add(conn, "outer");
            let inner: Result<(), StoreError> = store::transaction(conn, |conn| {
                savepoint::set(conn)?;
                add(conn, "inner");
                Err(StoreError::Closed)
            });
            assert!(inner.is_err());
            Ok(())
        })
        .unwrap();
        assert_eq!(there(conn, ["a", "b", "outer", "inner"]), [false, false, true, false]);
    });
}

#[test]
fn a_savepoint_that_was_forgotten_fails_the_transaction() {
    on_both_connected(|conn| {
        let failed: Result<(), StoreError> = store::transaction(conn, |conn| {
            savepoint::set(conn)?;
            add(conn, "a");
            Ok(())
        });
        assert!(matches!(failed, Err(StoreError::OpenSavepoint)));
        assert!(!store::in_transaction(conn));
        assert_eq!(there(conn, ["a"]), [false]);
    });
}

#[test]
fn a_transaction_inside_another_is_taken_back_alone() {
    on_both_connected(|conn| {
        store::transaction::<_, StoreError>(conn, |conn| {
            add(conn, "kept");
            let inner: Result<(), StoreError> = store::transaction(conn, |conn| {
                add(conn, "taken back");
                // On PostgreSQL a failed statement spoils the transaction up to the savepoint.
                Err(add_again(conn, "kept"))
            });
            assert!(inner.unwrap_err().is_unique_violation());
            add(conn, "after");
            Ok(())
        })
        .unwrap();
        assert_eq!(there(conn, ["kept", "taken back", "after"]), [true, false, true]);
    });
}

#[test]
fn savepoints_that_stay_open_nest() {
    on_both_connected(|conn| {
        store::transaction::<_, StoreError>(conn, |conn| {
            add(conn, "first");
            savepoint::set(conn)?;
            add(conn, "outer");
            savepoint::set(conn)?;
            add(conn, "inner");
            savepoint::within::<_, StoreError>(conn, |conn| {
                add(conn, "innermost");
                Ok(())
            })?;
            savepoint::release(conn)?;
            assert_eq!(there(conn, ["outer", "inner", "innermost"]), [true; 3]);
            savepoint::rollback(conn)?;
            assert_eq!(there(conn, ["outer", "inner", "innermost"]), [false; 3]);
            add(conn, "last");
            // What is open is the transaction itself: it is not ended by mistake.
            assert!(matches!(savepoint::rollback(conn), Err(StoreError::NoTransaction)));
            assert!(matches!(savepoint::release(conn), Err(StoreError::NoTransaction)));
            Ok(())
        })
        .unwrap();
        assert_eq!(there(conn, ["first", "outer", "last"]), [true, false, true]);
        assert!(matches!(savepoint::set(conn), Err(StoreError::NoTransaction)));
    });
}

#[test]
fn many_savepoints_rolled_back_in_one_transaction_do_no_harm() {
    on_both_connected(|conn| {
        store::transaction::<_, StoreError>(conn, |conn| {
            for number in 0..300 {
                savepoint::set(conn)?;
                add(conn, "taken back");
                if number % 3 == 0 { savepoint::rollback(conn)? } else { take_away(conn) }
            }
            Ok(())
        })
        .unwrap();
        assert_eq!(there(conn, ["taken back"]), [false]);
    });
}

#[test]
fn trouble_is_told_apart() {
    on_both_connected(|conn| {
        add(conn, "a");
        let taken = add_again(conn, "a");
        assert!(taken.is_unique_violation() && !taken.is_lost() && !taken.is_busy(), "{taken}");
    });
}

#[test]
fn two_that_wait_for_each_other_are_busy_not_broken() {
    on_both(|database| {
        if database.name() == "sqlite" {
            return; // One writer: nobody waits in a circle.
        }
        for id in ["a", "b"] {
            add(&mut database.connect(), id);
        }
        let meet = std::sync::Barrier::new(2);
        let troubles: Vec<bool> = std::thread::scope(|scope| {
            let both = [["a", "b"], ["b", "a"]].map(|ids| {
                let meet = &meet;
                scope.spawn(move || {
                    let mut conn = database.connect();
                    let done = store::transaction::<_, StoreError>(&mut conn, |conn| {
                        let mut first = record(ids[0], json!({}));
                        first.version = 2;
                        records::update(conn, &[(&first, records::Columns::default())])?;
                        meet.wait();
                        let mut second = record(ids[1], json!({}));
                        second.version = 2;
                        records::update(conn, &[(&second, records::Columns::default())]).map(|_| ())
                    });
                    done.err().is_some_and(|error| error.is_busy())
                })
            });
            both.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(troubles.iter().filter(|busy| **busy).count(), 1, "{troubles:?}");
    });
}

fn add(conn: &mut Connection, id: &str) {
    records::insert(conn, &record(id, json!({})), &records::Columns::default()).unwrap();
}

fn add_again(conn: &mut Connection, id: &str) -> StoreError {
    records::insert(conn, &record(id, json!({})), &records::Columns::default()).unwrap_err()
}

/// Rolls back a savepoint of its own and releases the one around it.
fn take_away(conn: &mut Connection) {
    savepoint::set(conn).unwrap();
    savepoint::rollback(conn).unwrap();
    savepoint::rollback(conn).unwrap();
}

fn there<const N: usize>(conn: &mut Connection, ids: [&str; N]) -> [bool; N] {
    ids.map(|id| records::find(conn, &acme(), "customer", &RecordId::from(id)).unwrap().is_some())
}
