//! Grows random blocks and writes them as YAML.

use crate::support::random::Random;
use kamflow::model::json::JsonMap;
use std::fmt::Write;

/// A block: one way in, one way out.
#[derive(Debug)]
pub enum Block {
    /// A script task.
    Script(String),
    /// A user task.
    Task(String),
    /// One after the other; maybe none.
    Sequence(Vec<Block>),
    /// One of the branches.
    Exclusive { id: String, chosen: usize, branches: Vec<Block> },
    /// All branches, joined.
    Parallel { id: String, branches: Vec<Block> },
    /// The branches that are taken, joined.
    Inclusive { id: String, taken: Vec<bool>, branches: Vec<Block> },
    /// The body several times.
    Loop { id: String, times: usize, body: Box<Block> },
    /// A sub-process.
    Sub { id: String, body: Box<Block> },
}

/// Grows one process.
pub struct Generator {
    pub random: Random,
    /// The start variables, which decide every gateway.
    pub choices: JsonMap,
    ids: usize,
    left: usize,
}

impl Generator {
    /// A generator for this seed.
    pub fn new(seed: u64) -> Generator {
        Generator { random: Random::new(seed), choices: JsonMap::new(), ids: 0, left: 16 }
    }

    /// A block of a few parts, nested at most four deep.
    pub fn block(&mut self) -> Block {
        self.sequence(4, 3)
    }

    fn sequence(&mut self, deep: usize, least: usize) -> Block {
        let length = least + self.random.below(3);
        Block::Sequence((0..length).filter_map(|_| self.part(deep)).collect())
    }

    fn part(&mut self, deep: usize) -> Option<Block> {
        self.left = self.left.checked_sub(1)?;
        self.ids += 1;
        let number = self.ids;
        let kind = if deep == 0 { self.random.below(3) } else { self.random.below(10) };
        Some(match kind {
            0 => Block::Script(format!("s{number}")),
            1 | 2 => Block::Task(format!("t{number}")),
            3 | 4 => {
                let (id, branches) = (format!("x{number}"), self.branches(deep));
                let chosen = self.random.below(branches.len());
                self.choices.insert(id.clone(), chosen.into());
                Block::Exclusive { id, chosen, branches }
            }
            5 | 6 => Block::Parallel { id: format!("p{number}"), branches: self.branches(deep) },
            7 => {
                let (id, branches) = (format!("i{number}"), self.branches(deep));
                let mut taken: Vec<bool> = branches.iter().map(|_| self.random.below(2) == 0).collect();
                let last = taken.len() - 1;
                for (position, taken) in taken.iter().enumerate().take(last) {
                    self.choices.insert(format!("{id}_{position}"), (*taken).into());
                }
                taken[last] = taken.iter().take(last).all(|taken| !taken);
                Block::Inclusive { id, taken, branches }
            }
            8 => {
                let times = 1 + self.random.below(3);
                Block::Loop { id: format!("l{number}"), times, body: Box::new(self.sequence(deep - 1, 0)) }
            }
            _ => Block::Sub { id: format!("b{number}"), body: Box::new(self.sequence(deep - 1, 0)) },
        })
    }

    fn branches(&mut self, deep: usize) -> Vec<Block> {
        let many = 2 + self.random.below(2);
        (0..many).map(|_| self.sequence(deep - 1, 0)).collect()
    }

    /// The process that runs a block.
    pub fn process(&self, block: &Block) -> String {
        let mut text = "process: main\ntitle: {en: Main, zh: 主}\ninput:\n  type: object\n  properties:\n".to_owned();
        text.push_str("    none: {type: 'null'}\n");
        self.choices.keys().for_each(|name| writeln!(text, "    {name}: {{}}").unwrap());
        text.push_str("nodes:\n");
        level(&mut text, "  ", "begin", block);
        text
    }
}

/// A list of nodes: a start event and a block.
fn level(text: &mut String, indent: &str, begin: &str, block: &Block) {
    let mut nodes = Vec::new();
    let first = write(&mut nodes, indent, block, "end");
    writeln!(text, "{indent}- {{id: {begin}, type: startEvent, next: {first}}}").unwrap();
    nodes.iter().for_each(|node| text.push_str(node));
}

/// Writes a block that goes on at `next`; where it begins.
fn write(nodes: &mut Vec<String>, indent: &str, block: &Block, next: &str) -> String {
    let mut node = |text: String| nodes.push(format!("{indent}- {{{text}}}\n"));
    match block {
        Block::Script(id) => {
            node(format!("id: {id}, type: scriptTask, set: {{{id}_done: true}}, next: {next}"));
            id.clone()
        }
        Block::Task(id) => {
            node(format!("id: {id}, type: userTask, candidateGroups: [sales], next: {next}"));
            id.clone()
        }
        Block::Sequence(parts) => {
            parts.iter().rev().fold(next.to_owned(), |next, part| write(nodes, indent, part, &next))
        }
        Block::Exclusive { id, branches, .. } => {
            node(format!("id: {id}_merge, type: exclusiveGateway, next: {next}"));
            let merge = format!("{id}_merge");
            let starts: Vec<String> = branches.iter().map(|branch| write(nodes, indent, branch, &merge)).collect();
            let flows = flows(&starts, |position| format!("{id} == {position}"));
            nodes.push(format!("{indent}- {{id: {id}, type: exclusiveGateway, flows: [{flows}]}}\n"));
            id.clone()
        }
        Block::Parallel { id, branches } => {
            node(format!("id: {id}_join, type: parallelGateway, next: {next}"));
            let join = format!("{id}_join");
            let starts: Vec<String> = branches.iter().map(|branch| write(nodes, indent, branch, &join)).collect();
            nodes.push(format!("{indent}- {{id: {id}, type: parallelGateway, next: [{}]}}\n", starts.join(", ")));
            id.clone()
        }
        Block::Inclusive { id, branches, .. } => {
            node(format!("id: {id}_join, type: inclusiveGateway, next: {next}"));
            let join = format!("{id}_join");
            let starts: Vec<String> = branches.iter().map(|branch| write(nodes, indent, branch, &join)).collect();
            let flows = flows(&starts, |position| format!("{id}_{position}"));
            nodes.push(format!("{indent}- {{id: {id}, type: inclusiveGateway, flows: [{flows}]}}\n"));
            id.clone()
        }
        Block::Loop { id, times, body } => {
            node(format!(
                "id: {id}_again, type: exclusiveGateway, flows: [{{if: {id} < {times}, to: {id}_top}}, {{to: {next}}}]"
            ));
            node(format!("id: {id}_count, type: scriptTask, set: {{{id}: {id} + 1}}, next: {id}_again"));
            let start = write(nodes, indent, body, &format!("{id}_count"));
            let mut node = |text: String| nodes.push(format!("{indent}- {{{text}}}\n"));
            node(format!("id: {id}_top, type: exclusiveGateway, next: {start}"));
            node(format!("id: {id}_begin, type: scriptTask, set: {{{id}: 0}}, next: {id}_top"));
            format!("{id}_begin")
        }
        Block::Sub { id, body } => {
            let mut text =
                format!("{indent}- id: {id}\n{indent}  type: subProcess\n{indent}  next: {next}\n{indent}  nodes:\n");
            level(&mut text, &format!("{indent}    "), &format!("{id}_begin"), body);
            nodes.push(text);
            id.clone()
        }
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
