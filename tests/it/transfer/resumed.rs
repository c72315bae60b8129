//! Imports that break off: they go on where they stopped, and nothing comes twice.

use super::*;
use crate::support::on_both;
use kamflow::model::import::Counts;
use kamflow::model::mapping::Target;
use kamflow::model::refusal::Refusal;
use kamflow::runtime::request::Outcome;
use kamflow::runtime::transfer::{Blanks, Cells, Format, Mode, Order, Stopped, Summary};
use std::collections::BTreeMap;
use std::io::{self, Read};

fn file(rows: usize) -> String {
    (0..rows).fold("name\n".to_owned(), |file, row| format!("{file}part {row}\n"))
}

fn keyed(by: &Caller, key: &str, query: &str, file: &str) -> Imported {
    let headers = [CSV, ("Idempotency-Key", key)];
    imported(&by.send("POST", &format!("{PARTS}/import{query}"), &headers, file))
}

/// A file that ends in the middle, as a broken connection does.
struct Broken<'a>(&'a [u8]);

impl Read for Broken<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.0.is_empty() {
            return Err(io::Error::other("the cable was pulled"));
        }
        self.0.read(to)
    }
}

fn run(app: &TestApp, key: Option<&str>, source: impl Read) -> Result<Summary, Box<Stopped>> {
    let order = Order {
        target: Target::Records("part".into()),
        name: "list.csv".into(),
        format: Format::Csv,
        encoding: None,
        mapping: None,
        set: BTreeMap::new(),
        update_by: None,
        blanks: Blanks::Keep,
        cells: Cells::Protected,
        from_line: 0,
        mode: Mode::Write,
        key: key.map(str::to_owned),
    };
    let mut actor = kamflow::runtime::operator(BUSINESS.into());
    actor.roles.insert("clerk".to_owned());
    let import = app.wait(app.runtime.import(&actor, order)).unwrap();
    import.run(source, &mut |_| {})
}

#[test]
fn an_import_that_broke_off_goes_on_and_doubles_nothing() {
    on_both(|database| {
        let app = desk(database);
        let (ann, whole) = (app.by("ann"), file(1_000));
        let half = &whole.as_bytes()[..whole.len() / 2];
        let stopped = run(&app, Some("k"), Broken(half)).unwrap_err();
        assert_eq!(stopped.why.code, "broken_file");
        assert!(stopped.why.detail.contains("the cable was pulled"), "{}", stopped.why.detail);
        assert_eq!(stopped.summary.counts.created % 50, 0, "whole batches");
        let before = names(&ann).len();
        assert!(before >= 200 && before as i64 == stopped.summary.counts.created);

        // The node dies, another one goes on.
        drop(app);
        let app = TestApp::open(database, kamflow::api::Limits::default());
        let summary = run(&app, Some("k"), whole.as_bytes()).unwrap();
        assert_eq!((summary.resumed_after, summary.line), (stopped.summary.line, 1_001));
        assert_eq!(summary.counts, Counts { created: 1_000, ..Counts::default() });
        let ann = app.by("ann");
        let next = ann.get(&format!("{PARTS}/export?fields=name")).text;
        assert_eq!(next, whole, "every row once, in order");

        let again = run(&app, Some("k"), whole.as_bytes()).unwrap();
        assert!(again.replayed && again.counts == summary.counts);
        assert_eq!(ann.get(&format!("{PARTS}/export?fields=name")).text, whole);
    });
}

#[test]
fn another_file_under_the_same_key_is_refused() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        assert_eq!(keyed(&ann, "k", "", "name\none\ntwo\n").counts(), [2, 0, 0, 0]);
        let replayed = keyed(&ann, "k", "", "name\none\ntwo\n");
        assert_eq!((replayed.summary()["replayed"].as_bool(), replayed.counts()), (Some(true), [2, 0, 0, 0]));
        for (query, other) in [
            ("", "name\none\nTWO\n"),
            ("", "name\none\ntwo\nthree\n"),
            ("", "name\none\n"),
            ("?set.colour=blue", "name\none\ntwo\n"),
        ] {
            let stopped = keyed(&ann, "k", query, other);
            assert_eq!(stopped.stopped()["code"], "idempotency_key_reused", "{query} {other}");
        }
        assert_eq!(names(&ann), ["one", "two"]);
        // The key is the caller's own.
        app.user("cat", &["clerk"]);
        assert_eq!(keyed(&app.by("cat"), "k", "", "name\nthree\n").counts(), [1, 0, 0, 0]);
        assert_eq!(names(&ann), ["one", "two", "three"]);
    });
}

#[test]
fn without_a_key_a_file_is_imported_as_often_as_it_is_sent() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        import(&ann, "", "name\none\n");
        assert_eq!(import(&ann, "", "name\none\n").counts(), [1, 0, 0, 0]);
        assert_eq!(names(&ann), ["one", "one"]);
    });
}

#[test]
fn lines_before_the_first_wanted_one_are_not_looked_at() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let done = import(&ann, "?fromLine=3", "name,amount\none,x\ntwo,2\nthree,x\n");
        assert_eq!(
            (done.counts(), done.codes()),
            ([1, 0, 0, 1], vec![(4, "/fields/amount".into(), "wrong_value".into())])
        );
        assert_eq!(names(&ann), ["two"]);
        let send = |query: &str| ann.send("POST", &format!("{PARTS}/import{query}"), &[CSV], "name\na\n");
        send("?fromLine=x").problem(400, "invalid_parameter");
        send("?fromLine=-1").problem(400, "invalid_parameter");
        send("?dryRun=maybe").problem(400, "invalid_parameter");
        send("?dryrun=true").problem(400, "unknown_parameter");
    });
}

#[test]
fn of_two_runs_of_one_import_only_one_goes_on() {
    on_both(|database| {
        let app = desk(database);
        // A second run takes the place of the first one between two of its batches.
        let whole = file(600);
        let mut first = Some(whole.as_bytes());
        struct Meanwhile<'a, F: FnMut()>(&'a [u8], usize, F);
        impl<F: FnMut()> Read for Meanwhile<'_, F> {
            fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
                self.1 += 1;
                if self.1 == 2 {
                    (self.2)();
                }
                let most = to.len().min(3_000);
                self.0.read(&mut to[..most])
            }
        }
        let source = Meanwhile(first.take().unwrap(), 0, || {
            assert_eq!(run(&app, Some("k"), whole.as_bytes()).unwrap().counts.created, 600);
        });
        let stopped = run(&app, Some("k"), source).unwrap_err();
        assert_eq!(stopped.why.code, "import_running", "{}", stopped.why.detail);
        assert_eq!(app.by("ann").get(&format!("{PARTS}/export?fields=name")).text, whole);
    });
}

#[test]
fn the_counts_of_refused_rows_survive_too() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let first = keyed(&ann, "k", "", "name,amount\none,1\n,2\nthree,x\n");
        assert_eq!(first.counts(), [1, 0, 0, 2]);
        let again = keyed(&ann, "k", "", "name,amount\none,1\n,2\nthree,x\n");
        assert_eq!((again.counts(), again.refused().len()), ([1, 0, 0, 2], 0));
    });
}

/// An outcome is kept as text in some rows; what an import answers must come back from it.
#[test]
fn an_outcome_of_rows_comes_back_from_its_text() {
    use kamflow::model::import::{LedTo, RowDone, RowOutcome};
    let outcome = Outcome::Imported(vec![RowOutcome {
        line: 7,
        done: RowDone::Refused(Refusal::invalid("x", "y")),
        led_to: vec![LedTo::WaitsAt("look".into())],
    }]);
    let text = serde_json::to_string(&outcome).unwrap();
    assert_eq!(serde_json::from_str::<Outcome>(&text).unwrap(), outcome);
}
