//! Grows random graphs and writes them as YAML: nodes of many kinds, joined as it happens.
//!
//! Only two things are arranged. Every node can be reached, else it would be refused. What leads back leads to a node that
//! waits for somebody outside, so that no circle turns by itself.

use super::nodes::Around;
use crate::support::random::Random;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Grows one project: the process `main` and the process `called`.
pub struct Generator {
    pub(super) random: Random,
    ids: usize,
    left: usize,
    /// Whether approvals are about a record, and are given anew when it changes.
    records: bool,
}

/// What a list of nodes is the inside of.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Inside {
    Process,
    Called,
    SubProcess,
    Transaction,
    Atomic,
    AdHoc,
    Event,
}

/// A node before it is written.
pub(super) struct Slot {
    pub id: String,
    pub kind: &'static str,
    pub targets: Vec<String>,
}

const QUIET: [&str; 3] = ["script", "script", "exclusive"];
const KINDS: [&str; 33] = [
    "vote",
    "vote",
    "vote",
    "each",
    "each",
    "user",
    "user",
    "user",
    "user",
    "outcomes",
    "outcomes",
    "script",
    "script",
    "job",
    "exclusive",
    "exclusive",
    "parallel",
    "parallel",
    "parallel",
    "inclusive",
    "inclusive",
    "complex",
    "catch",
    "catch",
    "receive",
    "throw",
    "throw",
    "send",
    "first",
    "sub",
    "sub",
    "sub",
    "call",
];
/// Kinds of which a token at rest waits for somebody outside.
const WAITING: [&str; 5] = ["user", "outcomes", "job", "vote", "anew"];

impl Generator {
    pub fn new(seed: u64) -> Generator {
        Generator { random: Random::new(seed), ids: 0, left: 14, records: false }
    }

    /// One whose process is about a record.
    pub fn about_a_record(seed: u64) -> Generator {
        Generator { records: true, ..Generator::new(seed) }
    }

    /// The processes by name.
    pub fn project(mut self) -> Vec<(&'static str, String)> {
        let main = self.process("main", Inside::Process);
        self.left = 3;
        let called = self.process("called", Inside::Called);
        vec![("main", main), ("called", called)]
    }

    fn process(&mut self, name: &str, inside: Inside) -> String {
        let mut text = format!(
            "process: {name}\ntitle: {{en: {name}, zh: {name}}}\ninput:\n  type: object\n  required: [a, b, c, e]\n  \
             properties: {{a: {{}}, b: {{}}, c: {{}}, d: {{}}, e: {{}}, order: {{type: string}}}}\n"
        );
        if self.records && inside == Inside::Process {
            text.push_str("subject: order\nsubjectId: order\n");
        }
        self.level(&mut text, "", inside, 3);
        text
    }

    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.random.below(100) < percent
    }

    pub(super) fn fresh(&mut self, letter: char) -> String {
        self.ids += 1;
        format!("{letter}{}", self.ids)
    }

    pub(super) fn any<'i>(&mut self, items: &[&'i str]) -> &'i str {
        items[self.random.below(items.len())]
    }

    /// `nodes:` and perhaps `events:`.
    pub(super) fn level(&mut self, text: &mut String, indent: &str, inside: Inside, deep: usize) {
        let slots = self.slots(inside, deep);
        let backs: Vec<String> =
            slots.iter().filter(|slot| WAITING.contains(&slot.kind)).map(|slot| slot.id.clone()).collect();
        writeln!(text, "{indent}nodes:").unwrap();
        let begin = slots[0].id.clone();
        let item = format!("{indent}  ");
        match inside {
            Inside::Event => {
                let on = self.start();
                writeln!(text, "{item}- {{id: {}, type: startEvent, {on}, next: {begin}}}", self.fresh('b')).unwrap();
            }
            Inside::AdHoc => {}
            _ => writeln!(text, "{item}- {{id: {}, type: startEvent, next: {begin}}}", self.fresh('b')).unwrap(),
        }
        let ids: Vec<String> = slots.iter().map(|slot| slot.id.clone()).collect();
        let mut undoing = String::new();
        for (place, slot) in slots.iter().enumerate() {
            let forward = &ids[place + 1..];
            let ahead: Vec<String> = forward.iter().chain(&backs).cloned().collect();
            self.node(text, &mut undoing, slot, &Around { indent: &item, forward, ahead: &ahead, inside, deep });
        }
        text.push_str(&undoing);
        let events = matches!(inside, Inside::Process | Inside::Called | Inside::SubProcess | Inside::Transaction);
        let events = events || inside == Inside::AdHoc;
        if events && deep > 0 && self.left > 0 && self.chance(25) {
            self.left -= 1;
            writeln!(text, "{indent}events:").unwrap();
            writeln!(text, "{indent}  - id: {}", self.fresh('v')).unwrap();
            self.level(text, &format!("{indent}    "), Inside::Event, 0);
        }
    }

    /// What begins an event sub-process.
    fn start(&mut self) -> String {
        let (on, always) = match self.random.below(7) {
            0 => ("timer: {duration: PT2H}", false),
            1 => ("timer: {cycle: R3/PT1H}", false),
            2 => ("message: m1", false),
            3 => ("signal: b1", false),
            4 => ("condition: 'e > 2'", false),
            5 => ("escalation: any", false),
            _ => ("error: any", true),
        };
        let beside = !always && self.chance(50);
        format!("{on}{}", if beside { ", interrupting: false" } else { "" })
    }

    /// The nodes of a level with what they lead to; each can be reached from one before it.
    fn slots(&mut self, inside: Inside, deep: usize) -> Vec<Slot> {
        let most = if deep == 3 { 4 + self.random.below(5) } else { 1 + self.random.below(4) };
        let mut slots = Vec::new();
        for number in 0..most {
            let kind = match inside {
                Inside::Atomic => self.any(&QUIET),
                Inside::Event | Inside::Called => self.any(&["user", "script", "throw", "job", "exclusive"]),
                _ => self.any(&KINDS),
            };
            let spent = self.left == 0 && number > 0;
            let kind = if deep == 0 && ["sub", "call", "first"].contains(&kind) || spent { "user" } else { kind };
            let kind = if inside == Inside::Atomic && spent { "script" } else { kind };
            if spent && number > 1 {
                break;
            }
            let plain = matches!(inside, Inside::Process | Inside::SubProcess | Inside::Transaction);
            let kind = if self.records && plain && self.random.below(100) < 30 { "anew" } else { kind };
            self.left = self.left.saturating_sub(1);
            slots.push(Slot { id: self.fresh('n'), kind, targets: Vec::new() });
        }
        for _ in 0..self.random.below(3) {
            slots.push(Slot { id: self.fresh('z'), kind: "end", targets: Vec::new() });
        }
        let ids: Vec<(String, bool)> =
            slots.iter().map(|slot| (slot.id.clone(), WAITING.contains(&slot.kind))).collect();
        for (place, slot) in slots.iter_mut().enumerate() {
            let many = match slot.kind {
                "exclusive" | "inclusive" | "complex" => 2 + self.random.below(2),
                "parallel" => 1 + self.random.below(3),
                "outcomes" => 2,
                "vote" | "anew" => 3,
                _ => 1 + usize::from(self.chance(12)),
            };
            slot.targets = (0..many).map(|_| self.target(&ids, place, inside)).collect();
        }
        for place in 1..slots.len() {
            let id = slots[place].id.clone();
            if inside == Inside::AdHoc && slots[place].kind != "end" {
                continue;
            }
            if !slots[..place].iter().any(|before| before.kind != "end" && before.targets.contains(&id)) {
                let from: Vec<usize> = (0..place).filter(|before| slots[*before].kind != "end").collect();
                let from = *self.random.one_of(&from).unwrap_or(&0);
                slots[from].targets.push(id);
            }
        }
        for slot in &mut slots {
            let mut seen = BTreeSet::new();
            slot.targets.retain(|target| seen.insert(target.clone()));
            if slot.targets.len() > 1 && ["user", "script", "parallel"].contains(&slot.kind) {
                slot.targets.retain(|target| target != "end");
            }
        }
        slots
    }

    /// Anything ahead, the end, or back to a node that waits.
    fn target(&mut self, ids: &[(String, bool)], place: usize, inside: Inside) -> String {
        let backs: Vec<&String> = ids.iter().filter(|(_, waits)| *waits).map(|(id, _)| id).collect();
        match self.random.below(10) {
            0 if inside != Inside::AdHoc && !backs.is_empty() => backs[self.random.below(backs.len())].clone(),
            0 | 1 => "end".to_owned(),
            _ if place + 1 >= ids.len() => "end".to_owned(),
            _ => ids[place + 1 + self.random.below((ids.len() - place - 1).min(3))].0.clone(),
        }
    }
}
