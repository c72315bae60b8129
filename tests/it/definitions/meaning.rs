//! What the files of a revision say of one another.

use super::{PACK, findings, project, said, with_nodes};
use kamflow::definitions;
use kamflow::model::plugin::SettingSource;
use kamflow::model::process::Uniqueness;

const MATCH: &str = "\
plugin: customer-match
version: '1.0'
title: {en: Customer match, zh: 客户匹配}
functions:
  decide:
    script: decide.rhai
    input: {type: object, required: [name], properties: {name: {type: string}}, additionalProperties: false}
    output: {type: object}
settings:
  most: {default: 50, title: {en: Most, zh: 最多}}
reasons:
  same_name: {en: 'Same name as {name}', zh: '与{name}同名'}
";
const DECIDE: &str = "fn decide(input) { #{} }\n";

#[test]
fn a_whole_process_is_read() {
    let text = "\
process: p
title: {en: P, zh: 流程}
starters: [sales_rep]
input:
  type: object
  required: [name]
  properties: {name: {type: string, maxLength: 200}}
businessKey: '`p:${name}`'
uniqueness: forever
search: [name, core]
nodes:
  - id: match
    type: businessRuleTask
    decision: customer-match/decide
    in: {name: name}
    out: {core: result.core}
  - {id: again, type: callActivity, process: p, in: {name: core}, out: {sub: result.core}}
";
    let case = "test: decide\ncases:\n  - {name: same, input: {name: A}, expect: {decision: same}}\n  - {name: none, input: {}, error: name}\n";
    let parsed = definitions::parse(&project(&[
        ("processes/p.yaml", text),
        ("plugins/customer-match/plugin.yaml", MATCH),
        ("plugins/customer-match/decide.rhai", DECIDE),
        ("plugins/customer-match/tests/decide.yaml", case),
    ]));
    assert_eq!(said(&parsed), Vec::<String>::new());
    let definitions = parsed.definitions.unwrap();
    let process = &definitions.processes["p"];
    assert_eq!(process.business_key.as_ref().unwrap().source.as_ref(), "`p:${name}`");
    assert_eq!(process.uniqueness, Uniqueness::Forever);
    assert_eq!(process.input["properties"]["name"]["maxLength"].to_string(), "200");
    assert_eq!(process.input["unevaluatedProperties"], false);
    let plugin = &definitions.plugins["customer-match"];
    assert_eq!(plugin.functions["decide"].script.as_ref(), "plugins/customer-match/decide.rhai");
    assert_eq!(plugin.scripts["plugins/customer-match/decide.rhai"].as_ref(), DECIDE);
    assert_eq!(plugin.tests.len(), 2);
    assert_eq!(plugin.tests[1].at.to_string(), "plugins/customer-match/tests/decide.yaml:4:5");
    assert_eq!(plugin.settings["most"].source, SettingSource::Default);
    assert_eq!(plugin.reasons["same_name"].zh, "与{name}同名");
}

#[test]
fn functions_and_their_arguments_are_known() {
    let text = with_nodes(
        "
  - {id: a, type: scriptTask, script: customer-mach/decide}
  - {id: b, type: scriptTask, script: customer-match/decied, in: {name: x}}
  - {id: c, type: businessRuleTask, decision: decide}
  - {id: d, type: businessRuleTask, decision: customer-match/decide, in: {nam: x}}
  - {id: e, type: scriptTask, script: customer-match/decide, set: {x: 1}}
  - {id: f, type: scriptTask}
  - {id: g, type: callActivity, process: q}
  - {id: h, type: callActivity, process: p, in: {name: x}}
",
    );
    assert_eq!(
        findings(&[
            ("processes/p.yaml", &text),
            ("plugins/customer-match/plugin.yaml", MATCH),
            ("plugins/customer-match/decide.rhai", DECIDE),
        ]),
        [
            "processes/p.yaml:4:39: there is no plugin \"customer-mach\"; did you mean \"customer-match\"?",
            "processes/p.yaml:5:39: there is no function in plugin \"customer-match\" called \"decied\"; did you mean \"decide\"?",
            "processes/p.yaml:6:47: \"decide\" does not name a function; write plugin/function",
            "processes/p.yaml:7:70: function \"customer-match/decide\" needs \"name\" under \"in\"",
            "processes/p.yaml:7:75: function \"customer-match/decide\" takes no \"nam\"; did you mean \"name\"?",
            "processes/p.yaml:8:10: a script task has \"script\" or \"set\"; this one has both",
            "processes/p.yaml:9:10: a script task has \"script\" or \"set\"; this one has neither",
            "processes/p.yaml:10:42: there is no process \"q\"; did you mean \"p\"?",
            "processes/p.yaml:11:50: process \"p\" takes no \"name\"",
        ]
    );
}

#[test]
fn a_key_is_the_name_of_its_file() {
    let nodes = "nodes: [{id: a, type: endEvent}]\n";
    assert_eq!(
        findings(&[
            ("processes/p.yaml", &format!("process: q\ntitle: {{en: P, zh: 流程}}\n{nodes}")),
            ("processes/Q.yaml", &format!("process: Q\ntitle: {{en: P, zh: 流程}}\n{nodes}")),
            ("plugins/match/plugin.yaml", "plugin: mach\nversion: '1'\ntitle: {en: M, zh: 匹}\n"),
        ]),
        [
            "plugins/match/plugin.yaml:1:9: the plugin is called \"mach\" here and \"match\" by its path; make them the same",
            "processes/Q.yaml:1:10: \"Q\" is no name for a process; use lower-case letters, digits and hyphens",
            "processes/p.yaml:1:10: the process is called \"q\" here and \"p\" by its path; make them the same",
        ]
    );
}

#[test]
fn core_steps_must_be_kept() {
    let mut files = project(&[(
        "processes/intake.yaml",
        "\
process: intake
title: {en: Intake, zh: 收集}
nodes:
  - {id: a, type: scriptTask, set: {x: 1}, step: collect}
  - {id: b, type: scriptTask, set: {x: 1}, step: uniquness}
",
    )]);
    let pack = format!("{PACK}requires:\n  intake: [collect, uniqueness]\n  intak: [x]\n");
    files.insert("workflows/sales/pack.yaml".to_owned(), pack.into_bytes());
    assert_eq!(
        said(&definitions::parse(&files)),
        [
            "pack.yaml:9:3: there is no process \"intak\"; did you mean \"intake\"?",
            "processes/intake.yaml:1:10: pack \"sales\" requires the core step \"uniqueness\"; give a node \"step: uniqueness\"",
            "processes/intake.yaml:5:10: warning: no pack requires a core step \"uniquness\" of this process; did you mean \"uniqueness\"?",
        ]
    );
}

#[test]
fn search_names_at_most_eight_variables_that_something_sets() {
    let text = |search: &str| {
        format!(
            "process: p\ntitle: {{en: P, zh: 流程}}\nsearch: [{search}]\nnodes:\n  - {{id: a, type: scriptTask, set: {{name: 1}}}}\n"
        )
    };
    assert_eq!(
        findings(&[("processes/p.yaml", &text("a, b, c, d, e, f, g, h, i"))]),
        ["processes/p.yaml:3:9: \"search\" has more than 8 entries"]
    );
    assert_eq!(
        findings(&[("processes/p.yaml", &text("nmae"))]),
        ["processes/p.yaml:3:10: nothing in this process sets the variable \"nmae\"; did you mean \"name\"?"]
    );
}

#[test]
fn a_json_schema_is_checked_to_be_one() {
    let input = |input: &str| {
        let text =
            format!("process: p\ntitle: {{en: P, zh: 流程}}\ninput: {input}\nnodes:\n  - {{id: a, type: endEvent}}\n");
        findings(&[("processes/p.yaml", &text)])
    };
    assert_eq!(input("{type: array}"), ["processes/p.yaml:3:15: the schema must say type: object"]);
    assert_eq!(input("{properties: {}}"), ["processes/p.yaml:3:8: the schema must say type: object"]);
    assert_eq!(
        input("{type: object, properties: {a: {type: strng, minLength: -1, enum: x}}}"),
        [
            "processes/p.yaml:3:46: unknown value \"strng\" of \"type\"; did you mean \"string\"?",
            "processes/p.yaml:3:64: \"minLength\" must be at least 0",
            "processes/p.yaml:3:74: \"enum\" must be a list, not the text \"x\"",
        ]
    );
    let outside = input("{type: object, properties: {a: {$ref: 'https://example.com/a.json'}}}");
    assert!(outside.len() == 1 && outside[0].contains("the schema cannot be used"), "{outside:?}");
    let nowhere = input("{type: object, properties: {a: {$ref: '#/$defs/b'}}}");
    assert!(nowhere.len() == 1 && nowhere[0].contains("the schema cannot be used"), "{nowhere:?}");
}

#[test]
fn every_property_of_a_form_has_a_label() {
    let form = "\
form: review
title: {en: Review, zh: 复核}
schema: {type: object, required: [reason], properties: {reason: {type: string}, note: {type: string}}}
labels:
  reason: {en: Reason, zh: 原因}
  nte: {en: Note, zh: 备注}
order: [raeson, note]
shows: [candidates]
";
    assert_eq!(
        findings(&[("forms/review.yaml", form)]),
        [
            "forms/review.yaml:3:81: the property \"note\" has no label; add it under \"labels\"",
            "forms/review.yaml:6:3: there is no property \"nte\"; did you mean \"note\"?",
            "forms/review.yaml:7:9: there is no property \"raeson\"; did you mean \"reason\"?",
        ]
    );
}

#[test]
fn a_plugin_is_whole() {
    let manifest = "\
plugin: q
version: '1'
title: {en: Q, zh: 问}
functions:
  score: {script: scor.rhai, input: {type: object}, output: {type: string}}
";
    let tests = "test: scor\ncases:\n  - {name: a, input: {}}\n  - {name: b, input: {}, expect: {x: 1}, error: y}\n";
    assert_eq!(
        findings(&[
            ("plugins/q/plugin.yaml", manifest),
            ("plugins/q/score.rhai", "fn score(input) { #{} }"),
            ("plugins/q/tests/score.yaml", tests),
        ]),
        [
            "plugins/q/plugin.yaml:5:19: there is no script file \"scor.rhai\"; did you mean \"score.rhai\"?",
            "plugins/q/plugin.yaml:5:68: the schema must say type: object",
            "plugins/q/tests/score.yaml:1:7: there is no function in plugin \"q\" called \"scor\"; did you mean \"score\"?",
            "plugins/q/tests/score.yaml:3:5: the case \"a\" says either \"expect\" or \"error\"",
            "plugins/q/tests/score.yaml:4:5: the case \"b\" says either \"expect\" or \"error\"",
        ]
    );
}

#[test]
fn a_pack_sets_only_settings_that_are_there() {
    let mut files =
        project(&[("plugins/customer-match/plugin.yaml", MATCH), ("plugins/customer-match/decide.rhai", DECIDE)]);
    let pack = format!("{PACK}settings:\n  customer-match: {{most: '70', mots: 1}}\n  customer-mach: {{most: 1}}\n");
    files.insert("workflows/sales/pack.yaml".to_owned(), pack.into_bytes());
    assert_eq!(
        said(&definitions::parse(&files)),
        [
            "pack.yaml:8:26: \"most\" must be a number, as its default is",
            "pack.yaml:8:32: plugin \"customer-match\" has no setting \"mots\"; did you mean \"most\"?",
            "pack.yaml:9:3: there is no plugin \"customer-mach\"; did you mean \"customer-match\"?",
        ]
    );
}
