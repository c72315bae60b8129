//! A case on its way: what was started and seen so far, who acts, and how time passes.

use super::drive::{self, Hand};
use super::engine::Engine;
use super::render::Rendered;
use super::steps::{Step, Verb};
use super::{look, people, story};
use kamflow::model::ids::{BusinessId, InstanceId};
use kamflow::model::instance::Instance;
use kamflow::model::task::UserTask;
use kamflow::model::time::Timestamp;
use kamflow::runtime::clock::Clock;

/// A case that is being played.
pub struct Player<'p> {
    pub engine: &'p mut Engine,
    pub business: BusinessId,
    pub rendered: &'p Rendered,
    /// Every root instance of the run, in the order in which they were started.
    pub roots: Vec<InstanceId>,
    /// The one that was started last.
    pub main: Option<InstanceId>,
    /// Tasks as they were last seen open, in the order in which they were first seen.
    seen: Vec<UserTask>,
    /// Whether a step said that something fails.
    pub failure_is_meant: bool,
}

impl<'p> Player<'p> {
    /// Nothing was started yet.
    pub fn new(engine: &'p mut Engine, business: BusinessId, rendered: &'p Rendered) -> Player<'p> {
        let (roots, main, seen, failure_is_meant) = (Vec::new(), None, Vec::new(), false);
        Player { engine, business, rendered, roots, main, seen, failure_is_meant }
    }

    /// Somebody at the engine.
    pub fn hand(&self, by: Option<&str>) -> Hand {
        let actor = people::actor(&self.business, by, &self.rendered.roles);
        Hand { runtime: self.engine.runtime().clone(), actor }
    }

    /// The instances as they are now.
    pub fn look(&mut self) -> Vec<Instance> {
        look::roots(self.engine, &self.business, &self.roots)
    }

    /// The open tasks, oldest first; remembers them.
    pub fn open_tasks(&mut self) -> Vec<UserTask> {
        let open = look::open_tasks(&self.look());
        for task in &open {
            match self.seen.iter_mut().find(|seen| seen.id == task.id) {
                Some(seen) => seen.clone_from(task),
                None => self.seen.push(task.clone()),
            }
        }
        let is_open = |seen: &&UserTask| open.iter().any(|task| task.id == seen.id);
        self.seen.iter().filter(is_open).cloned().collect()
    }

    /// A task to do something with: one that this person has, else a free one, else any; else one that was open.
    pub fn task(&mut self, wanted: &dyn Fn(&UserTask) -> bool, by: Option<&str>) -> Option<UserTask> {
        let open: Vec<UserTask> = self.open_tasks().into_iter().filter(|task| wanted(task)).collect();
        let is_theirs = |task: &&UserTask| by.is_some() && task.assignee.as_ref().map(|user| user.as_str()) == by;
        let first = open.iter().find(is_theirs).or_else(|| open.iter().find(|task| task.assignee.is_none()));
        if let Some(task) = first.or(open.first()) {
            return Some(task.clone());
        }
        let closed = self.seen.iter().rev().find(|task| wanted(task)).cloned();
        closed.map(|task| UserTask { ended_at: Some(self.engine.clock.now()), ..task })
    }

    /// Everything that is due now is done, and what that brings about.
    pub fn settle(&mut self) {
        let hand = self.hand(None);
        // Timers without any time between them would go on for ever.
        for _ in 0..1_000 {
            if drive::run_due(&hand, &mut self.engine.conn) == 0 {
                break;
            }
        }
        self.open_tasks();
    }

    /// The clock goes from due time to due time, and what is due is done at each.
    pub fn advance_to(&mut self, until: Timestamp) {
        // What is due by now comes first; it may be that it cannot be done, so it is not waited for.
        self.settle();
        let hand = self.hand(None);
        while let Some(due) = drive::next_due(&hand, &mut self.engine.conn, self.engine.clock.now(), until) {
            self.engine.clock.set(due);
            self.settle();
        }
        self.engine.clock.set(until);
        self.settle();
    }

    /// Instances that a message, a signal or a timer started; the newest is the main one, unless a start was asked for.
    pub fn newest(&mut self, step: &Step) {
        let all: Vec<InstanceId> = self.look().into_iter().map(|root| root.id).collect();
        if all.len() > self.roots.len() && !matches!(step.verb, Verb::Start(_)) {
            self.main = all.last().cloned();
        }
        self.roots = all;
    }

    pub fn trace(&mut self) -> Vec<String> {
        let roots = self.look();
        let ids: Vec<InstanceId> = roots.iter().map(|root| root.id.clone()).collect();
        let mut trace = story::read(self.engine, &self.business, &ids).trace();
        for root in &roots {
            let variables = kamflow::model::json::Json::Object(look::variables(root));
            trace.push(format!("{} {} {variables}", root.process, root.state.name()));
        }
        trace
    }
}
