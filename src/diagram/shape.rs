//! What a node looks like: the one place that knows both the kinds of nodes and the shapes of BPMN. Whoever adds a
//! kind adds its line to [`of`]; layout, SVG and Mermaid only know shapes.

use crate::model::loop_characteristics::LoopCharacteristics;
use crate::model::process::{Node, NodeKind, TimerSpec, Trigger};

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
        NodeKind::StartEvent => event(Position::Start, "", None),
        NodeKind::EndEvent(end) if end.terminate => event(Position::End, "terminate", None),
        NodeKind::EndEvent(end) => match &end.error {
            Some(code) => event(Position::End, "error", Some(code.clone())),
            None => event(Position::End, "", None),
        },
        NodeKind::UserTask(_) => task("user"),
        NodeKind::ScriptTask(_) => task("script"),
        NodeKind::BusinessRuleTask(_) => task("rule"),
        NodeKind::ServiceTask(_) | NodeKind::JobTask(_) => task("service"),
        NodeKind::ExclusiveGateway => Shape::Gateway("exclusive"),
        NodeKind::ParallelGateway => Shape::Gateway("parallel"),
        NodeKind::InclusiveGateway => Shape::Gateway("inclusive"),
        NodeKind::CallActivity(_) => Shape::Activity(Activity { symbol: "", call: true, markers: vec!["call"] }),
        NodeKind::SubProcess(inner) => {
            let border = if inner.atomic { Border::Double } else { Border::Plain };
            Shape::Container(Container { border, markers: Vec::new() })
        }
        NodeKind::IntermediateCatchEvent(timer) => event(Position::Catch, "timer", Some(when(timer))),
        NodeKind::IntermediateThrowEvent => event(Position::Throw, "", None),
        NodeKind::BoundaryEvent(boundary) => {
            let (trigger, detail) = triggered(&boundary.trigger);
            let interrupting = boundary.interrupting;
            Shape::Event(Event { position: Position::Boundary, trigger, interrupting, detail })
        }
    }
}

/// The symbol of a trigger, and what it waits for.
fn triggered(trigger: &Trigger) -> (&'static str, Option<String>) {
    match trigger {
        Trigger::Timer(timer) => ("timer", Some(when(timer))),
        Trigger::Error(code) => ("error", code.clone()),
    }
}

fn when(timer: &TimerSpec) -> String {
    match timer {
        TimerSpec::Duration(duration) => duration.to_string(),
        TimerSpec::Date(at) => at.source.to_string(),
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
