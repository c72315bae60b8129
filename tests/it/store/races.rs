//! Many writers at once.

use super::fixtures::{acme, changed, created, instance};
use crate::support::{TestDatabase, on_both};
use kamflow::model::ids::InstanceId;
use kamflow::store::writes::{Writes, flush};
use kamflow::store::{Connection, instances};
use std::sync::Barrier;

#[test]
fn no_update_is_lost_under_eight_writers() {
    on_both(|database| {
        let mut counter = instance("r1");
        counter.serial = 0;
        let mut other = instance("r2");
        other.serial = 0;
        let start = Writes { created: vec![created(counter), created(other)], ..Writes::default() };
        flush(&mut database.connect(), &start).unwrap();
        std::thread::scope(|scope| {
            for writer in 0..8 {
                scope.spawn(move || {
                    let mut conn = database.connect();
                    for _ in 0..10 {
                        count_up(&mut conn, writer % 2 == 0);
                    }
                });
            }
        });
        let after = instances::load(&mut database.connect(), &[(acme(), "r1".into()), (acme(), "r2".into())]).unwrap();
        for (instance, version) in after {
            assert_eq!((instance.serial, version), (80, 81), "{}", database.name());
        }
    });
}

/// Counts both roots up by one in one batch, until neither loses. Half of the writers name them in the other order.
fn count_up(conn: &mut Connection, swapped: bool) {
    let mut waiting = vec![InstanceId::from("r1"), InstanceId::from("r2")];
    if swapped {
        waiting.reverse();
    }
    while !waiting.is_empty() {
        let keys: Vec<_> = waiting.iter().map(|id| (acme(), id.clone())).collect();
        let loaded = instances::load(conn, &keys).unwrap();
        let changes = loaded.into_iter().map(|(mut instance, version)| {
            instance.serial += 1;
            changed(instance, version)
        });
        waiting = flush(conn, &Writes { changed: changes.collect(), ..Writes::default() }).unwrap();
    }
}

#[test]
fn of_many_that_claim_a_business_key_one_wins() {
    on_both(|database| {
        let together = Barrier::new(6);
        let won: Vec<bool> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..6)
                .map(|number| {
                    scope.spawn({
                        let together = &together;
                        move || claim(database, number, together)
                    })
                })
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(won.iter().filter(|won| **won).count(), 1, "{}", database.name());
    });
}

fn claim(database: &TestDatabase, number: usize, together: &Barrier) -> bool {
    let mut conn = database.connect();
    let mut new = instance(&format!("r{number}"));
    new.business_key = Some("event-7".to_owned());
    together.wait();
    flush(&mut conn, &Writes { created: vec![created(new)], ..Writes::default() }).unwrap().is_empty()
}
