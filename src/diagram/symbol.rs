//! The symbols of BPMN 2.0 as paths around their middle, by name. Not every one of them has a kind of node yet.

/// A symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Symbol {
    /// Its path.
    pub path: &'static str,
    /// Whether it is filled wherever it stands.
    pub solid: bool,
}

/// What events wait for or do, nine pixels around the middle.
pub fn of_event(trigger: &str) -> Option<Symbol> {
    let path = match trigger {
        "timer" => return drawn("M8 0A8 8 0 1 1-8 0A8 8 0 1 1 8 0ZM0-5V0L3.6 2.4M0-8V-6.4M0 8V6.4M8 0H6.4M-8 0H-6.4"),
        "terminate" => return solid("M9 0A9 9 0 1 1-9 0A9 9 0 1 1 9 0Z"),
        "condition" => return drawn("M-6-8H6V8H-6ZM-3.5-4.5H3.5M-3.5-1.5H3.5M-3.5 1.5H3.5M-3.5 4.5H3.5"),
        "message" => "M-8-5.5H8V5.5H-8ZM-8-5.5L0 1L8-5.5",
        "signal" => "M0-8.5L8 5.5H-8Z",
        "error" => "M-7.5 7L-3-7L2 1L7.5-8L3.5 7L-1.5-.5Z",
        "escalation" => "M0-9L6 8L0 2L-6 8Z",
        "link" => "M-8-3H1.5V-7L9 0L1.5 7V3H-8Z",
        "compensation" => "M-.5-6V6L-9 0ZM8-6V6L-.5 0Z",
        "cancel" => "M-7-4.5L-4.5-7L0-2.5L4.5-7L7-4.5L2.5 0L7 4.5L4.5 7L0 2.5L-4.5 7L-7 4.5L-2.5 0Z",
        "multiple" => "M0-8.5L8.5-2L5.2 7.5H-5.2L-8.5-2Z",
        "parallel-multiple" => "M-2.5-8.5H2.5V-2.5H8.5V2.5H2.5V8.5H-2.5V2.5H-8.5V-2.5H-2.5Z",
        _ => return None,
    };
    Some(Symbol { path, solid: false })
}

/// What gateways do, eleven pixels around the middle.
pub fn of_gateway(kind: &str) -> Option<Symbol> {
    match kind {
        "exclusive" => solid("M-8-9H-4L0-3.2L4-9H8L2.2 0L8 9H4L0 3.2L-4 9H-8L-2.2 0Z"),
        "parallel" => solid("M-1.8-10H1.8V-1.8H10V1.8H1.8V10H-1.8V1.8H-10V-1.8H-1.8Z"),
        "inclusive" => {
            drawn("M9.5 0A9.5 9.5 0 1 1-9.5 0A9.5 9.5 0 1 1 9.5 0ZM7.7 0A7.7 7.7 0 1 1-7.7 0A7.7 7.7 0 1 1 7.7 0Z")
        }
        "event" => drawn(
            "M12 0A12 12 0 1 1-12 0A12 12 0 1 1 12 0ZM9.5 0A9.5 9.5 0 1 1-9.5 0A9.5 9.5 0 1 1 9.5 0ZM0-6L6-1.5L3.7 5.2H-3.7L-6-1.5Z",
        ),
        "complex" => solid(
            "M-1.4-11H1.4V-3.4L6.8-8.8L8.8-6.8L3.4-1.4H11V1.4H3.4L8.8 6.8L6.8 8.8L1.4 3.4V11H-1.4V3.4L-6.8 8.8L-8.8 6.8L-3.4 1.4H-11V-1.4H-3.4L-8.8-6.8L-6.8-8.8L-1.4-3.4Z",
        ),
        _ => None,
    }
}

/// What kind of task it is, eight pixels around the middle.
pub fn of_task(kind: &str) -> Option<Symbol> {
    match kind {
        "user" => {
            drawn("M3.3-3.6A3.3 3.3 0 1 1-3.3-3.6A3.3 3.3 0 1 1 3.3-3.6ZM-6.8 7.2C-6.8 2.6-3.8 1 0 1S6.8 2.6 6.8 7.2Z")
        }
        "script" => drawn("M-3.5-7H6C2.5-3.2 7 0 3.2 7H-6.3C-2.5 0-7-3.2-3.5-7ZM-2.6-3.6H2.4M-2.4 0H2.8M-3.4 3.6H2"),
        "rule" => drawn("M-7-6H7V6H-7ZM-7-2.6H7M-7 1.7H7M-3.2-2.6V6"),
        "service" => drawn(
            "M-1.3-7.4H1.3L1.8-5.3L3.5-4.6L5.3-5.8L7.1-3.9L5.9-2.1L6.5-.7V.7L5.9 2.1L7.1 3.9L5.3 5.8L3.5 4.6L1.8 5.3L1.3 7.4H-1.3L-1.8 5.3L-3.5 4.6L-5.3 5.8L-7.1 3.9L-5.9 2.1L-6.5 .7V-.7L-5.9-2.1L-7.1-3.9L-5.3-5.8L-3.5-4.6L-1.8-5.3ZM2.5 0A2.5 2.5 0 1 1-2.5 0A2.5 2.5 0 1 1 2.5 0Z",
        ),
        "send" => solid("M-7.5-5H7.5L0 .6ZM-7.5-3.4L0 2.2L7.5-3.4V5.5H-7.5Z"),
        "receive" => drawn("M-7.5-5H7.5V5.5H-7.5ZM-7.5-5L0 1L7.5-5"),
        "manual" => drawn("M-7-1L-2-5.5H0L-2-3H5.5V-1H7V5H-4L-7 3Z"),
        _ => None,
    }
}

/// What stands at the lower edge of an activity, six pixels around the middle.
pub fn of_marker(marker: &str) -> Option<Symbol> {
    match marker {
        "call" => drawn("M-6-6H6V6H-6ZM-3.6 0H3.6M0-3.6V3.6"),
        "loop" => drawn("M-2.6 5A5.6 5.6 0 1 1 2.6 5M-2.6 5H-6M-2.6 5V1.6"),
        "parallel" => drawn("M-4-6V6M0-6V6M4-6V6"),
        "sequential" => drawn("M-6-4H6M-6 0H6M-6 4H6"),
        "ad-hoc" => drawn("M-6 2C-5-3-2-3 0 0S5 3 6-2"),
        "compensation" => drawn("M-.5-5V5L-7 0ZM6-5V5L-.5 0Z"),
        _ => None,
    }
}

fn drawn(path: &'static str) -> Option<Symbol> {
    Some(Symbol { path, solid: false })
}

fn solid(path: &'static str) -> Option<Symbol> {
    Some(Symbol { path, solid: true })
}
