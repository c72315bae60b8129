//! Plugins: settings, constants, schemas, test cases, reasons.

use super::scripts::*;
use kamflow::engine::evaluator::Evaluator;
use kamflow::model::expression::FunctionRef;
use kamflow::model::json::Json;
use kamflow::model::plugin::{PluginTest, Setting, SettingSource};
use kamflow::model::text::{Language, Text};
use kamflow::scripts;
use serde_json::json;

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
