//! What a node reads and sets, in its order. One list of operations for each way in which it can be done.

use super::events::{self, Thrown};
use super::known::Known;
use super::level::Levels;
use super::required_by;
use crate::model::approval::{Approval, Barred, Route, SUBJECT};
use crate::model::event_definition::Throw;
use crate::model::expression::{Expression, Place};
use crate::model::ids::NodeId;
use crate::model::loop_characteristics::{ACTIVE, COMPLETED, INSTANCES, LoopCharacteristics, Over, When};
use crate::model::node::ACTIVATION_COUNT;
use crate::model::process::{
    Activation, Call, CallActivity, FlowIndex, Mapping, Node, NodeKind, Passed, ScriptTask, SubProcess,
};
use std::collections::BTreeSet;

/// Names that the engine gives where they can be read.
const GIVEN: &[&str] =
    &["input", "now", "actor", "business", "result", SUBJECT, ACTIVATION_COUNT, INSTANCES, ACTIVE, COMPLETED];

/// Whether the engine gives a name wherever it can be read.
pub fn is_given(name: &str) -> bool {
    GIVEN.contains(&name)
}

/// A variable that an expression reads.
#[derive(Debug, Clone)]
pub struct Read {
    /// The variable.
    pub name: String,
    /// The node whose expression it is; none: the process itself.
    pub node: Option<NodeId>,
    /// Its key, as it is written.
    pub key: String,
    /// Where the expression stands.
    pub at: Place,
    /// The nodes that lead there.
    pub way: Vec<NodeId>,
}

/// One thing that a node does.
#[derive(Debug, Clone)]
pub enum Op {
    /// Reads a variable; after that it is set, or the path stands still.
    Reads(Read),
    /// Reads it somewhere inside, on some way.
    Inside(Read),
    /// Sets variables.
    Sets(Known),
    /// Throws, with these set inside it.
    Throws(Thrown, Known),
}

/// What an expression reads, when it is evaluated for certain.
pub fn reads(levels: &Levels, node: &Node, key: &str, expression: &Expression) -> Vec<Op> {
    let all = (levels.reads)(expression).always.into_iter().filter(|name| !is_given(name));
    let read = |name| {
        let (node, key, at) = (Some(node.id.clone()), key.to_owned(), expression.at.clone());
        Op::Reads(Read { name, node, key, at, way: Vec::new() })
    };
    all.map(read).collect()
}

/// What an approval reads: the levels that are always asked as well as what is approved.
fn asked(levels: &Levels, node: &Node, approval: &Approval) -> Vec<Op> {
    let mut ops: Vec<Op> = approval.of.iter().flat_map(|one| reads(levels, node, "of", one)).collect();
    ops.extend(approval.submitter.iter().flat_map(|one| reads(levels, node, "submitter", one)));
    for barred in &approval.not_same_as {
        if let Barred::Variable(variable) = barred {
            ops.extend(reads(levels, node, "notSameAs", variable));
        }
    }
    match &approval.route {
        Route::Function(call) => ops.extend(mapping(levels, node, "in", &call.input)),
        Route::Levels(written) => {
            ops.extend(
                written.iter().flat_map(|level| &level.condition).flat_map(|one| reads(levels, node, "if", one)),
            );
            let always = written.iter().filter(|level| level.condition.is_none());
            ops.extend(always.flat_map(|level| reads(levels, node, "approvers", &level.approvers)));
        }
    }
    ops
}

/// What the expressions of a mapping read.
pub fn mapping(levels: &Levels, node: &Node, key: &str, mapping: &Mapping) -> Vec<Op> {
    mapping.iter().flat_map(|(name, expression)| reads(levels, node, &format!("{key}.{name}"), expression)).collect()
}

/// That the variables of a mapping are set.
pub fn sets(mapping: &Mapping) -> Op {
    Op::Sets(Known::These(mapping.keys().cloned().collect()))
}

/// The ways in which the work of a node is done, its repetitions included; `once` is what it does once.
pub fn doings(levels: &Levels, node: &Node, once: Vec<Op>) -> Vec<Vec<Op>> {
    match &node.loops {
        None => vec![once],
        Some(LoopCharacteristics::Standard(again)) => {
            let asked = reads(levels, node, "while", &again.condition);
            let facts = (levels.reads)(&again.condition);
            let round = [once, asked.clone()].concat();
            let mut ways = if again.test_before {
                let goes_on = Op::Sets(Known::These(facts.when_true));
                vec![
                    [asked.clone(), vec![Op::Sets(Known::These(facts.when_false))]].concat(),
                    [asked, vec![goes_on], round].concat(),
                ]
            } else {
                vec![round]
            };
            ways.iter_mut().for_each(|way| leave_round(node, way));
            ways
        }
        Some(LoopCharacteristics::MultiInstance(each)) => {
            let (Over::List(over) | Over::Count(over)) = &each.over;
            let key = if matches!(each.over, Over::List(_)) { "forEach.in" } else { "forEach.count" };
            let asked = reads(levels, node, key, over);
            let mut round = once;
            round.extend(mapping(levels, node, "collect", &each.collect));
            round.extend(each.until.iter().flat_map(|until| reads(levels, node, "until", until)));
            for after in &each.throws {
                if let When::True(when) = &after.when {
                    round.extend(reads(levels, node, "when", when));
                }
                round.extend(after.throws.iter().flat_map(|throw| thrown(levels, node, throw)));
            }
            leave_round(node, &mut round);
            let some = [asked.clone(), round, vec![sets(&each.collect)]].concat();
            let none = [asked, vec![sets(&each.collect)]].concat();
            let never_none = over.source.trim().parse::<u32>().is_ok_and(|count| count > 0);
            if never_none { vec![some] } else { vec![none, some] }
        }
    }
}

/// What a round has of its own is there inside it, and gone after it.
fn leave_round(node: &Node, ops: &mut Vec<Op>) {
    let given: BTreeSet<&str> = node.loops.iter().flat_map(LoopCharacteristics::given).collect();
    ops.retain_mut(|op| match op {
        Op::Reads(read) | Op::Inside(read) => !given.contains(read.name.as_str()),
        Op::Sets(Known::These(names)) => {
            names.retain(|name| !given.contains(name.as_str()));
            true
        }
        Op::Sets(Known::All) | Op::Throws(..) => true,
    });
}

/// What the node does once, with what happens inside it.
pub fn once(levels: &Levels, node: &Node) -> Vec<Op> {
    match &node.kind {
        NodeKind::SubProcess(inner) => inside(levels, node, inner),
        NodeKind::CallActivity(CallActivity { output: Passed::All, process, .. }) => {
            [own(levels, node), vec![Op::Sets(levels.called(process))]].concat()
        }
        _ => own(levels, node),
    }
}

/// What the node itself does.
pub fn own(levels: &Levels, node: &Node) -> Vec<Op> {
    let both = |input: &Mapping, output: &Mapping| {
        let out = [mapping(levels, node, "out", output), vec![sets(output)]].concat();
        (mapping(levels, node, "in", input), out)
    };
    match &node.kind {
        NodeKind::UserTask(task) => {
            let keyed = [
                ("title", &task.title),
                ("description", &task.description),
                ("assignee", &task.assignee),
                ("candidateUsers", &task.candidate_users),
                ("candidateGroups", &task.groups_given),
                ("priority", &task.priority),
            ];
            let mut ops: Vec<Op> = keyed
                .iter()
                .filter_map(|(key, expression)| Some(reads(levels, node, key, expression.as_ref()?)))
                .flatten()
                .collect();
            let form = task.form.as_ref().and_then(|form| levels.definitions.forms.get(form));
            ops.extend(form.map(|form| {
                let entered = required_by(&form.schema).into_iter();
                Op::Sets(Known::These(entered.chain(form.computed.keys().cloned()).collect()))
            }));
            ops
        }
        NodeKind::Approval(approval) => {
            let out = mapping(levels, node, "out", &approval.output);
            [asked(levels, node, approval), out, vec![sets(&approval.output)]].concat()
        }
        NodeKind::ScriptTask(ScriptTask::Set(set)) => [mapping(levels, node, "set", set), vec![sets(set)]].concat(),
        NodeKind::ScriptTask(ScriptTask::Call(Call { input, output, .. })) => {
            let (before, after) = both(input, output);
            [before, after].concat()
        }
        NodeKind::BusinessRuleTask(task) => {
            let (before, after) = both(&task.call.input, &task.call.output);
            [before, after].concat()
        }
        NodeKind::ServiceTask(task) => {
            let (before, after) = both(&task.input, &task.output);
            [before, after].concat()
        }
        NodeKind::JobTask(task) => {
            let (before, after) = both(&task.input, &task.output);
            [before, vec![Op::Throws(Thrown::AnyError, Known::All)], after].concat()
        }
        NodeKind::CallActivity(call) => {
            let before = match &call.input {
                Passed::Some(input) => mapping(levels, node, "in", input),
                Passed::All => Vec::new(),
            };
            let outward: &[Thrown] = if call.wait { &[Thrown::AnyError, Thrown::AnyEscalation] } else { &[] };
            let throws = outward.iter().map(|thrown| Op::Throws(thrown.clone(), Known::none())).collect();
            let after = match &call.output {
                Passed::Some(output) => [mapping(levels, node, "out", output), vec![sets(output)]].concat(),
                Passed::All => Vec::new(),
            };
            [before, throws, after].concat()
        }
        NodeKind::SendTask(message) => thrown(levels, node, &Throw::Message(message.clone())),
        NodeKind::EndEvent(throws) | NodeKind::IntermediateThrowEvent(throws) => {
            throws.iter().flat_map(|throw| thrown(levels, node, throw)).collect()
        }
        NodeKind::ReceiveTask(task) => {
            [events::plan(levels, node, &task.catch), events::brought(levels, node, &task.catch, &[])].concat()
        }
        NodeKind::IntermediateCatchEvent(catch) => {
            [events::plan(levels, node, catch), events::brought(levels, node, catch, &[])].concat()
        }
        // what begins a level is planned, if at all, by what is around it
        NodeKind::StartEvent(start) => {
            let taken = |catch| [mapping(levels, node, "out", catch), vec![sets(catch)]].concat();
            start.catch.as_ref().map(|catch| taken(&catch.output)).unwrap_or_default()
        }
        NodeKind::EventBasedGateway { .. } => {
            let behind = node.outgoing.iter().filter_map(|flow| levels.process.node(&levels.process.flows[*flow].to));
            behind.filter_map(|event| Some(events::plan(levels, event, event.catching()?))).flatten().collect()
        }
        NodeKind::ComplexGateway(gateway) => match &gateway.activation {
            Activation::When(activation) => reads(levels, node, "activation", activation),
            Activation::Count(_) => Vec::new(),
        },
        NodeKind::ExclusiveGateway
        | NodeKind::ParallelGateway
        | NodeKind::InclusiveGateway
        | NodeKind::BoundaryEvent(_)
        | NodeKind::SubProcess(_)
        | NodeKind::EventSubProcess => Vec::new(),
    }
}

/// What a sub-process does is what its level does.
fn inside(levels: &Levels, node: &Node, inner: &SubProcess) -> Vec<Op> {
    let summary = levels.summary(Some(&node.id));
    let reads = summary.reads.into_iter().map(Op::Inside);
    let thrown = summary.thrown.into_iter().map(|(thrown, known)| match inner.atomic {
        // what an atomic block had set is taken back
        true => Op::Throws(thrown, Known::none()),
        false => Op::Throws(thrown, known),
    });
    reads.chain(thrown).chain([Op::Sets(summary.sets)]).collect()
}

fn thrown(levels: &Levels, node: &Node, throw: &Throw) -> Vec<Op> {
    match throw {
        Throw::Message(message) => {
            let key = message.correlate.iter().flat_map(|key| reads(levels, node, "correlate", key));
            key.chain(mapping(levels, node, "in", &message.input)).collect()
        }
        Throw::Signal { input, .. } => mapping(levels, node, "in", input),
        Throw::Error(code) => vec![Op::Throws(Thrown::Error(code.clone()), Known::none())],
        Throw::Escalation(code) => vec![Op::Throws(Thrown::Escalation(code.clone()), Known::none())],
        Throw::Cancel => vec![Op::Throws(Thrown::Cancel, Known::none())],
        Throw::Compensation(_) | Throw::Terminate | Throw::Link(_) => Vec::new(),
    }
}

/// The conditions that are asked when a node is left by these flows.
pub fn conditions(levels: &Levels, node: &Node, taken: &[FlowIndex]) -> Vec<Op> {
    let mut ops = Vec::new();
    for index in &node.outgoing {
        let is_taken = taken.contains(index);
        if let Some(condition) = &levels.process.flows[*index].condition {
            ops.extend(reads(levels, node, "if", condition));
            let facts = (levels.reads)(condition);
            ops.push(Op::Sets(Known::These(if is_taken { facts.when_true } else { facts.when_false })));
            if is_taken && matches!(node.kind, NodeKind::ExclusiveGateway) {
                break;
            }
        }
    }
    ops
}
