//! A drawing: figures and lines with their places, in pixels. SVG is written from it; nothing in it knows of SVG.

pub use super::layered::Point;
use super::shape::Shape;
use crate::model::ids::NodeId;
use crate::model::process::FlowIndex;

/// A drawing of a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// How wide it is.
    pub width: i32,
    /// How high.
    pub height: i32,
    /// Its figures; containers before what is in them.
    pub figures: Vec<Figure>,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A node that is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The node; none for the start that a level without a start event has.
    pub node: Option<NodeId>,
    /// Its kind, `userTask`.
    pub kind: &'static str,
    /// Its shape.
    pub shape: Shape,
    /// The container it is in.
    pub parent: Option<NodeId>,
    /// The activity that it is attached to.
    pub host: Option<NodeId>,
    /// The shape's box.
    pub frame: Rect,
    /// How deep the middle of its markers is.
    pub foot: i32,
    /// Its whole title.
    pub title: String,
    /// Its title as it is written.
    pub caption: Option<Caption>,
}

/// A flow that is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The flow; none from the start that a level without a start event has.
    pub flow: Option<FlowIndex>,
    /// The container it is in.
    pub parent: Option<NodeId>,
    /// The nodes it joins: none where it has no flow.
    pub from: Option<NodeId>,
    /// Where it leads.
    pub to: NodeId,
    /// Its corners, from its source to its target.
    pub path: Vec<Point>,
    /// Its condition or outcome as it was written.
    pub meaning: Option<String>,
    /// What is written at it.
    pub caption: Option<Caption>,
    /// Where the mark of a default flow stands.
    pub slash: Option<Point>,
}

/// Lines of text in a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// The lines.
    pub lines: Vec<String>,
    /// The box around them.
    pub frame: Rect,
    /// Where they stand in it.
    pub align: Align,
}

/// Where a line of text begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    Left,
    /// Around the middle.
    Middle,
}

/// A box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    /// Its left edge.
    pub x: i32,
    /// Its upper edge.
    pub y: i32,
    /// How wide it is.
    pub width: i32,
    /// How high.
    pub height: i32,
}

impl Rect {
    /// Its middle.
    pub fn middle(&self) -> Point {
        Point { x: self.x + self.width / 2, y: self.y + self.height / 2 }
    }

    /// Its right edge.
    pub fn right(&self) -> i32 {
        self.x + self.width
    }

    /// Its lower edge.
    pub fn bottom(&self) -> i32 {
        self.y + self.height
    }

    fn shift(&mut self, by: Point) {
        (self.x, self.y) = (self.x + by.x, self.y + by.y);
    }
}

impl Figure {
    pub(super) fn shift(&mut self, by: Point) {
        self.frame.shift(by);
        self.foot += by.y;
        self.caption.iter_mut().for_each(|caption| caption.frame.shift(by));
    }
}

impl Line {
    pub(super) fn shift(&mut self, by: Point) {
        for point in self.path.iter_mut().chain(&mut self.slash) {
            *point = Point { x: point.x + by.x, y: point.y + by.y };
        }
        self.caption.iter_mut().for_each(|caption| caption.frame.shift(by));
    }
}
