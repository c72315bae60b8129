//! Stages of records: kept by code, told by title, ordered by their list, on both databases.

use crate::support::app::{BUSINESS, CHINESE, Caller, JSON, TestApp};
use crate::support::{TestDatabase, on_both};
use kamflow::model::json::Json;
use serde_json::json;

const PACK: &str = "\
pack: desk
version: 1.0.0
title: {en: Desk, zh: 柜台}
roles: {clerk: {en: Clerk, zh: 职员}}
";

/// Codes that sort otherwise than the list.
const FUNNEL: &str = "\
stages: funnel
title: {en: Funnel, zh: 漏斗}
kind: linear
enter: {at: any, requires: reason}
advance: {back: superior, lostFrom: any}
list:
  - {code: need, title: {en: Need, zh: 需求}, maxDays: 30}
  - {code: offer, title: {en: Offer, zh: 报价}}
  - {code: contract, title: {en: Contract, zh: 合同}}
  - code: done
    title: {en: Done, zh: 成交}
    terminal: {won: {}, lost: {require: why}}
";

const DEAL: &str = "\
record: deal
title: {en: Deal, zh: 商机}
fields:
  name:  {type: string, required: true, max: 40}
  owner: {type: user}
  stage: {type: stage, list: funnel}
  next:  {type: stage, list: funnel}
  seen:  {type: list, of: {type: stage, list: funnel}}
  plan:  {type: stage, list: funnel}
  why:   {type: string}
columns: {stage: stage, owner: owner}
indexes: [[stage], [next], [owner, next]]
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";

const MAPPING: &str = "\
mapping: foreign
record: deal
columns: {名称: name, 阶段: {field: stage, values: {签约: contract}}}
";

const MAKE: &str = "\
process: make
title: {en: Make, zh: 新建}
starters: [clerk]
input: {type: object, required: [stage], properties: {stage: {type: string}}}
nodes:
  - {id: keep, type: serviceTask, action: records.create, in: {type: '\"deal\"', fields: '#{name: \"made\", stage: stage}'}}
";

const DEALS: &str = "/api/v1/records/deal";
const CSV: (&str, &str) = ("Content-Type", "text/csv");

fn files(funnel: &str) -> [(&str, &str); 5] {
    [
        ("workflows/desk/pack.yaml", PACK),
        ("workflows/desk/stages/funnel.yaml", funnel),
        ("workflows/desk/records/deal.yaml", DEAL),
        ("workflows/desk/mappings/foreign.yaml", MAPPING),
        ("workflows/desk/processes/make.yaml", MAKE),
    ]
}

fn desk(database: &TestDatabase) -> TestApp {
    let app = TestApp::start(database);
    app.deploy(&files(FUNNEL));
    app.user("ann", &["clerk"]);
    app
}

fn put(by: &Caller, fields: Json) -> Json {
    by.post(DEALS, json!({ "fields": fields })).ok(201)
}

/// The names of the deals that a search finds, in its order.
fn names(by: &Caller, search: Json) -> Vec<String> {
    let page = by.post(&format!("{DEALS}/search"), search).ok(200);
    page["items"].as_array().unwrap().iter().map(|deal| deal["fields"]["name"].as_str().unwrap().to_owned()).collect()
}

fn found(by: &Caller, filter: Json) -> Vec<String> {
    let mut names = names(by, json!({ "filter": filter }));
    names.sort();
    names
}

/// A deal in each stage, called by it, in `stage`, `next` and `plan` alike; and one in none.
fn one_in_each(by: &Caller) {
    for code in ["need", "offer", "contract", "done"] {
        put(by, json!({"name": code, "owner": "ann", "stage": code, "next": code, "plan": code}));
    }
    put(by, json!({"name": "none", "owner": "ann"}));
}

#[test]
fn only_codes_of_the_list_are_kept_on_every_path() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let wrong = json!({"fields": {"name": "x", "stage": "Offer", "seen": ["need", 7]}});
        let problem = ann.post(DEALS, wrong.clone()).problem(422, "invalid_record");
        let errors: Vec<(&str, &str)> = problem["errors"].as_array().unwrap().iter().map(told).collect();
        let codes = "need, offer, contract, done";
        assert_eq!(
            errors,
            [
                ("/fields/seen/1", &*format!("expected a stage of \"funnel\": {codes}; found the number 7")),
                ("/fields/stage", &*format!("expected a stage of \"funnel\": {codes}; found the text \"Offer\"")),
            ]
        );
        let chinese = ann.send("POST", DEALS, &[JSON, CHINESE], &wrong.to_string()).problem(422, "invalid_record");
        assert_eq!(told(&chinese["errors"][1]).1, format!("应为“funnel”中的阶段：{codes}；实际为文本 \"Offer\""));

        let deal = put(&ann, json!({"name": "x", "stage": "offer", "seen": ["need", "offer"]}));
        assert_eq!(deal["fields"]["stage"], "offer");
        let path = format!("{DEALS}/{}", deal["id"].as_str().unwrap());
        let patch = |stage: Json| {
            let body = json!({"fields": {"stage": stage}}).to_string();
            ann.send("PATCH", &path, &[JSON, ("If-Match", "*")], &body)
        };
        patch(json!("won")).problem(422, "invalid_record");
        assert_eq!(patch(json!("contract")).ok(200)["fields"]["stage"], "contract");

        let instance = ann.start("make", json!({"stage": "somewhere"}));
        let incidents = app.by("alice").get(&format!("/api/v1/incidents?instance={instance}")).ok(200);
        assert_eq!(incidents["items"][0]["code"], "invalid_record", "{incidents}");
        ann.start("make", json!({"stage": "done"}));
        assert_eq!(found(&ann, json!({"stage": "done"})), ["made"]);
    });
}

fn told(error: &Json) -> (&str, &str) {
    (error["pointer"].as_str().unwrap(), error["detail"].as_str().unwrap())
}

#[test]
fn a_file_may_say_a_stage_by_its_code_or_by_its_title() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let file = "name,stage,seen\na,offer,\nb,报价,需求|Offer\nc, Offer ,\nd,Ofer,\n";
        let answer = ann.send("POST", &format!("{DEALS}/import"), &[CSV], file);
        let lines: Vec<Json> = answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let refused: Vec<&Json> = lines.iter().filter_map(|line| line.get("refused")).collect();
        let sentence = "expected a stage of \"funnel\": need, offer, contract, done; found the text \"Ofer\"";
        assert_eq!(
            (refused.len(), told(&refused[0]["errors"][0])),
            (1, ("/fields/stage", sentence)),
            "{}",
            answer.text
        );
        assert_eq!(found(&ann, json!({"stage": "offer"})), ["a", "b", "c"]);
        let b = ann.get(&format!("{DEALS}?name=b")).ok(200);
        assert_eq!(b["items"][0]["fields"]["seen"], json!(["need", "offer"]));

        let foreign = "名称,阶段\ne,签约\nf,成交\n";
        let answer = ann.send("POST", &format!("{DEALS}/import?mapping=foreign"), &[CSV], foreign);
        assert!(answer.text.contains("\"created\":2"), "{}", answer.text);
        assert_eq!(found(&ann, json!({"stage": {"$in": ["contract", "done"]}})), ["e", "f"]);

        let export = ann.get(&format!("{DEALS}/export?fields=name,stage,seen&name=b")).text;
        assert!(export.contains("b,offer,need|offer"), "what goes out are the codes: {export}");
    });
}

#[test]
fn a_range_goes_by_the_order_of_the_list() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        one_in_each(&ann);
        // A column, an index, an index of several fields, and no index at all.
        for field in ["stage", "next", "plan"] {
            let ask = |condition: Json| found(&ann, json!({"owner": "ann", (field): condition}));
            assert_eq!(ask(json!({"$gte": "offer"})), ["contract", "done", "offer"], "{field}");
            assert_eq!(ask(json!({"$gt": "offer"})), ["contract", "done"], "{field}");
            assert_eq!(ask(json!({"$lt": "contract"})), ["need", "offer"], "{field}");
            assert_eq!(ask(json!({"$gt": "need", "$lte": "contract"})), ["contract", "offer"], "{field}");
            assert_eq!(ask(json!({"$gt": "done"})), [""; 0], "{field}");
            assert_eq!(ask(json!({"$in": ["need", "done"]})), ["done", "need"], "{field}");
            assert_eq!(ask(json!({"$nin": ["need", "done"]})), ["contract", "none", "offer"], "{field}");
            assert_eq!(ask(json!({"$exists": false})), ["none"], "{field}");
            assert_eq!(ask(json!({"$gte": "offer", "$neq": "done"})), ["contract", "offer"], "{field}");
        }
        let search = |filter: Json| ann.post(&format!("{DEALS}/search"), json!({ "filter": filter }));
        search(json!({"stage": {"$gte": "ofer"}})).problem(422, "wrong_filter");
        search(json!({"stage": {"$in": ["need", "nowhere"]}})).problem(422, "wrong_filter");
        search(json!({"seen": {"$gte": "need"}})).problem(422, "wrong_filter");
        search(json!({"stage": {"$like": "n%"}})).problem(422, "wrong_filter");
        // Sorted is by code, so that an index has the order: the page says so.
        for field in ["stage", "next", "plan"] {
            let sorted = names(&ann, json!({"sort": [field]}));
            assert_eq!(sorted, ["contract", "done", "need", "offer", "none"], "{field}");
        }
    });
}

#[test]
fn a_funnel_is_summed_up_in_the_order_of_the_list_now_and_in_the_past() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        one_in_each(&ann);
        let ask = |body: Json| ann.post(&format!("{DEALS}/aggregate"), body);
        let order = |body: Json, field: &str| -> Vec<Json> {
            let rows = ask(body).ok(200);
            rows["rows"].as_array().unwrap().iter().map(|row| row["group"][field].clone()).collect()
        };
        let in_list = [json!("need"), json!("offer"), json!("contract"), json!("done"), Json::Null];
        for field in ["stage", "next", "plan"] {
            assert_eq!(order(json!({"group": [field], "measures": {"n": "count"}}), field), in_list, "{field}");
        }
        let down = order(json!({"group": ["stage"], "measures": {"n": "count"}, "sort": ["-stage"]}), "stage");
        assert_eq!(down, [json!("done"), json!("contract"), json!("offer"), json!("need"), Json::Null]);
        let past = json!({"group": ["stage"], "measures": {"n": "count"}, "filter": {"stage": {"$gte": "offer"}}, "asOf": "2026-03-02"});
        assert_eq!(order(past, "stage"), in_list[1..4]);
        for field in ["stage", "plan"] {
            let problem = ask(json!({"measures": {"first": {"min": field}}})).problem(422, "wrong_aggregate");
            assert_eq!(problem["detail"], format!("\"{field}\" cannot be measured"));
        }
    });
}

#[test]
fn a_changed_list_reorders_what_is_kept_and_loses_nothing() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        one_in_each(&ann);
        // Contracts come before offers now, demos are new, and nobody has needs any more.
        let changed = FUNNEL
            .replace(
                "code: need, title: {en: Need, zh: 需求}, maxDays: 30",
                "code: contract, title: {en: Contract, zh: 合同}",
            )
            .replacen(
                "  - {code: contract, title: {en: Contract, zh: 合同}}\n  - code",
                "  - {code: demo, title: {en: Demo, zh: 演示}}\n  - code",
                1,
            );
        app.deploy(&files(&changed));
        let rows =
            ann.post(&format!("{DEALS}/aggregate"), json!({"group": ["stage"], "measures": {"n": "count"}})).ok(200);
        let groups: Vec<&Json> = rows["rows"].as_array().unwrap().iter().map(|row| &row["group"]["stage"]).collect();
        assert_eq!(groups, [&json!("contract"), &json!("offer"), &json!("done"), &json!("need"), &Json::Null]);
        assert_eq!(found(&ann, json!({"next": {"$lt": "offer"}})), ["contract"]);
        // Who stands where the list no longer goes is found, read and changed, and may move on.
        assert_eq!(
            found(&ann, json!({"stage": {"$nin": ["contract", "offer", "demo", "done"], "$exists": true}})),
            ["need"]
        );
        let left = ann.get(&format!("{DEALS}?name=need")).ok(200)["items"][0].clone();
        let path = format!("{DEALS}/{}", left["id"].as_str().unwrap());
        let patch = |fields: Json| {
            ann.send("PATCH", &path, &[JSON, ("If-Match", "*")], &json!({ "fields": fields }).to_string())
        };
        assert_eq!(patch(json!({"why": "asked"})).ok(200)["fields"]["stage"], "need");
        assert_eq!(patch(json!({"stage": "demo", "next": null})).ok(200)["fields"]["stage"], "demo");
        patch(json!({"stage": "need"})).problem(422, "invalid_record");
    });
}

#[test]
fn the_active_lists_are_served_in_both_languages() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let list = ann.get("/api/v1/stages/funnel").ok(200);
        let title = json!({"en": "Funnel", "zh": "漏斗"});
        assert_eq!((&list["name"], &list["kind"], &list["title"]), (&json!("funnel"), &json!("linear"), &title));
        assert_eq!(list["enter"], json!({"at": ["need", "offer", "contract"], "reason": true}));
        let advance =
            json!({"skip": false, "back": "superior", "lostFrom": ["need", "offer", "contract"], "maxReturns": null});
        assert_eq!((&list["advance"], &list["transitions"]), (&advance, &json!([])));
        let need = json!({"code": "need", "title": {"en": "Need", "zh": "需求"}, "maxDays": 30, "phase": null, "terminal": false, "outcomes": []});
        assert_eq!(list["stages"][0], need);
        let outcomes = json!([{"name": "won", "require": null}, {"name": "lost", "require": "why"}]);
        assert_eq!((&list["stages"][3]["terminal"], &list["stages"][3]["outcomes"]), (&json!(true), &outcomes));
        assert_eq!(ann.get("/api/v1/stages").ok(200), json!({ "items": [list] }));
        ann.get("/api/v1/stages/nothing").problem(404, "not_found");

        app.deploy(&files(&FUNNEL.replace("en: Offer", "en: Quote")));
        assert_eq!(ann.get("/api/v1/stages/funnel").ok(200)["stages"][1]["title"]["en"], "Quote");
        let narrow = app.token(BUSINESS, "ann", Some(&["tasks:read"]));
        app.with_authorization(&format!("Bearer {narrow}")).get("/api/v1/stages").problem(403, "scope_missing");
        app.with_authorization("").get("/api/v1/stages").problem(401, "unauthenticated");
    });
}

#[test]
fn the_funnel_of_the_sales_pack_has_the_eight_stages_of_the_document() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let by = |login: &str| app.by_of("demo", login);
        let funnel = by("zhou.min").get("/api/v1/stages/sales-funnel").ok(200);
        let stages = funnel["stages"].as_array().unwrap();
        assert_eq!((stages.len(), &stages[0]["code"]), (8, &json!("s01")));
        assert_eq!(stages[0]["title"]["zh"], "寻找正确的联系人,寻找正确的特性需求");
        assert_eq!(stages[5]["title"]["zh"], "企业实现惟一选择,或者中标");
        assert_eq!(stages[7]["outcomes"][1], json!({"name": "lost", "require": "lost_reason"}));

        let customer = json!({"fields": {"name": "宁波拾光精密铸造有限公司", "owner": "zhou.min"}});
        let customer = by("zhou.min").post("/api/v1/records/customer", customer).ok(201)["id"].clone();
        let make = |name: &str| {
            let fields = json!({"name": name, "customer": customer, "owner": "zhou.min"});
            by("zhou.min").post("/api/v1/records/opportunity", json!({ "fields": fields }))
        };
        let made = make("压铸线").ok(201);
        assert_eq!((&made["fields"]["stage"], &made["fields"]["status"]), (&json!("s01"), &json!("open")));
        assert_eq!(made["fields"]["number"], "OPP-2026-00001");
        make("压铸线").problem(409, "not_unique");
        let path = format!("/api/v1/records/opportunity/{}", made["id"].as_str().unwrap());
        let patch = |login: &str, fields: Json| {
            let body = json!({ "fields": fields }).to_string();
            by(login).send("PATCH", &path, &[JSON, ("If-Match", "*")], &body)
        };
        patch("zhou.min", json!({"stage": "s05"})).ok(200);
        patch("zhou.min", json!({"status": "lost"})).problem(422, "check_failed");
        // Somebody else's account manager sees nothing of it; a member of the team does.
        by("li.na").get(&path).problem(404, "not_found");
        patch("zhou.min", json!({"team": [{"user": "li.na", "role": "presales"}]})).ok(200);
        by("li.na").get(&path).ok(200);
        patch("li.na", json!({"owner": "li.na"})).problem(403, "field_not_allowed");
        // A lost one frees its name.
        patch("zhou.min", json!({"status": "lost", "lost_reason": "价格"})).ok(200);
        make("压铸线").ok(201);
    });
}
