//! Processes that look like chance: any graph can be drawn, however confused.

use super::places::faults;
use super::process;
use crate::support::random::Random;
use kamflow::diagram;
use kamflow::model::text::Language;
use std::fmt::Write;

#[test]
fn any_graph_is_drawn_without_a_fault() {
    for seed in 0..60 {
        let text = grown(seed);
        let drawing = diagram::draw(&process(&text), Language::En);
        assert_eq!(faults(&drawing), Vec::<String>::new(), "seed {seed}: {text}");
    }
}

#[test]
fn a_large_process_is_drawn_while_one_waits() {
    let mut text = String::from("\n");
    for node in 0..60 {
        let to = if node % 3 == 0 { format!("n{}", (node * 7) % 60) } else { format!("n{}", (node + 5) % 60) };
        let on = if node == 59 { "end".to_owned() } else { format!("n{}", node + 1) };
        let _ = writeln!(
            text,
            "  - {{id: n{node}, type: exclusiveGateway, flows: [{{if: 1 == {node}, to: {to}}}, {{to: {on}}}]}}"
        );
    }
    let drawing = diagram::draw(&process(&text), Language::En);
    assert_eq!(drawing.figures.len(), 62);
    assert_eq!(faults(&drawing), Vec::<String>::new());
}

/// Nodes that lead to the next one and anywhere else, some of them with boundary events or with a level inside.
fn grown(seed: u64) -> String {
    let mut random = Random::new(seed);
    let count = 2 + random.below(12);
    let mut text = String::from("\n");
    for node in 0..count {
        let on = if node + 1 == count { "end".to_owned() } else { format!("n{}", node + 1) };
        let anywhere = |random: &mut Random| format!("n{}", random.below(count));
        let _ = match random.below(4) {
            0 => writeln!(text, "  - {{id: n{node}, type: scriptTask, set: {{a: 1}}, next: {on}}}"),
            1 => {
                let mut flows = String::new();
                for branch in 0..1 + random.below(3) {
                    let _ = write!(flows, "{{if: 1 == {branch}, to: {}}}, ", anywhere(&mut random));
                }
                writeln!(text, "  - {{id: n{node}, type: exclusiveGateway, flows: [{flows}{{to: {on}}}]}}")
            }
            2 => {
                let mut events = String::new();
                for event in 0..random.below(4) {
                    let to = anywhere(&mut random);
                    let _ = write!(events, "{{id: n{node}-{event}, timer: {{duration: P{event}D}}, to: {to}}}, ");
                }
                let task = "type: userTask, candidateGroups: [sales_rep]";
                writeln!(text, "  - {{id: n{node}, {task}, next: {on}, boundary: [{}]}}", events.trim_end_matches(", "))
            }
            _ => {
                let inside = format!(
                    "{{id: m{node}, type: exclusiveGateway, flows: [{{if: 1 == 1, to: m{node}}}, {{to: end}}]}}"
                );
                writeln!(text, "  - {{id: n{node}, type: subProcess, next: {on}, nodes: [{inside}]}}")
            }
        };
    }
    text
}
