//! What nobody has is forgotten after a day; what somebody has is not.

use super::*;
use crate::runtime::rows;
use crate::support::on_both;
use crate::support::threads::each;

const DAY: i64 = 24 * 3_600_000;

#[test]
fn what_was_never_attached_is_forgotten_after_a_day() {
    on_both(|database| {
        let app = app(database);
        let (ann, bob) = (app.by("ann"), app.by("bob"));
        let kept = uploaded(&ann, "kept.pdf");
        let made = folder(&ann, json!({"name": "f", "owner": "ann", "contract": kept}));
        let (same, loose) = (uploaded(&bob, "same.pdf"), id(&upload(&bob, "loose.txt", PLAIN, b"only here")));
        let tidy = || app.wait(app.runtime.tidy()).unwrap();
        app.clock.advance(DAY - 1);
        tidy();
        assert_eq!((rows(database, "files"), rows(database, "blobs")), (3, 2));
        app.clock.advance(2);
        tidy();
        // The content that the record has stays, though another file had it, too.
        assert_eq!((rows(database, "files"), rows(database, "blobs"), rows(database, "blob_parts")), (1, 1, 1));
        let bob = app.by("bob");
        assert_eq!([looks(&bob, &same), looks(&bob, &loose), looks(&app.by("ann"), &kept)], [404, 404, 200]);
        let late = app.by("bob").post(FOLDERS, json!({"fields": {"name": "x", "contract": same}}));
        late.problem(422, "invalid_record");
        // Once attached, it is kept for the history, also when the record has it no more.
        patch(&app.by("ann"), &made, json!({"contract": null})).ok(200);
        app.clock.advance(2 * DAY);
        tidy();
        assert_eq!((rows(database, "files"), rows(database, "blobs")), (1, 1));
    });
}

#[test]
fn an_upload_that_never_ended_is_forgotten() {
    on_both(|database| {
        use kamflow::runtime::request::Change;
        let app = app(database);
        let part = Change::StorePart { upload: "u-1".into(), part: 0, content: noise(10) };
        app.change(crate::support::app::BUSINESS, part);
        assert_eq!((rows(database, "uploads"), rows(database, "blob_parts")), (1, 1));
        app.clock.advance(DAY + 1);
        app.wait(app.runtime.tidy()).unwrap();
        assert_eq!((rows(database, "uploads"), rows(database, "blob_parts")), (0, 0));
    });
}

#[test]
fn a_content_that_is_uploaded_while_it_is_forgotten_is_whole() {
    on_both(|database| {
        let app = app(database);
        for round in 0..8 {
            let content = noise(1_000 + round);
            let bytes = ("Content-Type", "application/octet-stream");
            upload(&app.by("ann"), "old.bin", bytes, &content).ok(201);
            app.clock.advance(DAY + 1);
            let answers = each(2, |n| match n {
                0 => Some(upload(&app.by("ann"), "new.bin", bytes, &content)),
                _ => {
                    app.wait(app.runtime.tidy()).unwrap();
                    None
                }
            });
            let new = id(answers[0].as_ref().unwrap());
            let got = app.by("ann").get(&format!("/api/v1/files/{new}/content"));
            assert!(got.bytes == content, "round {round}");
        }
    });
}
