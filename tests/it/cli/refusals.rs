//! Databases that cannot be used.

use crate::support::program::Home;
use crate::support::{TestDatabase, databases};
use diesel::connection::SimpleConnection;
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_database_that_cannot_be_opened_is_told() {
    let home = Home::with_project();
    home.write("text.db", &"this is no database, it is a long text. ".repeat(200));
    std::fs::create_dir(home.path("folder.db")).unwrap();
    for (address, told) in [
        ("sqlite:nowhere/kamflow.db", "nowhere/kamflow.db"),
        ("sqlite:folder.db", "folder.db"),
        ("sqlite:text.db", "text.db"),
        ("postgres://kamflow@127.0.0.1:1/kamflow", "127.0.0.1:1"),
    ] {
        for command in [&["migrate"][..], &["serve", "--listen", "127.0.0.1:0"], &["business", "list"]] {
            let sentence = home.fails(&[command, &["--database", address]].concat());
            assert!(sentence.contains(told), "{command:?} {address}: {sentence}");
        }
    }
    assert_eq!(home.read("text.db").len(), 8_000, "what is no database is left alone");
}

#[test]
fn a_database_that_cannot_be_written_is_told() {
    let home = Home::with_project();
    home.done(&["migrate"]);
    let file = home.path("kamflow.db");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o444)).unwrap();
    let said = home.run(&["serve", "--listen", "nowhere"]);
    // Whoever runs as root may write everything; then only the address is wrong.
    let sentence = said.sentence();
    assert!(sentence.contains("kamflow.db") || sentence.contains("cannot listen on nowhere"), "{sentence}");
}

#[test]
fn a_database_of_a_newer_kamflow_is_left_alone() {
    for database in databases() {
        newer(&database);
        let home = Home::with_project();
        for command in [&["migrate"][..], &["serve", "--listen", "127.0.0.1:0"], &["business", "list"], &["deploy"]] {
            let sentence = home.fails(&[command, &["--database", database.url()]].concat());
            assert!(sentence.contains("newer") && sentence.contains("29990101000000"), "{command:?}: {sentence}");
        }
    }
}

/// As a later version leaves it.
fn newer(database: &TestDatabase) {
    let sql = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')";
    database.connect().batch_execute(sql).unwrap();
}
