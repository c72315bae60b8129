//! How often an activity is done: what is read, and what cannot be meant.

use super::{nodes, process};
use kamflow::model::loop_characteristics::{LoopCharacteristics, Over, Rest};

#[test]
fn for_each_and_loop_are_read() {
    let process = process(
        "
  - id: a
    type: userTask
    forEach: {in: names, as: name, sequential: true, until: enough, collect: {all: name}, rest: leave}
  - {id: b, type: scriptTask, forEach: {count: 3}, set: {x: 1}}
  - {id: c, type: scriptTask, loop: {while: x < 3, testBefore: true, max: 5}, set: {x: 1}}
",
    );
    let loops: Vec<_> = process.nodes.iter().filter_map(|node| node.loops.as_ref()).collect();
    let [
        LoopCharacteristics::MultiInstance(each),
        LoopCharacteristics::MultiInstance(times),
        LoopCharacteristics::Standard(again),
    ] = loops[..]
    else {
        panic!("{loops:?}");
    };
    assert!(matches!(&each.over, Over::List(list) if &*list.source == "names"));
    assert_eq!((each.item.as_deref(), each.sequential, each.rest), (Some("name"), true, Rest::Leave));
    assert_eq!(each.until.as_ref().map(|until| &*until.source), Some("enough"));
    assert_eq!(each.collect.keys().collect::<Vec<_>>(), ["all"]);
    assert!(matches!(&times.over, Over::Count(count) if &*count.source == "3"));
    assert_eq!((times.sequential, times.rest), (false, Rest::Cancel));
    assert_eq!((&*again.condition.source, again.test_before, again.most), ("x < 3", true, Some(5)));
}

#[test]
fn what_cannot_be_meant_is_refused() {
    assert_eq!(
        nodes(
            "
  - {id: a, type: userTask, forEach: {in: list, as: x}, outcomes: {done: end}}
  - {id: b, type: userTask, forEach: {sequential: true}}
  - {id: c, type: userTask, forEach: {count: 3, as: x, rest: leave}}
  - {id: d, type: userTask, forEach: {in: list, as: result}}
  - {id: e, type: userTask, forEach: {count: 3}, loop: {while: more}}
"
        ),
        [
            "processes/p.yaml:4:57: outcomes say where one task leads; with \"forEach\" there are many: let the form ask, and decide by what was entered",
            "processes/p.yaml:5:29: \"forEach\" has either \"in\", which gives a list, or \"count\"",
            "processes/p.yaml:6:49: \"as\" names an item of the list; with \"count\" there is loopCounter",
            "processes/p.yaml:6:56: \"rest\" says what becomes of the others when \"until\" is true; add \"until\"",
            "processes/p.yaml:7:49: \"result\" is a reserved name; call the variable something else",
            "processes/p.yaml:8:50: an activity is done for each of a list or in a loop, not both; put one into a sub-process",
        ]
    );
}

#[test]
fn a_loop_has_at_least_one_round_and_only_activities_repeat() {
    assert_eq!(
        nodes(
            "
  - {id: a, type: userTask, loop: {while: more, max: 0}}
  - {id: b, type: exclusiveGateway, forEach: {count: 2}}
  - {id: c, type: userTask, forEach: {count: 2, mayGrow: true}}
"
        ),
        [
            "processes/p.yaml:4:54: \"max\" must be at least 1",
            "processes/p.yaml:5:37: unknown key \"forEach\"; valid here: flows, id, name, next, step, type",
            "processes/p.yaml:6:49: unknown key \"mayGrow\"; valid here: as, behavior, collect, count, in, mayAdd, rest, sequential, throws, until",
        ]
    );
}
