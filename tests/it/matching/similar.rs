//! `records.candidates` by pieces, on both databases: what is alike is found, what is common costs nothing, what was cut
//! says so, and what was deleted or merged is found no more.

use crate::support::app::TestApp;
use crate::support::{TestDatabase, on_both};
use kamflow::model::json::Json;
use serde_json::json;

const PACK: &str = "pack: firms\nversion: 1.0.0\ntitle: {en: Firms, zh: 公司}\nroles: {clerk: {en: Clerk, zh: 职员}}\n";

const FIRM: &str = "record: firm\ntitle: {en: Firm, zh: 公司}\nfields:\n  \
    name: {type: string, max: 200}\n  code: {type: string, max: 20}\n  tags: {type: list, of: {type: string, max: 50}}\n\
    keys: [code]\nsimilar: [name, tags]\nhistory: false\n\
    access: {read: [role:clerk], create: [role:clerk], update: [role:clerk], delete: [role:clerk], merge: [role:clerk]}\n";

const ASK: &str = "process: ask\ntitle: {en: Ask, zh: 查}\nstarters: [clerk]\ninput: {type: object, properties: {asked: {type: object}}}\nnodes:\n  \
    - {id: find, type: serviceTask, action: records.candidates, out: {found: result},\n     \
       in: {type: '\"firm\"', keys: input.asked.keys, similar: input.asked.similar, most: input.asked.most,
       fields: input.asked.fields}}\n  \
    - {id: wait, type: userTask, candidateGroups: [clerk]}\n";

fn app(database: &TestDatabase) -> TestApp {
    let app = TestApp::start(database);
    app.user("ann", &["clerk"]);
    app.deploy(&[
        ("workflows/firms/pack.yaml", PACK),
        ("workflows/firms/records/firm.yaml", FIRM),
        ("workflows/firms/processes/ask.yaml", ASK),
    ]);
    app
}

fn make(app: &TestApp, fields: Json) -> String {
    app.by("ann").post("/api/v1/records/firm", json!({ "fields": fields })).ok(201)["id"].as_str().unwrap().to_owned()
}

/// What the action gives.
fn found(app: &TestApp, more: Json) -> Json {
    let mut asked = json!({"keys": {}, "similar": {}, "most": null, "fields": null});
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let id = app.by("ann").start("ask", json!({ "asked": asked }));
    app.by("ann").get(&format!("/api/v1/process-instances/{id}")).ok(200)["variables"]["found"].clone()
}

fn names(app: &TestApp, more: Json) -> (Vec<String>, bool) {
    let found = found(app, more);
    let records = found["records"].as_array().unwrap_or_else(|| panic!("{found}"));
    let names = records.iter().map(|record| record["fields"]["name"].as_str().unwrap().to_owned()).collect();
    (names, found["cut"].as_bool().unwrap())
}

#[test]
fn records_are_found_by_the_rare_pieces_that_they_share() {
    on_both(|database| {
        let app = app(database);
        for name in ["华信恒通网络科技", "卓越华远教育", "Norvik Energy Systems", "Harrington Foods"] {
            make(&app, json!({ "name": name }));
        }
        let found = |name: &str| names(&app, json!({"similar": {"name": name}}));
        assert_eq!(found("恒通华信网络科技"), (vec!["华信恒通网络科技".to_owned()], false), "in another order");
        assert_eq!(found("华讯恒通网路科技"), (vec!["华信恒通网络科技".to_owned()], false), "two wrong characters");
        assert_eq!(found("energy norvik"), (vec!["Norvik Energy Systems".to_owned()], false));
        assert_eq!(found("Harington"), (vec!["Harrington Foods".to_owned()], false));
        assert_eq!(found("青藤园林"), (vec![], false));
        assert_eq!(found(""), (vec![], false));
        assert_eq!(names(&app, json!({"similar": {"name": null}})), (vec![], false));
    });
}

#[test]
fn items_of_a_list_are_pieces_and_equal_keys_come_first() {
    on_both(|database| {
        let app = app(database);
        make(&app, json!({"name": "a", "tags": ["x y", "z"], "code": "1"}));
        make(&app, json!({"name": "b", "tags": ["z"], "code": "2"}));
        make(&app, json!({"name": "c", "code": "9"}));
        let asked = json!({"keys": {"code": "9"}, "similar": {"tags": ["x y", "z", "q"]}});
        assert_eq!(names(&app, asked), (vec!["c".into(), "a".into()], false), "b shares too little");
        let cut = json!({"keys": {"code": "9"}, "similar": {"tags": ["x y", "z"]}, "most": 1});
        assert_eq!(names(&app, cut), (vec!["c".into()], true));
    });
}

#[test]
fn of_the_fields_those_come_along_that_are_asked_for() {
    on_both(|database| {
        let app = app(database);
        make(&app, json!({"name": "a", "tags": ["z"], "code": "1"}));
        let asked = json!({"keys": {"code": "1"}, "fields": ["code", "nothing"]});
        let record = found(&app, asked)["records"][0].clone();
        assert_eq!((&record["fields"], &record["matched"]), (&json!({"code": "1"}), &json!(["code"])));
    });
}

#[test]
fn changed_deleted_and_merged_records_are_found_as_they_are_now() {
    on_both(|database| {
        let app = app(database);
        let ann = app.by("ann");
        let first = make(&app, json!({"name": "曙光数据"}));
        let found = |name: &str| names(&app, json!({"similar": {"name": name}})).0;
        assert_eq!(found("曙光"), ["曙光数据"]);
        let headers = [crate::support::app::JSON, ("If-Match", "\"1\"")];
        let path = format!("/api/v1/records/firm/{first}");
        ann.send("PATCH", &path, &headers, r#"{"fields": {"name": "暮色软件"}}"#).ok(200);
        assert!(found("曙光").is_empty());
        assert_eq!(found("暮色"), ["暮色软件"]);

        let second = make(&app, json!({"name": "暮色数据"}));
        assert_eq!(found("暮色").len(), 2);
        let body = json!({"loser": second, "loserVersion": 1, "reason": "one firm"});
        ann.send(
            "POST",
            &format!("{path}/merge"),
            &[crate::support::app::JSON, ("If-Match", "\"2\"")],
            &body.to_string(),
        )
        .ok(200);
        assert_eq!(found("暮色"), ["暮色软件"]);
        let gone = ann.send("DELETE", &path, &[("If-Match", "\"3\"")], "");
        assert!(gone.status < 300, "{}", gone.text);
        assert!(found("暮色").is_empty());
    });
}

#[test]
fn what_is_common_is_not_read_and_what_only_is_common_is_cut() {
    on_both(|database| {
        let app = app(database);
        let lines: Vec<String> =
            (0..520).map(|n| json!({"name": format!("x{n}"), "tags": ["common"]}).to_string()).collect();
        let jsonl = [("Content-Type", "application/x-ndjson")];
        app.by("ann").send("POST", "/api/v1/records/firm/import", &jsonl, &lines.join("\n"));
        let total = app.by("ann").get("/api/v1/records/firm").ok(200)["total"].clone();
        assert_eq!(total, 520);
        make(&app, json!({"name": "rare one", "tags": ["common", "rare"]}));
        let asked = |tags: &[&str]| names(&app, json!({"similar": {"tags": tags}}));
        assert_eq!(asked(&["common", "rare"]), (vec!["rare one".to_owned()], false));
        assert_eq!(asked(&["common"]), (vec![], true), "nothing could be looked up, so nothing is known");
        assert_eq!(asked(&["common", "nowhere"]), (vec![], true));
        assert_eq!(asked(&["nowhere"]), (vec![], false));
    });
}

#[test]
fn a_field_that_has_no_pieces_is_refused() {
    on_both(|database| {
        let app = app(database);
        let asked = json!({"keys": {}, "similar": {"code": "1"}, "most": null});
        let id = app.by("ann").start("ask", json!({ "asked": asked }));
        let incidents = app.by("alice").get(&format!("/api/v1/incidents?instance={id}"));
        assert!(incidents.text.contains("unknown_key"), "{}", incidents.text);
    });
}

#[test]
fn only_texts_have_pieces() {
    let wrong = FIRM
        .replace("code: {type: string, max: 20}", "code: {type: int}")
        .replace("[name, tags]", "[name, code, nmae]");
    let files = [("workflows/firms/pack.yaml", PACK), ("workflows/firms/records/firm.yaml", wrong.as_str())];
    let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into();
    let findings = kamflow::runtime::library::check(&files, &"main".into()).findings;
    let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let told = told.join("\n");
    assert!(told.contains("\"code\" has no pieces: only a text or a list of texts has"), "{told}");
    assert!(told.contains("did you mean \"name\"?"), "{told}");
}
