//! Conditions and sums: all that are broken are told at once, where they are and in the caller's language.

use super::{create, in_chinese, made, patch, patch_because, places};
use crate::runtime::{deployment, incidents, with};
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;

const DEAL: &str = "\
record: deal
title: {en: Deal, zh: 交易}
fields:
  name:  {type: string, required: true, max: 50}
  open:  {type: date}
  close: {type: date}
  kind:  {type: enum, values: [gift, sale], default: sale}
  note:  {type: text}
  worth: {type: decimal, reason: true}
  upper: {type: string}
  team:  {type: map, fields: {lead: {type: user, reason: true}, size: {type: int}}}
  splits: {type: list, of: {type: map, fields: {who: {type: string}, percent: {type: percent}}}}
derive:
  upper: {function: text/upper, in: {name: name}, value: result.upper}
check:
  - rule: open == () || close == () || open <= close
    message: {en: A deal closes after it was opened., zh: 结束日期不能早于开始日期。}
  - rule: kind != \"gift\" || note != ()
    message: {en: 'A gift needs a note: why?', zh: 赠送须注明原因。}
  - rule: upper != \"FORBIDDEN\"
    message: {en: Not this name., zh: 名称不可用。}
sum:
  - {of: splits.percent, is: 100}
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";

const PLUGIN: &str = "\
plugin: text
version: 1.0.0
title: {en: Text, zh: 文本}
functions:
  upper:
    script: upper.rhai
    input: {type: object, required: [name], properties: {name: {type: string}}}
    output: {type: object, required: [upper], properties: {upper: {}}}
";

const MAKE: &str = "\
process: make
title: {en: Make, zh: 创建}
input: {type: object, required: [fields], properties: {fields: {type: object}}}
nodes:
  - {id: make, type: serviceTask, action: records.create, in: {type: '\"deal\"', fields: fields}}
";

const FILES: [(&str, &str); 4] = [
    ("records/deal.yaml", DEAL),
    ("processes/make.yaml", MAKE),
    ("plugins/text/plugin.yaml", PLUGIN),
    ("plugins/text/upper.rhai", "//! Capitals.\nfn upper(input) { #{upper: input.name.to_upper()} }\n"),
];

fn shares(percents: &[&str]) -> Json {
    let share = |percent: &&str| json!({"who": "x", "percent": percent});
    percents.iter().map(share).collect()
}

#[test]
fn all_broken_rules_are_told_at_once_in_the_language_of_the_caller() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let fields = json!({"name": "forbidden", "open": "2026-03-02", "close": "2026-03-01", "kind": "gift",
            "splits": shares(&["60", "39.99"])});
        let problem = create(&ann, "deal", fields.clone()).problem(422, "check_failed");
        let expected = [
            ("/fields/open", "check_failed", "A deal closes after it was opened."),
            ("/fields/kind", "check_failed", "A gift needs a note: why?"),
            ("/fields/upper", "check_failed", "Not this name."),
            ("/fields/splits", "sum", "\"percent\" in \"splits\" adds up to 99.99, not to 100"),
        ];
        let expected = expected.map(|(at, code, said)| (at.to_owned(), code.to_owned(), said.to_owned()));
        assert_eq!(places(&problem), expected);
        let problem = in_chinese(&ann, "POST", "/api/v1/records/deal", json!({ "fields": fields }));
        let said: Vec<String> = places(&problem).into_iter().map(|(_, _, said)| said).collect();
        let expected = [
            "结束日期不能早于开始日期。",
            "赠送须注明原因。",
            "名称不可用。",
            "“splits”中“percent”合计为 99.99，应为 100",
        ];
        assert_eq!(said, expected);
        assert_eq!(problem["title"], "不符合记录类型的规则");

        // The same on the way of a process: an incident with every sentence.
        let id = ann.start("make", json!({ "fields": fields }));
        let incident = incidents(&app, &id).pop().unwrap();
        assert_eq!(incident["code"], "check_failed");
        let message = incident["message"].as_str().unwrap();
        assert!(message.contains("A deal closes after it was opened.") && message.contains("99.99"), "{message}");
        assert_eq!(crate::runtime::rows(database, "records"), 0);
    });
}

#[test]
fn a_change_meets_the_rules_of_the_whole_record() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let deal = made(&ann, "deal", json!({"name": "a", "open": "2026-03-02"}));
        let problem = patch(&ann, &deal, json!({"close": "2026-03-01"})).problem(422, "check_failed");
        assert_eq!(places(&problem).len(), 1);
        patch(&ann, &deal, json!({"close": "2026-03-01", "open": null})).ok(200);
        patch(&ann, &deal, json!({"open": "2026-03-02"})).problem(422, "check_failed");
        patch(&ann, &deal, json!({"kind": "gift", "note": "a birthday"})).ok(200);
        patch(&ann, &deal, json!({"note": null})).problem(422, "check_failed");
        let now = ann.get(&deal).ok(200);
        assert_eq!((&now["version"], &now["fields"]["note"]), (&json!(3), &json!("a birthday")));
    });
}

#[test]
fn percents_add_up_to_the_last_digit() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let deal = |splits: Json| create(&ann, "deal", json!({"name": "a", "splits": splits}));
        for good in [
            shares(&["72.68", "10.93", "2.73", "13.66"]),
            shares(&["100.000"]),
            shares(&["33.3333333333333333333333333", "66.6666666666666666666666667"]),
            shares(&["150", "-50"]),
            json!([]),
            Json::Null,
            json!([{"percent": 100}, {"who": "without a share"}]),
        ] {
            assert_eq!(deal(good.clone()).status, 201, "{good}");
        }
        for (wrong, sum) in [
            (shares(&["72.68", "10.93", "2.73", "13.65"]), "99.99"),
            (shares(&["99.99999999999999999999999999"]), "99.99999999999999999999999999"),
            // One more digit than a decimal holds beside the other one: nothing is rounded away.
            (shares(&["100", "0.0000000000000000000000000001"]), "100"),
            (json!([{"who": "nobody"}]), "0"),
        ] {
            let problem = deal(wrong.clone()).problem(422, "check_failed");
            let said = format!("\"percent\" in \"splits\" adds up to {sum}, not to 100");
            assert_eq!(places(&problem)[0].2, said, "{wrong}");
        }
        // Too many to be added: told, not a fault of ours.
        let most = "79228162514264337593543950335";
        let problem = deal(shares(&[most, most])).problem(422, "check_failed");
        assert!(places(&problem)[0].2.contains("more than can be told"), "{problem}");
    });
}

#[test]
fn some_fields_are_not_changed_without_a_reason() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let deal = made(&ann, "deal", json!({"name": "a", "worth": 1.5, "team": {"lead": "ann", "size": 1}}));
        let problem = patch(&ann, &deal, json!({"worth": 2})).problem(422, "reason_required");
        assert_eq!(places(&problem)[0].0, "/fields/worth");
        patch_because(&ann, &deal, json!({"worth": 2}), " ").problem(422, "reason_required");
        patch(&ann, &deal, json!({"worth": 1.5, "name": "b"})).ok(200);
        patch(&ann, &deal, json!({"team": {"lead": "ann", "size": 2}})).ok(200);
        let problem = patch(&ann, &deal, json!({"team": {"lead": "bob", "size": 2}, "worth": null}));
        let problem = problem.problem(422, "reason_required");
        assert_eq!(places(&problem).len(), 2, "{problem}");
        let told = in_chinese(&ann, "PATCH", &deal, json!({"fields": {"worth": null}}));
        assert_eq!(told["errors"][0]["detail"], "修改“worth”须说明理由");
        patch_because(&ann, &deal, json!({"team": {"lead": "bob"}, "worth": null}), "bob took over").ok(200);
        let history = ann.get(&format!("{deal}/history")).ok(200);
        assert_eq!(history["items"].as_array().unwrap().last().unwrap()["reason"], "bob took over");
    });
}

#[test]
fn a_rule_that_reads_an_unknown_name_is_found_where_it_stands() {
    on_both(|database| {
        let app = with(database, &FILES);
        let wrong = DEAL
            .replace("open <= close", "opne <= close")
            .replace("sum:", "immutable: {when: kind == \"gift\" && nmae != (), except: [note]}\nsum:");
        let files = deployment(&[("records/deal.yaml", &wrong), FILES[2], FILES[3]])["files"].clone();
        let found = app.by("alice").post("/api/v1/deployments/validate", json!({ "files": files })).ok(200);
        for (text, near) in [("opne", "open"), ("nmae", "name")] {
            let (line, written) = wrong.lines().enumerate().find(|(_, line)| line.contains(text)).unwrap();
            let column = written.find(text).unwrap() + 1;
            let hint = format!("did you mean \"{near}\"?");
            let there = found["findings"].as_array().unwrap().iter().any(|finding| {
                finding["file"] == "workflows/work/records/deal.yaml"
                    && (&finding["line"], &finding["column"]) == (&json!(line + 1), &json!(column))
                    && finding["sentence"].as_str().unwrap().contains(&hint)
            });
            assert!(there, "{}:{column} {hint}: {found}", line + 1);
        }
    });
}

#[test]
fn a_rule_that_says_neither_true_nor_false_refuses() {
    on_both(|database| {
        let odd = "\
record: odd
title: {en: Odd, zh: 奇}
fields: {name: {type: string}, size: {type: int}}
check:
  - {rule: name, message: {en: Never said., zh: 不会出现。}}
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";
        let app = with(database, &[("records/odd.yaml", odd)]);
        let problem = create(&app.by("ann"), "odd", json!({"name": "x"})).problem(422, "check_failed");
        let (pointer, _, said) = places(&problem).remove(0);
        assert_eq!(pointer, "/fields/name");
        assert!(said.contains("records/odd.yaml:5:12: `name` gave \"x\", neither true nor false"), "{said}");
    });
}
