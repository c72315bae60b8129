//! Scripts: exact numbers and money. What the other script tests share stands here too.

use kamflow::engine::evaluator::Evaluator;
use kamflow::model::definitions::Definitions;
use kamflow::model::expression::{Expression, FunctionRef, Place};
use kamflow::model::incident::Failure;
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::pack::Pack;
use kamflow::model::plugin::{Function, Plugin};
use kamflow::model::text::Text;
use kamflow::scripts::{self, Scripts};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The place that hand-made definitions say they stand at.
pub fn place(file: &str, line: u32, column: u32) -> Place {
    Place { file: file.into(), line, column }
}

/// A pack with nothing in it.
pub fn definitions() -> Definitions {
    Definitions {
        pack: Pack {
            name: "sales".to_owned(),
            title: Text::same("Sales"),
            version: "1".to_owned(),
            extends: None,
            business: None,
            requires: BTreeMap::new(),
            roles: BTreeMap::new(),
            settings: BTreeMap::new(),
            at: place("workflows/sales/pack.yaml", 1, 7),
        },
        processes: BTreeMap::new(),
        stages: BTreeMap::new(),
        scenarios: BTreeMap::new(),
        records: BTreeMap::new(),
        forms: BTreeMap::new(),
        mappings: BTreeMap::new(),
        plugins: BTreeMap::new(),
    }
}

/// A plugin of these files that declares these functions, all in its first file, without schemas to speak of.
pub fn plugin(files: &[(&str, &str)], functions: &[&str]) -> Plugin {
    let at = place("plugins/rules/plugin.yaml", 1, 9);
    let path = |file: &str| -> Arc<str> { format!("plugins/rules/{file}").into() };
    let declared = |name: &&str| {
        let function = Function {
            name: (*name).to_owned(),
            script: path(files[0].0),
            input: json!({}),
            output: json!({}),
            at: place("plugins/rules/plugin.yaml", 5, 5),
        };
        ((*name).to_owned(), function)
    };
    Plugin {
        id: "rules".to_owned(),
        version: "1.0.0".to_owned(),
        title: Text::same("Rules"),
        functions: functions.iter().map(declared).collect(),
        settings: BTreeMap::new(),
        reasons: BTreeMap::new(),
        scripts: files.iter().map(|(file, source)| (path(file), (*source).into())).collect(),
        tests: Vec::new(),
        at,
    }
}

/// Definitions with just this plugin.
pub fn with(plugin: Plugin) -> Definitions {
    let mut definitions = definitions();
    definitions.plugins.insert(plugin.id.clone(), Arc::new(plugin));
    definitions
}

/// Compiles; what was found fails the test.
pub fn compiled(definitions: &Definitions) -> Scripts {
    let compiled = scripts::compile(definitions);
    let findings = sentences(&compiled.findings);
    compiled.scripts.unwrap_or_else(|| panic!("{findings:#?}"))
}

/// The findings as they are printed.
pub fn sentences(findings: &[kamflow::model::finding::Finding]) -> Vec<String> {
    findings.iter().map(ToString::to_string).collect()
}

/// Calls `rules/{function}`.
pub fn call(scripts: &Scripts, function: &str, input: Json) -> Result<Json, Failure> {
    scripts.call(&FunctionRef { plugin: "rules".to_owned(), function: function.to_owned() }, &input)
}

/// What the body of a function gives for an input.
pub fn run(body: &str, input: Json) -> Result<Json, Failure> {
    let source = format!("fn f(i) {{ {body} }}");
    call(&compiled(&with(plugin(&[("f.rhai", &source)], &["f"]))), "f", input)
}

pub fn expression(source: &str) -> Expression {
    Expression { source: source.into(), at: place("workflows/sales/processes/p.yaml", 10, 12) }
}

pub fn said(result: Result<Json, Failure>) -> String {
    result.unwrap_err().message
}

/// JSON from text, digits as written.
pub fn exact(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

#[test]
fn decimals_are_exact() {
    assert_eq!(run("72.68 + 10.93 + 2.73 + 13.66 == 100.0", json!({})), Ok(json!(true)));
    let input = exact(
        r#"{"impact": 5, "difficulty": 3, "urgency": 4, "weights": {"impact": 0.4, "difficulty": 0.3, "urgency": 0.3}}"#,
    );
    let body = r#"
        let w = i.weights;
        if w.impact + w.difficulty + w.urgency != 1.0 { throw "weights must sum to 1"; }
        #{priority: w.impact * i.impact + w.difficulty * i.difficulty + w.urgency * i.urgency}"#;
    assert_eq!(run(body, input).unwrap().to_string(), r#"{"priority":4.1}"#);
    assert_eq!(
        run("i.x", exact(r#"{"x": 0.1234567890123456789012345678}"#)).unwrap().to_string(),
        "0.1234567890123456789012345678"
    );
    assert_eq!(run("i.x", exact(r#"{"x": 1.5e3}"#)).unwrap().to_string(), "1500.0");
    assert_eq!(run("i.x * 2", exact(r#"{"x": 25e-1}"#)).unwrap().to_string(), "5.0");
}

#[test]
fn a_decimal_stays_a_decimal_on_its_way_through_json() {
    assert_eq!(run("round(7.0, 0)", json!({})).unwrap().to_string(), "7.0");
    assert_eq!(run("i.x / 2", exact(r#"{"x": 7.0}"#)).unwrap().to_string(), "3.5");
}

#[test]
fn whole_numbers_divide_to_whole_numbers_and_decimals_exactly() {
    assert_eq!(
        run("[7 / 2, decimal(7) / 2, 7 / 2.0, 7.0 / 2, 2 * 1.5, 1.5 - 1, 1 < 1.5, 2 == 2.0]", json!({}))
            .unwrap()
            .to_string(),
        "[3,3.5,3.5,3.5,3.0,0.5,true,true]"
    );
}

#[test]
fn ten_answers_are_not_more_than_ten() {
    let body = r#"
        let total = 0; let per = #{};
        for q in i.template {
            let s = if i.answers[q.code] == "yes" { 1 } else { 0 };
            total += s;
            per[q.section] = (per[q.section] ?? 0) + s;
        }
        #{total: total, per_section: per, high_value: total > 10}"#;
    let asked = |yes: usize| {
        let template: Vec<Json> = (0..12).map(|n| json!({"code": format!("q{n}"), "section": "s"})).collect();
        let answers: JsonMap = (0..yes).map(|n| (format!("q{n}"), json!("yes"))).collect();
        run(body, json!({"template": template, "answers": answers})).unwrap()
    };
    assert_eq!(asked(10), json!({"total": 10, "per_section": {"s": 10}, "high_value": false}));
    assert_eq!(asked(11)["high_value"], json!(true));
}

#[test]
fn largest_remainder_gives_away_every_unit() {
    let source = r#"
        fn allocate(i) {
            let n = i.nodes.len();
            let base = i.total / n;
            let rest = i.total - base * n;
            let alloc = [];
            for (node, at) in i.nodes { alloc.push(#{id: node, minor: if at < rest { base + 1 } else { base }}); }
            #{alloc: alloc, sum: alloc.reduce(|sum, a| sum + a.minor, 0)}
        }"#;
    let scripts = compiled(&with(plugin(&[("allocate.rhai", source)], &["allocate"])));
    let nodes: Vec<String> = (0..12).map(|n| format!("n{n}")).collect();
    let result = call(&scripts, "allocate", json!({"total": 1_000_001, "nodes": nodes})).unwrap();
    assert_eq!(result["sum"], json!(1_000_001));
    assert_eq!(result["alloc"].as_array().unwrap().iter().filter(|a| a["minor"] == json!(83_334)).count(), 5);
}

#[test]
fn money_goes_in_and_out_and_never_mixes() {
    let deal = || json!({"amount": {"amount": "1000000.00", "currency": "CNY"}, "other": {"amount": "1.00", "currency": "USD"}});
    let run = |body: &str| run(body, deal());
    assert_eq!(run("i.amount"), Ok(json!({"amount": "1000000.00", "currency": "CNY"})));
    assert_eq!(run(r#"i.amount > money("1000000.00", "CNY")"#), Ok(json!(false)));
    assert_eq!(run(r#"i.amount + money("0.01", "CNY") > money("1000000.00", "CNY")"#), Ok(json!(true)));
    assert_eq!(
        run("[i.amount.amount, i.amount.currency, i.amount.minor]").unwrap().to_string(),
        r#"[1000000.0,"CNY",100000000]"#
    );
    assert_eq!(
        run(r#"[money("0.05", "CNY") * 0.5, 0.5 * money("0.15", "CNY")]"#),
        Ok(json!([{"amount": "0.02", "currency": "CNY"}, {"amount": "0.08", "currency": "CNY"}]))
    );
    assert_eq!(run(r#"i.amount / money("400000.00", "CNY")"#).unwrap().to_string(), "2.5");
    assert_eq!(
        run("let sum = money(\"0\", \"CNY\"); for n in 0..3 { sum += i.amount; } -sum"),
        Ok(json!({"amount": "-3000000.00", "currency": "CNY"}))
    );
    assert_eq!(run("`${i.amount}`"), Ok(json!("1000000.00 CNY")));
    assert_eq!(run("[i.amount == (), i.amount != (), i.none == i.amount]"), Ok(json!([false, true, false])));
    assert_eq!(run(r#"i.amount == money("1000000", "CNY")"#), Ok(json!(true)));
    assert_eq!(run(r#"[i.amount] == [money("1000000", "CNY")]"#), Ok(json!(true)));
    assert_eq!(run(r#"max(i.amount, money("2000000", "CNY")).minor"#), Ok(json!(200_000_000)));
    for wrong in [
        "i.amount > 1000000",
        "1000000 < i.amount",
        "i.amount == 1000000",
        "1000000.0 != i.amount",
        "i.amount > i.other",
        "i.amount == i.other",
        "i.amount + i.other",
        "i.amount + 1",
        "2 - i.amount",
        "i.amount += 1",
        "i.amount * i.amount",
        "i.amount > ()",
        "i.amount / 2",
        "money(\"1.234\", \"CNY\")",
        "money(\"1\", \"cny\")",
        "money(\"x\", \"CNY\")",
        "[i.amount].contains(5)",
        "[i.amount, 3].sort()",
        "i.amount * decimal(\"1e20\")",
    ] {
        let failure = run(wrong).unwrap_err();
        assert_eq!(failure.code, "script", "{wrong}");
    }
    assert_eq!(
        said(run("i.amount > 5")),
        "plugins/rules/f.rhai:1:20: money (1000000.00 CNY) cannot be compared with the number 5 (in f)"
    );
    assert!(said(run("i.amount < i.other")).contains("1000000.00 CNY and 1.00 USD are amounts of two currencies"));
    assert!(said(run("i.amount + 1")).contains(
        r#"money (1000000.00 CNY) and the number 1 cannot be added or subtracted; write money("1.00", "CNY")"#
    ));
}

#[test]
fn what_is_missing_is_never_quietly_less() {
    assert!(
        said(run("i.score > 10", json!({})))
            .contains("nothing (a value that is missing) cannot be compared with the number 10")
    );
    assert!(said(run(r#""5" < 3"#, json!({}))).contains("a text cannot be compared with the number 3"));
    assert_eq!(
        run(r#"[i.score == (), i.score ?? 7, "a" < "b", 'a' < "b"]"#, json!({})),
        Ok(json!([true, 7, true, true]))
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let body = r#"#{hash: stable_hash(i.name), hex: sha256(i.name), like: similarity(i.name, "上海明辰科技有限公司"), third: 1.0 / 3, keys: i.keys(), sorted: i.rows.map(|r| r * 2)}"#;
    let input = json!({"name": "上海明晨科技", "b": 1, "a": 2, "rows": [3, 1, 2]});
    let first = run(body, input.clone()).unwrap().to_string();
    assert_eq!(first, run(body, input).unwrap().to_string());
    assert!(first.contains(r#""third":0.3333333333333333333333333333"#), "{first}");
    assert!(first.contains(r#""keys":["a","b","name","rows"]"#), "{first}");
}

/// A path only passes a value on, which is done without rhai; in brackets the same path goes through rhai.
#[test]
fn a_value_that_is_only_passed_on_is_what_rhai_makes_of_it() {
    let scripts = compiled(&definitions());
    let evaluate = |source: &str, given: &JsonMap| {
        scripts.evaluate(&expression(source), &kamflow::engine::evaluator::Names::new(vec![given]))
    };
    let deep = format!("{}1{}", "[".repeat(120), "]".repeat(120));
    let values = [
        "null",
        "true",
        "7",
        "-0",
        "9223372036854775807",
        "9223372036854775808",
        "1.50",
        "1e2",
        "25e-1",
        "0.0",
        "0.12345678901234567890123456789",
        "\"text\"",
        "[]",
        "{}",
        r#"{"b": [1.10, {"a": null}], "a": "x"}"#,
        r#"{"amount": "1234.5", "currency": "CNY"}"#,
        r#"{"amount": "1.234", "currency": "CNY"}"#,
        r#"{"amount": "5", "currency": "none"}"#,
        r#"[{"amount": "7", "currency": "JPY"}]"#,
        &deep,
    ];
    for value in values {
        let inner = exact(value);
        let given = JsonMap::from_iter([("x".to_owned(), inner.clone()), ("o".to_owned(), json!({ "p": inner }))]);
        for path in ["x", "o.p", "x.amount", "x.len", "x.a", "o.none", "o.p.b", "o.p.amount", "y"] {
            let text = |result: Result<Json, Failure>| result.map(|value| value.to_string()).map_err(|f| f.code);
            assert_eq!(text(evaluate(path, &given)), text(evaluate(&format!("({path})"), &given)), "{path} of {value}");
        }
    }
}
