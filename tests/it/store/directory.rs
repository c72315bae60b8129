//! Businesses, revisions, users, units.

use super::fixtures::{acme, map};
use crate::support::{on_both, on_both_connected};
use kamflow::model::directory::{Business, Unit, UnitKind, User};
use kamflow::model::revision::Files;
use kamflow::model::text::Text;
use kamflow::model::time::Timestamp;
use kamflow::store::revisions::NewRevision;
use kamflow::store::users::UserQuery;
use kamflow::store::{Connection, StoreError, businesses, revisions, units, users};
use serde_json::json;

#[test]
fn a_business_has_one_active_revision() {
    on_both_connected(|conn| {
        businesses::insert(conn, &business()).unwrap();
        assert!(businesses::insert(conn, &business()).unwrap_err().is_unique_violation());
        assert_eq!(businesses::active_revisions(conn, &[acme()]).unwrap(), []);
        let files = files(&[("a.yaml", "公司: 华为"), ("b.rhai", "same"), ("c.rhai", "same")]);
        let first = deploy(conn, &files).unwrap();
        let second = deploy(conn, &files).unwrap();
        assert_eq!((first, second), (1, 2));
        assert!(revisions::activate(conn, &acme(), 2).unwrap());
        assert!(!revisions::activate(conn, &acme(), 3).unwrap(), "there is no revision 3");
        assert_eq!(businesses::active_revisions(conn, &[acme(), "x".into()]).unwrap(), [(acme(), 2)]);
        assert_eq!(businesses::find(conn, &acme()).unwrap().unwrap().active_revision, Some(2));
        assert_eq!(revisions::files(conn, &acme(), 1).unwrap(), files);
        assert_eq!(revisions::files(conn, &acme(), 3).unwrap(), Files::new());
        let newest: Vec<i64> = revisions::list(conn, &acme(), None, 5).unwrap().iter().map(|r| r.number).collect();
        assert_eq!(newest, [2, 1]);
        assert_eq!(revisions::list(conn, &acme(), Some(2), 5).unwrap().len(), 1);
        assert_eq!(businesses::list(conn).unwrap().len(), 1);
    });
}

#[test]
fn deployments_at_once_get_numbers_of_their_own() {
    on_both(|database| {
        businesses::insert(&mut database.connect(), &business()).unwrap();
        let mut numbers: Vec<i64> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| deploy(&mut database.connect(), &files(&[("a", "a"), ("b", "b")])).unwrap()))
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3, 4], "{}", database.name());
    });
}

#[test]
fn a_file_that_is_not_text_is_refused() {
    on_both_connected(|conn| {
        businesses::insert(conn, &business()).unwrap();
        let picture = Files::from([("logo.png".to_owned(), vec![0x89, 0x50, 0xff])]);
        let error = deploy(conn, &picture).unwrap_err();
        assert!(matches!(&error, StoreError::NotText { path } if path == "logo.png"), "{error}");
        assert_eq!(revisions::list(conn, &acme(), None, 5).unwrap(), []);
    });
}

#[test]
fn users_are_found_by_role() {
    on_both_connected(|conn| {
        let mut anna = user("anna", &["sales_rep", "sales_rep", "manager"]);
        let mut bo = user("bo", &["sales_rep"]);
        for user in [&anna, &bo] {
            users::upsert(conn, &acme(), user).unwrap();
        }
        assert_eq!(roles(conn, "sales_rep"), ["anna", "bo"]);
        assert!(users::set_password(conn, &acme(), &"anna".into(), "$argon2").unwrap());
        assert!(!users::set_password(conn, &acme(), &"nobody".into(), "$argon2").unwrap());
        (anna.roles, anna.version) = (vec!["manager".to_owned()], 2);
        bo.active = false;
        for user in [&anna, &bo] {
            users::upsert(conn, &acme(), user).unwrap();
        }
        assert_eq!(roles(conn, "sales_rep"), Vec::<String>::new(), "one lost the role, one is not active");
        assert_eq!(users::find(conn, &acme(), &"anna".into()).unwrap(), Some(anna));
        let password = users::password_hash(conn, &acme(), &"anna".into()).unwrap();
        assert_eq!(password.as_deref(), Some("$argon2"), "stays when the user changes");
        assert_eq!(users::password_hash(conn, &acme(), &"bo".into()).unwrap(), None);
        let all = UserQuery { business: acme(), role: None, active: None, after: None, limit: 10 };
        for (query, logins) in [
            (all.clone(), vec!["anna", "bo"]),
            (UserQuery { role: Some("manager".to_owned()), ..all.clone() }, vec!["anna"]),
            (UserQuery { active: Some(true), ..all.clone() }, vec!["anna"]),
            (UserQuery { active: Some(false), ..all.clone() }, vec!["bo"]),
            (UserQuery { business: "other".into(), ..all.clone() }, vec![]),
        ] {
            let found = users::search(conn, &query).unwrap();
            assert_eq!(found.iter().map(|user| user.id.as_str()).collect::<Vec<_>>(), logins, "{query:?}");
            assert_eq!(users::count(conn, &query).unwrap().number, logins.len() as i64, "{query:?}");
        }
        let rest = users::search(conn, &UserQuery { after: Some("anna".into()), ..all }).unwrap();
        assert_eq!(rest.len(), 1);
    });
}

#[test]
fn units_are_kept() {
    on_both_connected(|conn| {
        let title = Text { en: "North".into(), zh: "华北".into() };
        let unit = Unit { id: "north".to_owned(), parent: None, title, kind: UnitKind::Region, version: 1 };
        units::save(conn, &acme(), std::slice::from_ref(&unit)).unwrap();
        assert_eq!(units::list(conn, &acme()).unwrap(), [unit]);
    });
}

fn roles(conn: &mut Connection, role: &str) -> Vec<String> {
    users::with_role(conn, &acme(), role).unwrap().into_iter().map(|user| user.id.0).collect()
}

fn user(id: &str, roles: &[&str]) -> User {
    User {
        id: id.into(),
        name: "李雷".to_owned(),
        active: true,
        roles: roles.iter().map(|role| role.to_string()).collect(),
        attributes: map(json!({"capacity": 3})),
        created_at: Timestamp(1),
        version: 1,
    }
}

fn business() -> Business {
    Business {
        id: acme(),
        title: Text { en: "Acme".to_owned(), zh: "极致".to_owned() },
        currency: "CNY".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        active_revision: None,
        created_at: Timestamp(1),
    }
}

fn files(files: &[(&str, &str)]) -> Files {
    files.iter().map(|(path, content)| (path.to_string(), content.as_bytes().to_vec())).collect()
}

fn deploy(conn: &mut Connection, files: &Files) -> Result<i64, StoreError> {
    let new = NewRevision {
        business: &acme(),
        hash: "00ff",
        created_by: &"anna".into(),
        created_at: Timestamp(1),
        note: "第一版",
        files,
    };
    revisions::insert(conn, &new).map(|revision| revision.number)
}
