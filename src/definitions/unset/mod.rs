//! Variables that an expression reads though they may not be set: for each level everything that it can come to is walked
//! through (`net`), and a read is warned of when a way leads there on which nothing sets the variable. What a node reads and
//! sets stands in `ops` and `events`, what a level comes to in `level`.
//!
//! Silence is better than a false alarm. Nothing is said of what is read only sometimes (behind `&&`, `||`, `??`, in a branch
//! of `if`), of what undoes activities, of what comes after an event that this process itself sets off or after an error that
//! a worker reports with values, and of levels with rules of their own for joining or with too many ways.

mod events;
mod known;
mod level;
mod ops;

use super::net;
use super::parse::sort;
use crate::model::definitions::Definitions;
use crate::model::expression::{Expression, Reads};
use crate::model::finding::Finding;
use crate::model::json::Json;
use crate::model::process::Process;
use known::Known;
use level::Levels;
use ops::Read;
use std::collections::BTreeSet;

/// Warns of every variable that may be read before anything has set it. `reads` says what an expression reads.
pub fn check(definitions: &Definitions, reads: &dyn Fn(&Expression) -> Reads) -> Vec<Finding> {
    let mut findings = Vec::new();
    for process in definitions.processes.values() {
        let levels = Levels::of(definitions, process, reads);
        let given = required(process);
        let mut told = BTreeSet::new();
        for read in business_key(process, reads).into_iter().chain(levels.summary(None).reads) {
            if !given.has(&read.name) && told.insert((read.node.clone(), read.key.clone(), read.name.clone())) {
                findings.push(Finding::warning(read.at.clone(), sentence(process, &read)));
            }
        }
    }
    sort(&mut findings);
    findings
}

fn sentence(process: &Process, read: &Read) -> String {
    let Read { name, node, key, .. } = read;
    let declared = process.input.get("properties").is_some_and(|properties| properties.get(name).is_some());
    let whose = node.as_ref().map(|node| format!(" of \"{node}\"")).unwrap_or_default();
    let why = match (declared, read.way.is_empty()) {
        (true, true) => "\"input\" does not require it".to_owned(),
        (true, false) => format!("\"input\" does not require it, and {} leads there", net::told(&read.way)),
        (false, _) => format!("{} leads there", net::told(&read.way)),
    };
    format!(
        "\"{key}\"{whose} reads \"{name}\", which may not be set: {why}; set it on that way, or ask \
         is_def_var(\"{name}\") first"
    )
}

fn business_key(process: &Process, reads: &dyn Fn(&Expression) -> Reads) -> Vec<Read> {
    let key = process.business_key.iter();
    key.flat_map(|key| {
        let at = key.at.clone();
        let read =
            move |name| Read { name, node: None, key: "businessKey".to_owned(), at: at.clone(), way: Vec::new() };
        reads(key).always.into_iter().filter(|name| !ops::is_given(name)).map(read)
    })
    .collect()
}

/// What a process has from its start on.
fn required(process: &Process) -> Known {
    Known::These(required_by(&process.input))
}

/// The properties that a schema requires.
fn required_by(schema: &Json) -> BTreeSet<String> {
    let required = schema.get("required").and_then(Json::as_array);
    required.into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}
