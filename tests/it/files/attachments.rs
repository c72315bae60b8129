//! Attachments: every record has a list of files, with the access, the rules and the history of the record.

use super::*;
use crate::support::on_both;

fn attachments(folder: &str) -> String {
    format!("{FOLDERS}/{folder}/attachments")
}

#[test]
fn any_record_can_have_files() {
    on_both(|database| {
        let app = app(database);
        let (ann, bob) = (app.by("ann"), app.by("bob"));
        let made = folder(&ann, json!({"name": "f", "owner": "ann"}));
        let (one, two) = (uploaded(&ann, "1.pdf"), uploaded(&ann, "2.pdf"));
        let added = ann.post(&attachments(&made), json!({"file": one, "reason": "signed"}));
        assert_eq!((added.header("etag"), added.ok(201)["name"].as_str()), ("\"2\"", Some("1.pdf")));
        let stale = [JSON, ("If-Match", "\"1\"")];
        let body = json!({"file": two}).to_string();
        ann.send("POST", &attachments(&made), &stale, &body).problem(412, "stale_record");
        ann.post(&attachments(&made), json!({"file": two})).ok(201);
        ann.post(&attachments(&made), json!({"file": two})).ok(201);
        let names = || -> Vec<String> {
            let listed = ann.get(&attachments(&made)).ok(200);
            listed["items"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names(), ["1.pdf", "2.pdf"]);
        // Access is that of the record.
        for answer in [
            bob.get(&attachments(&made)),
            bob.post(&attachments(&made), json!({"file": uploaded(&bob, "b.pdf")})),
            bob.send("DELETE", &format!("{}/{one}", attachments(&made)), &[], ""),
        ] {
            answer.problem(404, "not_found");
        }
        let gone = ann.send("DELETE", &format!("{}/{one}?reason=wrong", attachments(&made)), &[], "");
        assert_eq!(gone.ok(200)["fields"]["attachments"], json!([two]));
        ann.send("DELETE", &format!("{}/{one}", attachments(&made)), &[], "").problem(404, "not_found");
        assert_eq!(names(), ["2.pdf"]);
        let history = ann.get(&format!("{FOLDERS}/{made}/history")).ok(200);
        let told: Vec<(&Json, &Json)> = history["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|change| change["field"] == "attachments")
            .map(|change| (&change["new"], &change["reason"]))
            .collect();
        let (first, second, third) = (json!([one]), json!([one, two]), json!([two]));
        assert_eq!(told, [(&first, &json!("signed")), (&second, &Json::Null), (&third, &json!("wrong"))]);
    });
}

#[test]
fn a_record_has_some_files_at_most() {
    on_both(|database| {
        let app = app(database);
        let ann = app.by("ann");
        let files: Vec<String> = (0..101).map(|n| id(&upload(&ann, &format!("{n}.txt"), PLAIN, b"x"))).collect();
        let made = folder(&ann, json!({"name": "f", "owner": "ann", "attachments": files[1..]}));
        let refused = ann.post(&attachments(&made), json!({"file": files[0]})).problem(422, "invalid_record");
        assert_eq!(refused["errors"][0]["code"], "too_many_files", "{refused}");
        assert!(refused["errors"][0]["detail"].as_str().unwrap().contains("at most 100"), "{refused}");
    });
}

#[test]
fn a_ledger_takes_no_more_files() {
    on_both(|database| {
        let app = app(database);
        let ann = app.by("ann");
        let file = uploaded(&ann, "1.pdf");
        let born = json!({"fields": {"name": "s", "attachments": [file]}});
        let made = id(&ann.post("/api/v1/records/sealed", born));
        let path = format!("/api/v1/records/sealed/{made}/attachments");
        ann.post(&path, json!({"file": uploaded(&ann, "2.pdf")})).problem(409, "append_only");
        assert_eq!(ann.get(&path).ok(200)["items"][0]["id"], json!(file));
    });
}

#[test]
fn a_merge_unites_the_files_and_its_undo_parts_them() {
    on_both(|database| {
        let app = app(database);
        let (ann, boss) = (app.by("ann"), app.by("boss"));
        let (one, two) = (uploaded(&ann, "1.pdf"), uploaded(&ann, "2.pdf"));
        let winner = folder(&ann, json!({"name": "w", "owner": "ann", "attachments": [one]}));
        let loser = folder(&ann, json!({"name": "l", "owner": "bob", "attachments": [two]}));
        assert_eq!(looks(&ann, &two), 404);
        let merge = boss.post(&format!("{FOLDERS}/{winner}/merge"), json!({"loser": loser, "reason": "one"})).ok(200);
        assert_eq!(merge["record"]["fields"]["attachments"], json!([one, two]));
        assert_eq!([looks(&ann, &two), looks(&app.by("bob"), &two)], [200, 404]);
        let undo = format!("{FOLDERS}/{winner}/merges/{}/undo", merge["merge"]["id"].as_str().unwrap());
        boss.post(&undo, json!({"reason": "two"})).ok(200);
        assert_eq!([looks(&ann, &two), looks(&app.by("bob"), &two)], [404, 200]);
    });
}
