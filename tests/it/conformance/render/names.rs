//! What things of a case are called in our language: names that are reserved or have signs that ours do not allow get
//! others, the same everywhere in the case.

use crate::conformance::format::{Case, Node, Work};
use crate::conformance::steps;
use kamflow::model::json::Json;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What the language or its expressions keep for themselves.
const RESERVED: [&str; 7] = ["result", "input", "now", "actor", "business", "subject", "end"];
/// Words of the expressions themselves.
const KEYWORDS: [&str; 53] = [
    "true",
    "false",
    "let",
    "const",
    "if",
    "else",
    "switch",
    "do",
    "while",
    "until",
    "loop",
    "for",
    "in",
    "continue",
    "break",
    "return",
    "throw",
    "try",
    "catch",
    "import",
    "export",
    "as",
    "private",
    "fn",
    "this",
    "is",
    "var",
    "static",
    "shared",
    "new",
    "use",
    "with",
    "module",
    "package",
    "super",
    "thread",
    "go",
    "sync",
    "async",
    "await",
    "yield",
    "goto",
    "exit",
    "match",
    "case",
    "default",
    "void",
    "null",
    "nil",
    "public",
    "protected",
    "each",
    "then",
];

/// What the engine gives a value while an activity is repeated, or while a gateway joins.
pub const BY_ENGINE: [&str; 5] =
    ["loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances", "activationCount"];

/// The names of one case.
pub struct Names {
    nodes: BTreeMap<String, String>,
    processes: BTreeMap<String, String>,
    variables: BTreeMap<String, String>,
    /// Variables that were asked for since the last time somebody looked, as we call them.
    used: RefCell<BTreeSet<String>>,
    /// Variables that hold text wherever the case gives them a value, or the elements of a list.
    pub textual: BTreeSet<String>,
}

impl Names {
    /// Names for everything in a case.
    pub fn of(case: &Case) -> Names {
        let mut nodes = Vec::new();
        case.processes.iter().for_each(|process| gather(&process.nodes, &mut nodes));
        let mut values: Vec<(String, Option<&Json>)> = Vec::new();
        for node in &nodes {
            of_node(node, &mut values);
        }
        values.extend(steps::variables(&case.run).into_iter().map(|(name, value)| (name.clone(), Some(value))));
        let textual =
            values.iter().filter(|(_, value)| value.is_none_or(Json::is_string)).map(|(name, _)| name.clone());
        Names {
            used: RefCell::default(),
            textual: textual.collect(),
            nodes: table(nodes.iter().map(|node| node.id.as_str()), |id| plain(id, "-_"), &RESERVED),
            processes: table(
                case.processes.iter().map(|process| process.id.as_str()),
                |id| plain(id, "-_").to_lowercase(),
                &[],
            ),
            variables: table(
                values.iter().map(|(name, _)| name.as_str()),
                |name| plain(name, "_"),
                &[&RESERVED[..], &KEYWORDS].concat(),
            ),
        }
    }

    /// What a node is called.
    pub fn node(&self, id: &str) -> String {
        self.nodes.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    /// What the case calls a node of ours; what the runner added is no node of the case.
    pub fn node_of_case(&self, ours: &str) -> Option<&String> {
        self.nodes.iter().find(|(_, name)| *name == ours).map(|(id, _)| id)
    }

    /// What a process is called.
    pub fn process(&self, id: &str) -> String {
        self.processes.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    /// What a variable is called.
    pub fn variable(&self, name: &str) -> String {
        let ours = match self.variables.get(name) {
            Some(ours) => ours.clone(),
            None if RESERVED.contains(&name) || KEYWORDS.contains(&name) => format!("{name}_"),
            None => name.to_owned(),
        };
        if !BY_ENGINE.contains(&name) {
            self.used.borrow_mut().insert(ours.clone());
        }
        ours
    }

    /// The variables that were asked for since the last time, whether something gives them a value or not.
    pub fn used(&self) -> BTreeSet<String> {
        self.used.take()
    }

    /// Whether something in the case gives this variable a value.
    pub fn is_variable(&self, name: &str) -> bool {
        self.variables.contains_key(name)
    }
}

/// A role as a name of our language.
pub fn role(name: &str) -> String {
    plain(name, "_").to_lowercase()
}

/// Every node, with those inside others.
pub fn gather<'n>(nodes: &'n [Node], all: &mut Vec<&'n Node>) {
    for node in nodes {
        all.push(node);
        gather(&node.nodes, all);
    }
}

/// The variables that a node sets, each with the value where it is no text that is to be seen.
fn of_node<'n>(node: &'n Node, values: &mut Vec<(String, Option<&'n Json>)>) {
    for work in node.work.iter().flatten() {
        match work {
            Work::Inc(name) => values.push((name.clone(), Some(&Json::Null))),
            Work::Set(all) | Work::SetLocal(all) => {
                values.extend(all.iter().map(|(name, value)| (name.clone(), Some(value))));
            }
            _ => {}
        }
    }
    if let Some(many) = &node.multi_instance {
        values.extend([&many.element, &many.output_collection].into_iter().flatten().map(|name| (name.clone(), None)));
    }
    let inner = node.input.iter().chain(&node.output).flat_map(BTreeMap::keys);
    values.extend(inner.map(|name| (name.clone(), None)));
}

fn table<'n>(
    all: impl Iterator<Item = &'n str>,
    named: impl Fn(&str) -> String,
    taken: &[&str],
) -> BTreeMap<String, String> {
    let all: BTreeSet<&str> = all.collect();
    let mut used: BTreeSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    let mut found = BTreeMap::new();
    // Names that can stay as they are go first, so that none of them has to make room.
    let (same, other): (Vec<&str>, Vec<&str>) =
        all.into_iter().partition(|name| named(name) == **name && !used.contains(*name));
    for name in same.into_iter().chain(other) {
        let mut ours = named(name);
        while !used.insert(ours.clone()) {
            ours.push('_');
        }
        found.insert(name.to_owned(), ours);
    }
    found
}

/// Only letters, digits and these; a letter first.
fn plain(name: &str, others: &str) -> String {
    let sign = |c: char| if c.is_ascii_alphanumeric() || others.contains(c) { c } else { '_' };
    let plain: String = name.chars().map(sign).collect();
    if plain.starts_with(|c: char| c.is_ascii_alphabetic()) { plain } else { format!("n{plain}") }
}
