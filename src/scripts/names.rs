//! The names that the expressions of processes and records may read.

use crate::model::definitions::Definitions;
use crate::model::expression::Expression;
use crate::model::json::Json;
use crate::model::loop_characteristics::{LoopCharacteristics, Over};
use crate::model::nearest::nearest;
use crate::model::process::{Call, Mapping, NodeKind, Process, ScriptTask, TimerSpec, Trigger};
use crate::model::record_type::RecordType;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Names that the engine gives to every expression of a process.
const GIVEN: &[&str] = &["input", "now", "actor", "business"];

/// An expression and the names that it may read.
pub(super) struct Use<'a> {
    /// The expression.
    pub expression: &'a Expression,
    /// The names.
    pub known: Rc<BTreeSet<String>>,
}

/// Every expression of a revision.
pub(super) fn uses(definitions: &Definitions) -> Vec<Use<'_>> {
    let mut uses = Vec::new();
    for process in definitions.processes.values() {
        of_process(process, definitions, &mut uses);
    }
    for record in definitions.records.values() {
        of_record(record, &mut uses);
    }
    uses
}

fn of_process<'a>(process: &'a Process, definitions: &Definitions, uses: &mut Vec<Use<'a>>) {
    let mut names: BTreeSet<String> = GIVEN.iter().map(|name| (*name).to_owned()).collect();
    names.extend(properties(&process.input));
    for node in &process.nodes {
        names.extend(set_by(&node.kind, definitions));
        let loops = node.loops.iter();
        names.extend(
            loops.flat_map(|loops| loops.collected().map(String::as_str).chain(loops.given())).map(str::to_owned),
        );
    }
    let after = Rc::new(names.iter().cloned().chain(["result".to_owned()]).collect::<BTreeSet<_>>());
    let known = Rc::new(names);
    let mut add = |expression: &'a Expression, known: &Rc<BTreeSet<String>>| {
        uses.push(Use { expression, known: known.clone() });
    };
    process.business_key.iter().for_each(|key| add(key, &known));
    process.flows.iter().filter_map(|flow| flow.condition.as_ref()).for_each(|condition| add(condition, &known));
    for node in &process.nodes {
        node.loops.iter().flat_map(of_loops).for_each(|expression| add(expression, &known));
        match &node.kind {
            NodeKind::UserTask(task) => {
                task.assignee.iter().chain(&task.candidate_users).for_each(|expression| add(expression, &known));
            }
            NodeKind::ScriptTask(ScriptTask::Set(set)) => set.values().for_each(|expression| add(expression, &known)),
            NodeKind::ScriptTask(ScriptTask::Call(Call { input, output, .. })) => {
                both(input, output, &known, &after, &mut add)
            }
            NodeKind::BusinessRuleTask(task) => both(&task.call.input, &task.call.output, &known, &after, &mut add),
            NodeKind::ServiceTask(task) => both(&task.input, &task.output, &known, &after, &mut add),
            NodeKind::JobTask(task) => both(&task.input, &task.output, &known, &after, &mut add),
            NodeKind::CallActivity(call) => both(&call.input, &call.output, &known, &after, &mut add),
            NodeKind::BoundaryEvent(event) => {
                if let Trigger::Timer(TimerSpec::Date(date)) = &event.trigger {
                    add(date, &known);
                }
            }
            NodeKind::IntermediateCatchEvent(TimerSpec::Date(date)) => add(date, &known),
            NodeKind::StartEvent
            | NodeKind::EndEvent(_)
            | NodeKind::ExclusiveGateway
            | NodeKind::ParallelGateway
            | NodeKind::InclusiveGateway
            | NodeKind::IntermediateCatchEvent(TimerSpec::Duration(_))
            | NodeKind::IntermediateThrowEvent
            | NodeKind::SubProcess(_) => {}
        }
    }
}

fn of_loops(loops: &LoopCharacteristics) -> Vec<&Expression> {
    match loops {
        LoopCharacteristics::Standard(again) => vec![&again.condition],
        LoopCharacteristics::MultiInstance(each) => {
            let (Over::List(over) | Over::Count(over)) = &each.over;
            [over].into_iter().chain(&each.until).chain(each.collect.values()).collect()
        }
    }
}

fn both<'a>(
    input: &'a Mapping,
    output: &'a Mapping,
    before: &Rc<BTreeSet<String>>,
    after: &Rc<BTreeSet<String>>,
    add: &mut impl FnMut(&'a Expression, &Rc<BTreeSet<String>>),
) {
    input.values().for_each(|expression| add(expression, before));
    output.values().for_each(|expression| add(expression, after));
}

/// The variables that a node sets.
fn set_by(kind: &NodeKind, definitions: &Definitions) -> Vec<String> {
    match kind {
        NodeKind::UserTask(task) => {
            let form = task.form.as_ref().and_then(|form| definitions.forms.get(form));
            form.map(|form| properties(&form.schema)).unwrap_or_default()
        }
        NodeKind::ScriptTask(ScriptTask::Set(set)) => set.keys().cloned().collect(),
        NodeKind::ScriptTask(ScriptTask::Call(call)) => call.output.keys().cloned().collect(),
        NodeKind::BusinessRuleTask(task) => task.call.output.keys().cloned().collect(),
        NodeKind::ServiceTask(task) => task.output.keys().cloned().collect(),
        NodeKind::JobTask(task) => task.output.keys().cloned().collect(),
        NodeKind::CallActivity(call) => call.output.keys().cloned().collect(),
        NodeKind::StartEvent
        | NodeKind::EndEvent(_)
        | NodeKind::ExclusiveGateway
        | NodeKind::ParallelGateway
        | NodeKind::InclusiveGateway
        | NodeKind::SubProcess(_)
        | NodeKind::IntermediateCatchEvent(_)
        | NodeKind::IntermediateThrowEvent
        | NodeKind::BoundaryEvent(_) => Vec::new(),
    }
}

fn properties(schema: &Json) -> Vec<String> {
    let properties = schema.get("properties").and_then(Json::as_object);
    properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
}

fn of_record<'a>(record: &'a RecordType, uses: &mut Vec<Use<'a>>) {
    let fields: BTreeSet<String> = record.fields.iter().map(|field| field.name.clone()).collect();
    let after = Rc::new(fields.iter().cloned().chain(["result".to_owned()]).collect::<BTreeSet<_>>());
    let known = Rc::new(fields);
    for derive in &record.derive {
        uses.extend(derive.input.values().map(|expression| Use { expression, known: known.clone() }));
        uses.push(Use { expression: &derive.value, known: after.clone() });
    }
    if let Some(matching) = &record.matching {
        let of_pair = Rc::new(["first", "second", "found"].map(str::to_owned).into());
        let looked = known.iter().cloned().chain(["found", "candidates", "cut"].map(str::to_owned)).collect();
        let looked: Rc<BTreeSet<String>> = Rc::new(looked);
        let inputs =
            [(&matching.find.input, &known), (&matching.decide.input, &looked), (&matching.suspect.fields, &of_pair)];
        for (input, known) in inputs {
            uses.extend(input.values().map(|expression| Use { expression, known: Rc::clone(known) }));
        }
    }
    let conditions = record.unique.iter().filter_map(|unique| unique.condition.as_ref());
    let conditions = conditions.chain(record.checks.iter().map(|check| &check.condition));
    let conditions = conditions.chain(record.immutable.as_ref().map(|immutable| &immutable.when));
    uses.extend(conditions.map(|expression| Use { expression, known: known.clone() }));
}

/// `; did you mean "candidates"?` when a name is near enough, else nothing.
pub(super) fn meant<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> String {
    nearest(name, names).map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default()
}
