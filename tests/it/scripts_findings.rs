//! What is found when scripts and expressions are compiled: all at once, each with its place.

use super::scripts::*;
use kamflow::model::expression::{Expression, FunctionRef};
use kamflow::model::field::{Field, FieldKind};
use kamflow::model::process::{Call, Node, NodeKind, Process, ScriptTask, Uniqueness, UserTask};
use kamflow::model::record_access::Access;
use kamflow::model::record_type::{Derive, RecordType, Unique};
use kamflow::model::text::Text;
use kamflow::scripts;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

fn process(nodes: Vec<NodeKind>) -> Process {
    let node = |(number, kind): (usize, NodeKind)| Node {
        id: format!("n{number}").as_str().into(),
        title: Text::same("node"),
        step: None,
        parent: None,
        kind,
        incoming: Vec::new(),
        outgoing: Vec::new(),
        loops: None,
        boundary: Vec::new(),
        inside: Vec::new(),
        events: Vec::new(),
        undoes: false,
        compensation: None,
        start_quantity: 1,
        completion_quantity: 1,
        mutex: None,
        at: place("p.yaml", 1, 1),
    };
    Process {
        key: "p".to_owned(),
        title: Text::same("p"),
        subject: None,
        subject_id: None,
        starters: Vec::new(),
        readers: None,
        break_glass: None,
        input: json!({"type": "object", "properties": {"source_channel": {}, "event_id": {}}}),
        form: None,
        business_key: Some(expression("`${source_channel}:${event_id}`")),
        uniqueness: Uniqueness::None,
        retention: None,
        search: Vec::new(),
        nodes: nodes.into_iter().enumerate().map(node).collect(),
        flows: Vec::new(),
        index: HashMap::new(),
        outermost: Vec::new(),
        events: Vec::new(),
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
        was: None,
        reason: false,
        personal: false,
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
        similar: Vec::new(),
        matching: None,
        unique: vec![Unique {
            fields: vec!["name".to_owned()],
            condition: Some(expression(r#"status == "open" && result"#)),
        }],
        indexes: Vec::new(),
        columns: BTreeMap::new(),
        checks: Vec::new(),
        sums: Vec::new(),
        number: None,
        append_only: false,
        immutable: None,
        merge: Default::default(),
        history: true,
        access: Access::default(),
        stamp: String::new(),
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
