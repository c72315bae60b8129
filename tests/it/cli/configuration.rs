//! Flags before environment before file before defaults; what makes no sense is refused with a sentence.

use crate::support::program::Home;

#[test]
fn flags_win_over_environment_over_file_over_default() {
    let home = Home::empty();
    home.done(&["migrate"]);
    assert!(home.path("kamflow.db").is_file(), "the default");
    home.write("kamflow.yaml", "database: sqlite:file.db\n");
    home.done(&["migrate"]);
    assert!(home.path("file.db").is_file(), "the file");
    let environment = [("KAMFLOW_DATABASE", "sqlite:environment.db")];
    assert_eq!(home.run_with(&environment, &["migrate"]).code, Some(0));
    assert!(home.path("environment.db").is_file(), "the environment");
    assert_eq!(home.run_with(&environment, &["migrate", "--database", "sqlite:flag.db"]).code, Some(0));
    assert!(home.path("flag.db").is_file(), "the flag");
    // Another file, named by a flag or by the environment.
    home.write("other.yaml", "database: sqlite:other.db\n");
    home.done(&["--config", "other.yaml", "migrate"]);
    assert!(home.path("other.db").is_file());
    home.write("third.yaml", "database: sqlite:third.db\n");
    assert_eq!(home.run_with(&[("KAMFLOW_CONFIG", "third.yaml")], &["migrate"]).code, Some(0));
    assert!(home.path("third.db").is_file());
}

#[test]
fn an_empty_file_is_no_configuration() {
    let home = Home::empty();
    home.write("kamflow.yaml", "\n");
    home.done(&["migrate"]);
    assert!(home.path("kamflow.db").is_file());
}

#[test]
fn a_wrong_configuration_is_refused_with_a_sentence() {
    let home = Home::with_project();
    for (file, told) in [
        ("databse: sqlite:x.db\n", "databse"),
        ("readers: many\n", "readers"),
        ("readers: 0\n", "readers is 0; it is between 1 and 64"),
        ("token_minutes: 100000\n", "token_minutes is 100000; it is between 1 and 1440"),
        ("database: mysql://x\n", "has no known scheme"),
        ("database: [a]\n", "database"),
        ("log_format: xml\n", "xml"),
        ("- a\n", "kamflow.yaml"),
        ("a: b: c\n", "kamflow.yaml"),
    ] {
        home.write("kamflow.yaml", file);
        let sentence = home.fails(&["business", "list"]);
        assert!(sentence.contains(told), "{file}: {sentence}");
        assert!(sentence.starts_with("kamflow: "), "{sentence}");
        assert!(!home.path("kamflow.db").exists(), "nothing is made before the configuration is read");
    }
    home.write("kamflow.yaml", "");
    for (arguments, told) in [
        (&["--config", "nowhere.yaml", "migrate"][..], "nowhere.yaml"),
        (&["migrate", "--database", "sqlite:"], "names no file"),
        (&["migrate", "--database", "kamflow.db"], "has no known scheme"),
        (&["migrate", "--readers", "many"], "--readers"),
        (&["migrate", "--writers", "0"], "writers is 0"),
        (&["serve", "--http-threads", "0"], "http_threads is 0"),
        (&["serve", "--log", "kamflow=loud"], "log filter"),
        (&["serve", "--log-format", "xml"], "--log-format"),
        (&["serve", "--listen", "nowhere"], "cannot listen on nowhere"),
        (&["dance"], "dance"),
        (&["serve", "--speed", "9"], "--speed"),
    ] {
        let sentence = home.fails(arguments);
        assert!(sentence.contains(told), "{arguments:?}: {sentence}");
    }
    for (variable, value, told) in [
        ("KAMFLOW_DATABASE", "mysql://x", "has no known scheme"),
        ("KAMFLOW_READERS", "-1", "readers"),
        ("KAMFLOW_QUEUE", "0", "queue is 0"),
        ("KAMFLOW_TOKEN_MINUTES", "0", "token_minutes is 0"),
    ] {
        let sentence = home.run_with(&[(variable, value)], &["migrate"]).sentence();
        assert!(sentence.contains(told), "{variable}={value}: {sentence}");
    }
}

#[test]
fn a_password_in_an_address_is_never_shown() {
    let home = Home::with_project();
    let secret = "s3cret-s3cret";
    for address in [
        format!("postgres://kamflow:{secret}@127.0.0.1:1/kamflow"),
        format!("postgres://kamflow:{secret}@127.0.0.1:1/kamflow?sslmode=require"),
        format!("mysql://kamflow:{secret}@127.0.0.1:1/kamflow"),
    ] {
        for command in ["migrate", "serve"] {
            let said = home.run(&[command, "--database", &address]);
            assert!(said.sentence().contains("***") || !said.err.contains("kamflow:"), "{said:?}");
            assert!(!said.err.contains(secret) && !said.out.contains(secret), "{said:?}");
        }
    }
    let help = home.run_with(&[("KAMFLOW_DATABASE", &format!("postgres://k:{secret}@h/d"))], &["serve", "--help"]);
    assert!(!help.out.contains(secret));
}
