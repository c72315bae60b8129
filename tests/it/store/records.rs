//! Business records.

use super::fixtures::{acme, awkward, record};
use crate::support::{on_both, on_both_connected};
use kamflow::model::ids::RecordId;
use kamflow::model::json::Json;
use kamflow::model::record::{FieldChange, Record};
use kamflow::model::time::Timestamp;
use kamflow::store::records::{self, After, Columns, KeyConflict, KeyOf, RecordQuery, Sight, Slot, Term, Value};
use kamflow::store::{self, Connection, StoreError};
use serde_json::json;
use std::sync::Barrier;

#[test]
fn a_record_is_changed_only_at_the_version_that_was_seen() {
    on_both_connected(|conn| {
        let mut one = record("c1", json!({"name": "华为", "raw": awkward()}));
        records::insert(conn, &one, &Columns::default()).unwrap();
        assert_eq!(find(conn, "c1").unwrap(), one);
        one.version = 2;
        one.fields.insert("name".to_owned(), "Huawei".into());
        let update = |conn: &mut Connection, one: &Record| {
            let done = records::update(conn, &[(one, Columns::default())]).unwrap();
            done.contains(&one.id)
        };
        assert!(update(conn, &one));
        assert!(!update(conn, &one), "the version has moved");
        assert_eq!(find(conn, "c1").unwrap(), one);
        one.id = "c2".into();
        assert!(!update(conn, &one), "not there");
        let many = records::find_many(conn, &acme(), "customer", &["c2".into(), "c1".into()]).unwrap();
        assert_eq!(many.len(), 1);
    });
}

#[test]
fn a_unique_key_has_one_holder() {
    on_both_connected(|conn| {
        let keys = [("uscc", "91440300"), ("name", "华为")];
        assert_eq!(take(conn, "c1", &keys), []);
        assert_eq!(take(conn, "c1", &keys), [], "its own keys are no conflict");
        let conflict = KeyConflict { rule: "uscc".to_owned(), value: "91440300".to_owned(), holder: "c1".into() };
        assert_eq!(take(conn, "c2", &keys[..1]), [conflict]);
        records::keys_delete(conn, &acme(), "customer", &of("c2", &keys)).unwrap();
        assert_eq!(take(conn, "c2", &keys).len(), 2, "another's keys are not given back");
        records::keys_delete(conn, &acme(), "customer", &of("c1", &keys)).unwrap();
        assert_eq!(take(conn, "c2", &keys), []);
        assert_eq!(records::keys_insert(conn, &"other".into(), "customer", &of("c9", &keys)).unwrap(), []);
        // Two of one statement that want the same: the second is told who has it.
        let both = [of("c4", &[("uscc", "2")]), of("c5", &[("uscc", "2")])].concat();
        let taken = records::keys_insert(conn, &acme(), "customer", &both).unwrap();
        assert_eq!(taken.iter().map(|one| one.holder.as_str()).collect::<Vec<_>>(), ["c4"]);
    });
}

#[test]
fn of_many_that_take_a_key_one_wins() {
    on_both(|database| {
        let together = Barrier::new(6);
        let won: usize = std::thread::scope(|scope| {
            let all: Vec<_> = (0..6)
                .map(|number| {
                    let together = &together;
                    scope.spawn(move || {
                        let mut conn = database.connect();
                        together.wait();
                        store::transaction(&mut conn, |conn| {
                            let keys = of(&format!("c{number}"), &[("uscc", "1")]);
                            let taken = records::keys_insert(conn, &acme(), "customer", &keys)?;
                            if taken.is_empty() { Ok(()) } else { Err(StoreError::Closed) }
                        })
                        .is_ok()
                    })
                })
                .collect();
            all.into_iter().map(|one| usize::from(one.join().unwrap())).sum()
        });
        assert_eq!(won, 1, "{}", database.name());
    });
}

#[test]
fn a_lock_lets_one_look_and_write_at_a_time() {
    on_both(|database| {
        let together = Barrier::new(4);
        std::thread::scope(|scope| {
            for number in 0..4 {
                let together = &together;
                scope.spawn(move || {
                    let mut conn = database.connect();
                    together.wait();
                    // Nothing but the lock keeps two from finding nobody there.
                    store::transaction::<_, StoreError>(&mut conn, |conn| {
                        let keys = ["华为".to_owned(), format!("own-{number}"), "hw".to_owned()];
                        records::lock_keys(conn, &acme(), "customer", &keys)?;
                        let found = records::by_index(conn, &acme(), "customer", "core", &keys[..1], 5)?;
                        if found.ids.is_empty() {
                            let entry = [("core".to_owned(), keys[0].clone())];
                            let id = RecordId(format!("c{number}"));
                            records::index_replace(conn, &acme(), "customer", &[(&id, entry.to_vec())])?;
                        }
                        Ok(())
                    })
                    .unwrap();
                });
            }
        });
        let found = records::by_index(&mut database.connect(), &acme(), "customer", "core", &["华为".to_owned()], 5);
        assert_eq!(found.unwrap().ids.len(), 1, "{}", database.name());
    });
}

#[test]
fn records_are_found_by_columns_and_index() {
    on_both_connected(|conn| {
        for (id, name, owner) in
            [("c1", "华为技术", "anna"), ("c2", "华为终端", "bo"), ("c3", "Huawei", "bo"), ("c4", "华", "bo")]
        {
            let columns = Columns {
                name: Some(name.to_owned()),
                owner: Some(owner.to_owned()),
                status: Some("open".to_owned()),
                ..Columns::default()
            };
            records::insert(conn, &record(id, json!({"name": name})), &columns).unwrap();
            let entries = [("core".to_owned(), "old".to_owned())];
            records::index_replace(conn, &acme(), "customer", &[(&id.into(), entries.to_vec())]).unwrap();
            let entries = ["core", "core", "alias"].map(|field| (field.to_owned(), name.to_owned()));
            records::index_replace(conn, &acme(), "customer", &[(&id.into(), entries.to_vec())]).unwrap();
        }
        let is = |slot: Slot, value: &str| Term::In(slot, vec![Value::from(value)]);
        let core = |value: &str| is(Slot::Entry("core".to_owned()), value);
        for (terms, ids) in [
            (vec![], vec!["c1", "c2", "c3", "c4"]),
            (vec![is(Slot::Owner, "bo")], vec!["c2", "c3", "c4"]),
            (vec![is(Slot::Owner, "bo"), is(Slot::Name, "华")], vec!["c4"]),
            (vec![is(Slot::Status, "won")], vec![]),
            (vec![core("Huawei")], vec!["c3"]),
            (vec![core("old")], vec![]),
        ] {
            let query = query(terms);
            let page = records::search(conn, &query).unwrap();
            assert_eq!(page.items.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ids, "{query:?}");
            assert_eq!(records::count(conn, &query.asked).unwrap().number, ids.len() as i64);
        }
        let first = records::search(conn, &RecordQuery { limit: 3, ..query(vec![]) }).unwrap();
        assert_eq!(first.next, Some(After { key: vec![], id: "c3".into() }));
        let last = records::search(conn, &RecordQuery { limit: 3, after: first.next, ..query(vec![]) }).unwrap();
        assert_eq!((last.items.len(), last.next), (1, None));

        let values = ["华为技术", "华为终端", "Huawei"].map(str::to_owned);
        let found = records::by_index(conn, &acme(), "customer", "core", &values, 2).unwrap();
        assert_eq!((found.ids, found.cut), (vec!["c1".into(), "c2".into()], true));
        let found = records::by_index(conn, &acme(), "customer", "alias", &values, 3).unwrap();
        assert_eq!((found.ids.len(), found.cut), (3, false));
    });
}

#[test]
fn every_change_is_kept() {
    on_both_connected(|conn| {
        let change = |version: i64, field: &str, reason: Option<&str>| FieldChange {
            version,
            field: field.to_owned(),
            old: Json::Null,
            new: awkward(),
            by: "anna".into(),
            at: Timestamp(version * 10),
            reason: reason.map(str::to_owned),
            instance: Some("r1".to_owned()),
            through: (version == 2).then(|| "crm".to_owned()),
        };
        let changes = [change(1, "name", None), change(1, "owner", Some("交接")), change(2, "name", None)];
        let id: RecordId = "c1".into();
        let told: Vec<_> = changes.iter().map(|change| (&id, change.clone())).collect();
        records::changes_insert(conn, &acme(), "customer", &told).unwrap();
        let all = records::history(conn, &acme(), "customer", &id, &[], None, 3).unwrap();
        assert_eq!((&all.items[..], all.next), (&changes[..], None));
        let first = records::history(conn, &acme(), "customer", &id, &[], None, 2).unwrap();
        assert_eq!(first.items, changes[..2]);
        let later = records::history(conn, &acme(), "customer", &id, &[], first.next.as_ref(), 2).unwrap();
        assert_eq!((&later.items[..], later.next), (&changes[2..], None));
        assert_eq!(records::history_count(conn, &acme(), "customer", &id, &[]).unwrap().number, 3);
    });
}

fn take(conn: &mut Connection, record: &str, keys: &[(&str, &str)]) -> Vec<KeyConflict> {
    records::keys_insert(conn, &acme(), "customer", &of(record, keys)).unwrap()
}

fn of(record: &str, keys: &[(&str, &str)]) -> Vec<KeyOf> {
    let key = |(rule, value): &(&str, &str)| KeyOf {
        rule: (*rule).to_owned(),
        value: (*value).to_owned(),
        record: record.into(),
    };
    keys.iter().map(key).collect()
}

fn find(conn: &mut Connection, id: &str) -> Option<Record> {
    records::find(conn, &acme(), "customer", &id.into()).unwrap()
}

fn query(terms: Vec<Term>) -> RecordQuery {
    let mut query = RecordQuery::of(acme(), "customer", Sight::All);
    query.asked.terms = terms;
    query
}
