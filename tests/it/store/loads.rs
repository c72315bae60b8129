//! Loads of owners: whatever happens to records, the ledger says what a count would say.

use super::fixtures::{acme, record};
use crate::support::on_both_connected;
use crate::support::random::Random;
use kamflow::model::ids::RecordId;
use kamflow::model::record::Record;
use kamflow::model::time::Timestamp;
use kamflow::store::Connection;
use kamflow::store::records::{self, Columns, loads, sum_up_loads};
use serde_json::json;
use std::collections::BTreeMap;

/// The record and who has it.
type Owned = (Record, Option<&'static str>);

#[test]
fn the_ledger_says_what_a_count_would_say() {
    on_both_connected(|conn| {
        let mut random = Random::new(20);
        let mut owned: Vec<Owned> = Vec::new();
        let mut given: BTreeMap<&str, Timestamp> = BTreeMap::new();
        let owners = [None, Some("ann"), Some("bob"), Some("cyd")];
        for at in 0..1_500 {
            let now = Timestamp(1_000 + at);
            let owner = owners[random.below(owners.len())];
            let number = owned.len();
            match (random.below(10), owned.is_empty()) {
                (0..=3, _) | (_, true) => {
                    let mut made = record(&format!("r{at}"), json!({}));
                    (made.created_at, made.updated_at) = (now, now);
                    records::insert(conn, &made, &columns(owner)).unwrap();
                    owner.map(|owner| given.insert(owner, now));
                    owned.push((made, owner));
                }
                (4..=6, _) => {
                    let one = &mut owned[random.below(number)];
                    if one.0.merged_into.is_none() && one.1 != owner {
                        owner.map(|owner| given.insert(owner, now));
                    }
                    change(conn, one, now, |one| one.1 = owner);
                }
                (7..=8, _) => {
                    let winner = RecordId::from("r0");
                    let merge = |one: &mut Owned| {
                        one.0.merged_into = if one.0.merged_into.is_none() { Some(winner.clone()) } else { None };
                    };
                    change(conn, &mut owned[random.below(number)], now, merge);
                }
                _ => {
                    let (gone, _) = owned.swap_remove(random.below(number));
                    records::delete(conn, &acme(), "customer", &[gone.id]).unwrap();
                }
            }
            if random.below(100) == 0 {
                sum_up_loads(conn).unwrap();
            }
            if at % 50 == 0 || at > 1_490 {
                assert_eq!(told(conn), counted(&owned, &given), "after {at}");
            }
        }
        assert_eq!(loads(conn, &"other".into(), "customer").unwrap(), []);
        assert_eq!(loads(conn, &acme(), "contact").unwrap(), []);
    });
}

#[test]
fn a_pile_of_changes_is_summed_up_and_nothing_is_lost() {
    on_both_connected(|conn| {
        let mut all: Vec<Owned> = Vec::new();
        for number in 0..1_100 {
            let made = record(&format!("r{number}"), json!({}));
            records::insert(conn, &made, &columns(Some("ann"))).unwrap();
            all.push((made, Some("ann")));
        }
        let before = told(conn);
        assert_eq!(before["ann"].0, 1_100);
        sum_up_loads(conn).unwrap();
        assert_eq!(told(conn), before);
        assert_eq!(rows(conn), 1, "one row for each owner");
        sum_up_loads(conn).unwrap();
        assert_eq!(told(conn), before);
    });
}

fn change(conn: &mut Connection, one: &mut Owned, now: Timestamp, what: impl FnOnce(&mut Owned)) {
    what(one);
    one.0.version += 1;
    one.0.updated_at = now;
    let done = records::update(conn, &[(&one.0, columns(one.1))]).unwrap();
    assert_eq!(done.len(), 1);
}

fn columns(owner: Option<&str>) -> Columns {
    Columns { owner: owner.map(str::to_owned), ..Columns::default() }
}

/// What the ledger says.
fn told(conn: &mut Connection) -> BTreeMap<String, (i64, Option<Timestamp>)> {
    let all = loads(conn, &acme(), "customer").unwrap();
    all.into_iter().map(|load| (load.owner.0, (load.count, load.latest))).collect()
}

/// What counting says, of everybody who was ever given one.
fn counted(owned: &[Owned], given: &BTreeMap<&str, Timestamp>) -> BTreeMap<String, (i64, Option<Timestamp>)> {
    let count =
        |who: &str| owned.iter().filter(|(one, owner)| one.merged_into.is_none() && *owner == Some(who)).count();
    let load = |(who, at): (&&str, &Timestamp)| ((*who).to_owned(), (i64::try_from(count(who)).unwrap(), Some(*at)));
    given.iter().map(load).collect()
}

fn rows(conn: &mut Connection) -> i64 {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Number {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        number: i64,
    }
    diesel::sql_query("SELECT COUNT(*) AS number FROM record_loads").get_result::<Number>(conn).unwrap().number
}
