//! Diagrams: where things stand, what is written, and what an instance shows of itself.

mod geometry;
mod instances;
mod places;
mod random;
mod symbols;
mod texts;

use kamflow::definitions;
use kamflow::diagram::{self, Format};
use kamflow::model::ids::BusinessId;
use kamflow::model::process::Process;
use kamflow::model::text::Language;
use kamflow::runtime::library;
use std::sync::{Arc, LazyLock};

/// The processes of this repository.
static SHIPPED: LazyLock<Vec<Arc<Process>>> = LazyLock::new(|| {
    let checked = library::check(&crate::support::app::shipped(), &BusinessId::from("main"));
    checked.library.unwrap().definitions.processes.into_values().collect()
});

/// Hand-made ones that are hard to draw, each with its nodes.
const NASTY: [(&str, &str); 9] = [
    ("nested", "
  - id: outer
    type: subProcess
    nodes:
      - id: middle
        type: subProcess
        nodes:
          - id: inner
            type: subProcess
            nodes:
              - {id: a, type: userTask, candidateGroups: [sales_rep], boundary: [{id: a-late, timer: {duration: P1D}, to: b}], next: c}
              - {id: b, type: scriptTask, set: {b: 1}, next: c}
              - {id: c, type: scriptTask, set: {c: 1}}
    boundary:
      - {id: outer-late, timer: {duration: P3D}, to: after}
      - {id: outer-failed, error: nope, to: after}
    next: after
  - {id: after, type: scriptTask, set: {d: 1}}
"),
    ("loops", "
  - {id: a, type: scriptTask, set: {a: 1}, next: b}
  - {id: b, type: scriptTask, set: {b: 1}}
  - {id: c, type: exclusiveGateway, flows: [{if: a == 1, to: a}, {if: a == 2, to: b}, {to: d}]}
  - {id: d, type: userTask, candidateGroups: [sales_rep], outcomes: {again: a, once-more: b, on: e}}
  - {id: e, type: exclusiveGateway, flows: [{if: b == 1, to: d}, {to: end}]}
"),
    ("self", "
  - {id: ask, type: userTask, candidateGroups: [sales_rep], outcomes: {again: ask, done: end}, boundary: [{id: late, timer: {duration: P1D}, to: ask}]}
"),
    ("many-boundaries", "
  - id: ask
    name: {en: A task whose title is so long that nobody would ever write it on a card, zh: 一个标题很长很长很长很长很长很长很长的任务}
    type: userTask
    candidateGroups: [sales_rep]
    boundary:
      - {id: t1, timer: {duration: P1D}, to: x, interrupting: false}
      - {id: t2, timer: {duration: P2D}, to: y, interrupting: false}
      - {id: t3, timer: {duration: P3D}, to: x, interrupting: false}
      - {id: t4, timer: {duration: P4D}, to: y}
      - {id: t5, timer: {duration: P5D}, to: end}
    next: end
  - {id: x, type: scriptTask, set: {x: 1}, next: end}
  - {id: y, type: scriptTask, set: {y: 1}, next: end}
"),
    ("wide-fork", "
  - {id: split, type: parallelGateway, next: [a, b, c, d, e]}
  - {id: a, type: scriptTask, set: {a: 1}, next: join}
  - {id: b, type: scriptTask, set: {b: 1}, next: b2}
  - {id: b2, type: scriptTask, set: {b: 2}, next: join}
  - {id: c, type: scriptTask, set: {c: 1}, next: join}
  - {id: d, type: userTask, candidateGroups: [sales_rep], next: join}
  - {id: e, type: scriptTask, set: {e: 1}, next: join}
  - {id: join, type: parallelGateway}
"),
    ("crossed", "
  - {id: one, type: inclusiveGateway, flows: [{if: 1 == 1, to: a}, {if: 1 == 2, to: b}, {to: c}]}
  - {id: a, type: exclusiveGateway, flows: [{if: 1 == 1, to: z}, {to: y}]}
  - {id: b, type: exclusiveGateway, flows: [{if: 1 == 1, to: x}, {to: z}]}
  - {id: c, type: exclusiveGateway, flows: [{if: 1 == 1, to: y}, {if: 1 == 2, to: z}, {to: x}]}
  - {id: x, type: scriptTask, set: {x: 1}, next: two}
  - {id: y, type: scriptTask, set: {y: 1}, next: two}
  - {id: z, type: scriptTask, set: {z: 1}, next: two}
  - {id: two, type: inclusiveGateway}
"),
    ("one", "
  - {id: only, type: scriptTask, set: {a: 1}}
"),
    ("ends", "
  - {id: go, type: startEvent}
  - {id: which, type: exclusiveGateway, flows: [{if: 1 == 1, to: bad}, {if: 1 == 2, to: worse}, {to: good}]}
  - {id: good, type: endEvent, name: {en: It is good, zh: 很好}}
  - {id: bad, type: endEvent, error: bad}
  - {id: worse, type: endEvent, terminate: true}
"),
    ("long-way-round", "
  - {id: a, type: exclusiveGateway, flows: [{if: 1 == 1, to: e}, {if: 1 == 2, to: d}, {to: b}]}
  - id: b
    type: subProcess
    nodes:
      - {id: b1, type: userTask, candidateGroups: [sales_rep], outcomes: {yes: b2, no: b3}}
      - {id: b2, type: scriptTask, set: {b: 1}, next: end}
      - {id: b3, type: scriptTask, set: {b: 2}, next: b1}
    boundary: [{id: b-late, timer: {duration: P1D}, to: a}]
  - {id: c, type: scriptTask, set: {c: 1}, next: d}
  - {id: d, type: exclusiveGateway, flows: [{if: 1 == 1, to: b}, {if: 1 == 2, to: a}, {to: e}]}
  - {id: e, type: scriptTask, set: {e: 1}}
"),
];

/// A process with these nodes.
fn process(nodes: &str) -> Arc<Process> {
    let text = crate::definitions::with_nodes(nodes);
    let parsed = definitions::parse(&crate::definitions::project(&[("processes/p.yaml", &text)]));
    let said = crate::definitions::said(&parsed);
    parsed.definitions.unwrap_or_else(|| panic!("{text}: {said:?}")).processes["p"].clone()
}

/// All processes that must look well, by name.
fn all() -> Vec<(String, Arc<Process>)> {
    let shipped = SHIPPED.iter().map(|process| (process.key.clone(), process.clone()));
    let all: Vec<_> = shipped.chain(NASTY.iter().map(|(name, nodes)| ((*name).to_owned(), process(nodes)))).collect();
    assert!(all.len() > NASTY.len() + 5, "the shipped processes are there");
    all
}

fn svg(process: &Process, language: Language) -> String {
    diagram::write(process, None, Format::Svg, language)
}
