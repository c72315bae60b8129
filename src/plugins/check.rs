//! Checks what processes ask of actions: that the action exists and gets the arguments it knows.

use super::actions::{NativeAction, all};
use crate::model::definitions::Definitions;
use crate::model::finding::Finding;
use crate::model::nearest::hint;
use crate::model::process::{Node, NodeKind, ServiceTask};

/// Every service task against the table of actions.
pub fn check(definitions: &Definitions) -> Vec<Finding> {
    let nodes = definitions.processes.values().flat_map(|process| &process.nodes);
    nodes
        .filter_map(|node| match &node.kind {
            NodeKind::ServiceTask(task) => Some(check_task(node, task)),
            _ => None,
        })
        .flatten()
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
