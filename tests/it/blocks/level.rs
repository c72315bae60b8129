//! What happens inside an activity or a process, as it is nested: what runs beside it, what is thrown and who catches it.

use super::generate::{Activity, Block, Event, On, Rounds, Thrown};
use super::reference::{Act, Desk, Item, Run, Told, Undo, advance, begin, is_done, open, settle, thrown};
use std::collections::BTreeSet;

/// A level that runs.
pub struct Running<'b> {
    events: &'b [Event],
    /// Whether it is the inside of an event sub-process, which speaks for the level around it.
    of_event: bool,
    main: Run<'b>,
    beside: Vec<Run<'b>>,
    kept: Vec<Undo>,
    /// Timers that have fired; an event that interrupts ends the waiting for all.
    spent: BTreeSet<&'b str>,
    closed: bool,
}

/// An activity that is at work, perhaps in several rounds.
pub struct Working<'b> {
    of: &'b Activity,
    rounds: Vec<(usize, Running<'b>)>,
    begun: usize,
    spent: BTreeSet<&'b str>,
    /// The event at its edge by which it was left.
    left: Option<&'b Event>,
}

impl<'b> Running<'b> {
    pub fn begin(start: String, body: &'b Block, events: &'b [Event], of_event: bool, told: &mut Told) -> Running<'b> {
        told.done(start);
        let mut desk = Desk { told, kept: Vec::new(), beside: Vec::new() };
        let main = begin(body, &mut desk);
        let Desk { kept, beside, .. } = desk;
        Running { events, of_event, main, beside, kept, spent: BTreeSet::new(), closed: false }
    }

    pub fn is_over(&self) -> bool {
        is_done(&self.main) && self.beside.iter().all(is_done)
    }

    /// It is over at once.
    pub fn end(&mut self) {
        self.main = Run::Done;
        self.beside.clear();
    }

    pub fn thrown(&self) -> Option<Thrown> {
        thrown(&self.main).or_else(|| self.beside.iter().find_map(thrown))
    }

    /// What can be undone when it is over.
    pub fn kept(&mut self) -> Option<Undo> {
        let kept = std::mem::take(&mut self.kept);
        (!kept.is_empty()).then_some(Undo::Inside(kept))
    }

    pub fn open(&self, rounds: &mut Vec<usize>, out: &mut Vec<Item>) {
        out.extend(self.waits().map(|event| item(event, rounds)));
        open(&self.main, rounds, out);
        self.beside.iter().for_each(|run| open(run, rounds, out));
    }

    pub fn act(&mut self, act: Act, told: &mut Told) -> bool {
        let event = self.waits().find(|event| matches!(act, Act::Do(name, []) if event.id == name));
        let here = match event {
            Some(event) => {
                self.happen(event, told);
                true
            }
            None => self.inside(told, |level, desk| {
                advance(&mut level.main, act, desk) || level.beside.iter_mut().any(|run| advance(run, act, desk))
            }),
        };
        self.catch(told);
        self.beside.retain(|run| !is_done(run));
        here
    }

    /// Something moves inside; what comes of it is taken up.
    fn inside<T>(&mut self, told: &mut Told, moves: impl FnOnce(&mut Running<'b>, &mut Desk<'b, '_>) -> T) -> T {
        let mut desk = Desk { told, kept: Vec::new(), beside: Vec::new() };
        let given = moves(self, &mut desk);
        let Desk { kept, beside, .. } = desk;
        self.kept.extend(kept);
        self.beside.extend(beside);
        given
    }

    /// What was thrown inside, which is one thing at most, finds who catches it here.
    fn catch(&mut self, told: &mut Told) {
        let from_event = |run: &&Run| matches!(run, Run::Event(..));
        let own = self.beside.iter().filter(|run| !from_event(run)).find_map(thrown);
        let own = thrown(&self.main).or(own);
        match (own, self.thrown()) {
            (Some(Thrown::End), _) => self.end(),
            (_, Some(Thrown::Undo)) if !self.of_event => {
                undo(std::mem::take(&mut self.kept), told);
                self.act(Act::GoOn, told);
            }
            (Some(what), _) => {
                let Some(event) = caught(self.events, what) else { return };
                self.happen(event, told);
                if !event.interrupts {
                    self.act(Act::GoOn, told);
                }
            }
            (None, _) => {}
        }
    }

    /// An event sub-process begins.
    fn happen(&mut self, event: &'b Event, told: &mut Told) {
        if event.on == On::Timer {
            self.spent.insert(&event.id);
        }
        if event.interrupts {
            self.end();
            self.closed = true;
        }
        let level = Running::begin(format!("{}_begin", event.id), &event.leads, &[], true, told);
        let mut run = Run::Event(event, Box::new(level));
        self.inside(told, |_, desk| settle(&mut run, desk));
        self.beside.push(run);
    }

    /// The event sub-processes that wait for somebody outside.
    fn waits(&self) -> impl Iterator<Item = &'b Event> + use<'b> {
        let (events, closed, spent) = (self.events, self.closed, self.spent.clone());
        events.iter().filter(move |event| !closed && from_outside(event) && !spent.contains(event.id.as_str()))
    }
}

impl<'b> Working<'b> {
    pub fn begin(of: &'b Activity, desk: &mut Desk<'b, '_>) -> Working<'b> {
        let mut working = Working { of, rounds: Vec::new(), begun: 0, spent: BTreeSet::new(), left: None };
        let at_once = if let Rounds::Together(count) = of.rounds { count } else { working.times().min(1) };
        (0..at_once).for_each(|_| working.round(desk));
        working
    }

    fn times(&self) -> usize {
        match self.of.rounds {
            Rounds::Once => 1,
            Rounds::Again(times) | Rounds::OneByOne(times) | Rounds::Together(times) => times,
        }
    }

    fn round(&mut self, desk: &mut Desk<'b, '_>) {
        let level = &self.of.level;
        let running = Running::begin(level.begin.clone(), &level.body, &level.events, false, desk.told);
        self.rounds.push((self.begun, running));
        self.begun += 1;
    }

    pub fn thrown(&self) -> Option<Thrown> {
        self.rounds.iter().find_map(|(_, level)| level.thrown())
    }

    pub fn open(&self, rounds: &mut Vec<usize>, out: &mut Vec<Item>) {
        out.extend(self.waits().map(|edge| item(edge, rounds)));
        for (number, level) in &self.rounds {
            let repeated = self.of.rounds != Rounds::Once;
            if repeated {
                rounds.push(*number);
            }
            level.open(rounds, out);
            if repeated {
                rounds.pop();
            }
        }
    }

    pub fn act(&mut self, act: Act, desk: &mut Desk<'b, '_>) -> bool {
        if let Some(edge) = self.waits().find(|edge| matches!(act, Act::Do(name, []) if edge.id == name)) {
            self.happen(edge, desk);
            return true;
        }
        let here = match act {
            Act::Do(name, rounds) if self.of.rounds != Rounds::Once => {
                let Some((round, inner)) = rounds.split_first() else { return false };
                let mut levels = self.rounds.iter_mut().filter(|(number, _)| number == round);
                levels.any(|(_, level)| level.act(Act::Do(name, inner), desk.told))
            }
            act => self.rounds.iter_mut().any(|(_, level)| level.act(act, desk.told)),
        };
        if let Some(edge) = self.thrown().and_then(|what| caught(&self.of.edges, what)) {
            self.happen(edge, desk);
            if !edge.interrupts {
                self.act(Act::GoOn, desk);
            }
        }
        here
    }

    /// An event at the edge happens.
    fn happen(&mut self, edge: &'b Event, desk: &mut Desk<'b, '_>) {
        desk.told.done(&edge.id);
        if edge.on == On::Timer {
            self.spent.insert(&edge.id);
        }
        if edge.interrupts {
            self.rounds.clear();
            self.left = Some(edge);
        } else {
            let leads = begin(&edge.leads, desk);
            desk.beside.push(leads);
        }
    }

    /// What follows, when all rounds are done or the activity was left.
    pub fn after(&mut self, desk: &mut Desk<'b, '_>) -> Option<Run<'b>> {
        let merge = format!("{}_merge", self.of.id);
        if let Some(edge) = self.left {
            return Some(Run::All(vec![begin(&edge.leads, desk)], merge));
        }
        while let Some(over) = self.rounds.iter().position(|(_, level)| level.is_over()) {
            let (_, mut level) = self.rounds.remove(over);
            desk.told.done(&self.of.id);
            desk.kept.extend(level.kept().filter(|_| !self.of.called));
            if self.begun < self.times() {
                self.round(desk);
            }
        }
        self.rounds.is_empty().then(|| Run::All(Vec::new(), merge))
    }

    /// The events at the edge that wait for somebody outside.
    fn waits(&self) -> impl Iterator<Item = &'b Event> + use<'b> {
        let (edges, spent) = (&self.of.edges, self.spent.clone());
        edges.iter().filter(move |edge| from_outside(edge) && !spent.contains(edge.id.as_str()))
    }
}

fn item(event: &Event, rounds: &[usize]) -> Item {
    let repeats = !event.interrupts && event.on != On::Timer;
    Item { name: event.id.clone(), rounds: rounds.to_vec(), repeats }
}

fn from_outside(event: &Event) -> bool {
    matches!(event.on, On::Timer | On::Message | On::Signal)
}

/// Who catches it: this code before any code.
fn caught(events: &[Event], what: Thrown) -> Option<&Event> {
    let by = |on: On| events.iter().find(|event| event.on == on);
    match what {
        Thrown::Error(code) => by(On::Error(Some(code))).or_else(|| by(On::Error(None))),
        Thrown::Escalation(code) => by(On::Escalation(Some(code))).or_else(|| by(On::Escalation(None))),
        Thrown::End | Thrown::Undo => None,
    }
}

/// The last one first.
fn undo(kept: Vec<Undo>, told: &mut Told) {
    for one in kept.into_iter().rev() {
        match one {
            Undo::Task(id) => {
                told.done(format!("undo_{id}"));
                told.undone.push(id);
            }
            Undo::Inside(kept) => undo(kept, told),
        }
    }
}
