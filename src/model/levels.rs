//! The levels around nodes: which one two nodes have in common, and which of its activations a place lies in. A level that is
//! done more than once is another one each time.

use super::ids::{NodeId, ScopeId};
use super::process::Process;
use super::scopes::Scopes;

/// The activation of the innermost level around both nodes that this scope lies in; none where it lies in none.
pub fn in_common(process: &Process, [one, other]: [&NodeId; 2], scopes: &Scopes, scope: ScopeId) -> Option<ScopeId> {
    let others: Vec<&NodeId> = around(process, other).collect();
    let level = around(process, one).find(|level| others.contains(level));
    let outward = std::iter::successors(scopes.get(&scope), |scope| scopes.get(&scope.parent?));
    // A whole process is the last level, whatever lies around it.
    let mut found = outward.filter(|scope| scope.node.is_none() || scope.node.as_ref() == level);
    found.next().filter(|scope| scope.node.as_ref() == level).map(|scope| scope.id)
}

/// The levels around a node, the innermost first.
fn around<'p>(process: &'p Process, node: &NodeId) -> impl Iterator<Item = &'p NodeId> {
    let parent = |node: &NodeId| process.node(node)?.parent.as_ref();
    std::iter::successors(parent(node), move |level| parent(level))
}
