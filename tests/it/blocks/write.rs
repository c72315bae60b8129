//! Writes blocks as processes in YAML.

use super::generate::{Activity, Block, Event, Level, On, Rounds, Thrown};
use kamflow::model::json::JsonMap;
use std::fmt::Write;

/// A process by its name.
pub type File = (String, String);

/// The processes that run a level: `main`, and those that it calls.
pub fn processes(level: &Level, choices: &JsonMap) -> Vec<File> {
    let mut files = Vec::new();
    process("main", level, choices, &mut files);
    files
}

fn process(name: &str, level: &Level, choices: &JsonMap, files: &mut Vec<File>) {
    let mut text =
        format!("process: {name}\ntitle: {{en: {name}, zh: {name}}}\ninput:\n  type: object\n  properties:\n");
    text.push_str("    none: {type: 'null'}\n");
    choices.keys().for_each(|name| writeln!(text, "    {name}: {{}}").unwrap());
    let mut writer = Writer { choices, files, indent: String::new() };
    writer.level(&mut text, level, "");
    files.push((name.to_owned(), text));
}

struct Writer<'w> {
    choices: &'w JsonMap,
    files: &'w mut Vec<File>,
    indent: String,
}

impl Writer<'_> {
    /// `nodes`: a start event and a block; and `events`.
    fn level(&mut self, text: &mut String, level: &Level, start: &str) {
        let around = self.indent.clone();
        self.indent.push_str("  ");
        let mut nodes = Vec::new();
        let first = self.block(&mut nodes, &level.body, "end");
        writeln!(text, "{around}nodes:").unwrap();
        writeln!(text, "{}- {{id: {}, type: startEvent{start}, next: {first}}}", self.indent, level.begin).unwrap();
        nodes.iter().for_each(|node| text.push_str(node));
        if !level.events.is_empty() {
            writeln!(text, "{around}events:").unwrap();
        }
        for event in &level.events {
            writeln!(text, "{around}  - id: {}", event.id).unwrap();
            self.indent = format!("{around}    ");
            self.beside(text, event);
        }
        self.indent = around;
    }

    /// The inside of an event sub-process.
    fn beside(&mut self, text: &mut String, event: &Event) {
        let start = format!(", {}, interrupting: {}", on(&event.id, &event.on), event.interrupts);
        let start = if matches!(event.on, On::Error(_)) { start.replace(", interrupting: true", "") } else { start };
        let around = self.indent.clone();
        self.indent.push_str("  ");
        let mut nodes = Vec::new();
        let first = self.block(&mut nodes, &event.leads, "end");
        writeln!(text, "{around}nodes:").unwrap();
        writeln!(text, "{}- {{id: {}_begin, type: startEvent{start}, next: {first}}}", self.indent, event.id).unwrap();
        nodes.iter().for_each(|node| text.push_str(node));
        self.indent = around;
    }

    /// Writes a block that goes on at `next`; where it begins.
    fn block(&mut self, nodes: &mut Vec<String>, block: &Block, next: &str) -> String {
        let indent = self.indent.clone();
        let node = |text: String| format!("{indent}- {{{text}}}\n");
        match block {
            Block::Script(id) => {
                nodes.push(node(format!("id: {id}, type: scriptTask, set: {{{id}_done: true}}, next: {next}")));
                id.clone()
            }
            Block::Task { id, undone } => {
                let undo = if *undone { format!(", compensation: undo_{id}") } else { String::new() };
                nodes.push(node(format!("id: {id}, type: userTask, candidateGroups: [sales]{undo}, next: {next}")));
                if *undone {
                    nodes.push(node(format!("id: undo_{id}, type: scriptTask, set: {{undone_{id}: true}}")));
                }
                id.clone()
            }
            Block::Wait { id, on: what } => {
                nodes.push(node(format!("id: {id}, type: intermediateCatchEvent, {}, next: {next}", on(id, what))));
                id.clone()
            }
            Block::First { id, events } => {
                nodes.push(node(format!("id: {id}_merge, type: exclusiveGateway, next: {next}")));
                for (event, what, block) in events {
                    let start = self.block(nodes, block, &format!("{id}_merge"));
                    let what = on(event, what);
                    nodes.push(node(format!("id: {event}, type: intermediateCatchEvent, {what}, next: {start}")));
                }
                let ids: Vec<&str> = events.iter().map(|(event, ..)| event.as_str()).collect();
                nodes.push(node(format!("id: {id}, type: eventBasedGateway, next: [{}]", ids.join(", "))));
                id.clone()
            }
            Block::Throw { id, what, .. } => {
                let (kind, thrown) = match what {
                    Thrown::Error(code) => ("endEvent", format!("error: {code}")),
                    Thrown::End => ("endEvent", "terminate: true".to_owned()),
                    Thrown::Escalation(code) => {
                        ("intermediateThrowEvent", format!("escalation: {code}, next: {id}_merge"))
                    }
                    Thrown::Undo => ("intermediateThrowEvent", format!("compensate: all, next: {id}_merge")),
                };
                nodes.push(node(format!("id: {id}_merge, type: exclusiveGateway, next: {next}")));
                nodes.push(node(format!("id: {id}_thrown, type: {kind}, {thrown}")));
                nodes.push(node(format!(
                    "id: {id}_if, type: exclusiveGateway, flows: [{{if: {id}, to: {id}_thrown}}, {{to: {id}_merge}}]"
                )));
                nodes.push(node(format!("id: {id}, type: userTask, candidateGroups: [sales], next: {id}_if")));
                id.clone()
            }
            Block::Sequence(parts) => {
                parts.iter().rev().fold(next.to_owned(), |next, part| self.block(nodes, part, &next))
            }
            Block::Exclusive { id, branches, .. } => {
                nodes.push(node(format!("id: {id}_merge, type: exclusiveGateway, next: {next}")));
                let starts = self.branches(nodes, branches, &format!("{id}_merge"));
                let flows = flows(&starts, |position| format!("{id} == {position}"));
                nodes.push(node(format!("id: {id}, type: exclusiveGateway, flows: [{flows}]")));
                id.clone()
            }
            Block::Parallel { id, branches } => {
                nodes.push(node(format!("id: {id}_join, type: parallelGateway, next: {next}")));
                let starts = self.branches(nodes, branches, &format!("{id}_join"));
                nodes.push(node(format!("id: {id}, type: parallelGateway, next: [{}]", starts.join(", "))));
                id.clone()
            }
            Block::Inclusive { id, branches, .. } => {
                nodes.push(node(format!("id: {id}_join, type: inclusiveGateway, next: {next}")));
                let starts = self.branches(nodes, branches, &format!("{id}_join"));
                let flows = flows(&starts, |position| format!("{id}_{position}"));
                nodes.push(node(format!("id: {id}, type: inclusiveGateway, flows: [{flows}]")));
                id.clone()
            }
            Block::Loop { id, times, body } => {
                let again = format!("flows: [{{if: {id} < {times}, to: {id}_top}}, {{to: {next}}}]");
                nodes.push(node(format!("id: {id}_again, type: exclusiveGateway, {again}")));
                nodes
                    .push(node(format!("id: {id}_count, type: scriptTask, set: {{{id}: {id} + 1}}, next: {id}_again")));
                let start = self.block(nodes, body, &format!("{id}_count"));
                nodes.push(node(format!("id: {id}_top, type: exclusiveGateway, next: {start}")));
                nodes.push(node(format!("id: {id}_begin, type: scriptTask, set: {{{id}: 0}}, next: {id}_top")));
                format!("{id}_begin")
            }
            Block::Activity(activity) => self.activity(nodes, activity, next),
        }
    }

    fn branches(&mut self, nodes: &mut Vec<String>, branches: &[Block], join: &str) -> Vec<String> {
        branches.iter().map(|branch| self.block(nodes, branch, join)).collect()
    }

    fn activity(&mut self, nodes: &mut Vec<String>, activity: &Activity, next: &str) -> String {
        let Activity { id, called, rounds, level, edges } = activity;
        let around = self.indent.clone();
        nodes.push(format!("{around}- {{id: {id}_merge, type: exclusiveGateway, next: {next}}}\n"));
        let mut boundary = Vec::new();
        for edge in edges {
            let after = if edge.interrupts { format!("{id}_merge") } else { "end".to_owned() };
            let to = self.block(nodes, &edge.leads, &after);
            let beside = if edge.interrupts { "" } else { ", interrupting: false" };
            boundary.push(format!("{{id: {}, {}{beside}, to: {to}}}", edge.id, on(&edge.id, &edge.on)));
        }
        let kind = if *called { "callActivity" } else { "subProcess" };
        let mut text = format!("{around}- id: {id}\n{around}  type: {kind}\n{around}  next: {id}_merge\n");
        writeln!(text, "{around}  boundary: [{}]", boundary.join(", ")).unwrap();
        match rounds {
            Rounds::Once => {}
            Rounds::Again(times) => writeln!(text, "{around}  loop: {{while: loopCounter < {times}}}").unwrap(),
            Rounds::OneByOne(count) => {
                writeln!(text, "{around}  forEach: {{count: {count}, sequential: true}}").unwrap();
            }
            Rounds::Together(count) => writeln!(text, "{around}  forEach: {{count: {count}}}").unwrap(),
        }
        if *called {
            writeln!(text, "{around}  process: {id}\n{around}  in: all").unwrap();
            process(id, level, self.choices, self.files);
        } else {
            self.indent = format!("{around}  ");
            self.level(&mut text, level, "");
            self.indent = around;
        }
        nodes.push(text);
        id.clone()
    }
}

/// The definition of an event; its message or signal is called as the event.
fn on(id: &str, on: &On) -> String {
    match on {
        On::Timer => "timer: {duration: PT1H}".to_owned(),
        On::Message => format!("message: {id}"),
        On::Signal => format!("signal: {id}"),
        On::Error(code) => format!("error: {}", code.unwrap_or("any")),
        On::Escalation(code) => format!("escalation: {}", code.unwrap_or("any")),
    }
}

/// Flows with conditions, the last one the default.
fn flows(starts: &[String], condition: impl Fn(usize) -> String) -> String {
    let last = starts.len() - 1;
    let flow = |(position, start): (usize, &String)| match position == last {
        true => format!("{{to: {start}}}"),
        false => format!("{{if: '{}', to: {start}}}", condition(position)),
    };
    starts.iter().enumerate().map(flow).collect::<Vec<_>>().join(", ")
}
