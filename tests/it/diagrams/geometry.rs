//! Where things stand, in every process of this repository and in some that are hard to draw.

use super::{all, process};
use crate::diagrams::places::faults;
use kamflow::diagram::{self, Drawing, Line, Point};
use kamflow::model::ids::NodeId;
use kamflow::model::text::Language;

#[test]
fn nothing_overlaps_and_no_line_passes_through_a_node() {
    for (name, process) in all() {
        for language in [Language::En, Language::Zh] {
            let drawing = diagram::draw(&process, language);
            let nodes = drawing.figures.iter().filter(|figure| figure.node.is_some()).count();
            assert_eq!(nodes, process.nodes.len(), "{name}: every node is drawn once");
            let flows = drawing.lines.iter().filter(|line| line.flow.is_some()).count();
            assert_eq!(flows, process.flows.len(), "{name}: every flow is drawn once");
            assert_eq!(faults(&drawing), Vec::<String>::new(), "{name}");
        }
    }
}

#[test]
fn the_same_process_is_drawn_the_same_way() {
    for (name, process) in all() {
        let [once, twice] = [0, 1].map(|_| diagram::draw(&process, Language::Zh));
        assert_eq!(once, twice, "{name}");
    }
}

#[test]
fn the_main_path_is_one_straight_line() {
    let straight = process(
        "
  - {id: a, type: scriptTask, set: {a: 1}}
  - {id: b, type: exclusiveGateway, flows: [{if: a == 2, to: short}, {to: sub}]}
  - {id: short, type: endEvent}
  - id: sub
    type: subProcess
    nodes:
      - {id: x, type: userTask, candidateGroups: [sales_rep], outcomes: {no: z, yes: y}}
      - {id: y, type: scriptTask, set: {y: 1}, next: end}
      - {id: z, type: scriptTask, set: {z: 1}}
  - {id: c, type: scriptTask, set: {c: 1}}
",
    );
    let drawing = diagram::draw(&straight, Language::En);
    let height = |id: &str| figure(&drawing, id).frame.middle().y;
    assert_eq!([height("b"), height("x"), height("c")], [height("a"); 3], "also through the sub-process");
    for (from, to) in [("a", "b"), ("b", "sub"), ("sub", "c")] {
        assert_eq!(line(&drawing, from, to).path.len(), 2, "{from} -> {to} has no corner");
    }
    assert_ne!(height("short"), height("a"));
}

#[test]
fn the_ways_of_a_parallel_gateway_are_symmetrical() {
    let (_, fork) = all().into_iter().find(|(name, _)| name == "wide-fork").unwrap();
    let drawing = diagram::draw(&fork, Language::En);
    let height = |id: &str| figure(&drawing, id).frame.middle().y;
    assert_eq!([height("split"), height("join")], [height("c"); 2], "the way in the middle is straight");
    let mut around = ["a", "b", "d", "e"].map(|id| height(id) - height("c"));
    around.sort();
    assert!(around[1] < 0 && around[1] == -around[2] && around[0] == -around[3], "{around:?}");
    assert_eq!(height("b"), height("b2"), "a way without choice goes straight on");
}

#[test]
fn what_leads_back_passes_below_and_boundary_events_leave_downwards() {
    let back = process(
        "
  - {id: a, type: userTask, candidateGroups: [sales_rep], boundary: [{id: late, timer: {duration: P1D}, to: hurry}]}
  - {id: b, type: exclusiveGateway, flows: [{if: a == 2, to: a}, {to: c}]}
  - {id: c, type: scriptTask, set: {c: 1}, next: end}
  - {id: hurry, type: scriptTask, set: {d: 1}}
",
    );
    let drawing = diagram::draw(&back, Language::En);
    let main = figure(&drawing, "a").frame.middle().y;
    let deepest = |line: &Line| line.path.iter().map(|point| point.y).max().unwrap();
    assert!(deepest(line(&drawing, "b", "a")) > figure(&drawing, "a").frame.bottom());
    let [first, second, ..] = line(&drawing, "late", "hurry").path[..] else { panic!("it has corners") };
    assert!(first.x == second.x && first.y < second.y, "down first");
    assert!(figure(&drawing, "hurry").frame.middle().y > main);
    assert_eq!(
        first,
        Point { x: figure(&drawing, "late").frame.middle().x, y: figure(&drawing, "late").frame.bottom() }
    );
}

#[test]
fn parts_that_nothing_joins_stand_one_below_the_other() {
    let mut parted =
        (*process("\n  - {id: a, type: scriptTask, set: {a: 1}}\n  - {id: b, type: scriptTask, set: {b: 1}}\n"))
            .clone();
    // The definitions refuse what no token can reach; a drawing must not.
    parted.flows.clear();
    for node in &mut parted.nodes {
        node.incoming.clear();
        node.outgoing.clear();
    }
    let drawing = diagram::draw(&parted, Language::En);
    assert_eq!(faults(&drawing), Vec::<String>::new());
    assert!(figure(&drawing, "b").frame.y > figure(&drawing, "a").frame.bottom());
    parted.nodes.clear();
    parted.index.clear();
    parted.outermost.clear();
    let empty = diagram::draw(&parted, Language::En);
    assert!(empty.figures.is_empty() && empty.width > 0, "nothing at all is a drawing, too");
}

fn figure<'d>(drawing: &'d Drawing, id: &str) -> &'d diagram::Figure {
    drawing.figures.iter().find(|figure| figure.node == Some(NodeId::from(id))).unwrap()
}

fn line<'d>(drawing: &'d Drawing, from: &str, to: &str) -> &'d Line {
    let found = drawing.lines.iter().find(|line| line.from == Some(NodeId::from(from)) && line.to == NodeId::from(to));
    found.unwrap_or_else(|| panic!("{from} -> {to}"))
}
