//! What a node looks like: the one place that knows both the kinds of nodes and the shapes of BPMN. Whoever adds a
//! kind adds its line to [`of`]; layout, SVG and Mermaid only know shapes.

use crate::model::event_definition::{Catching, Throw, TimerSpec, Trigger};
use crate::model::loop_characteristics::LoopCharacteristics;
use crate::model::process::{Node, NodeKind};

/// The shape of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A circle.
    Event(Event),
    /// A rounded rectangle.
    Activity(Activity),
    /// A diamond with this symbol.
    Gateway(&'static str),
    /// A rounded rectangle around other nodes.
    Container(Container),
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Where in its process it stands; decides how its circle is drawn.
    pub position: Position,
    /// The symbol in it, `timer`; empty: none.
    pub trigger: &'static str,
    /// Whether it cancels what it is attached to; if not its circle is dashed.
    pub interrupting: bool,
    /// What it waits for or throws, in a word: `PT2H`, the code of an error.
    pub detail: Option<String>,
}

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// At the beginning: a thin circle.
    Start,
    /// In the middle, waiting: a double circle.
    Catch,
    /// In the middle, acting: a double circle with a filled symbol.
    Throw,
    /// At the edge of an activity: a double circle.
    Boundary,
    /// At the end: a thick circle with a filled symbol.
    End,
}

/// A task, or a call of another process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// The symbol in its corner, `user`; empty: none.
    pub symbol: &'static str,
    /// Whether it calls another process: a thick border.
    pub call: bool,
    /// Symbols at its lower edge, `loop`.
    pub markers: Vec<&'static str>,
}

/// A sub-process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// How its border is drawn.
    pub border: Border,
    /// Symbols at its lower edge, `atomic`.
    pub markers: Vec<&'static str>,
}

/// The border of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    /// A sub-process.
    Plain,
    /// All or nothing, as a transaction: two lines.
    Double,
    /// Begun by an event: dotted.
    Dotted,
}

/// The shape of a node.
pub fn of(node: &Node) -> Shape {
    let mut shape = of_kind(&node.kind);
    if let (Some(loops), Shape::Activity(Activity { markers, .. }) | Shape::Container(Container { markers, .. })) =
        (&node.loops, &mut shape)
    {
        markers.insert(0, repeated(loops));
    }
    shape
}

/// The marker of an activity that is done more than once.
fn repeated(loops: &LoopCharacteristics) -> &'static str {
    match loops {
        LoopCharacteristics::Standard(_) => "loop",
        LoopCharacteristics::MultiInstance(each) if each.sequential => "sequential",
        LoopCharacteristics::MultiInstance(_) => "parallel",
    }
}

/// The shape of a kind.
pub(super) fn of_kind(kind: &NodeKind) -> Shape {
    match kind {
        NodeKind::StartEvent(start) => {
            let (trigger, detail) = start.catch.as_ref().map(caught).unwrap_or_default();
            Shape::Event(Event { position: Position::Start, trigger, interrupting: start.interrupting, detail })
        }
        NodeKind::EndEvent(throws) => thrown(Position::End, throws),
        NodeKind::UserTask(_) | NodeKind::Approval(_) => task("user"),
        NodeKind::ScriptTask(_) => task("script"),
        NodeKind::BusinessRuleTask(_) => task("rule"),
        NodeKind::ServiceTask(_) | NodeKind::JobTask(_) => task("service"),
        NodeKind::ExclusiveGateway => Shape::Gateway("exclusive"),
        NodeKind::ParallelGateway => Shape::Gateway("parallel"),
        NodeKind::InclusiveGateway => Shape::Gateway("inclusive"),
        NodeKind::EventBasedGateway { .. } => Shape::Gateway("event"),
        NodeKind::ComplexGateway(_) => Shape::Gateway("complex"),
        NodeKind::SendTask(_) => task("send"),
        NodeKind::ReceiveTask(_) => task("receive"),
        NodeKind::CallActivity(_) => Shape::Activity(Activity { symbol: "", call: true, markers: vec!["call"] }),
        NodeKind::SubProcess(inner) => {
            let border = if inner.atomic || inner.transaction { Border::Double } else { Border::Plain };
            let markers = if inner.ad_hoc.is_some() { vec!["ad-hoc"] } else { Vec::new() };
            Shape::Container(Container { border, markers })
        }
        NodeKind::EventSubProcess => Shape::Container(Container { border: Border::Dotted, markers: Vec::new() }),
        NodeKind::IntermediateCatchEvent(catch) => {
            let (trigger, detail) = caught(catch);
            event(Position::Catch, trigger, detail)
        }
        NodeKind::IntermediateThrowEvent(throws) => thrown(Position::Throw, throws),
        NodeKind::BoundaryEvent(boundary) => {
            let (trigger, detail) = caught(&boundary.catch);
            let interrupting = boundary.interrupting;
            Shape::Event(Event { position: Position::Boundary, trigger, interrupting, detail })
        }
    }
}

/// The symbol of what is waited for, and what it is.
fn caught(catch: &Catching) -> (&'static str, Option<String>) {
    match catch.triggers.as_slice() {
        [] => ("", None),
        [one] => triggered(one),
        several => {
            let details: Vec<String> = several.iter().filter_map(|one| triggered(one).1).collect();
            (if catch.all { "parallel-multiple" } else { "multiple" }, Some(details.join(", ")))
        }
    }
}

fn triggered(trigger: &Trigger) -> (&'static str, Option<String>) {
    match trigger {
        Trigger::Timer(timer) => ("timer", Some(when(timer))),
        Trigger::Message { name, .. } => ("message", Some(name.clone())),
        Trigger::Signal(name) => ("signal", Some(name.clone())),
        Trigger::Condition(condition) => ("condition", Some(condition.source.to_string())),
        Trigger::Error(code) => ("error", code.clone()),
        Trigger::Escalation(code) => ("escalation", code.clone()),
        Trigger::Compensation => ("compensation", None),
        Trigger::Cancel => ("cancel", None),
        Trigger::Link(name) => ("link", Some(name.clone())),
    }
}

/// An event that sets something off.
fn thrown(position: Position, throws: &[Throw]) -> Shape {
    let one = |throw: &Throw| match throw {
        Throw::Message(message) => ("message", Some(message.name.clone())),
        Throw::Signal { name, .. } => ("signal", Some(name.clone())),
        Throw::Error(code) => ("error", Some(code.clone())),
        Throw::Escalation(code) => ("escalation", Some(code.clone())),
        Throw::Compensation(activity) => ("compensation", activity.as_ref().map(ToString::to_string)),
        Throw::Terminate => ("terminate", None),
        Throw::Cancel => ("cancel", None),
        Throw::Link(name) => ("link", Some(name.clone())),
    };
    let (trigger, detail) = match throws {
        [] => ("", None),
        [only] => one(only),
        several => ("multiple", Some(several.iter().filter_map(|throw| one(throw).1).collect::<Vec<_>>().join(", "))),
    };
    event(position, trigger, detail)
}

fn when(timer: &TimerSpec) -> String {
    match timer {
        TimerSpec::Duration(duration) => duration.to_string(),
        TimerSpec::Date(at) => at.source.to_string(),
        TimerSpec::Cycle(cycle) => {
            let times = cycle.times.map(|times| times.to_string()).unwrap_or_default();
            format!("R{times}/{}", cycle.every)
        }
        TimerSpec::Cron { cron, .. } => cron.to_string(),
    }
}

fn event(position: Position, trigger: &'static str, detail: Option<String>) -> Shape {
    Shape::Event(Event { position, trigger, interrupting: true, detail })
}

fn task(symbol: &'static str) -> Shape {
    Shape::Activity(Activity { symbol, call: false, markers: Vec::new() })
}

/// Whether tokens stay in it for a while, so that the time spent there says something.
pub(super) fn takes_time(shape: &Shape) -> bool {
    match shape {
        Shape::Activity(_) | Shape::Container(_) => true,
        Shape::Event(event) => matches!(event.position, Position::Catch | Position::Boundary),
        Shape::Gateway(_) => false,
    }
}
