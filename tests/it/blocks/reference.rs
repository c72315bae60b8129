//! Runs a block as it is nested: no tokens, no flows, no joins to decide.

use super::generate::Block;
use std::collections::BTreeMap;

/// A block that runs.
pub struct Reference<'b> {
    run: Run<'b>,
    /// How often each node was completed.
    pub counts: BTreeMap<String, usize>,
}

/// How far a block is.
enum Run<'b> {
    Done,
    /// Waits for this task.
    Task(&'b str),
    /// This part of a sequence, then the others.
    Sequence(Box<Run<'b>>, &'b [Block]),
    /// All of these; then the node is completed.
    All(Vec<Run<'b>>, String),
    /// This time of a loop.
    Loop(Box<Run<'b>>, &'b Block, usize),
}

impl<'b> Reference<'b> {
    /// Starts a block.
    pub fn start(block: &'b Block) -> Reference<'b> {
        let mut counts = BTreeMap::from([("begin".to_owned(), 1)]);
        let run = begin(block, &mut counts);
        Reference { run, counts }
    }

    /// The open tasks, by name.
    pub fn open(&self) -> Vec<String> {
        let mut open = Vec::new();
        collect(&self.run, &mut open);
        open.sort();
        open
    }

    /// Completes an open task.
    pub fn complete(&mut self, task: &str) {
        let run = std::mem::replace(&mut self.run, Run::Done);
        self.run = advance(run, task, &mut self.counts);
    }
}

fn collect(run: &Run, open: &mut Vec<String>) {
    match run {
        Run::Done => {}
        Run::Task(id) => open.push((*id).to_owned()),
        Run::Sequence(run, _) | Run::Loop(run, ..) => collect(run, open),
        Run::All(runs, _) => runs.iter().for_each(|run| collect(run, open)),
    }
}

type Counts = BTreeMap<String, usize>;

fn done(counts: &mut Counts, id: impl Into<String>) {
    *counts.entry(id.into()).or_default() += 1;
}

fn begin<'b>(block: &'b Block, counts: &mut Counts) -> Run<'b> {
    match block {
        Block::Script(id) => {
            done(counts, id);
            Run::Done
        }
        Block::Task(id) => Run::Task(id),
        Block::Sequence(parts) => settle(Run::Sequence(Box::new(Run::Done), parts), counts),
        Block::Exclusive { id, chosen, branches } => {
            done(counts, id);
            let run = begin(&branches[*chosen], counts);
            settle(Run::All(vec![run], format!("{id}_merge")), counts)
        }
        Block::Parallel { id, branches } => {
            done(counts, id);
            let runs = branches.iter().map(|branch| begin(branch, counts)).collect();
            settle(Run::All(runs, format!("{id}_join")), counts)
        }
        Block::Inclusive { id, taken, branches } => {
            done(counts, id);
            let taken = branches.iter().zip(taken).filter(|(_, taken)| **taken);
            let runs = taken.map(|(branch, _)| begin(branch, counts)).collect();
            settle(Run::All(runs, format!("{id}_join")), counts)
        }
        Block::Loop { id, body, .. } => {
            done(counts, format!("{id}_begin"));
            done(counts, format!("{id}_top"));
            let run = begin(body, counts);
            settle(Run::Loop(Box::new(run), block, 1), counts)
        }
        Block::Sub { id, body } => {
            done(counts, format!("{id}_begin"));
            let run = begin(body, counts);
            settle(Run::All(vec![run], id.clone()), counts)
        }
    }
}

/// Goes on as far as nobody is needed.
fn settle<'b>(run: Run<'b>, counts: &mut Counts) -> Run<'b> {
    match run {
        Run::Sequence(now, rest) if matches!(*now, Run::Done) => match rest.split_first() {
            None => Run::Done,
            Some((next, rest)) => {
                let now = begin(next, counts);
                settle(Run::Sequence(Box::new(now), rest), counts)
            }
        },
        Run::All(runs, node) if runs.iter().all(|run| matches!(run, Run::Done)) => {
            done(counts, node);
            Run::Done
        }
        Run::Loop(now, block, time) if matches!(*now, Run::Done) => {
            let Block::Loop { id, times, body } = block else { return Run::Done };
            done(counts, format!("{id}_count"));
            done(counts, format!("{id}_again"));
            if time == *times {
                return Run::Done;
            }
            done(counts, format!("{id}_top"));
            let now = begin(body, counts);
            settle(Run::Loop(Box::new(now), block, time + 1), counts)
        }
        waits => waits,
    }
}

fn advance<'b>(run: Run<'b>, task: &str, counts: &mut Counts) -> Run<'b> {
    match run {
        Run::Task(id) if id == task => {
            done(counts, id);
            Run::Done
        }
        Run::Sequence(now, rest) => {
            let now = advance(*now, task, counts);
            settle(Run::Sequence(Box::new(now), rest), counts)
        }
        Run::All(runs, node) => {
            let runs = runs.into_iter().map(|run| advance(run, task, counts)).collect();
            settle(Run::All(runs, node), counts)
        }
        Run::Loop(now, block, time) => {
            let now = advance(*now, task, counts);
            settle(Run::Loop(Box::new(now), block, time), counts)
        }
        other => other,
    }
}
