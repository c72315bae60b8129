//! Symbols: each path is one that a program can draw.

use kamflow::diagram::symbol::{of_event, of_gateway, of_marker, of_task};

#[test]
fn every_symbol_is_a_path_near_its_middle() {
    let events = [
        "timer",
        "message",
        "signal",
        "error",
        "escalation",
        "condition",
        "link",
        "compensation",
        "cancel",
        "terminate",
        "multiple",
        "parallel-multiple",
    ];
    let symbols = events
        .map(of_event)
        .into_iter()
        .chain(["exclusive", "parallel", "inclusive", "event", "complex"].map(of_gateway))
        .chain(["user", "script", "rule", "service", "send", "receive", "manual"].map(of_task))
        .chain(["call", "loop", "parallel", "sequential", "ad-hoc", "compensation"].map(of_marker));
    for symbol in symbols {
        let path = symbol.expect("it has a symbol").path;
        assert!(path.starts_with('M') && path.chars().all(|c| "MLHVCSAZ0123456789.- ".contains(c)), "{path}");
        let numbers = path.split(|c: char| c.is_ascii_alphabetic() || c == ' ').flat_map(|part| part.split('-'));
        let far =
            numbers.filter(|part| !part.is_empty()).map(|part| part.split('.').next().unwrap().parse().unwrap_or(0));
        assert!(far.max().is_some_and(|far: i32| far <= 12), "{path}");
    }
    assert_eq!([of_event("gossip"), of_gateway(""), of_task(""), of_marker("")], [None; 4]);
}
