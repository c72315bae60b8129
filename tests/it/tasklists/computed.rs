//! What a form computes: shown as it is now, computed anew when it is sent, and never taken from whoever sends it.

use super::{PACK, field, open};
use crate::support::app::{CHINESE, JSON, TestApp};
use crate::support::on_both;
use serde_json::{Value, json};

/// Offers a price for so many; the total is computed, at the start and at the task.
const OFFER: &str = "\
process: offer
title: {en: Offer, zh: 报价}
form: order
input:
  type: object
  required: [number, price]
  properties:
    number: {type: integer, minimum: 1}
    price: {type: number}
    total: {type: number, maximum: 1000}
    note: {type: string, maxLength: 5}
nodes:
  - {id: check, type: userTask, candidateGroups: [clerk], form: check}
  - {id: end-total, type: scriptTask, set: {doubled: total * 2}}
";

const ORDER: &str = "\
form: order
title: {en: What is ordered, zh: 订单}
schema:
  type: object
  properties: {number: {type: integer}, price: {type: number}, total: {type: number}}
labels: {number: {en: Number, zh: 数量}, price: {en: Price, zh: 单价}, total: {en: Total, zh: 合计}}
order: [price, number, total]
computed: {total: number * price}
";

const CHECK: &str = "\
form: check
title: {en: Check, zh: 复核}
schema:
  type: object
  required: [rebate, total]
  properties:
    rebate: {type: integer}
    total: {type: number, minimum: 0}
    price: {type: number, readOnly: true}
    share: {type: number}
    by: {type: string}
labels: {rebate: {en: Rebate, zh: 折扣}, total: {en: Total, zh: 合计}, price: {en: Price, zh: 单价}, by: {en: By, zh: 经办}, share: {en: Share, zh: 比率}}
computed:
  total: number * price - rebate
  share: price / rebate
  by: actor.user
";

fn offers(app: &TestApp) {
    let base = "workflows/field";
    app.deploy(&[
        (&format!("{base}/pack.yaml"), PACK),
        (&format!("{base}/processes/offer.yaml"), OFFER),
        (&format!("{base}/forms/order.yaml"), ORDER),
        (&format!("{base}/forms/check.yaml"), CHECK),
    ]);
}

fn wrong(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().unwrap().iter();
    errors.map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap())).collect()
}

#[test]
fn what_is_computed_is_shown_and_never_entered() {
    on_both(|database| {
        let app = field(database);
        offers(&app);
        let ann = app.by("ann");
        let instance = ann.start("offer", json!({"number": 3, "price": 10}));
        let path = format!("/api/v1/user-tasks/{}", open(&ann, &instance));
        let form = ann.get(&format!("{path}/form")).ok(200);
        assert_eq!(form["computed"], json!(["by", "share", "total"]));
        assert_eq!(form["readOnly"], json!(["price"]));
        // Without the rebate there is no total yet: what the start computed is not it.
        assert_eq!(form["values"], json!({"price": 10, "by": "ann"}));
        ann.post(&format!("{path}/claim"), json!({})).ok(200);
        let complete = |variables: Value| ann.post(&format!("{path}/complete"), json!({"variables": variables}));
        for (variables, at) in [
            (json!({"rebate": 5, "total": 7}), ("/variables/total", "read_only")),
            (json!({"rebate": 5, "price": 11}), ("/variables/price", "read_only")),
            (json!({"rebate": 5, "by": "bob"}), ("/variables/by", "read_only")),
            (json!({"rebate": 31}), ("/variables/total", "schema")),
            (json!({"rebate": "5"}), ("/variables/rebate", "schema")),
            (json!({}), ("/variables/rebate", "required")),
            (json!({"rebate": 0}), ("/variables/share", "not_computed")),
        ] {
            let refused = complete(variables).problem(422, "invalid_variables");
            assert_eq!(wrong(&refused)[0], at, "{refused}");
        }
        // What is shown may come back as it was shown.
        complete(json!({"rebate": 5, "total": 25, "price": 10, "by": "ann"})).ok(200);
        let ended = app.by("ann").get(&format!("/api/v1/process-instances/{instance}")).ok(200);
        let variables =
            json!({"number": 3, "price": 10, "rebate": 5, "total": 25, "share": 2, "by": "ann", "doubled": 50});
        assert_eq!((&ended["state"], &ended["variables"]), (&json!("completed"), &variables));
    });
}

#[test]
fn what_is_computed_goes_by_the_variables_of_that_moment() {
    on_both(|database| {
        let app = field(database);
        offers(&app);
        let (ann, alice) = (app.by("ann"), app.by("alice"));
        let instance = ann.start("offer", json!({"number": 3, "price": 10}));
        let path = format!("/api/v1/user-tasks/{}", open(&ann, &instance));
        ann.post(&format!("{path}/claim"), json!({})).ok(200);
        let change = json!({"variables": {"number": 4}, "reason": "one more"}).to_string();
        alice.send("PATCH", &format!("/api/v1/process-instances/{instance}/variables"), &[JSON], &change).ok(200);
        let stale = json!({"variables": {"rebate": 5, "total": 25}});
        ann.post(&format!("{path}/complete"), stale).problem(422, "invalid_variables");
        ann.post(&format!("{path}/complete"), json!({"variables": {"rebate": 5}})).ok(200);
        let ended = ann.get(&format!("/api/v1/process-instances/{instance}")).ok(200);
        assert_eq!(ended["variables"]["total"], 35);
    });
}

#[test]
fn what_a_delegate_gives_back_is_computed_and_computed_anew_at_the_end() {
    on_both(|database| {
        let app = field(database);
        offers(&app);
        let (ann, bob) = (app.by("ann"), app.by("bob"));
        let instance = ann.start("offer", json!({"number": 3, "price": 10}));
        let path = format!("/api/v1/user-tasks/{}", open(&ann, &instance));
        ann.post(&format!("{path}/claim"), json!({})).ok(200);
        ann.post(&format!("{path}/delegate"), json!({"user": "bob"})).ok(200);
        let wrong = bob.post(&format!("{path}/resolve"), json!({"variables": {"rebate": 5, "total": 1}}));
        wrong.problem(422, "invalid_variables");
        bob.post(&format!("{path}/resolve"), json!({"variables": {"rebate": 5}})).ok(200);
        let form = ann.get(&format!("{path}/form")).ok(200);
        let values = json!({"rebate": 5, "price": 10, "total": 25, "share": 2, "by": "ann"});
        assert_eq!(form["values"], values, "as it would be for ann");
        ann.post(&format!("{path}/complete"), json!({"variables": {"rebate": 2}})).ok(200);
        let ended = ann.get(&format!("/api/v1/process-instances/{instance}")).ok(200);
        assert_eq!((&ended["variables"]["total"], &ended["variables"]["by"]), (&json!(28), &json!("ann")));
    });
}

#[test]
fn the_start_of_a_process_is_drawn_and_checked_at_its_fields() {
    on_both(|database| {
        let app = field(database);
        offers(&app);
        let ann = app.by("ann");
        let form = ann.get("/api/v1/process-definitions/offer/form").ok(200);
        assert_eq!(form["title"], json!({"en": "What is ordered", "zh": "订单"}));
        assert_eq!((&form["order"], &form["computed"]), (&json!(["price", "number", "total"]), &json!(["total"])));
        assert_eq!(form["labels"]["price"], json!({"en": "Price", "zh": "单价"}));
        assert_eq!(form["labels"]["note"], json!({"en": "note", "zh": "note"}), "a start variable without a label");
        assert_eq!(form["schema"]["required"], json!(["number", "price"]));
        let start = |variables: Value| {
            let body = json!({"process": "offer", "variables": variables}).to_string();
            ann.send("POST", "/api/v1/process-instances", &[JSON, CHINESE], &body)
        };
        for (variables, at, detail) in [
            (json!({"number": 0, "price": 1}), ("/variables/number", "schema"), "不得小于 1"),
            (json!({"number": "3", "price": 1}), ("/variables/number", "schema"), "应为整数，实际为文本 \"3\""),
            (json!({"number": 3, "price": 500}), ("/variables/total", "schema"), "不得大于 1000"),
            (
                json!({"number": 3, "price": 5, "total": 9}),
                ("/variables/total", "read_only"),
                "“total”仅供显示，不可填写",
            ),
            (
                json!({"number": 3, "price": 5, "note": "too long"}),
                ("/variables/note", "schema"),
                "共 8 个字符，最多 5 个",
            ),
        ] {
            let refused = start(variables).problem(422, "invalid_variables");
            assert_eq!((wrong(&refused)[0], &refused["errors"][0]["detail"]), (at, &json!(detail)), "{refused}");
        }
        let started = start(json!({"number": 3, "price": 5, "total": 15})).ok(201);
        let instance = ann.get(&format!("/api/v1/process-instances/{}", started["id"].as_str().unwrap())).ok(200);
        assert_eq!(instance["variables"]["total"], 15);
        // Without a form of its own it is drawn from its start variables.
        let visit = "process: plain\ntitle: {en: Plain, zh: 简单}\ninput: {type: object, properties: {city: {type: string}}}\n\
            nodes: [{id: a, type: userTask, candidateGroups: [clerk]}]\n";
        app.deploy(&[("workflows/field/pack.yaml", PACK), ("workflows/field/processes/plain.yaml", visit)]);
        let plain = ann.get("/api/v1/process-definitions/plain/form").ok(200);
        assert_eq!((&plain["name"], &plain["labels"]["city"]["en"]), (&json!("plain"), &json!("city")));
        ann.get("/api/v1/process-definitions/nothing/form").problem(404, "not_found");
    });
}

#[test]
fn what_a_form_computes_is_checked_when_it_is_deployed() {
    let database = crate::support::sqlite();
    let app = field(&database);
    let found = |order: &str| {
        let file = |path: &str, content: &str| json!({"path": format!("workflows/field/{path}"), "content": content});
        let files = [
            file("pack.yaml", PACK),
            file("processes/offer.yaml", OFFER),
            file("forms/order.yaml", order),
            file("forms/check.yaml", CHECK),
        ];
        let answer = app.by("alice").post("/api/v1/deployments/validate", json!({"files": files})).ok(200);
        answer["findings"].to_string()
    };
    assert_eq!(found(ORDER), "[]");
    assert!(found(&ORDER.replace("number * price}", "nummer * price}")).contains("unknown variable \\\"nummer\\\""));
    assert!(
        found(&ORDER.replace("{total: number * price}", "{totl: '1'}")).contains("there is no property \\\"totl\\\"")
    );
    assert!(found(&ORDER.replace("{total: number * price}", "{total: now}")).contains("unknown variable \\\"now\\\""));
    let read_only = ORDER.replace("total: {type: number}}", "total: {type: number, readOnly: true}}");
    assert!(found(&read_only).contains("so nobody enters it anyway"));
    let strange = ORDER
        .replace("total: {type: number}}", "total: {type: number}, tax: {type: number}}")
        .replace("labels: {", "labels: {tax: {en: Tax, zh: 税}, ");
    assert!(found(&strange).contains("which is no start variable"), "{}", found(&strange));
}
