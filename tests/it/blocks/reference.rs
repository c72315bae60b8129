//! Runs blocks as they are nested: no tokens, no flows, no joins to decide. `level` is what happens inside an activity,
//! and at its edge.

use super::generate::{Block, Event, Level, Thrown};
use super::level::{Running, Working};
use std::collections::BTreeMap;

/// A process that runs.
pub struct Reference<'b> {
    level: Running<'b>,
    /// What happened.
    pub told: Told,
    /// Whether an error ended it that nobody caught.
    pub failed: bool,
}

/// What happened.
#[derive(Default)]
pub struct Told {
    /// How often each node was completed.
    pub counts: BTreeMap<String, usize>,
    /// What was undone, in its order.
    pub undone: Vec<String>,
}

/// Something that can happen: a task that is done, an event that comes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    pub name: String,
    /// The rounds that it lies in, outer ones first.
    pub rounds: Vec<usize>,
    /// Whether it is still there when it has happened.
    pub repeats: bool,
}

/// What happens to what runs.
#[derive(Clone, Copy)]
pub enum Act<'a> {
    /// This, in these rounds.
    Do(&'a str, &'a [usize]),
    /// What has thrown something goes on.
    GoOn,
}

/// How far a block is.
pub enum Run<'b> {
    Done,
    /// Waits for somebody or something.
    Waits(&'b Block),
    /// Has thrown this, and waits for what becomes of it.
    Throws(Thrown),
    /// This part of a sequence, then the others.
    Sequence(Box<Run<'b>>, &'b [Block]),
    /// All of these; then the node is completed.
    All(Vec<Run<'b>>, String),
    /// This time of a loop.
    Loop(Box<Run<'b>>, &'b Block, usize),
    Activity(Box<Working<'b>>),
    /// An event sub-process.
    Event(&'b Event, Box<Running<'b>>),
}

/// What was done in a level and can be undone.
pub enum Undo {
    Task(String),
    Inside(Vec<Undo>),
}

/// What comes of a move inside a level.
pub struct Desk<'b, 't> {
    pub told: &'t mut Told,
    pub kept: Vec<Undo>,
    /// What runs beside from now on.
    pub beside: Vec<Run<'b>>,
}

impl Told {
    pub fn done(&mut self, id: impl Into<String>) {
        *self.counts.entry(id.into()).or_default() += 1;
    }
}

impl<'b> Reference<'b> {
    /// Starts a process.
    pub fn start(level: &'b Level) -> Reference<'b> {
        let mut told = Told::default();
        let level = Running::begin(level.begin.clone(), &level.body, &level.events, false, &mut told);
        Reference { level, told, failed: false }
    }

    /// What can happen now, sorted.
    pub fn open(&self) -> Vec<Item> {
        let mut open = Vec::new();
        if !self.level.is_over() {
            self.level.open(&mut Vec::new(), &mut open);
        }
        open.sort();
        open
    }

    /// It happens.
    pub fn act(&mut self, item: &Item) {
        assert!(self.level.act(Act::Do(&item.name, &item.rounds), &mut self.told), "{item:?} can happen");
        match self.level.thrown() {
            Some(Thrown::Error(_)) => {
                self.failed = true;
                self.level.end();
            }
            Some(_) => {
                self.level.act(Act::GoOn, &mut self.told);
            }
            None => {}
        }
    }
}

/// What a block has thrown that nobody has caught yet.
pub fn thrown(run: &Run) -> Option<Thrown> {
    match run {
        Run::Done | Run::Waits(_) => None,
        Run::Throws(what) => Some(*what),
        Run::Sequence(run, _) | Run::Loop(run, ..) => thrown(run),
        Run::All(runs, _) => runs.iter().find_map(thrown),
        Run::Activity(working) => working.thrown(),
        Run::Event(_, level) => level.thrown(),
    }
}

pub fn is_done(run: &Run) -> bool {
    matches!(run, Run::Done)
}

/// What can happen in a block.
pub fn open(run: &Run, rounds: &mut Vec<usize>, out: &mut Vec<Item>) {
    let mut item = |name: &str| out.push(Item { name: name.to_owned(), rounds: rounds.clone(), repeats: false });
    match run {
        Run::Done | Run::Throws(_) => {}
        Run::Waits(Block::First { events, .. }) => events.iter().for_each(|(event, ..)| item(event)),
        Run::Waits(Block::Task { id, .. } | Block::Wait { id, .. } | Block::Throw { id, .. }) => item(id),
        Run::Waits(other) => unreachable!("nobody waits at {other:?}"),
        Run::Sequence(run, _) | Run::Loop(run, ..) => open(run, rounds, out),
        Run::All(runs, _) => runs.iter().for_each(|run| open(run, rounds, out)),
        Run::Activity(working) => working.open(rounds, out),
        Run::Event(_, level) => level.open(rounds, out),
    }
}

pub fn begin<'b>(block: &'b Block, desk: &mut Desk<'b, '_>) -> Run<'b> {
    let mut run = match block {
        Block::Script(id) => {
            desk.told.done(id);
            Run::Done
        }
        Block::Task { .. } | Block::Wait { .. } | Block::First { .. } | Block::Throw { .. } => Run::Waits(block),
        Block::Sequence(parts) => Run::Sequence(Box::new(Run::Done), parts),
        Block::Exclusive { id, chosen, branches } => {
            desk.told.done(id);
            Run::All(vec![begin(&branches[*chosen], desk)], format!("{id}_merge"))
        }
        Block::Parallel { id, branches } => {
            desk.told.done(id);
            Run::All(branches.iter().map(|branch| begin(branch, desk)).collect(), format!("{id}_join"))
        }
        Block::Inclusive { id, taken, branches } => {
            desk.told.done(id);
            let taken = branches.iter().zip(taken).filter(|(_, taken)| **taken);
            Run::All(taken.map(|(branch, _)| begin(branch, desk)).collect(), format!("{id}_join"))
        }
        Block::Loop { id, body, .. } => {
            desk.told.done(format!("{id}_begin"));
            desk.told.done(format!("{id}_top"));
            Run::Loop(Box::new(begin(body, desk)), block, 1)
        }
        Block::Activity(activity) => Run::Activity(Box::new(Working::begin(activity, desk))),
    };
    settle(&mut run, desk);
    run
}

/// Something happens in a block; whether it was there.
pub fn advance<'b>(run: &mut Run<'b>, act: Act, desk: &mut Desk<'b, '_>) -> bool {
    let here = match run {
        Run::Done => false,
        Run::Throws(_) => {
            let goes_on = matches!(act, Act::GoOn);
            if goes_on {
                *run = Run::Done;
            }
            goes_on
        }
        Run::Waits(block) => match finished(block, act, desk) {
            Some(next) => {
                *run = next;
                true
            }
            None => false,
        },
        Run::Sequence(now, _) | Run::Loop(now, ..) => advance(now, act, desk),
        Run::All(runs, _) => runs.iter_mut().any(|run| advance(run, act, desk)),
        Run::Activity(working) => working.act(act, desk),
        Run::Event(_, level) => level.act(act, desk.told),
    };
    if here {
        settle(run, desk);
    }
    here
}

/// What follows what was waited for, if it is what happens.
fn finished<'b>(block: &'b Block, act: Act, desk: &mut Desk<'b, '_>) -> Option<Run<'b>> {
    let Act::Do(name, []) = act else { return None };
    match block {
        Block::Task { id, undone } if id == name => {
            desk.told.done(id);
            desk.kept.extend(undone.then(|| Undo::Task(id.clone())));
            Some(Run::Done)
        }
        Block::Wait { id, .. } if id == name => {
            desk.told.done(id);
            Some(Run::Done)
        }
        Block::First { id, events } => {
            let (event, _, leads) = events.iter().find(|(event, ..)| event == name)?;
            desk.told.done(id);
            desk.told.done(event);
            Some(Run::All(vec![begin(leads, desk)], format!("{id}_merge")))
        }
        Block::Throw { id, throws, what } if id == name => {
            desk.told.done(id);
            desk.told.done(format!("{id}_if"));
            let mut then = Vec::new();
            if *throws {
                desk.told.done(format!("{id}_thrown"));
                then.push(Run::Throws(*what));
            }
            Some(Run::All(then, format!("{id}_merge")))
        }
        _ => None,
    }
}

/// Goes on as far as nobody is needed.
pub fn settle<'b>(run: &mut Run<'b>, desk: &mut Desk<'b, '_>) {
    loop {
        *run = match run {
            Run::Sequence(now, rest) if is_done(now) => match rest.split_first() {
                None => Run::Done,
                Some((next, rest)) => Run::Sequence(Box::new(begin(next, desk)), rest),
            },
            Run::All(runs, node) if runs.iter().all(is_done) => {
                desk.told.done(node.clone());
                Run::Done
            }
            Run::Loop(now, block, time) if is_done(now) => {
                let Block::Loop { id, times, body } = *block else { return };
                desk.told.done(format!("{id}_count"));
                desk.told.done(format!("{id}_again"));
                match *time == *times {
                    true => Run::Done,
                    false => {
                        desk.told.done(format!("{id}_top"));
                        Run::Loop(Box::new(begin(body, desk)), block, *time + 1)
                    }
                }
            }
            Run::Activity(working) => match working.after(desk) {
                Some(next) => next,
                None => return,
            },
            Run::Event(event, level) if level.is_over() => {
                desk.told.done(&event.id);
                desk.kept.extend(level.kept());
                Run::Done
            }
            _ => return,
        };
    }
}
