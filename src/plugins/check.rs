//! Checks what processes ask of actions: that the action exists and gets the arguments it knows; and of records, that they
//! have the fields that are approved.

use super::actions::{NativeAction, all};
use crate::model::approval::OfSubject;
use crate::model::definitions::Definitions;
use crate::model::expression::Expression;
use crate::model::finding::Finding;
use crate::model::nearest::hint;
use crate::model::process::{Node, NodeKind, ServiceTask};
use crate::model::record_type::RecordType;

/// Every service task against the table of actions, every approval against the record that it is about.
pub fn check(definitions: &Definitions) -> Vec<Finding> {
    let nodes =
        definitions.processes.values().flat_map(|process| process.nodes.iter().map(move |node| (process, node)));
    nodes
        .filter_map(|(process, node)| match &node.kind {
            NodeKind::ServiceTask(task) => Some(check_task(node, task)),
            NodeKind::Approval(approval) => {
                let subject = definitions.records.get(process.subject.as_ref()?)?;
                Some(check_fields(subject, approval.subject.as_ref()?, &approval.of))
            }
            _ => None,
        })
        .flatten()
        .collect()
}

/// The fields of the record that are approved are fields that it has.
fn check_fields(subject: &RecordType, of: &OfSubject, written: &[Expression]) -> Vec<Finding> {
    let names = || subject.fields.iter().map(|field| field.name.as_str());
    let unknown = of.fields.iter().filter(|name| !names().any(|known| known == name.as_str()));
    unknown
        .filter_map(|name| {
            let at = written.iter().find(|one| one.source.contains(name.as_str()))?.at.clone();
            Some(Finding::error(at, format!("a {} has no field \"{name}\"{}", subject.name, hint(name, names()))))
        })
        .collect()
}

fn check_task(node: &Node, task: &ServiceTask) -> Vec<Finding> {
    let Some(action) = all().iter().find(|action| action.name == task.action) else {
        let hint = hint(&task.action, all().iter().map(|action| action.name));
        return vec![Finding::error(node.at.clone(), format!("unknown action \"{}\"{hint}", task.action))];
    };
    let names = || action.arguments.iter().map(|argument| argument.trim_end_matches('?'));
    let unknown = task.input.iter().filter(|(name, _)| !names().any(|known| known == name.as_str()));
    let mut findings: Vec<Finding> = unknown
        .map(|(name, expression)| {
            let hint = hint(name, names());
            Finding::error(expression.at.clone(), format!("\"{}\" has no argument \"{name}\"{hint}", action.name))
        })
        .collect();
    let lacking = missing(action, task);
    if !lacking.is_empty() {
        let sentence = format!("\"{}\" needs {}", action.name, lacking.join(", "));
        findings.push(Finding::error(node.at.clone(), sentence));
    }
    findings
}

fn missing(action: &NativeAction, task: &ServiceTask) -> Vec<String> {
    let needed = action.arguments.iter().filter(|argument| !argument.ends_with('?'));
    needed.filter(|argument| !task.input.contains_key(**argument)).map(|argument| format!("\"{argument}\"")).collect()
}
