//! The address of a database.

use kamflow::store::{self, Url};

#[test]
fn the_scheme_says_which_database() {
    for text in ["sqlite:kamflow.db", "sqlite:///var/lib/kamflow/kamflow.db"] {
        assert!(matches!(Url::parse(text), Ok(Url::Sqlite(_))), "{text}");
    }
    assert_eq!(Url::parse("sqlite:///a/b.db").unwrap(), Url::Sqlite("/a/b.db".to_owned()));
    for text in ["postgres://a@localhost/kamflow", "postgresql://a@localhost/kamflow?sslmode=disable"] {
        assert!(matches!(Url::parse(text), Ok(Url::Postgres(_))), "{text}");
    }
}

#[test]
fn what_cannot_be_is_refused_with_a_sentence() {
    for (text, part) in [
        ("mysql://localhost/kamflow", "no known scheme"),
        ("kamflow.db", "no known scheme"),
        ("sqlite:", "names no file"),
        ("sqlite::memory:", "a database of its own"),
        ("sqlite:kamflow.db?mode=ro", "no options"),
        ("postgres://a@host/db?sslmode=require", "TLS to PostgreSQL is not built yet"),
        ("postgres://a@host/db?sslmode=verify-full", "TLS to PostgreSQL is not built yet"),
        ("postgres://a@host/db?connect_timeout=3&sslrootcert=ca.pem", "TLS"),
    ] {
        let refusal = Url::parse(text).unwrap_err().to_string();
        assert!(refusal.contains(part), "{text}: {refusal}");
    }
}

#[test]
fn a_password_is_never_shown() {
    let url = Url::parse("postgres://anna:s3cret@db.example:5432/kamflow?password=s3cret&connect_timeout=3").unwrap();
    let shown = format!("{url} {url:?}");
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(shown.contains("postgres://anna:***@db.example:5432/kamflow?password=***&connect_timeout=3"), "{shown}");
    let refusal = Url::parse("mysql://anna:s3cret@db.example/kamflow").unwrap_err().to_string();
    assert!(!refusal.contains("s3cret"), "{refusal}");
}

#[test]
fn a_database_that_is_not_there_is_lost() {
    for text in ["sqlite:/no/such/folder/kamflow.db", "postgres://nobody@127.0.0.1:1/kamflow"] {
        let Err(error) = store::connect(&Url::parse(text).unwrap()) else { panic!("{text} was opened") };
        assert!(error.is_lost(), "{error}");
        assert!(error.to_string().starts_with("cannot open the database"), "{error}");
    }
}
