//! The names that the expressions of processes and records may read.

use crate::model::approval::{APPROVER, Approval, Barred, Route, SUBJECT};
use crate::model::definitions::Definitions;
use crate::model::event_definition::{Throw, ThrownMessage, TimerSpec, Trigger};
use crate::model::expression::Expression;
use crate::model::json::Json;
use crate::model::loop_characteristics::{LoopCharacteristics, Over, When};
use crate::model::nearest::nearest;
use crate::model::node::ACTIVATION_COUNT;
use crate::model::process::{Activation, Call, Mapping, NodeKind, Passed, Process, ScriptTask};
use crate::model::record_type::RecordType;
use crate::model::task_timing::{Due, Timing};
use std::collections::BTreeSet;
use std::rc::Rc;

/// Names that the engine gives to every expression of a process.
const GIVEN: &[&str] = &["input", "now", "actor", "business"];

/// Those of them that are other ones at every command: what is approved cannot depend on them.
const PASSING: &[&str] = &["now", "actor"];

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

fn of_process<'a>(process: &'a Process, definitions: &'a Definitions, uses: &mut Vec<Use<'a>>) {
    let mut names: BTreeSet<String> = GIVEN.iter().map(|name| (*name).to_owned()).collect();
    let mut seen = BTreeSet::from([process.key.clone()]);
    names.extend(variables(process, definitions, &mut seen));
    let arrived = Rc::new(names.iter().cloned().chain([ACTIVATION_COUNT.to_owned()]).collect::<BTreeSet<_>>());
    let after = Rc::new(names.iter().cloned().chain(["result".to_owned()]).collect::<BTreeSet<_>>());
    let lasting = names.iter().filter(|name| !PASSING.contains(&name.as_str())).cloned().collect::<BTreeSet<_>>();
    let lasting = Rc::new(lasting);
    let weighing = Rc::new(names.iter().cloned().chain([APPROVER.to_owned()]).collect::<BTreeSet<_>>());
    let known = Rc::new(names);
    let mut add = |expression: &'a Expression, known: &Rc<BTreeSet<String>>| {
        uses.push(Use { expression, known: known.clone() });
    };
    process.business_key.iter().for_each(|key| add(key, &known));
    // What is computed at the start goes by what is typed alone.
    let typed = Rc::new(properties(&process.input).into_iter().collect::<BTreeSet<_>>());
    of_form(process.form.as_ref(), definitions).for_each(|expression| add(expression, &typed));
    process.flows.iter().filter_map(|flow| flow.condition.as_ref()).for_each(|condition| add(condition, &known));
    for node in &process.nodes {
        node.loops.iter().flat_map(of_loops).for_each(|expression| add(expression, &known));
        match &node.kind {
            NodeKind::UserTask(task) => {
                task.title
                    .iter()
                    .chain(&task.description)
                    .chain(&task.assignee)
                    .chain(&task.candidate_users)
                    .chain(&task.groups_given)
                    .chain(&task.priority)
                    .chain(due_at(&task.timing))
                    .chain(of_form(task.form.as_ref(), definitions))
                    .for_each(|expression| add(expression, &known));
            }
            NodeKind::Approval(approval) => {
                let about = |names: &BTreeSet<String>| {
                    let subject = approval.subject.iter().map(|_| SUBJECT.to_owned());
                    Rc::new(names.iter().cloned().chain(subject).collect::<BTreeSet<_>>())
                };
                let sees = [&lasting, &weighing, &known].map(|names| about(names));
                of_approval(approval, &known, &sees, &mut add);
                approval.output.values().for_each(|expression| add(expression, &after));
            }
            NodeKind::ScriptTask(ScriptTask::Set(set)) => set.values().for_each(|expression| add(expression, &known)),
            NodeKind::ScriptTask(ScriptTask::Call(Call { input, output, .. })) => {
                both(input, output, &known, &after, &mut add)
            }
            NodeKind::BusinessRuleTask(task) => both(&task.call.input, &task.call.output, &known, &after, &mut add),
            NodeKind::ServiceTask(task) => both(&task.input, &task.output, &known, &after, &mut add),
            NodeKind::JobTask(task) => both(&task.input, &task.output, &known, &after, &mut add),
            NodeKind::CallActivity(call) => {
                passed(&call.input).for_each(|expression| add(expression, &known));
                passed(&call.output).for_each(|expression| add(expression, &after));
            }
            NodeKind::SendTask(message) => of_message(message).for_each(|expression| add(expression, &known)),
            NodeKind::EndEvent(throws) | NodeKind::IntermediateThrowEvent(throws) => {
                throws.iter().flat_map(of_throw).for_each(|expression| add(expression, &known));
            }
            NodeKind::ComplexGateway(gateway) => {
                if let Activation::When(activation) = &gateway.activation {
                    add(activation, &arrived);
                }
            }
            NodeKind::SubProcess(inner) => {
                let until = inner.ad_hoc.iter().flat_map(|ad_hoc| &ad_hoc.until);
                until.for_each(|expression| add(expression, &known));
            }
            NodeKind::StartEvent(_)
            | NodeKind::ReceiveTask(_)
            | NodeKind::IntermediateCatchEvent(_)
            | NodeKind::BoundaryEvent(_)
            | NodeKind::EventSubProcess
            | NodeKind::ExclusiveGateway
            | NodeKind::ParallelGateway
            | NodeKind::InclusiveGateway
            | NodeKind::EventBasedGateway { .. } => {}
        }
        if let Some(catch) = node.catching() {
            catch.triggers.iter().filter_map(of_trigger).for_each(|expression| add(expression, &known));
            catch.output.values().for_each(|expression| add(expression, &after));
        }
    }
}

/// What a form computes.
fn of_form<'a>(form: Option<&String>, definitions: &'a Definitions) -> impl Iterator<Item = &'a Expression> {
    let form = form.and_then(|form| definitions.forms.get(form));
    form.into_iter().flat_map(|form| form.computed.values())
}

/// The expressions that a call passes on.
fn passed(passed: &Passed) -> impl Iterator<Item = &Expression> {
    match passed {
        Passed::Some(mapping) => Some(mapping.values()),
        Passed::All => None,
    }
    .into_iter()
    .flatten()
}

fn of_trigger(trigger: &Trigger) -> Option<&Expression> {
    match trigger {
        Trigger::Timer(TimerSpec::Date(date)) => Some(date),
        Trigger::Message { correlate, .. } => correlate.as_ref(),
        Trigger::Condition(condition) => Some(condition),
        Trigger::Timer(TimerSpec::Duration(_) | TimerSpec::Cycle(_) | TimerSpec::Cron { .. })
        | Trigger::Signal(_)
        | Trigger::Error(_)
        | Trigger::Escalation(_)
        | Trigger::Compensation
        | Trigger::Cancel
        | Trigger::Link(_) => None,
    }
}

fn of_throw(throw: &Throw) -> Vec<&Expression> {
    match throw {
        Throw::Message(message) => of_message(message).collect(),
        Throw::Signal { input, .. } => input.values().collect(),
        Throw::Error(_)
        | Throw::Escalation(_)
        | Throw::Compensation(_)
        | Throw::Terminate
        | Throw::Cancel
        | Throw::Link(_) => Vec::new(),
    }
}

fn of_message(message: &ThrownMessage) -> impl Iterator<Item = &Expression> {
    message.correlate.iter().chain(message.input.values())
}

fn of_loops(loops: &LoopCharacteristics) -> Vec<&Expression> {
    match loops {
        LoopCharacteristics::Standard(again) => vec![&again.condition],
        LoopCharacteristics::MultiInstance(each) => {
            let (Over::List(over) | Over::Count(over)) = &each.over;
            let after = each.throws.iter().flat_map(|after| {
                let when = match &after.when {
                    When::True(when) => Some(when),
                    When::Each | When::First => None,
                };
                when.into_iter().chain(after.throws.iter().flat_map(of_throw))
            });
            [over].into_iter().chain(&each.until).chain(each.collect.values()).chain(after).collect()
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

fn of_approval<'a>(
    approval: &'a Approval,
    known: &Rc<BTreeSet<String>>,
    [lasting, weighing, asking]: &[Rc<BTreeSet<String>>; 3],
    add: &mut impl FnMut(&'a Expression, &Rc<BTreeSet<String>>),
) {
    approval.of.iter().for_each(|expression| add(expression, lasting));
    due_at(&approval.timing).into_iter().for_each(|expression| add(expression, known));
    approval.submitter.iter().for_each(|expression| add(expression, known));
    for barred in &approval.not_same_as {
        if let Barred::Variable(variable) = barred {
            add(variable, known);
        }
    }
    match &approval.route {
        Route::Function(call) => call.input.values().for_each(|expression| add(expression, asking)),
        Route::Levels(levels) => {
            for level in levels {
                level.condition.iter().chain([&level.approvers]).for_each(|expression| add(expression, asking));
                level.weight.iter().chain(&level.authority).for_each(|expression| add(expression, weighing));
            }
        }
    }
}

/// The variables that a node sets.
fn set_by(kind: &NodeKind, definitions: &Definitions, seen: &mut BTreeSet<String>) -> Vec<String> {
    match kind {
        NodeKind::UserTask(task) => {
            let form = task.form.as_ref().and_then(|form| definitions.forms.get(form));
            form.map(|form| properties(&form.schema)).unwrap_or_default()
        }
        NodeKind::Approval(approval) => approval.output.keys().cloned().collect(),
        NodeKind::ScriptTask(ScriptTask::Set(set)) => set.keys().cloned().collect(),
        NodeKind::ScriptTask(ScriptTask::Call(call)) => call.output.keys().cloned().collect(),
        NodeKind::BusinessRuleTask(task) => task.call.output.keys().cloned().collect(),
        NodeKind::ServiceTask(task) => task.output.keys().cloned().collect(),
        NodeKind::JobTask(task) => task.output.keys().cloned().collect(),
        NodeKind::CallActivity(call) => match &call.output {
            Passed::Some(output) => output.keys().cloned().collect(),
            Passed::All => set_within(&call.process, definitions, seen),
        },
        NodeKind::StartEvent(_)
        | NodeKind::IntermediateCatchEvent(_)
        | NodeKind::ReceiveTask(_)
        | NodeKind::BoundaryEvent(_)
        | NodeKind::EndEvent(_)
        | NodeKind::IntermediateThrowEvent(_)
        | NodeKind::SendTask(_)
        | NodeKind::ExclusiveGateway
        | NodeKind::ParallelGateway
        | NodeKind::InclusiveGateway
        | NodeKind::EventBasedGateway { .. }
        | NodeKind::ComplexGateway(_)
        | NodeKind::SubProcess(_)
        | NodeKind::EventSubProcess => Vec::new(),
    }
}

/// The variables that a called process has at its end.
fn set_within(process: &str, definitions: &Definitions, seen: &mut BTreeSet<String>) -> Vec<String> {
    let called = definitions.processes.get(process).filter(|_| seen.insert(process.to_owned()));
    called.map(|process| variables(process, definitions, seen).collect()).unwrap_or_default()
}

/// The variables of a process: what it is started with, and what its nodes set.
fn variables<'a>(
    process: &'a Process,
    definitions: &'a Definitions,
    seen: &'a mut BTreeSet<String>,
) -> impl Iterator<Item = String> + 'a {
    let nodes = process.nodes.iter().flat_map(|node| {
        let caught = node.catching().into_iter().flat_map(|catch| catch.output.keys().cloned());
        let looped = node.loops.iter();
        let looped = looped.flat_map(|loops| loops.collected().map(String::as_str).chain(loops.given()));
        let mut all = set_by(&node.kind, definitions, seen);
        all.extend(caught.chain(looped.map(str::to_owned)));
        all
    });
    properties(&process.input).into_iter().chain(nodes)
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

/// What gives the time at which a task is due.
fn due_at(timing: &Timing) -> Option<&Expression> {
    match &timing.due {
        Some(Due::At(expression)) => Some(expression),
        Some(Due::After(_)) | None => None,
    }
}
