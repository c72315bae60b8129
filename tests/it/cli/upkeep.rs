//! Saving, restoring and compacting from the command line.

use super::set_up;
use crate::support::program::Home;
use crate::support::{empty_databases, on_both};
use serde_json::json;

#[test]
fn what_was_saved_while_serving_is_served_from_the_other_database() {
    let (home, _) = set_up();
    let served = home.serve(&[]);
    let token = home.done(&["token", "admin"]);
    let unit = json!({"title": {"en": "South", "zh": "华南"}, "kind": "business_unit"});
    served.client(token.trim()).send("PUT", "/api/v1/org-units/south", Some(&unit)).unwrap().ok(200);
    home.done(&["backup", "saved.jsonl"]);
    served.terminate();
    assert_eq!(served.ended().0, Some(0));
    for to in empty_databases() {
        let said = home.done(&["restore", "saved.jsonl", "--database", to.url()]);
        assert!(said.contains("and compared them"), "{said}");
        let served = home.serve(&["--database", to.url()]);
        let found = served.client(token.trim()).get("/api/v1/org-units/south");
        assert_eq!(found["title"]["zh"], "华南", "tokens are good there too, since the keys came along");
        served.terminate();
        assert_eq!(served.ended().0, Some(0));
    }
}

#[test]
fn a_backup_overwrites_nothing_and_a_restore_takes_no_wreck() {
    let (home, _) = set_up();
    home.done(&["backup", "saved.jsonl"]);
    assert!(home.fails(&["backup", "saved.jsonl"]).contains("saved.jsonl"));
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &std::fs::metadata(home.path("saved.jsonl")).unwrap().permissions(),
        );
        assert_eq!(mode & 0o777, 0o600, "nobody else reads keys and hashes");
    }
    let whole = home.read("saved.jsonl");
    home.write("cut.jsonl", &whole[..whole.len() / 2]);
    assert!(home.fails(&["restore", "cut.jsonl", "--database", "sqlite:new.db"]).contains("no whole backup"));
    assert!(!home.path("new.db").exists(), "nothing is left in the way of the next try");
    assert!(home.fails(&["restore", "saved.jsonl"]).contains("into an empty one"));
    assert!(home.fails(&["restore", "none.jsonl", "--database", "sqlite:new.db"]).contains("none.jsonl"));
    home.done(&["restore", "saved.jsonl", "--database", "sqlite:new.db"]);
    // Through a pipe, as with a program that compresses.
    let through = home.done(&["backup", "-"]);
    assert_eq!(through, whole);
}

#[test]
fn compacting_says_what_was_given_back() {
    on_both(|database| {
        let home = Home::with_project();
        home.done(&["migrate", "--database", database.url()]);
        let said = home.done(&["db", "compact", "--database", database.url()]);
        assert!(said.contains(" bytes and is ") && said.contains(" bytes\n"), "{said}");
        home.done(&["migrate", "--database", database.url()]);
    });
}
