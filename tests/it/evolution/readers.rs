//! Everybody who reads records by a name finds those that are kept under another one: filters, sums, hierarchies, rights,
//! references, files, imports. Before the batch, half way and after it alike.

use super::*;
use crate::support::app::Caller;
use crate::support::on_both;

/// Names in pointed brackets are the ones that change; with a colon, what says so.
const SITE: &str = "\
record: site
title: {en: Site, zh: 地点}
fields:
  name: {type: string, required: true, max: 100, search: true}
  <code>: {<code:>type: string, max: 20}
  <owner>: {<owner:>type: user}
  <crew>: {<crew:>type: list, of: {type: user}}
  <above>: {<above:>type: ref, record: site, acyclic: true}
  <partner>: {<partner:>type: ref, record: site, on_delete: clear}
  <plan>: {<plan:>type: file}
  <size>: {<size:>type: int}
  <note>: {<note:>type: string, max: 100, search: true}
unique: [{fields: [<code>]}]
indexes: [[<size>]]
columns: {name: name, owner: <owner>, parent: <above>}
access:
  read: [owner, member(<crew>), role:boss]
  create: [role:boss]
  update: [owner, role:boss]
  delete: [role:boss]
";

const NAMES: [(&str, &str); 8] = [
    ("code", "sku"),
    ("owner", "keeper"),
    ("crew", "staff"),
    ("above", "upper"),
    ("partner", "ally"),
    ("plan", "drawing"),
    ("size", "seats"),
    ("note", "remark"),
];

/// The type under its first names.
fn before() -> String {
    NAMES.iter().fold(SITE.to_owned(), |text, (old, _)| {
        text.replace(&format!("<{old}>"), old).replace(&format!("<{old}:>"), "")
    })
}

/// The type under its second names.
fn after() -> String {
    NAMES.iter().fold(SITE.to_owned(), |text, (old, new)| {
        text.replace(&format!("<{old}>"), new).replace(&format!("<{old}:>"), &format!("was: {old}, "))
    })
}

fn site(text: &str) -> Vec<(&str, &str)> {
    vec![("records/site.yaml", text)]
}

struct Sites {
    top: String,
    middle: String,
    low: String,
    file: String,
}

fn at(id: &str) -> String {
    format!("/api/v1/records/site/{id}")
}

fn set(by: &Caller, id: &str, fields: Json) -> Answer {
    by.send("PATCH", &at(id), &[JSON], &json!({ "fields": fields }).to_string())
}

/// Low is below middle, that below top; kept under the first names.
fn sites(app: &TestApp) -> Sites {
    app.user("boss", &["boss"]);
    app.user("cat", &["clerk"]);
    let boss = app.by("boss");
    let id = |answer: Answer| answer.ok(201)["id"].as_str().unwrap().to_owned();
    let make = |fields: Json| id(boss.post("/api/v1/records/site", json!({ "fields": fields })));
    let upload = boss.send_bytes("POST", "/api/v1/files?name=a.txt", &[("Content-Type", "text/plain")], b"a plan");
    let file = id(upload);
    let top = make(json!({"name": "top", "owner": "ann", "code": "T", "size": 5, "note": "lighthouse"}));
    let middle = make(json!({"name": "middle", "owner": "bob", "code": "M", "size": 3, "above": top, "crew": ["cat"]}));
    let low = json!({"name": "low", "owner": "ann", "size": 1, "above": middle, "partner": top, "plan": file});
    let low = make(low);
    Sites { top, middle, low, file }
}

fn ids(answer: Answer) -> Vec<String> {
    answer.ok(200)["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn look(app: &TestApp, sites: &Sites) {
    let Sites { top, middle, low, file } = sites;
    let boss = app.by("boss");
    let found = |body: Json| ids(boss.post("/api/v1/records/site/search", body));
    assert_eq!(found(json!({"filter": {"seats": {"$gte": 2}}, "sort": ["-seats"]})), [top.clone(), middle.clone()]);
    assert_eq!(found(json!({"filter": {"upper": middle}})), std::slice::from_ref(low));
    assert_eq!(found(json!({"filter": {"$text": "lighthouse"}})), std::slice::from_ref(top));
    assert_eq!(
        found(json!({"filter": {"upper": {"$under": top}}, "sort": ["seats"]})),
        [low.clone(), middle.clone(), top.clone()]
    );
    let asked = json!({"group": ["keeper"], "measures": {"n": "count", "sum": {"sum": "seats"}}});
    let summed = boss.post("/api/v1/records/site/aggregate", asked).ok(200);
    let rows = json!([
        {"group": {"keeper": "ann"}, "measures": {"n": 2, "sum": 6}},
        {"group": {"keeper": "bob"}, "measures": {"n": 1, "sum": 3}},
    ]);
    assert_eq!(summed["rows"], rows, "{summed}");
    // The hierarchy leads the same way, and never in a circle.
    assert_eq!(ids(boss.get(&format!("{}/ancestors", at(low)))), [middle.clone(), top.clone()]);
    assert_eq!(ids(boss.get(&format!("{}/descendants", at(top)))), [middle.clone(), low.clone()]);
    set(&boss, top, json!({"upper": low})).problem(422, "cycle");
    // Who sees it by being named sees it.
    let sees = |login: &str| [top, middle, low].map(|id| app.by(login).get(&at(id)).status);
    assert_eq!((sees("ann"), sees("bob"), sees("cat")), ([200, 404, 200], [404, 200, 404], [404, 200, 404]));
    let file = format!("/api/v1/files/{file}/content");
    assert_eq!(["ann", "bob", "boss"].map(|login| app.by(login).get(&file).status), [200, 404, 200]);
    // What refers to it stands in the way.
    let refused = boss.send("DELETE", &at(middle), &[], "").problem(409, "referenced");
    assert_eq!(refused["present"]["referring"], json!([{"type": "site", "number": 1}]));
    // A record is found by what it is known by.
    let csv = [("Content-Type", "text/csv")];
    let import = boss.send("POST", "/api/v1/records/site/import?updateBy=sku", &csv, "sku,seats\nT,5\nM,3\n");
    let last: Json = serde_json::from_str(import.text.lines().last().unwrap()).unwrap();
    assert_eq!((&last["summary"]["unchanged"], &last["summary"]["created"]), (&json!(2), &json!(0)), "{last}");
    let exported = boss.get("/api/v1/records/site/export");
    assert!(exported.text.contains("sku") && !exported.text.contains("crew"), "{}", exported.text);
}

#[test]
fn everybody_who_reads_by_a_name_finds_what_is_kept_under_another_one() {
    on_both(|database| {
        let app = with(database, &site(&before()));
        let sites = sites(&app);
        deploy(&app, &site(&after()));
        look(&app, &sites);
        set(&app.by("boss"), &sites.middle, json!({"remark": "half way"})).ok(200);
        look(&app, &sites);
        assert_eq!(rederive(&app), 2);
        look(&app, &sites);
        assert_eq!(rows(database, "record_aliases"), 0);
        assert_eq!(
            rows(database, "record_index WHERE field IN ('size', 'crew', 'above', 'partner', 'plan', '~note')"),
            0
        );
    });
}

#[test]
fn a_deletion_clears_references_that_are_kept_under_another_name() {
    on_both(|database| deletion(database, false));
}

#[test]
fn a_deletion_clears_references_that_were_brought_to_another_name() {
    on_both(|database| deletion(database, true));
}

fn deletion(database: &TestDatabase, brought: bool) {
    let app = with(database, &site(&before()));
    let sites = sites(&app);
    let boss = app.by("boss");
    deploy(&app, &site(&after()));
    if brought {
        assert_eq!(rederive(&app), 3);
    }
    set(&boss, &sites.middle, json!({"upper": null})).ok(200);
    boss.send("DELETE", &at(&sites.top), &[], "").ok(200);
    let low = boss.get(&at(&sites.low)).ok(200);
    assert_eq!((&low["fields"]["ally"], &low["fields"]["upper"]), (&Json::Null, &json!(sites.middle)), "{low}");
    assert_eq!(rederive(&app), 0, "both were changed since");
    assert_eq!(boss.get(&at(&sites.low)).ok(200)["fields"], low["fields"]);
}
