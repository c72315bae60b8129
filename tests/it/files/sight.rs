//! Who sees a file, and who may put it where.

use super::*;
use crate::runtime::instance;
use crate::support::on_both;

#[test]
fn a_file_is_its_uploaders_until_a_record_has_it() {
    on_both(|database| {
        let app = app(database);
        let (ann, bob, boss) = (app.by("ann"), app.by("bob"), app.by("boss"));
        let file = uploaded(&ann, "a.pdf");
        assert_eq!([looks(&ann, &file), looks(&bob, &file), looks(&boss, &file)], [200, 404, 404]);
        let made = folder(&ann, json!({"name": "f", "owner": "bob", "contract": file}));
        // Now it is the record's: ann may not read that one, though the file was hers.
        assert_eq!([looks(&ann, &file), looks(&bob, &file), looks(&boss, &file)], [404, 200, 200]);
        patch(&bob, &made, json!({"owner": "ann"})).ok(200);
        assert_eq!([looks(&ann, &file), looks(&bob, &file)], [200, 404]);
        // Taken off, it is nobody's any more.
        patch(&ann, &made, json!({"contract": null})).ok(200);
        assert_eq!([looks(&ann, &file), looks(&boss, &file)], [404, 404]);
    });
}

#[test]
fn a_file_that_one_may_not_see_cannot_be_named() {
    on_both(|database| {
        let app = app(database);
        let (ann, bob) = (app.by("ann"), app.by("bob"));
        let file = uploaded(&ann, "a.pdf");
        let refused = |answer: Answer, pointer: &str| {
            let problem = answer.problem(422, "invalid_record");
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
            assert_eq!(problem["errors"][0]["code"], "not_there");
        };
        let mine = folder(&bob, json!({"name": "f", "owner": "bob"}));
        for stolen in [file.as_str(), "no-such-file"] {
            refused(bob.post(FOLDERS, json!({"fields": {"name": "x", "contract": stolen}})), "/fields/contract");
            refused(patch(&bob, &mine, json!({"notes": [{"file": stolen}]})), "/fields/notes/0/file");
            let attach = format!("{FOLDERS}/{mine}/attachments");
            refused(bob.post(&attach, json!({"file": stolen})), "/file");
        }
        // On a record that he may read it is his to use again; and stays where it is.
        let shared = folder(&ann, json!({"name": "s", "owner": "bob", "contract": file}));
        patch(&bob, &mine, json!({"contract": file})).ok(200);
        patch(&bob, &shared, json!({"owner": "ann"})).ok(200);
        assert_eq!([looks(&ann, &file), looks(&bob, &file)], [200, 200]);
    });
}

#[test]
fn a_field_that_may_not_be_read_does_not_show_its_file() {
    on_both(|database| {
        let app = app(database);
        let (ann, boss) = (app.by("ann"), app.by("boss"));
        let file = uploaded(&boss, "s.pdf");
        let made = folder(&boss, json!({"name": "f", "owner": "ann", "secret": file}));
        assert_eq!([looks(&ann, &file), looks(&boss, &file)], [404, 200]);
        patch(&boss, &made, json!({"contract": file})).ok(200);
        assert_eq!(looks(&ann, &file), 200, "another field shows it");
    });
}

#[test]
fn what_a_field_takes_is_checked() {
    on_both(|database| {
        let app = app(database);
        let ann = app.by("ann");
        let plain = id(&upload(&ann, "a.txt", PLAIN, b"text"));
        let large = id(&upload(&ann, "l.pdf", PDF, &pdf(1_001)));
        let picture = id(&upload(&ann, "p.png", ("Content-Type", "image/png"), b"\x89PNG\r\n\x1a\n.."));
        let fields = json!({"name": "f", "contract": large, "pictures": [picture, plain]});
        let refused = ann.post(FOLDERS, json!({ "fields": fields })).problem(422, "invalid_record");
        let errors: Vec<(&str, &str)> = refused["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
            .collect();
        assert_eq!(errors, [("/fields/contract", "file_too_large"), ("/fields/pictures/1", "file_type")]);
        // Nothing was attached by what was refused.
        assert_eq!([looks(&ann, &large), looks(&ann, &picture)], [200, 200]);
        folder(&ann, json!({"name": "f", "owner": "ann", "pictures": [picture], "notes": [{"file": plain}]}));
    });
}

#[test]
fn a_process_puts_a_file_on_a_record() {
    on_both(|database| {
        let app = app(database);
        let file = uploaded(&app.by("bob"), "a.pdf");
        let done = app.by("bob").start("file-it", json!({ "file": file }));
        assert_eq!(instance(&app, &done)["state"], "completed");
        assert_eq!([looks(&app.by("ann"), &file), looks(&app.by("bob"), &file)], [200, 404]);
    });
}
