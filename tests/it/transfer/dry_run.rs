//! A dry run: everything is checked against the database and against the file itself, and nothing stays.

use super::*;
use crate::support::on_both;

#[test]
fn a_dry_run_finds_what_the_import_would_find_and_writes_nothing() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        import(&ann, "", "name,code\nthere,T\n");
        let file = "name,code,owner\none,A,\ntwo,A,\nthree,T,\n,B,\nfour,C,nobody\nfive,,\nfive,,\n";
        let trial = import(&ann, "?dryRun=true", file);
        assert_eq!(trial.counts(), [3, 0, 0, 4]);
        assert_eq!(trial.summary()["trial"], true);
        assert_eq!(names(&ann), ["there"]);
        let real = import(&ann, "", file);
        assert_eq!((real.counts(), real.codes()), (trial.counts(), trial.codes()));
        assert_eq!(names(&ann), ["there", "one", "five", "five"]);
    });
}

#[test]
fn a_value_that_stood_hundreds_of_rows_before_is_not_unique_either() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let mut file = "name,code\n".to_owned();
        (0..650).for_each(|row| file.push_str(&format!("part {row},{}\n", row % 600)));
        let trial = import(&ann, "?dryRun=true", &file);
        assert_eq!(trial.counts(), [600, 0, 0, 50]);
        let (line, pointer, code, sentence) = trial.refused().remove(0);
        assert_eq!((line, pointer.as_str(), code.as_str()), (602, "/fields/code", "not_unique"));
        assert_eq!(sentence, "line 2 of the file already has this code");
        let real = import(&ann, "", &file);
        assert_eq!((real.counts(), real.codes()), (trial.counts(), trial.codes()));
    });
}

#[test]
fn a_dry_run_knows_which_rows_would_change_records_of_earlier_rows() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let mut file = "name,code,amount\n".to_owned();
        (0..500).for_each(|row| file.push_str(&format!("part {row},{},1\n", row % 450)));
        // What is required is there already.
        file.push_str(",3,2\n");
        let trial = import(&ann, "?dryRun=true&updateBy=code", &file);
        assert_eq!(trial.counts(), [450, 51, 0, 0], "{:?}", trial.refused());
        let real = import(&ann, "?updateBy=code", &file);
        assert_eq!(real.counts(), trial.counts());
    });
}

#[test]
fn nothing_is_kept_of_a_dry_run_under_its_key() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let send = |query: &str| {
            let headers = [CSV, ("Idempotency-Key", "list-1")];
            imported(&ann.send("POST", &format!("{PARTS}/import{query}"), &headers, "name\none\n"))
        };
        assert_eq!(send("?dryRun=true").counts(), [1, 0, 0, 0]);
        assert_eq!(send("?dryRun=true").summary()["replayed"], false);
        assert_eq!(send("").counts(), [1, 0, 0, 0]);
        assert_eq!(names(&ann), ["one"]);
    });
}
