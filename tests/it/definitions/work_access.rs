//! Who sees a process and its tasks: the words of `access:`.

use super::{findings, process};
use kamflow::model::process::NodeKind;
use kamflow::model::work_access::{Part, Stand};

#[test]
fn a_task_names_its_readers() {
    let process = process(
        "  - {id: do, type: userTask, candidateGroups: [sales_rep], \
         access: {read: [assignee, superior(starter), direct_superior( candidate ), role:sales_ops, anyone]}}\n",
    );
    assert_eq!(process.readers, None);
    let NodeKind::UserTask(task) = &process.nodes[0].kind else { panic!("a task") };
    let readers = [
        Stand::Is(Part::Assignee),
        Stand::Superior(Part::Starter),
        Stand::DirectSuperior(Part::Candidate),
        Stand::Role("sales_ops".to_owned()),
        Stand::Anyone,
    ];
    assert_eq!(task.readers.as_deref(), Some(&readers[..]));
}

#[test]
fn words_that_say_nobody_are_refused() {
    let text = "\
process: p
title: {en: P, zh: P}
access: {read: [starter, owner, role:sales_opps, superior(boss)]}
nodes:
  - {id: do, type: userTask, candidateGroups: [sales_rep]}
";
    let words = "write anyone, role:NAME, starter, assignee, candidate, or superior(...) or direct_superior(...) of one \
                 of these three";
    assert_eq!(
        findings(&[("processes/p.yaml", text)]),
        [
            format!("processes/p.yaml:3:26: \"owner\" says nobody; {words}"),
            "processes/p.yaml:3:33: there is no role \"sales_opps\"; did you mean \"sales_ops\"?".to_owned(),
            format!("processes/p.yaml:3:50: \"superior(boss)\" says nobody; {words}"),
        ]
    );
}
