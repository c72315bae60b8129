//! The hierarchy in the store: periods, vacancies, people who leave, and what an older database brings along.

use crate::support::{empty_databases, on_both_connected};
use diesel::connection::SimpleConnection;
use kamflow::model::authority::Limits;
use kamflow::model::directory::{Period, Position, User};
use kamflow::model::ids::{BusinessId, UserId};
use kamflow::model::json::JsonMap;
use kamflow::model::time::Timestamp;
use kamflow::model::window::Window;
use kamflow::store::{self, Connection, positions, superiors, users};
use std::fs;

#[test]
fn superiors_are_found_past_vacant_positions() {
    on_both_connected(|conn| {
        let all = [
            ("rep", Some("anna"), Some("lead")),
            ("lead", None, Some("region")),
            ("region", Some("anna"), Some("head")),
            ("head", Some("bo"), Some("ceo")),
            ("ceo", Some("carl"), None),
            ("ring-a", Some("dora"), Some("ring-b")),
            ("ring-b", None, Some("ring-a")),
        ];
        let all: Vec<Position> = all.into_iter().map(|(id, user, manager)| seat(id, user, manager)).collect();
        positions::save(conn, &acme(), &all).unwrap();
        assert_eq!(above(conn, "anna", 0), ["bo", "carl"], "a vacant one and her own second one are skipped");
        assert_eq!(above(conn, "bo", 0), ["carl"]);
        assert_eq!(above(conn, "carl", 0), [""; 0]);
        assert_eq!(above(conn, "dora", 0), [""; 0], "a circle, should one be there, leads to nobody");
        assert_eq!(above(conn, "stranger", 0), [""; 0]);
        assert_eq!(positions::list(conn, &acme()).unwrap().len(), 7);
        let held = positions::of_user(conn, &acme(), &"anna".into(), Timestamp(0)).unwrap();
        assert_eq!(held.iter().map(|held| held.position.as_str()).collect::<Vec<_>>(), ["region", "rep"]);
    });
}

#[test]
fn a_reorganisation_is_seen_from_its_date_on() {
    on_both_connected(|conn| {
        let all = [("rep", "anna", Some("north")), ("north", "bo", Some("ceo")), ("south", "dora", Some("ceo"))];
        let mut all: Vec<Position> = all.into_iter().map(|(id, user, manager)| seat(id, Some(user), manager)).collect();
        all.push(seat("ceo", Some("carl"), None));
        positions::save(conn, &acme(), &all).unwrap();
        let mut rep = positions::find(conn, &acme(), "rep").unwrap().unwrap();
        let from = Window { from: Timestamp(100), ..Window::ALWAYS };
        rep.set(Period { window: from, manager: Some("south".to_owned()), ..rep.periods[0].clone() });
        positions::save(conn, &acme(), &[rep.clone()]).unwrap();
        assert_eq!(positions::find(conn, &acme(), "rep").unwrap(), Some(rep.clone()));
        for (at, superior) in [(i64::MIN, "bo"), (99, "bo"), (100, "dora"), (i64::MAX - 1, "dora")] {
            assert_eq!(above(conn, "anna", at), [superior, "carl"], "at {at}");
            for other in ["bo", "dora", "carl", "anna"] {
                let expected = other == superior || other == "carl";
                assert_eq!(is_superior(conn, other, "anna", at), expected, "{other} at {at}");
                let direct = superiors::is_direct(conn, &acme(), &other.into(), &"anna".into(), Timestamp(at));
                assert_eq!(direct.unwrap(), other == superior, "{other} at {at}");
            }
        }
        assert_eq!(below(conn, "carl", 0), [("bo", 1), ("dora", 1), ("anna", 2)]);
        assert_eq!(below(conn, "dora", 99), []);
        assert_eq!(below(conn, "dora", 100), [("anna", 1)]);
        let other = BusinessId::from("other");
        assert_eq!(superiors::of(conn, &other, &"anna".into(), Timestamp(0)).unwrap(), []);

        let rows = superiors::all(conn, &acme()).unwrap();
        assert_eq!(rows.len(), 5, "carl above anna is one row, although the way to him changes: {rows:?}");
        superiors::rebuild(conn, &acme()).unwrap();
        assert_eq!(superiors::all(conn, &acme()).unwrap(), rows, "once more gives the same");
    });
}

#[test]
fn who_left_stands_above_nobody_and_still_has_superiors() {
    on_both_connected(|conn| {
        for login in ["anna", "bo", "carl"] {
            users::upsert(conn, &acme(), &user(login)).unwrap();
        }
        let all = [seat("rep", Some("anna"), Some("lead")), seat("lead", Some("bo"), Some("ceo"))];
        positions::save(conn, &acme(), &all).unwrap();
        positions::save(conn, &acme(), &[seat("ceo", Some("carl"), None)]).unwrap();
        users::set_inactive_since(conn, &acme(), &["bo"], Some(Timestamp(100))).unwrap();
        assert_eq!(above(conn, "anna", 99), ["bo", "carl"], "what was, was");
        assert_eq!(above(conn, "anna", 100), ["carl"]);
        assert_eq!(above(conn, "bo", 100), ["carl"], "what bo owns can be handed over");
        assert!(!is_superior(conn, "bo", "anna", 100));
        users::upsert(conn, &acme(), &user("bo")).unwrap();
        assert_eq!(above(conn, "anna", 100), ["carl"], "stays noted when the user changes otherwise");
        users::set_inactive_since(conn, &acme(), &["bo"], None).unwrap();
        assert_eq!(above(conn, "anna", 100), ["bo", "carl"]);
    });
}

#[test]
fn positions_of_an_older_database_become_periods() {
    for database in empty_databases() {
        let conn = &mut database.connect();
        let old = ["shared/2026-01-01-000001_tables".to_owned(), format!("{}/2026-01-01-000002_keys", database.name())];
        conn.batch_execute(VERSIONS).unwrap();
        for (folder, version) in old.iter().zip(["20260101000001", "20260101000002"]) {
            conn.batch_execute(&fs::read_to_string(format!("migrations/{folder}/up.sql")).unwrap()).unwrap();
            let note = format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}')");
            conn.batch_execute(&note).unwrap();
        }
        conn.batch_execute(OLD).unwrap();
        store::migrate(conn).unwrap();
        assert_eq!(above(conn, "anna", 99), ["carl"], "bo left long ago; {}", database.name());
        assert_eq!(above(conn, "dora", 99), ["anna", "carl"], "{}", database.name());
        assert_eq!(above(conn, "dora", 100), ["carl"], "{}", database.name());
        let rep = positions::find(conn, &acme(), "rep").unwrap().unwrap();
        assert_eq!((rep.version, rep.periods.len()), (1, 1));
        assert_eq!(rep.periods[0].window, Window::between(None, Some(Timestamp(100))));
        let odd = positions::find(conn, &acme(), "odd").unwrap().unwrap();
        assert_eq!(odd.periods[0].window, Window { from: Timestamp(9), to: Timestamp(10) }, "no time is empty");
    }
}

const VERSIONS: &str = "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
                        run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);";

const OLD: &str = "
    INSERT INTO businesses VALUES ('acme', '{\"en\": \"Acme\", \"zh\": \"极致\"}', 'CNY', 'UTC', NULL, 1);
    INSERT INTO users VALUES ('acme', 'bo', 'Bo', FALSE, '[]', '{}', NULL, 5, 1);
    INSERT INTO positions VALUES ('acme', 'ceo', 'hq', 'CEO', 'carl', NULL, NULL, NULL);
    INSERT INTO positions VALUES ('acme', 'lead', 'hq', 'Lead', 'bo', 'ceo', 0, NULL);
    INSERT INTO positions VALUES ('acme', 'rep', 'hq', 'Rep', 'anna', 'lead', NULL, 100);
    INSERT INTO positions VALUES ('acme', 'desk', 'hq', 'Desk', 'dora', 'rep', NULL, NULL);
    INSERT INTO positions VALUES ('acme', 'odd', 'hq', 'Odd', 'anna', 'lead', 9, 9);
";

fn above(conn: &mut Connection, user: &str, at: i64) -> Vec<String> {
    let above = superiors::of(conn, &acme(), &user.into(), Timestamp(at)).unwrap();
    above.into_iter().map(|(user, _)| user.0).collect()
}

fn below(conn: &mut Connection, superior: &str, at: i64) -> Vec<(&'static str, i64)> {
    let below = superiors::below(conn, &acme(), &superior.into(), Timestamp(at)).unwrap();
    let known = ["anna", "bo", "carl", "dora"];
    let name = |user: UserId| known.into_iter().find(|known| *known == user.as_str()).unwrap();
    below.into_iter().map(|(user, depth)| (name(user), depth)).collect()
}

fn is_superior(conn: &mut Connection, superior: &str, user: &str, at: i64) -> bool {
    superiors::is_superior(conn, &acme(), &superior.into(), &user.into(), Timestamp(at)).unwrap()
}

fn acme() -> BusinessId {
    BusinessId::from("acme")
}

fn seat(id: &str, user: Option<&str>, manager: Option<&str>) -> Position {
    let period = Period {
        window: Window::ALWAYS,
        unit: "north".to_owned(),
        title: id.to_owned(),
        user: user.map(UserId::from),
        manager: manager.map(str::to_owned),
        limits: Limits::new(),
    };
    Position { id: id.to_owned(), periods: vec![period], version: 1 }
}

fn user(login: &str) -> User {
    User {
        id: login.into(),
        name: login.to_owned(),
        active: true,
        roles: Vec::new(),
        attributes: JsonMap::new(),
        created_at: Timestamp(0),
        version: 1,
    }
}
