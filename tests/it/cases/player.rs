//! Plays commands on one instance as the runtime would: moves the clock, answers what the engine asks, keeps
//! savepoints. Everything is in memory.

use super::world::{self, World};
use super::{proof, trace};
use kamflow::engine::evolve::evolve;
use kamflow::engine::{self, Transition};
use kamflow::model::action::{ActionCall, ActionResult, Ask};
use kamflow::model::actor::Actor;
use kamflow::model::beginning::{Beginning, Begun};
use kamflow::model::command::{Command, Start, StartedBy};
use kamflow::model::event::Event;
use kamflow::model::ids::{IncidentId, JobId, SubscriptionId, TaskId, TimerId, serial_in};
use kamflow::model::incident::Failure;
use kamflow::model::instance::Instance;
use kamflow::model::intervention::Retry;
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::subscription::Awaited;
use kamflow::model::task::TaskState;
use kamflow::model::time::{Duration, Timestamp};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What an action answers: its result, or why it fails.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    #[serde(default)]
    gives: Json,
    fails: Option<String>,
}

/// What came of a step.
#[derive(Debug, Default)]
pub struct Done {
    /// What happened.
    pub events: Vec<Event>,
    /// The same in words.
    pub history: Vec<String>,
    /// Why it was refused.
    pub refused: Option<String>,
}

impl Done {
    /// And what came of another one.
    fn add(&mut self, other: Done) {
        self.events.extend(other.events);
        self.history.extend(other.history);
    }
}

/// One instance, played.
pub struct Player<'w> {
    world: &'w World,
    answers: BTreeMap<String, Vec<Answer>>,
    now: Timestamp,
    names: trace::Names,
    /// The whole history since the start, folded.
    replayed: Option<Instance>,
    /// The state; none before the start.
    pub state: Option<Instance>,
    /// Every event since the start.
    pub events: Vec<Event>,
    /// The actions whose effects stay.
    pub performed: Vec<String>,
}

impl<'w> Player<'w> {
    /// A player before the start, on the first of January 2026.
    pub fn new(world: &'w World, answers: BTreeMap<String, Vec<Answer>>) -> Player<'w> {
        let now = Timestamp::parse("2026-01-01T08:00:00Z").unwrap();
        let (state, replayed, events, performed) = (None, None, Vec::new(), Vec::new());
        Player { world, answers, now, names: trace::Names::default(), replayed, state, events, performed }
    }

    /// Starts a process; at an event with what it brings, when one is named.
    pub fn start(
        &mut self,
        process: &str,
        by: &str,
        variables: JsonMap,
        event: Option<StartedBy>,
    ) -> Result<Done, String> {
        let start = Start {
            instance: "root".into(),
            business: world::business(),
            revision: 1,
            process: process.to_owned(),
            business_key: None,
            starter: by.into(),
            variables,
            event,
        };
        self.replayed = Some(engine::blank(&start, self.now));
        self.command(Command::Start(start), &world::person(by))
    }

    pub fn claim(&mut self, node: &str, by: &str) -> Result<Done, String> {
        let task = self.task(node)?;
        self.command(Command::ClaimTask { task }, &world::person(by))
    }

    pub fn unclaim(&mut self, node: &str, by: &str) -> Result<Done, String> {
        let task = self.task(node)?;
        self.command(Command::UnclaimTask { task }, &world::person(by))
    }

    pub fn complete(
        &mut self,
        node: &str,
        by: &str,
        (outcome, variables): (Option<String>, JsonMap),
    ) -> Result<Done, String> {
        let task = self.task(node)?;
        self.command(Command::CompleteTask { task, outcome, variables }, &world::person(by))
    }

    /// Claims an open task that nobody has, and completes it.
    pub fn perform(&mut self, node: &str, by: &str, details: (Option<String>, JsonMap)) -> Result<Done, String> {
        let task = self.task(node)?;
        let open = self.state()?.tasks.get(&task).is_some_and(|task| task.state == TaskState::Created);
        let claimed = if open { self.claim(node, by)? } else { Done::default() };
        if claimed.refused.is_some() {
            return Ok(claimed);
        }
        self.complete(node, by, details)
    }

    /// Moves the clock; every timer that becomes due fires at its time, in the order of their times.
    pub fn advance(&mut self, duration: &Duration) -> Result<Done, String> {
        let until = duration.after(self.now);
        let mut done = Done::default();
        loop {
            let due = self.state()?.timers.values().filter(|timer| timer.due <= until);
            let Some(next) = due.min_by_key(|timer| (timer.due, serial_in(timer.id.as_str()))).cloned() else { break };
            self.now = self.now.max(next.due);
            let fired = self.fire(next.id)?;
            done.add(fired);
        }
        self.now = until;
        Ok(done)
    }

    /// Fires the last timer of an event once more, whether it is still set or not.
    pub fn fire_again(&mut self, event: &str) -> Result<Done, String> {
        let set = self.events.iter().rev().find_map(|happened| match happened {
            Event::TimerSet { timer } if timer.node.as_str() == event => Some(timer.id.clone()),
            _ => None,
        });
        self.fire(set.ok_or_else(|| format!("no timer of \"{event}\" was ever set"))?)
    }

    fn fire(&mut self, timer: TimerId) -> Result<Done, String> {
        self.command(Command::FireTimer { timer }, &Actor::engine(world::business()))
    }

    /// Retries the last incident of a node, open or not, perhaps with other variables.
    pub fn retry(&mut self, node: &str, by: &str, variables: JsonMap) -> Result<Done, String> {
        let (incident, reason) = (self.incident(node)?, None);
        self.command(Command::RetryIncident(Retry { incident, variables, reason }), &world::person(by))
    }

    /// The last incident of a node, open or not.
    pub fn incident(&self, node: &str) -> Result<IncidentId, String> {
        let raised = self.events.iter().rev().find_map(|event| match event {
            Event::IncidentRaised { incident } if incident.node.as_str() == node => Some(incident.id.clone()),
            _ => None,
        });
        raised.ok_or_else(|| format!("there was never an incident at \"{node}\""))
    }

    /// A message comes to the first who waits for it; a signal to all.
    pub fn receive(&mut self, wanted: &Awaited, payload: &JsonMap) -> Result<Done, String> {
        let fits = |one: &Awaited| match (wanted, one) {
            (Awaited::Message { name, key }, Awaited::Message { name: awaited, key: wanted }) => {
                name == awaited && key == wanted
            }
            (Awaited::Signal { name }, Awaited::Signal { name: awaited }) => name == awaited,
            _ => false,
        };
        let waits = self.state()?.subscriptions.values().filter(|one| fits(&one.awaits));
        let mut waits: Vec<_> = waits.map(|one| (serial_in(one.id.as_str()), one.id.clone())).collect();
        waits.sort();
        if matches!(wanted, Awaited::Message { .. }) {
            waits.truncate(1);
            if waits.is_empty() {
                return Ok(Done { refused: Some("nobody waits for it".to_owned()), ..Done::default() });
            }
        }
        let mut done = Done::default();
        for (_, subscription) in waits {
            done.add(self.deliver(subscription, payload.clone())?);
        }
        Ok(done)
    }

    /// Lets a receive task go on that waits for somebody to say so.
    pub fn trigger(&mut self, node: &str) -> Result<Done, String> {
        let waits =
            self.state()?.subscriptions.values().find(|one| one.node.as_str() == node && one.awaits == Awaited::Call);
        let subscription = waits.map(|one| one.id.clone()).ok_or_else(|| format!("\"{node}\" does not wait"))?;
        self.deliver(subscription, JsonMap::new())
    }

    /// Begins an activity of an ad-hoc sub-process.
    pub fn activate(&mut self, node: &str, by: &str) -> Result<Done, String> {
        let instance = self.state()?.id.clone();
        self.command(Command::Activate { instance, node: node.into() }, &world::person(by))
    }

    /// One more instance of an activity that is done for each.
    pub fn add_instance(&mut self, node: &str, item: Json, by: &str) -> Result<Done, String> {
        let instance = self.state()?.id.clone();
        self.command(Command::AddInstance { instance, node: node.into(), item }, &world::person(by))
    }

    fn deliver(&mut self, subscription: SubscriptionId, payload: JsonMap) -> Result<Done, String> {
        self.command(Command::Deliver { subscription, payload }, &Actor::engine(world::business()))
    }

    pub fn complete_job(&mut self, node: &str, result: Json) -> Result<Done, String> {
        let job = self.job(node)?;
        self.command(Command::CompleteJob { job, result }, &world::person("worker"))
    }

    pub fn fail_job(&mut self, node: &str, message: String, after: Option<Duration>) -> Result<Done, String> {
        let job = self.job(node)?;
        self.command(Command::FailJob { job, message, retry_after: after }, &world::person("worker"))
    }

    pub fn error_job(&mut self, node: &str, code: String, variables: JsonMap) -> Result<Done, String> {
        let job = self.job(node)?;
        self.command(Command::ThrowJobError { job, code, variables }, &world::person("worker"))
    }

    /// The open job of a node, else the last one.
    fn job(&self, node: &str) -> Result<JobId, String> {
        let open = self.state()?.jobs.values().find(|job| job.node.as_str() == node).map(|job| job.id.clone());
        let ever = self.events.iter().rev().find_map(|event| match event {
            Event::JobCreated { job } if job.node.as_str() == node => Some(job.id.clone()),
            _ => None,
        });
        open.or(ever).ok_or_else(|| format!("there was never a job at \"{node}\""))
    }

    /// The present state.
    pub fn state(&self) -> Result<&Instance, String> {
        self.state.as_ref().ok_or_else(|| "nothing was started".to_owned())
    }

    /// The last task of a node, open or not.
    pub fn task(&self, node: &str) -> Result<TaskId, String> {
        let open = self.state()?.tasks.values().filter(|task| task.node.as_str() == node).min_by_key(|task| task.token);
        let ever = self.events.iter().rev().find_map(|event| match event {
            Event::TaskCreated { task } if task.node.as_str() == node => Some(task.id.clone()),
            _ => None,
        });
        open.map(|task| task.id.clone()).or(ever).ok_or_else(|| format!("there was never a task \"{node}\""))
    }

    /// A command, and the answers to all that the engine asks for it.
    pub fn command(&mut self, command: Command, by: &Actor) -> Result<Done, String> {
        let applied = proof::apply(self.world, self.state.as_ref(), &command, by, self.now)?;
        let mut transition = match applied {
            Ok(transition) => transition,
            Err(refused) => return Ok(Done { refused: Some(refused.to_string()), ..Done::default() }),
        };
        let mut checkpoint: Option<(Instance, usize, usize)> = None;
        while let Some(ask) = transition.ask.take() {
            let answer = match ask {
                Ask::Action(call) => self.act(call),
                Ask::Begin(beginning) => self.begin(beginning),
                Ask::Savepoint { token } => {
                    let there = (transition.instance.clone(), transition.events.len(), self.performed.len());
                    if checkpoint.replace(there).is_some() {
                        return Err("a savepoint inside a savepoint".to_owned());
                    }
                    Command::EnterAtomic { token }
                }
                Ask::Rollback { token, abort } => {
                    let (instance, events, performed) = checkpoint.take().ok_or("nothing to go back to")?;
                    transition.instance = instance;
                    transition.events.truncate(events);
                    self.performed.truncate(performed);
                    Command::RolledBack { token, abort }
                }
                Ask::Release => {
                    checkpoint.take().ok_or("nothing to release")?;
                    Command::Continue
                }
            };
            let next = proof::apply(self.world, Some(&transition.instance), &answer, by, self.now)?;
            let next =
                next.map_err(|refused| format!("the engine refused an answer to its own question: {refused}"))?;
            transition.instance = next.instance;
            transition.events.extend(next.events);
            transition.ask = next.ask;
        }
        if checkpoint.is_some() {
            return Err("a savepoint was left open".to_owned());
        }
        self.keep(transition)
    }

    fn keep(&mut self, transition: Transition) -> Result<Done, String> {
        let Transition { instance, events, .. } = transition;
        let history = events.iter().filter_map(|event| self.names.word(event)).collect();
        self.events.extend(events.clone());
        let replayed = self.replayed.as_mut().ok_or("nothing was started")?;
        events.iter().for_each(|event| evolve(replayed, event));
        proof::same(replayed, &instance, "the replay of the whole history is not the state")?;
        self.state = Some(instance);
        Ok(Done { events, history, refused: None })
    }

    /// What an action answers from now on.
    pub fn now_answers(&mut self, action: &str, answer: Answer) {
        self.answers.insert(action.to_owned(), vec![answer]);
    }

    fn answer(&mut self, what: &str) -> Answer {
        let answers = self.answers.entry(what.to_owned()).or_default();
        let answer = if answers.len() > 1 { Some(answers.remove(0)) } else { answers.first().cloned() };
        answer.unwrap_or_default()
    }

    /// A process that is not waited for: an action of its name, with its start variables.
    fn begin(&mut self, beginning: Beginning) -> Command {
        let action = format!("begin {} {}", beginning.process, Json::Object(beginning.variables.clone()));
        let Answer { gives, fails } = self.answer(&format!("begin {}", beginning.process));
        let (token, process, existing) = (beginning.token, beginning.process.clone(), gives == "existing");
        let begun = Begun { token, process, instance: "another".into(), existing };
        let result = fails.map_or(Ok(begun), |sentence| Err(Failure::new("business_key_reused", sentence)));
        if result.is_ok() {
            self.performed.push(action);
        }
        Command::Begun { beginning, result }
    }

    fn act(&mut self, call: ActionCall) -> Command {
        let Answer { gives, fails } = self.answer(&call.action);
        let result: ActionResult = fails.map_or(Ok(gives), |sentence| Err(Failure::new("action", sentence)));
        if result.is_ok() {
            self.performed.push(call.action.clone());
        }
        Command::Acted { call, result }
    }
}
