//! Grows random blocks; `write` makes a process of them.
//!
//! Whatever cuts others off, an error or the end of a level, comes only after a task: then nothing else is on its way, and
//! what is cut off does not depend on who moved first.

use crate::support::random::Random;
use kamflow::model::json::JsonMap;

/// A block: one way in, one way out.
#[derive(Debug)]
pub enum Block {
    /// A script task.
    Script(String),
    /// A user task; whether something undoes it.
    Task { id: String, undone: bool },
    /// Waits for an event.
    Wait { id: String, on: On },
    /// Waits for the first of these events, and goes on behind it.
    First { id: String, events: Vec<(String, On, Block)> },
    /// A task, and then perhaps something is thrown.
    Throw { id: String, throws: bool, what: Thrown },
    /// One after the other; maybe none.
    Sequence(Vec<Block>),
    /// One of the branches.
    Exclusive { id: String, chosen: usize, branches: Vec<Block> },
    /// All branches, joined.
    Parallel { id: String, branches: Vec<Block> },
    /// The branches that are taken, joined.
    Inclusive { id: String, taken: Vec<bool>, branches: Vec<Block> },
    /// The body several times, by gateways.
    Loop { id: String, times: usize, body: Box<Block> },
    /// A sub-process or a called process.
    Activity(Box<Activity>),
}

/// A level of its own, perhaps several times, with events at its edge.
#[derive(Debug)]
pub struct Activity {
    pub id: String,
    /// Whether it is a process of its own.
    pub called: bool,
    pub rounds: Rounds,
    pub level: Level,
    pub edges: Vec<Event>,
}

/// How often an activity is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rounds {
    Once,
    /// `loop`: one after the other.
    Again(usize),
    /// `forEach`, one after the other.
    OneByOne(usize),
    /// `forEach`, all at once.
    Together(usize),
}

/// The inside of an activity, or the whole process.
#[derive(Debug)]
pub struct Level {
    /// The start event.
    pub begin: String,
    pub body: Block,
    /// Event sub-processes.
    pub events: Vec<Event>,
}

/// An event beside what happens, and what it leads to.
#[derive(Debug)]
pub struct Event {
    pub id: String,
    pub on: On,
    pub interrupts: bool,
    pub leads: Block,
}

/// What is waited for.
#[derive(Debug, Clone, PartialEq)]
pub enum On {
    Timer,
    Message,
    Signal,
    /// A code, or any.
    Error(Option<&'static str>),
    Escalation(Option<&'static str>),
}

/// What is thrown after a task.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Thrown {
    Error(&'static str),
    Escalation(&'static str),
    /// The end of the level.
    End,
    /// What was done in the level is undone.
    Undo,
}

/// Grows one process.
pub struct Generator {
    pub random: Random,
    /// The start variables, which decide every gateway.
    pub choices: JsonMap,
    ids: usize,
    left: usize,
    /// Whether it is inside of rounds that run at once: they share their variables, so none may count in one.
    together: bool,
    /// Whether an inclusive join lies ahead in the level: it does not wait for what is about to end.
    joins: bool,
}

impl Generator {
    /// A generator for this seed.
    pub fn new(seed: u64) -> Generator {
        Generator {
            random: Random::new(seed),
            choices: JsonMap::new(),
            ids: 0,
            left: 18,
            together: false,
            joins: false,
        }
    }

    /// A process of a few parts, nested at most four deep.
    pub fn level(&mut self) -> Level {
        let body = self.sequence(4, 3);
        Level { begin: "begin".to_owned(), body, events: self.events(4) }
    }

    fn sequence(&mut self, deep: usize, least: usize) -> Block {
        let length = least + self.random.below(3);
        Block::Sequence((0..length).filter_map(|_| self.part(deep)).collect())
    }

    fn id(&mut self, letter: char) -> String {
        self.ids += 1;
        format!("{letter}{}", self.ids)
    }

    fn part(&mut self, deep: usize) -> Option<Block> {
        self.left = self.left.checked_sub(1)?;
        let kind = if deep == 0 { self.random.below(5) } else { self.random.below(16) };
        let kind = if kind == 10 && self.together { 1 } else { kind };
        Some(match kind {
            0 => Block::Script(self.id('s')),
            1 | 2 => Block::Task { id: self.id('t'), undone: self.random.below(3) == 0 },
            3 => Block::Wait { id: self.id('w'), on: self.trigger() },
            4 => self.throw(),
            5 | 6 => {
                let (id, branches) = (self.id('x'), self.branches(deep));
                let chosen = self.random.below(branches.len());
                self.choices.insert(id.clone(), chosen.into());
                Block::Exclusive { id, chosen, branches }
            }
            7 | 8 => Block::Parallel { id: self.id('p'), branches: self.branches(deep) },
            9 => {
                let id = self.id('i');
                let around = std::mem::replace(&mut self.joins, true);
                let branches = self.branches(deep);
                self.joins = around;
                let mut taken: Vec<bool> = branches.iter().map(|_| self.random.below(2) == 0).collect();
                let last = taken.len() - 1;
                for (position, taken) in taken.iter().enumerate().take(last) {
                    self.choices.insert(format!("{id}_{position}"), (*taken).into());
                }
                taken[last] = taken.iter().take(last).all(|taken| !taken);
                Block::Inclusive { id, taken, branches }
            }
            10 => {
                let times = 1 + self.random.below(3);
                Block::Loop { id: self.id('l'), times, body: Box::new(self.sequence(deep - 1, 0)) }
            }
            11 => {
                let id = self.id('f');
                let events = (0..2).map(|_| (self.id('w'), self.trigger(), self.sequence(deep - 1, 0))).collect();
                Block::First { id, events }
            }
            _ => Block::Activity(Box::new(self.activity(deep))),
        })
    }

    fn branches(&mut self, deep: usize) -> Vec<Block> {
        let many = 2 + self.random.below(2);
        (0..many).map(|_| self.sequence(deep - 1, 0)).collect()
    }

    fn throw(&mut self) -> Block {
        let (id, throws) = (self.id('r'), self.random.below(2) == 0);
        let what = match self.random.below(if self.joins { 3 } else { 6 }) + if self.joins { 3 } else { 0 } {
            0 => Thrown::Error("E1"),
            1 => Thrown::Error("E2"),
            2 => Thrown::End,
            3 => Thrown::Escalation("E1"),
            _ => Thrown::Undo,
        };
        self.choices.insert(id.clone(), throws.into());
        Block::Throw { id, throws, what }
    }

    fn trigger(&mut self) -> On {
        [On::Timer, On::Message, On::Signal][self.random.below(3)].clone()
    }

    fn activity(&mut self, deep: usize) -> Activity {
        let called = self.random.below(5) == 0;
        let id = self.id(if called { 'c' } else { 'b' });
        let rounds = match self.random.below(8) {
            0 => Rounds::Again(1 + self.random.below(2)),
            1 => Rounds::OneByOne(self.random.below(3)),
            2 => Rounds::Together(self.random.below(4)),
            _ => Rounds::Once,
        };
        let around = (self.together, self.joins);
        (self.together, self.joins) = (self.together || matches!(rounds, Rounds::Together(_)), false);
        let body = self.sequence(deep - 1, 1);
        let level = Level { begin: format!("{id}_begin"), body, events: self.events(deep) };
        (self.together, self.joins) = around;
        let edges = (0..self.random.below(3)).map(|_| self.event('e', deep)).collect();
        Activity { id, called, rounds, level, edges }
    }

    fn events(&mut self, deep: usize) -> Vec<Event> {
        let one = self.random.below(4) == 0;
        (0..usize::from(one)).map(|_| self.event('v', deep)).collect()
    }

    /// What an event leads to that does not interrupt waits at one place only: then two of them are as good as one another.
    fn event(&mut self, letter: char, deep: usize) -> Event {
        let id = self.id(letter);
        let code = [None, Some("E1")][self.random.below(2)];
        let on = match self.random.below(5) {
            0 | 1 => On::Error(code),
            2 => On::Escalation(code),
            _ => self.trigger(),
        };
        let interrupts = matches!(on, On::Error(_)) || self.random.below(2) == 0;
        let leads = match interrupts {
            true => self.sequence(deep - 1, 0),
            false if self.random.below(3) == 0 => Block::Sequence(vec![self.throw(), Block::Script(self.id('s'))]),
            false => {
                Block::Sequence(vec![Block::Task { id: self.id('t'), undone: false }, Block::Script(self.id('s'))])
            }
        };
        Event { id, on, interrupts, leads }
    }
}
