//! All problems at once: one wrong letter does not hide what else is wrong.

use super::{findings, nodes};

#[test]
fn everything_wrong_in_one_process_is_said_in_one_go() {
    let text = "\
process: intake
titel: {en: Intake, zh: 收集}
subject: custmer
starters: [sales_rip]
uniqueness: activ
search: [nme]
input:
  type: object
  properites: {name: {type: string}}
  required: name
nodes:
  - id: ask
    type: userTsk
    candidateGroup: [sales_op]
    form: intake-from
  - id: ask
    type: exclusiveGateway
    flows:
      - {if: a == 1, to: nowhere}
      - {to: end}
      - {to: end}
  - id: code
    type: scriptTask
    set: {now: 1}
    out: {x: result}
";
    let record = "record: customer\ntitle: {en: Customer, zh: 客户}\nfields:\n  name: {type: string}\n";
    let form = "form: intake-form\ntitle: {en: Form, zh: 表}\nschema: {type: object}\n";
    assert_eq!(
        findings(&[
            ("processes/intake.yaml", text),
            ("records/customer.yaml", record),
            ("forms/intake-form.yaml", form)
        ]),
        [
            "processes/intake.yaml:2:1: unknown key \"titel\"; did you mean \"title\"?",
            "processes/intake.yaml:3:10: there is no record type \"custmer\"; did you mean \"customer\"?",
            "processes/intake.yaml:4:12: there is no role \"sales_rip\"; did you mean \"sales_rep\"?",
            "processes/intake.yaml:5:13: \"uniqueness\" compares business keys; add \"businessKey\"",
            "processes/intake.yaml:5:13: unknown value \"activ\" of \"uniqueness\"; did you mean \"active\"?",
            "processes/intake.yaml:9:3: JSON Schema has no keyword \"properites\"; did you mean \"properties\"?",
            "processes/intake.yaml:10:13: \"required\" must be a list, not the text \"name\"",
            "processes/intake.yaml:13:11: unknown node type \"userTsk\"; did you mean \"userTask\"?",
            "processes/intake.yaml:14:5: unknown key \"candidateGroup\"; did you mean \"candidateGroups\"?",
            "processes/intake.yaml:14:22: there is no role \"sales_op\"; did you mean \"sales_ops\"?",
            "processes/intake.yaml:15:11: there is no form \"intake-from\"; did you mean \"intake-form\"?",
            "processes/intake.yaml:16:9: the id \"ask\" is taken by the node on line 12; ids are unique in a process",
            "processes/intake.yaml:19:26: there is no node \"nowhere\"; valid here: ask, code, end",
            "processes/intake.yaml:21:14: a second flow without \"if\"; a gateway has one default flow",
            "processes/intake.yaml:24:11: \"now\" is a reserved name; call the variable something else",
            "processes/intake.yaml:25:5: \"out\" belongs to \"script\"; beside \"set\" it means nothing",
        ]
    );
}

#[test]
fn a_faulty_file_still_lends_its_name() {
    let process = super::with_nodes("  - id: ask\n    type: userTask\n    form: ask\n");
    assert_eq!(
        findings(&[
            ("processes/p.yaml", &process),
            ("forms/ask.yaml", "form: ask\ntitle: {en: Ask}\nschema: {type: object}\n")
        ]),
        ["forms/ask.yaml:2:8: missing key \"zh\" in \"title\""]
    );
}

#[test]
fn every_shape_fault_has_its_sentence() {
    assert_eq!(
        nodes(
            "
  - id: a
    type: userTask
    priority: high
    due: P1D
    outcomes: {}
  - id: b
    type: userTask
    priority: 101
    boundary: {timer: {duration: P1D}, to: c}
  - type: startEvent
  - id: c
  - {id: d, type: 7}
  - just text
  - {id: e, type: businessRuleTask, next: {to: a}}
  - {id: f, type: serviceTask, action: records.create, in: [1]}
  - {id: g, type: exclusiveGateway, flows: []}
  - {id: h, type: scriptTask, set: {x: [1]}}
"
        ),
        [
            "processes/p.yaml:7:10: \"due\" must be a map of keys, not the text \"P1D\"",
            "processes/p.yaml:8:15: \"outcomes\" needs at least 1 key",
            "processes/p.yaml:12:15: \"boundary\" must be a list, not a map of keys",
            "processes/p.yaml:13:5: missing key \"id\" in entry 3 of \"nodes\"",
            "processes/p.yaml:14:5: missing key \"type\" in entry 4 of \"nodes\"",
            "processes/p.yaml:15:19: \"type\" must be text; write \"7\" with quotes",
            "processes/p.yaml:16:5: entry 6 of \"nodes\" must be a map of keys, not the text \"just text\"",
            "processes/p.yaml:17:5: missing key \"decision\" in entry 7 of \"nodes\"",
            "processes/p.yaml:17:43: \"next\" must be text or a list, not a map of keys",
            "processes/p.yaml:18:60: \"in\" must be a map of keys, not a list",
            "processes/p.yaml:19:44: \"flows\" needs at least 1 entry",
            "processes/p.yaml:20:40: \"x\" must be true or false or a number or text, not a list",
        ]
    );
}

#[test]
fn a_fault_deep_inside_sub_processes_is_found_in_its_own_node() {
    let text = "
  - id: outer
    type: subProcess
    nodes:
      - id: inner
        type: subProcess
        nodes:
          - id: deep
            type: userTask
            asignee: x
            forms: y
";
    assert_eq!(
        nodes(text),
        [
            "processes/p.yaml:12:13: unknown key \"asignee\"; did you mean \"assignee\"?",
            "processes/p.yaml:13:13: unknown key \"forms\"; did you mean \"form\"?",
            "processes/p.yaml:13:20: there is no form \"y\"",
        ]
    );
}

#[test]
fn keys_of_the_language_that_are_not_built_yet_are_unknown() {
    let said = nodes("  - {id: a, type: userTask, skipIf: 'true', reports: []}\n  - {id: b, type: stages}\n");
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[0].starts_with("processes/p.yaml:4:29: unknown key \"skipIf\""), "{said:?}");
    assert!(said[2].starts_with("processes/p.yaml:5:19: unknown node type \"stages\""), "{said:?}");
}

#[test]
fn thousands_of_unknown_targets_are_no_burden() {
    let text: String = (0..3_000).map(|n| format!("  - {{id: a{n}, type: endEvent}}\n  - {{id: b{n}, type: subProcess, nodes: [{{id: c{n}, type: userTask, next: d{n}}}]}}\n")).collect();
    let said = nodes(&text);
    assert_eq!(said.len(), 101);
    assert_eq!(said[0], "processes/p.yaml:5:71: there is no node \"d0\"; did you mean \"c0\"?");
}
