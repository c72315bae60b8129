//! Service accounts, signing keys, revoked tokens, answers by idempotency key.

use super::fixtures::acme;
use crate::support::on_both_connected;
use kamflow::model::directory::Client;
use kamflow::model::time::Timestamp;
use kamflow::store::clients::{self, Account};
use kamflow::store::idempotency::{self, Kept, Place};
use kamflow::store::keys::{self, SigningKey};
use kamflow::store::revocations;
use serde_json::json;

#[test]
fn a_client_is_kept_with_the_hash_of_its_secret() {
    on_both_connected(|conn| {
        let client = Client {
            id: "crm".to_owned(),
            name: "客户系统".to_owned(),
            scopes: vec!["tasks:write".to_owned()],
            roles: vec!["integration".to_owned()],
            act_as: vec!["user:anna".to_owned()],
            old_secret_until: Some(Timestamp(9)),
            created_at: Timestamp(1),
            version: 1,
        };
        let mut crm = Account {
            business: acme(),
            client,
            secret_hash: "$argon2-secret".to_owned(),
            old_secret_hash: Some("$argon2-older".to_owned()),
            tokens_since: Timestamp(1),
        };
        clients::upsert(conn, &crm).unwrap();
        crm.client.scopes.clear();
        clients::upsert(conn, &crm).unwrap();
        assert_eq!(clients::find(conn, &acme(), "crm").unwrap().as_ref(), Some(&crm));
        assert_eq!(clients::find(conn, &"other".into(), "crm").unwrap(), None);
        assert_eq!(clients::list(conn, &acme(), None, 10).unwrap(), [crm.clone()]);
        assert_eq!(clients::list(conn, &acme(), Some("crm"), 10).unwrap(), []);
        assert_eq!((clients::count(conn, &acme()).unwrap(), clients::count(conn, &"other".into()).unwrap()), (1, 0));
        assert!(!format!("{crm:?}").contains("argon2"));
        assert!(clients::delete(conn, &acme(), "crm").unwrap());
        assert!(!clients::delete(conn, &acme(), "crm").unwrap());
    });
}

#[test]
fn signing_keys_rotate() {
    on_both_connected(|conn| {
        let key = |id: &str, at: i64| SigningKey {
            id: id.to_owned(),
            algorithm: "EdDSA".to_owned(),
            private_key: "-----BEGIN".to_owned(),
            created_at: Timestamp(at),
            retired_at: None,
            verifies_until: None,
        };
        keys::insert(conn, &key("one", 1)).unwrap();
        assert_eq!(keys::retire_all(conn, Timestamp(2), Timestamp(9)).unwrap(), 1);
        keys::insert(conn, &key("two", 2)).unwrap();
        let all = keys::list(conn).unwrap();
        assert_eq!(all[0], key("two", 2));
        assert_eq!((all[1].id.as_str(), all[1].retired_at), ("one", Some(Timestamp(2))));
        assert_eq!(all[1].verifies_until, Some(Timestamp(9)));
        assert!(!format!("{all:?}").contains("BEGIN"));
        assert_eq!(keys::prune(conn, Timestamp(8)).unwrap(), 0);
        assert_eq!(keys::prune(conn, Timestamp(9)).unwrap(), 1);
        assert!(!keys::delete(conn, "one").unwrap());
        assert_eq!(keys::list(conn).unwrap().len(), 1);
    });
}

#[test]
fn a_revoked_token_is_remembered_until_it_expires() {
    on_both_connected(|conn| {
        revocations::revoke(conn, "t1", Timestamp(100)).unwrap();
        revocations::revoke(conn, "t1", Timestamp(100)).unwrap();
        assert!(revocations::is_revoked(conn, "t1").unwrap());
        assert!(!revocations::is_revoked(conn, "t2").unwrap());
        assert_eq!(revocations::list(conn, Timestamp(99)).unwrap(), [("t1".to_owned(), Timestamp(100))]);
        assert_eq!(revocations::list(conn, Timestamp(100)).unwrap(), []);
        assert_eq!(revocations::prune(conn, Timestamp(99)).unwrap(), 0);
        assert_eq!(revocations::prune(conn, Timestamp(100)).unwrap(), 1);
    });
}

#[test]
fn an_answer_is_kept_by_business_caller_route_and_key() {
    on_both_connected(|conn| {
        let place = |caller: &str, key: &str| Place {
            business: acme(),
            caller: caller.to_owned(),
            route: "POST /process-instances".to_owned(),
            key: key.to_owned(),
        };
        let kept = |place: Place| Kept {
            place,
            body_hash: "00ff".to_owned(),
            outcome: json!({"status": 201}),
            created_at: Timestamp(5),
        };
        idempotency::insert(conn, &kept(place("anna", "k"))).unwrap();
        assert!(idempotency::insert(conn, &kept(place("anna", "k"))).unwrap_err().is_unique_violation());
        idempotency::insert(conn, &kept(place("bo", "k"))).unwrap();
        let asked = [place("anna", "k"), place("anna", "other"), place("carl", "k")];
        assert_eq!(idempotency::find(conn, &asked).unwrap(), [kept(place("anna", "k"))]);
        assert_eq!(idempotency::prune(conn, Timestamp(5)).unwrap(), 0);
        assert_eq!(idempotency::prune(conn, Timestamp(6)).unwrap(), 2);
    });
}
