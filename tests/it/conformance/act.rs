//! The steps that do something: each finds what it is about and sends its command to the engine.

use super::drive::{self, Hand, Stop};
use super::play::Wrong;
use super::player::Player;
use super::steps::{Activate, AddInstance, Answer, Claim, Complete, CompleteAny, Delegate, Message, Start};
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::refusal::RefusalKind;
use kamflow::model::task::UserTask;
use kamflow::model::time::Timestamp;

/// A command that is ready to be sent.
pub type Command = Box<dyn FnOnce() -> Result<(), Stop> + Send>;

impl Player<'_> {
    pub fn start(&mut self, start: &Start) -> Result<(), Wrong> {
        if let Some(now) = &start.now {
            self.set_clock(now)?;
        }
        let process = self.rendered.names.process(&start.process);
        let variables = self.named(&start.vars);
        let started = drive::start(&self.hand(None), &process, variables);
        let id = started.map_err(|stop| Wrong::stopped("the start", stop))?;
        self.roots.push(id.clone());
        self.main = Some(id);
        Ok(())
    }

    pub fn complete(&mut self, done: &Complete) -> Result<(), Wrong> {
        let node = self.rendered.names.node(&done.complete);
        for _ in 0..done.times.unwrap_or(1) {
            let command =
                self.completion(&|task| task.node.as_str() == node, &done.complete, done.by.as_deref(), &done.vars);
            answered(&done.complete, done.expect, command())?;
            self.settle();
        }
        Ok(())
    }

    pub fn complete_name(&mut self, done: &Complete) -> Result<(), Wrong> {
        for _ in 0..done.times.unwrap_or(1) {
            let wanted = |task: &UserTask| task.title.en == done.complete;
            let command = self.completion(&wanted, &done.complete, done.by.as_deref(), &done.vars);
            answered(&done.complete, done.expect, command())?;
            self.settle();
        }
        Ok(())
    }

    /// One task of one of the nodes.
    pub fn complete_any(&mut self, done: &CompleteAny) -> Result<(), Wrong> {
        let nodes: Vec<String> = done.complete_any.iter().map(|node| self.rendered.names.node(node)).collect();
        let told = done.complete_any.join(" or ");
        let wanted = |task: &UserTask| nodes.iter().any(|node| task.node.as_str() == node);
        let command = self.completion(&wanted, &told, done.by.as_deref(), &done.vars);
        answered(&told, done.expect, command())
    }

    /// A task of each of the nodes, in whatever order they open.
    pub fn complete_any_order(&mut self, done: &CompleteAny) -> Result<(), Wrong> {
        let mut left = done.complete_any.clone();
        while !left.is_empty() {
            self.settle();
            let open = self.open_tasks();
            let next = left.iter().position(|node| {
                let node = self.rendered.names.node(node);
                open.iter().any(|task| task.node.as_str() == node)
            });
            let one = CompleteAny { complete_any: vec![left.remove(next.unwrap_or(0))], ..done.clone() };
            self.complete_any(&one)?;
        }
        Ok(())
    }

    /// Claims, where nobody has it, and completes.
    pub fn completion(
        &mut self,
        wanted: &dyn Fn(&UserTask) -> bool,
        told: &str,
        by: Option<&str>,
        vars: &JsonMap,
    ) -> Command {
        let Some(task) = self.task(wanted, by) else { return nothing(told) };
        let assignee = task.assignee.as_ref().map(|user| user.0.clone());
        let hand = self.hand(by.or(assignee.as_deref()).filter(|login| *login != super::render::ANYBODY));
        let vars = self.named(vars);
        Box::new(move || {
            if assignee.is_none() && task.ended_at.is_none() {
                drive::claim(&hand, &task.id)?;
            }
            drive::complete(&hand, &task.id, vars)
        })
    }

    pub fn claim(&mut self, claim: &Claim, release: bool) -> Result<(), Wrong> {
        let command = self.claiming(claim, release);
        answered(&claim.claim, claim.expect, command())
    }

    pub fn claiming(&mut self, claim: &Claim, release: bool) -> Command {
        let node = self.rendered.names.node(&claim.claim);
        let Some(task) = self.task(&|task| task.node.as_str() == node, claim.by.as_deref()) else {
            return nothing(&claim.claim);
        };
        let hand = self.hand(claim.by.as_deref());
        match release {
            true => Box::new(move || drive::release(&hand, &task.id)),
            false => Box::new(move || drive::claim(&hand, &task.id)),
        }
    }

    pub fn delegate(&mut self, delegate: &Delegate) -> Result<(), Wrong> {
        let command = self.delegation(delegate);
        answered(&delegate.delegate, delegate.expect, command())
    }

    pub fn delegation(&mut self, delegate: &Delegate) -> Command {
        let node = self.rendered.names.node(&delegate.delegate);
        let Some(task) = self.task(&|task| task.node.as_str() == node, delegate.by.as_deref()) else {
            return nothing(&delegate.delegate);
        };
        let (hand, to) = (self.hand(delegate.by.as_deref()), delegate.to.clone());
        Box::new(move || drive::delegate(&hand, &task.id, &to))
    }

    pub fn message(&mut self, message: &Message) -> Result<(), Wrong> {
        let sent = self.sending(message)();
        match (message.accepted, sent) {
            (Some(true), Err(stop)) => Err(Wrong::stopped(&format!("the message {}", message.message), stop)),
            (Some(false), Ok(())) => Err(Wrong::Trace(format!("the message {} was accepted", message.message))),
            _ => Ok(()),
        }
    }

    pub fn sending(&self, message: &Message) -> Command {
        let hand = self.hand(None);
        let Message { message: name, key, buffer, .. } = message.clone();
        let key = key.map(|key| key.as_str().map_or_else(|| key.to_string(), str::to_owned));
        Box::new(move || drive::message(&hand, &name, key.as_deref(), buffer.as_deref()))
    }

    pub fn signal(&mut self, name: &str) -> Result<(), Wrong> {
        drive::signal(&self.hand(None), name).map_err(|stop| Wrong::stopped("the signal", stop))
    }

    pub fn trigger(&mut self, node: &str) -> Result<(), Wrong> {
        let ours = self.rendered.names.node(node);
        self.where_it_goes(node, |hand, instance| drive::trigger(hand, instance, &ours))
    }

    pub fn activate(&mut self, activate: &Activate) -> Result<(), Wrong> {
        let ours = self.rendered.names.node(&activate.activate);
        let scope = activate.scope.as_ref().map(|scope| self.rendered.names.node(scope));
        self.where_it_goes(&activate.activate, |hand, instance| {
            drive::activate(hand, instance, &ours, scope.as_deref())
        })
    }

    pub fn add_instance(&mut self, add: &AddInstance) -> Result<(), Wrong> {
        let ours = self.rendered.names.node(&add.node);
        self.where_it_goes(&add.node, |hand, instance| drive::add_instance(hand, instance, &ours, &add.element))
    }

    /// A command to whichever instance takes it: the main one first, then the others, the newest first.
    fn where_it_goes(
        &mut self,
        told: &str,
        command: impl Fn(&Hand, &kamflow::model::ids::InstanceId) -> Result<(), Stop>,
    ) -> Result<(), Wrong> {
        let hand = self.hand(None);
        let mut last = Err(Wrong::Trace("nothing was started yet".to_owned()));
        for id in self.main.iter().chain(self.roots.iter().rev()) {
            match command(&hand, id) {
                Ok(()) => return Ok(()),
                Err(stop) if last.is_err() => last = Err(Wrong::stopped(told, stop)),
                Err(_) => {}
            }
        }
        last
    }

    /// The clock stands at an instant.
    pub fn set_clock(&mut self, instant: &str) -> Result<(), Wrong> {
        let written = [instant.to_owned(), format!("{instant}Z"), format!("{instant}T00:00:00Z")];
        let at = written.iter().find_map(|text| Timestamp::parse(text));
        let at = at.ok_or_else(|| Wrong::Runner(format!("{instant} is no instant")))?;
        self.advance_to(at);
        Ok(())
    }

    pub fn named(&self, vars: &JsonMap) -> JsonMap {
        vars.iter().map(|(name, value): (_, &Json)| (self.rendered.names.variable(name), value.clone())).collect()
    }
}

fn nothing(told: &str) -> Command {
    let refusal = kamflow::model::refusal::Refusal::not_found("task that ever was open at", told);
    Box::new(move || Err(Stop::Refused(refusal)))
}

/// Whether a command was answered as it must be.
fn answered(told: &str, expected: Option<Answer>, found: Result<(), Stop>) -> Result<(), Wrong> {
    let kind = match found {
        Ok(()) => None,
        Err(Stop::Refused(refusal)) if expected.is_some_and(|answer| answer != Answer::Ok) => Some(refusal),
        Err(stop) => return Err(Wrong::stopped(told, stop)),
    };
    let fits = match (expected.unwrap_or(Answer::Ok), kind.as_ref().map(|refusal| refusal.kind)) {
        (Answer::Ok, None) => true,
        // What somebody may not see is not there.
        (Answer::Forbidden, Some(kind)) => matches!(kind, RefusalKind::Forbidden | RefusalKind::NotFound),
        (Answer::Conflict, Some(kind)) => matches!(kind, RefusalKind::Conflict | RefusalKind::Stale),
        (Answer::Refused, Some(kind)) => !matches!(kind, RefusalKind::Internal | RefusalKind::Busy),
        _ => false,
    };
    let found = kind.map_or("it was done".to_owned(), |refusal| format!("{} [{}]", refusal.detail, refusal.code));
    if fits { Ok(()) } else { Err(Wrong::Trace(format!("{told} is to be {expected:?}: {found}"))) }
}
