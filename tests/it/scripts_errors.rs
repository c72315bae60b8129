//! Errors of scripts and expressions: where it happened, what, and who called whom.

use super::scripts::*;
use kamflow::engine::evaluator::{Evaluator, Names};
use kamflow::model::incident::Failure;
use kamflow::model::json::{Json, JsonMap};
use serde_json::json;

#[test]
fn an_error_says_where_it_happened_and_who_called_whom() {
    let decide = "// entry\nfn decide(input) {\n  score(input)\n}\n";
    let ratios =
        "fn score(input) {\n    input.rows.map(|row| ratio(row))\n}\n\nfn ratio(row) {\n  row.won / row.all\n}";
    let scripts = compiled(&with(plugin(&[("decide.rhai", decide), ("ratios.rhai", ratios)], &["decide"])));
    let input = json!({"rows": [{"won": 1, "all": 2}, {"won": 1, "all": 0}]});
    let failure = call(&scripts, "decide", input.clone()).unwrap_err();
    assert_eq!(failure.code, "script");
    assert_eq!(
        failure.message,
        "plugins/rules/ratios.rhai:6:11: Division by zero: 1 / 0 (in ratio, called by a closure, called by score, called by decide)"
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

/// What an expression gives over variables.
fn value(source: &str, variables: Json) -> Result<Json, Failure> {
    let scripts = compiled(&definitions());
    let variables: JsonMap = variables.as_object().unwrap().clone();
    scripts.evaluate(&expression(source), &Names::new(vec![&variables]))
}
