//! Scripts: exact numbers, money, errors that say where, undeclared names, schemas, plugin tests, explanations.

use kamflow::engine::evaluator::{Evaluator, Names};
use kamflow::model::definitions::Definitions;
use kamflow::model::expression::{Expression, FunctionRef, Place};
use kamflow::model::incident::Failure;
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::pack::Pack;
use kamflow::model::plugin::{Function, Plugin, PluginTest, Setting, SettingSource};
use kamflow::model::process::{Call, Node, NodeKind, Process, ScriptTask, Uniqueness, UserTask};
use kamflow::model::record_type::{Derive, Field, FieldKind, RecordType, Unique};
use kamflow::model::text::{Language, Text};
use kamflow::scripts::{self, Scripts};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
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
        records: BTreeMap::new(),
        forms: BTreeMap::new(),
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

/// What an expression gives over variables.
fn value(source: &str, variables: Json) -> Result<Json, Failure> {
    let scripts = compiled(&definitions());
    let variables: JsonMap = variables.as_object().unwrap().clone();
    scripts.evaluate(&expression(source), &Names::new(vec![&variables]))
}

fn expression(source: &str) -> Expression {
    Expression { source: source.into(), at: place("workflows/sales/processes/p.yaml", 10, 12) }
}

fn said(result: Result<Json, Failure>) -> String {
    result.unwrap_err().message
}

/// JSON from text, digits as written.
fn exact(text: &str) -> Json {
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
fn an_error_says_where_it_happened_and_who_called_whom() {
    let decide = "// entry\nfn decide(input) {\n  score(input)\n}\n";
    let helpers =
        "fn score(input) {\n    input.rows.map(|row| ratio(row))\n}\n\nfn ratio(row) {\n  row.won / row.all\n}";
    let scripts = compiled(&with(plugin(&[("decide.rhai", decide), ("helpers.rhai", helpers)], &["decide"])));
    let input = json!({"rows": [{"won": 1, "all": 2}, {"won": 1, "all": 0}]});
    let failure = call(&scripts, "decide", input.clone()).unwrap_err();
    assert_eq!(failure.code, "script");
    assert_eq!(
        failure.message,
        "plugins/rules/helpers.rhai:6:11: Division by zero: 1 / 0 (in ratio, called by a closure, called by score, called by decide)"
    );
    assert_eq!(failure.input, input);
}

#[test]
fn whatever_is_thrown_becomes_a_sentence() {
    let message = |thrown: &str| said(run(&format!("throw {thrown}"), json!({})));
    assert_eq!(message(r#""no weights""#), "plugins/rules/f.rhai:1:11: no weights (in f)");
    assert_eq!(message(r#"#{message: "no weights", code: 7}"#), "plugins/rules/f.rhai:1:11: no weights (in f)");
    assert!(message("42").ends_with("42 (in f)"));
    assert!(message("[1, 2.5]").ends_with("[1,2.5] (in f)"));
    assert!(message("()").ends_with("without a text (in f)"));
    assert!(message(r#"money("1", "CNY")"#).contains("1.00"));
    assert!(message("|x| x").starts_with("plugins/rules/f.rhai:1:11: "));
    assert_eq!(run(r#"let r = 0; try { throw "x" } catch (e) { r = e } r"#, json!({})), Ok(json!("x")));
}

#[test]
fn expressions_read_variables_and_only_what_they_need() {
    let variables = json!({"match": {"decision": "same", "score": 0.97}, "name": "上海明辰", "big": exact("123456789012345678901234567890")});
    assert_eq!(value(r#"match.decision == "same""#, variables.clone()), Ok(json!(true)));
    assert_eq!(value("`${name}:${match.score}`", variables.clone()), Ok(json!("上海明辰:0.97")));
    assert_eq!(
        value("#{name: name, keys: [1, 2].filter(|k| k > 1)}", variables.clone()),
        Ok(json!({"name": "上海明辰", "keys": [2]}))
    );
    assert_eq!(value("if match.score >= 0.95 { 1 } else { missing }", variables.clone()), Ok(json!(1)));
    assert_eq!(value(r#"is_def_var("match") && !is_def_var("candidates")"#, variables.clone()), Ok(json!(true)));
    let inner: JsonMap = json!({"name": "inner"}).as_object().unwrap().clone();
    let outer = variables.as_object().unwrap().clone();
    let names = Names::new(vec![&inner, &outer]);
    assert_eq!(compiled(&definitions()).evaluate(&expression("name + match.decision"), &names), Ok(json!("innersame")));
    assert!(said(value("big", variables)).contains("is too large for a whole number"));
}

#[test]
fn reading_a_variable_that_was_never_set_is_a_failure_of_its_own() {
    let failure = value("1 + amount", json!({})).unwrap_err();
    assert_eq!(failure.code, "variable");
    assert_eq!(failure.message, r#"workflows/sales/processes/p.yaml:10:16: the variable "amount" was never set"#);
    let failure = value("true &&\n  amount > 5", json!({})).unwrap_err();
    assert_eq!(failure.message, r#"workflows/sales/processes/p.yaml:11:3: the variable "amount" was never set"#);
}

#[test]
fn an_expression_is_an_expression() {
    for (wrong, why) in [
        ("x = 3", "assigns none"),
        ("let y = 3; y", "write one expression"),
        ("fn f() { 1 } f()", "cannot define a function"),
        ("", "is empty"),
        ("while true {}", "write one expression"),
        ("1 +", "p.yaml:10:"),
        ("nkfc(x)", r#"did you mean "nfkc"?"#),
    ] {
        let failure = value(wrong, json!({"x": 1})).unwrap_err();
        assert!(failure.message.contains(why), "{wrong}: {}", failure.message);
    }
}

fn process(nodes: Vec<NodeKind>) -> Process {
    let node = |(number, kind): (usize, NodeKind)| Node {
        id: format!("n{number}").as_str().into(),
        title: Text::same("node"),
        step: None,
        parent: None,
        kind,
        incoming: Vec::new(),
        outgoing: Vec::new(),
        boundary: Vec::new(),
        at: place("p.yaml", 1, 1),
    };
    Process {
        key: "p".to_owned(),
        title: Text::same("p"),
        subject: None,
        starters: Vec::new(),
        input: json!({"type": "object", "properties": {"source_channel": {}, "event_id": {}}}),
        business_key: Some(expression("`${source_channel}:${event_id}`")),
        uniqueness: Uniqueness::None,
        search: Vec::new(),
        nodes: nodes.into_iter().enumerate().map(node).collect(),
        flows: Vec::new(),
        index: HashMap::new(),
        at: place("p.yaml", 1, 1),
    }
}

fn mapping(entries: &[(&str, &str)]) -> BTreeMap<String, Expression> {
    entries.iter().map(|(name, source)| ((*name).to_owned(), expression(source))).collect()
}

#[test]
fn undeclared_names_are_found_with_the_nearest_one() {
    let call = Call {
        function: FunctionRef { plugin: "rules".to_owned(), function: "f".to_owned() },
        input: mapping(&[("found", "candiates"), ("when", "now")]),
        output: mapping(&[("match", "result.best"), ("candidates", "result.all.filter(|c| c.score > limit)")]),
    };
    let mut definitions = definitions();
    let task = UserTask { assignee: Some(expression("result")), ..UserTask::default() };
    let process = process(vec![NodeKind::ScriptTask(ScriptTask::Call(call)), NodeKind::UserTask(task)]);
    definitions.processes.insert("p".to_owned(), Arc::new(process));
    let found = scripts::compile(&definitions);
    assert!(found.scripts.is_none());
    assert_eq!(
        sentences(&found.findings),
        [
            r#"workflows/sales/processes/p.yaml:10:12: unknown variable "candiates"; did you mean "candidates"?"#,
            r#"workflows/sales/processes/p.yaml:10:12: unknown variable "result""#,
            r#"workflows/sales/processes/p.yaml:10:44: unknown variable "limit""#,
        ]
    );
}

#[test]
fn record_expressions_know_the_fields() {
    let field = |name: &str| Field {
        name: name.to_owned(),
        title: None,
        kind: FieldKind::Text,
        required: false,
        search: false,
        default: None,
        at: place("r.yaml", 1, 1),
    };
    let record = RecordType {
        name: "customer".to_owned(),
        title: Text::same("Customer"),
        fields: vec![field("name"), field("status")],
        derive: vec![Derive {
            field: "name".to_owned(),
            function: FunctionRef { plugin: "rules".to_owned(), function: "f".to_owned() },
            input: mapping(&[("name", "nmae")]),
            value: expression("result.core + name"),
        }],
        keys: Vec::new(),
        unique: vec![Unique {
            fields: vec!["name".to_owned()],
            condition: Some(expression(r#"status == "open" && result"#)),
        }],
        indexes: Vec::new(),
        columns: BTreeMap::new(),
        access: kamflow::model::record_type::Access::default(),
        at: place("r.yaml", 1, 1),
    };
    let mut definitions = definitions();
    definitions.records.insert("customer".to_owned(), Arc::new(record));
    assert_eq!(
        sentences(&scripts::compile(&definitions).findings),
        [
            r#"workflows/sales/processes/p.yaml:10:12: unknown variable "nmae"; did you mean "name"?"#,
            r#"workflows/sales/processes/p.yaml:10:32: unknown variable "result""#,
        ]
    );
}

#[test]
fn all_problems_of_a_plugin_are_found_at_once() {
    let first = "const SAME = 0.95;\nlet loose = 1;\nfn decide(i) {\n  if i.score >= SAEM { return helpr(i); }\n  i.helper(1);\n  helper(i, 2)\n}\nfn twice(i) { 1 }";
    let second = "const SAME = 0.9;\nfn helper(x) { sleep(1); timestamp(); setings.n }\nfn twice(i) { 2 }";
    let third = "fn broken(";
    let mut broken = plugin(&[("a.rhai", first), ("b.rhai", second), ("c.rhai", third)], &["decide", "decied"]);
    broken.functions.get_mut("decide").unwrap().input = json!({"type": "obj"});
    let found = sentences(&scripts::compile(&with(broken)).findings);
    let expected = [
        "plugins/rules/a.rhai:2:1: only constants (const) and functions (fn) may stand at the top of a script",
        r#"plugins/rules/a.rhai:4:17: unknown variable "SAEM"; did you mean "SAME"?"#,
        r#"plugins/rules/a.rhai:4:31: unknown function "helpr"; did you mean "helper"?"#,
        r#"plugins/rules/a.rhai:5:5: "helper" is a function of this plugin; call helper(x, …) instead of x.helper(…)"#,
        r#"plugins/rules/a.rhai:6:3: "helper" takes 1 arguments, not 2"#,
        r#"plugins/rules/b.rhai:1:1: the constant "SAME" is defined here and in plugins/rules/a.rhai; rename one"#,
        r#"plugins/rules/b.rhai:2:16: unknown function "sleep""#,
        r#"plugins/rules/b.rhai:2:26: unknown function "timestamp""#,
        r#"plugins/rules/b.rhai:2:39: unknown variable "setings"; did you mean "settings"?"#,
        r#"plugins/rules/b.rhai:3:1: the function "twice" is defined here and in plugins/rules/a.rhai; rename one"#,
    ];
    for sentence in expected {
        assert!(found.iter().any(|found| found == sentence), "{sentence}\nnot in {found:#?}");
    }
    assert!(found.iter().any(|found| found.starts_with("plugins/rules/c.rhai:1:11: ")), "{found:#?}");
    let manifest = |part: &str| {
        found.iter().any(|found| found.starts_with("plugins/rules/plugin.yaml:5:5: ") && found.contains(part))
    };
    assert!(manifest(r#"does not define the function "decied"; did you mean "decide"?"#), "{found:#?}");
    assert!(manifest(r#"the input of "decide""#), "{found:#?}");
}

#[test]
fn a_declared_function_has_one_parameter() {
    let found = scripts::compile(&with(plugin(&[("a.rhai", "fn f(a, b) { a }")], &["f"])));
    assert_eq!(
        sentences(&found.findings),
        [
            r#"plugins/rules/plugin.yaml:5:5: the function "f" in plugins/rules/a.rhai must have exactly one parameter; write fn f(input) { … }"#
        ]
    );
}

#[test]
fn settings_and_constants_are_seen_by_every_function_and_closure() {
    let a = "const WEIGHTS = #{impact: 0.4, urgency: 0.6};\nconst DOUBLE = WEIGHTS.impact * 2;\nfn f(i) { #{limit: settings.limit, kept: [0.1, 0.5, 0.9].filter(|x| x >= FLOOR), w: WEIGHTS.urgency, g: g(), d: DOUBLE, global: global::FLOOR} }";
    let b = "const FLOOR = 0.5;\nfn g() { settings.names.len() }";
    let mut plugin = plugin(&[("a.rhai", a), ("b.rhai", b)], &["f"]);
    let setting = |value: Json| Setting { value, source: SettingSource::Default, title: Text::same("x") };
    plugin.settings.insert("limit".to_owned(), setting(json!(50)));
    plugin.settings.insert("names".to_owned(), setting(json!(["a", "b"])));
    let scripts = compiled(&with(plugin.clone()));
    let result = call(&scripts, "f", json!({})).unwrap();
    assert_eq!(result.to_string(), r#"{"d":0.8,"g":2,"global":0.5,"kept":[0.5,0.9],"limit":50,"w":0.6}"#);
    let function = FunctionRef { plugin: "rules".to_owned(), function: "f".to_owned() };
    let before = scripts.script_hash(&function);
    assert_eq!(before.len(), 64);
    assert_eq!(before, compiled(&with(plugin.clone())).script_hash(&function));
    plugin.settings.insert("limit".to_owned(), setting(json!(51)));
    assert_ne!(before, compiled(&with(plugin)).script_hash(&function));
}

#[test]
fn input_and_output_are_checked_and_every_pointer_is_named() {
    let mut plugin = plugin(&[("f.rhai", "fn f(i) { #{score: i.candidate.score, extra: 1} }")], &["f"]);
    let function = plugin.functions.get_mut("f").unwrap();
    function.input = json!({
        "type": "object", "required": ["config"],
        "properties": {"candidate": {"type": "object", "properties": {"name": {"type": "string"}}}, "rows": {"type": "array", "items": {"type": "integer"}}},
    });
    function.output = json!({"type": "object", "additionalProperties": false, "properties": {"score": {"type": "number", "maximum": 1}}});
    let scripts = compiled(&with(plugin));
    let failure = call(&scripts, "f", json!({"candidate": {"name": 5}, "rows": [1, "x"]})).unwrap_err();
    assert_eq!(failure.code, "input");
    for part in ["the input of rules/f", "/candidate/name: ", "/rows/1: ", "\"config\" is a required property"] {
        assert!(failure.message.contains(part), "{part}: {}", failure.message);
    }
    let failure = call(&scripts, "f", exact(r#"{"config": {}, "candidate": {"score": 1.01}}"#)).unwrap_err();
    assert_eq!(failure.code, "output");
    assert!(failure.message.contains("/score: ") && failure.message.contains("extra"), "{}", failure.message);
    assert_eq!(failure.input, exact(r#"{"config": {}, "candidate": {"score": 1.01}}"#));
}

#[test]
fn plugin_tests_compare_what_they_say_and_nothing_else() {
    let source = r#"fn f(i) { if i.fail == true { throw "weights must sum to 1"; } #{score: 4.10, rows: [#{id: "a", n: 1}, #{id: "b", n: 2}], more: 1} }"#;
    let mut plugin = plugin(&[("f.rhai", source)], &["f"]);
    let case = |name: &str, fail: bool, expect: Option<&str>, error: Option<&str>| PluginTest {
        name: name.to_owned(),
        function: "f".to_owned(),
        input: json!({"fail": fail}),
        expect: expect.map(exact),
        error: error.map(str::to_owned),
        at: place("plugins/rules/tests/f.yaml", 3, 5),
    };
    plugin.tests = vec![
        case("equal by value", false, Some(r#"{"score": 4.1, "rows": [{"id": "a"}, {"n": 2.0}]}"#), None),
        case("another score", false, Some(r#"{"score": 4.2}"#), None),
        case("a shorter list", false, Some(r#"{"rows": [{"id": "a"}]}"#), None),
        case("deep inside", false, Some(r#"{"rows": [{"id": "a"}, {"id": "c"}]}"#), None),
        case("missing", false, Some(r#"{"reason": "x"}"#), None),
        case("the error", true, None, Some("sum to 1")),
        case("another error", true, None, Some("sum to 2")),
        case("no error", false, None, Some("sum to 1")),
        case("unexpected error", true, Some("{}"), None),
    ];
    let definitions = with(plugin);
    let reports = scripts::run_tests(&definitions, &compiled(&definitions));
    let failures: Vec<Option<&str>> = reports.iter().map(|report| report.failure.as_deref()).collect();
    assert_eq!(failures[0], None);
    assert_eq!(failures[1], Some("/score: expected 4.2, got 4.1"));
    assert_eq!(failures[2], Some(r#"/rows: expected [{"id":"a"}], got [{"id":"a","n":1},{"id":"b","n":2}]"#));
    assert_eq!(failures[3], Some(r#"/rows/1/id: expected "c", got "b""#));
    assert_eq!(failures[4], Some(r#"/reason: expected "x", got nothing"#));
    assert_eq!(failures[5], None);
    assert!(failures[6].unwrap().contains("expected the error \"sum to 2\", got: plugins/rules/f.rhai:1:31: weights"));
    assert!(failures[7].unwrap().starts_with("expected the error \"sum to 1\", got {"));
    assert!(failures[8].unwrap().contains("weights must sum to 1"));
    assert_eq!(
        (reports[1].plugin.as_str(), reports[1].name.as_str(), reports[1].at.line),
        ("rules", "another score", 3)
    );
}

#[test]
fn reasons_are_told_in_both_languages() {
    let source = r#"fn f(i) { #{explain: [#{code: "near", params: #{name: i.name, score: 0.97, amount: money("5", "CNY")}}, #{code: "naer", params: #{}}, #{code: "near", params: #{}}]} }"#;
    let mut plugin = plugin(&[("f.rhai", source)], &["f"]);
    let text = Text {
        en: "{name} is like it ({score}, {amount})".to_owned(),
        zh: "与{name}相似({score},{amount})".to_owned(),
    };
    plugin.reasons.insert("near".to_owned(), text);
    let definitions = with(plugin.clone());
    let found = scripts::compile(&definitions);
    assert_eq!(
        sentences(&found.findings),
        [r#"plugins/rules/f.rhai:1:113: warning: the reason "naer" has no text in the manifest; did you mean "near"?"#]
    );
    let output = call(&found.scripts.unwrap(), "f", json!({"name": "明辰"})).unwrap();
    assert_eq!(scripts::explain(&plugin, &output, Language::En), ["明辰 is like it (0.97, 5.00 CNY)", "naer", "near"]);
    assert_eq!(scripts::explain(&plugin, &output, Language::Zh)[0], "与明辰相似(0.97,5.00 CNY)");
    assert!(scripts::explain(&plugin, &json!({}), Language::Zh).is_empty());
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

#[test]
fn every_function_of_the_host_does_what_its_table_says() {
    let values = [
        (r#"nfkc("ＡＢＣ１２３（株）")"#, r#""ABC123(株)""#),
        (r#"strip_invisible("a\u200bb\ufeff\tc\u0007")"#, r#""ab c""#),
        (r#"bigrams("上海明")"#, r#"["上海","海明"]"#),
        (r#"[bigrams("a"), bigrams("")]"#, r#"[["a"],[]]"#),
        (
            r#"[similarity("night", "nacht"), similarity("a", "a"), similarity("", "a"), similarity("", "")]"#,
            "[0.25,1.0,0.0,1.0]",
        ),
        (r#"similarity("上海明辰科技", "上海明晨科技")"#, "0.6"),
        (r#"similarity("aaab", "aab")"#, "0.8"),
        (r#"levenshtein("明辰科技", "明晨科技集团")"#, "3"),
        (r#"sha256("abc")"#, r#""ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad""#),
        (r#"stable_hash("abc")"#, "6718257250126850037"),
        (r#"[decimal("1.50"), decimal(3), decimal(2.5)]"#, "[1.5,3.0,2.5]"),
        (r#"[parse_decimal(" 1.5 "), parse_int(" -7 ")]"#, "[1.5,-7]"),
        (
            "[round(2.5, 0), round(3.5, 0), round(1.005, 2), round(2.345, 2), round(7, 2), round(2.5)]",
            "[2.0,4.0,1.0,2.34,7,2.0]",
        ),
        ("[floor(2.5), floor(2), ceil(2.1), ceil(2), ceiling(-2.5), abs(-2), abs(-2.5)]", "[2.0,2,3.0,2,-2.0,2,2.5]"),
        (r#"[min(1, 2), max(1, 2.5), min(2.5, 1), max(1.0, 2.0), max("a", "b")]"#, r#"[1,2.5,1.0,2.0,"b"]"#),
        (
            r#"[money_minor(150, "CNY"), money(12, "JPY"), money(1.5, "CNY")]"#,
            r#"[{"amount":"1.50","currency":"CNY"},{"amount":"12","currency":"JPY"},{"amount":"1.50","currency":"CNY"}]"#,
        ),
        (r#"[days_between("2024-02-28", "2024-03-01"), days_between("2024-03-01", "2024-02-28")]"#, "[2,-2]"),
        (r#"[date_add_days("2024-02-28", 2), date_add_days("2024-01-01", -1)]"#, r#"["2024-03-01","2023-12-31"]"#),
        (
            r#"[date_of("2026-01-31T16:30:00Z", "Asia/Shanghai"), date_of("2026-01-31T16:30:00Z", "UTC")]"#,
            r#"["2026-02-01","2026-01-31"]"#,
        ),
        (r#"let l = [3, 1.5, 2]; l.sort(); l"#, "[1.5,2,3]"),
        (r#"let l = ["b1", "a1", "b0"]; l.sort(|a, b| a[0] < b[0]); l"#, r#"["a1","b1","b0"]"#),
        (r#"let l = [1, 2, 3]; l.sort_by(|a, b| b - a); l"#, "[3,2,1]"),
        (r#"let s = "a-b-c"; s.replace("-", "+"); s"#, r#""a+b+c""#),
        (
            r#"[" x ".to_upper(), "A".to_lower(), "abc".starts_with("ab"), "abc".contains("c")]"#,
            r#"[" X ","a",true,true]"#,
        ),
        (r#"let l = []; for c in "明辰".chars() { l.push(c); } l"#, r#"["明","辰"]"#),
        (r#"[1, 2, 3].filter(Fn("is_odd"))"#, "[1,3]"),
    ];
    for (body, expected) in values {
        let value = run(body, json!({})).unwrap_or_else(|failure| panic!("{body}: {}", failure.message));
        assert_eq!(value.to_string(), expected, "{body}");
    }
    for wrong in [
        r#"days_between("2024-02-30", "2024-03-01")"#,
        r#"date_add_days("2024-1-1", 1)"#,
        r#"date_add_days("2024-01-01", 99999999)"#,
        r#"date_of("yesterday", "UTC")"#,
        r#"date_of("2026-01-31T16:30:00Z", "Mars/Olympus")"#,
        r#"parse_int("1.5")"#,
        r#"parse_decimal("0.12345678901234567890123456789")"#,
        r#"decimal([])"#,
        r#"let l = [1, "a"]; l.sort()"#,
        r#"let l = [1, 2]; l.sort(|a, b| "x"); l"#,
        r#"let l = [1, 2]; l.sort(|a, b| throw "no"); l"#,
        r#"#{a: 1}.map(|x| x)"#,
    ] {
        assert_eq!(run(wrong, json!({})).unwrap_err().code, "script", "{wrong}");
    }
}

#[test]
fn the_page_for_authors_shows_the_table_of_the_code() {
    let page = include_str!("../../docs/scripts.md");
    for function in scripts::functions::table() {
        let row = format!("| `{}` | {} |", function.signature.replace('|', "\\|"), function.text);
        assert!(page.contains(&row), "docs/scripts.md lacks the row\n{row}");
    }
    for (subject, names) in scripts::functions::BUILT_IN {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let row = format!("- {subject}: {}", names.join(" "));
        assert!(page.contains(&row), "docs/scripts.md lacks the line\n{row}");
    }
}

/// The code blocks of one kind on the page for authors.
fn blocks(kind: &str) -> Vec<&'static str> {
    let page = include_str!("../../docs/scripts.md");
    let fence = format!("```{kind}\n");
    page.split(fence.as_str()).skip(1).map(|rest| rest.split_once("```").unwrap().0).collect()
}

#[test]
fn the_examples_of_the_page_for_authors_run() {
    for line in blocks("rhai-values").into_iter().flat_map(str::lines) {
        let (body, expected) = line.split_once(" // ").unwrap();
        assert_eq!(run(body, json!({})).unwrap().to_string(), expected.trim(), "{body}");
    }
    let scripts = compiled(&with(plugin(&[("decide.rhai", blocks("rhai")[0])], &["decide"])));
    let candidate = |score: &str| {
        exact(&format!(
            r#"{{"candidates": [{{"id": "c1", "name": "明辰", "score": {score}}}, {{"id": "c2", "name": "x", "score": 0.1}}]}}"#
        ))
    };
    assert_eq!(call(&scripts, "decide", candidate("0.95")).unwrap()["decision"], json!("same"));
    assert_eq!(call(&scripts, "decide", candidate("0.949")).unwrap()["decision"], json!("review"));
    assert_eq!(call(&scripts, "decide", json!({"candidates": []})).unwrap()["decision"], json!("new"));
}

#[test]
fn the_page_for_authors_tells_the_limits_of_the_code() {
    use kamflow::scripts::limits::*;
    let page = include_str!("../../docs/scripts.md").replace(',', "");
    let limits = [
        ("operations of one call callbacks included", MAX_OPERATIONS as usize),
        ("wall-clock time of one call (only a guard)", DEADLINE.as_secs() as usize),
        ("functions that wait for one another", MAX_CALL_LEVELS),
        ("depth of an expression", MAX_EXPRESSION_DEPTH),
        ("bytes of a text or of all texts inside one value", MAX_STRING_SIZE),
        ("elements of a list nested ones included", MAX_ARRAY_SIZE),
        ("entries of a map nested ones included", MAX_MAP_SIZE),
        ("variables at the same time in a function", MAX_VARIABLES),
        ("functions and closures of a file", MAX_FUNCTIONS),
        ("depth of a value that goes in or comes out", MAX_VALUE_DEPTH),
        ("characters that `similarity` and `levenshtein` compare", MAX_COMPARED_CHARS),
    ];
    for (limit, value) in limits {
        assert!(page.contains(&format!("| {limit} | {value}")), "{limit}: {value}");
    }
}
