//! What an approval may say, and what is refused with which sentence.

use super::nodes;

/// An approval with these lines beside what it cannot do without.
fn approval(lines: &str) -> Vec<String> {
    let node = format!(
        "\n  - id: approve\n    type: approval\n    of: ['1']\n{lines}    outcomes: {{approved: end, rejected: end}}\n"
    );
    nodes(&node)
}

const LEVELS: &str = "    levels: [{approvers: '\"ann\"', mode: any}]\n";

#[test]
fn who_has_to_agree_is_said_once() {
    assert_eq!(approval(LEVELS), Vec::<String>::new());
    assert!(approval("")[0].contains("an approval has \"levels\" or a \"route\"; this one has neither"));
    let both = format!("{LEVELS}    route: a/b\n");
    assert!(approval(&both)[0].contains("this one has both"));
    let stray = format!("{LEVELS}    in: {{a: '1'}}\n");
    assert!(approval(&stray)[0].contains("\"in\" belongs to \"route\""));
}

#[test]
fn names_are_there() {
    let level = |mode: &str| approval(&format!("    levels: [{{approvers: '\"ann\"', mode: {mode}}}]\n"));
    assert!(level("most")[0].contains("mode"));
    assert!(level("{quorum: 0}")[0].contains("\"mode\""));
    assert!(level("{quorum: 1, veto: [king]}")[0].contains("there is no role \"king\""));
    let with = |line: &str| approval(&format!("{LEVELS}    {line}\n"));
    assert!(with("whenEmpty: nobody")[0].contains("write escalate, auto_approve, or role:NAME"));
    assert!(with("whenEmpty: role:king")[0].contains("there is no role \"king\""));
    assert!(with("returns: [nowhere]")[0].contains("nowhere"));
    assert!(with("notSameAs: [approve]")[0].contains("compares the approvers with themselves"));
    assert!(with("next: end")[0].contains("the outcomes say what follows"));
    assert!(with("forEach: {count: 2}")[0].contains("outcomes say where one task leads"));
}
