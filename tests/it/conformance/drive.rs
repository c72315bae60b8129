//! The commands of the runtime as the steps of a case name them, one function each: whoever adds a command to the
//! engine fills its function in here.

use super::engine::{execute, wait};
use kamflow::model::actor::Actor;
use kamflow::model::delivery::{NewMessage, NewSignal};
use kamflow::model::directory::User;
use kamflow::model::ids::{InstanceId, TaskId, UserId};
use kamflow::model::instance::Instance;
use kamflow::model::intervention::{Intervene, Intervention};
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::page::Search;
use kamflow::model::refusal::Refusal;
use kamflow::model::subscription::Awaited;
use kamflow::model::task::Delegation;
use kamflow::model::time::Timestamp;
use kamflow::runtime::exchange::Exchange;
use kamflow::runtime::request::{Change, Outcome, TaskRequest};
use kamflow::runtime::{Runtime, operator};
use kamflow::store::{Connection, deliveries, schedules, timers};

/// Why a command was not carried out.
#[derive(Debug)]
pub enum Stop {
    /// The engine said no.
    Refused(Refusal),
}

/// Somebody at the runtime.
#[derive(Clone)]
pub struct Hand {
    pub runtime: Runtime,
    pub actor: Actor,
}

type Done = Result<(), Stop>;

impl Hand {
    fn does(&self, change: Change) -> Result<Outcome, Stop> {
        Ok(execute(&self.runtime, self.actor.clone(), change)?)
    }
}

fn exchange(step: Exchange) -> Change {
    Change::Exchange(Box::new(step))
}

/// Starts a process; the new instance.
pub fn start(hand: &Hand, process: &str, variables: JsonMap) -> Result<InstanceId, Stop> {
    match hand.does(Change::Start { process: process.to_owned(), variables })? {
        Outcome::Started(summary) | Outcome::Existing(summary) => Ok(summary.id),
        other => panic!("a start answered {other:?}"),
    }
}

/// Takes a task.
pub fn claim(hand: &Hand, task: &TaskId) -> Done {
    hand.does(Change::ClaimTask(task.clone())).map(drop)
}

/// Gives a task back.
pub fn release(hand: &Hand, task: &TaskId) -> Done {
    hand.does(Change::UnclaimTask(task.clone())).map(drop)
}

/// Lets somebody else do a task; whoever that is, is in the directory from now on.
pub fn delegate(hand: &Hand, task: &TaskId, to: &str) -> Done {
    let (id, created_at) = (UserId::from(to), Timestamp(0));
    let (roles, attributes) = (Vec::new(), JsonMap::new());
    let user = User { id: id.clone(), name: to.to_owned(), active: true, roles, attributes, created_at, version: 0 };
    let operator = Hand { actor: operator(hand.actor.business.clone()), ..hand.clone() };
    operator.does(Change::PutUser { user, password: None })?;
    hand.does(Change::Task(task.clone(), TaskRequest::Delegate { to: id, comment: None })).map(drop)
}

/// Finishes a task. What was delegated is given back by the delegate, and its owner finishes it.
pub fn complete(hand: &Hand, task: &TaskId, variables: JsonMap) -> Done {
    let seen = wait(hand.runtime.task(&hand.actor, task)).ok().map(|seen| seen.task);
    let delegated = seen.filter(|task| task.delegation == Some(Delegation::Pending));
    if let Some(owner) =
        delegated.filter(|task| task.assignee.as_ref() == Some(&hand.actor.user)).and_then(|it| it.owner)
    {
        hand.does(Change::Task(task.clone(), TaskRequest::Resolve(variables)))?;
        let owner = Hand { actor: Actor::of(hand.actor.business.clone(), owner), ..hand.clone() };
        return complete(&owner, task, JsonMap::new());
    }
    hand.does(Change::CompleteTask { task: task.clone(), outcome: None, variables }).map(drop)
}

/// Sends a message; refused when nobody waits for it and it is not to be kept.
pub fn message(hand: &Hand, name: &str, key: Option<&str>, ttl: Option<&str>) -> Done {
    let (name, key) = (name.to_owned(), key.map(str::to_owned));
    let ttl = ttl.map(|ttl| ttl.parse().unwrap());
    hand.does(exchange(Exchange::Message(NewMessage { name, key, payload: JsonMap::new(), ttl }))).map(drop)
}

/// Sends a signal to everybody who waits for it.
pub fn signal(hand: &Hand, name: &str) -> Done {
    hand.does(exchange(Exchange::Signal(NewSignal { name: name.to_owned(), payload: JsonMap::new() }))).map(drop)
}

/// Lets a node go on that waits for somebody to say so: a receive task without a message.
pub fn trigger(hand: &Hand, instance: &InstanceId, node: &str) -> Done {
    hand.does(Change::Trigger { instance: instance.clone(), node: node.into() }).map(drop)
}

/// Starts an activity of an ad-hoc level.
pub fn activate(hand: &Hand, instance: &InstanceId, node: &str, _scope: Option<&str>) -> Done {
    hand.does(Change::BeginActivity { instance: instance.clone(), node: node.into() }).map(drop)
}

/// One more instance of an activity that is repeated for a list.
pub fn add_instance(hand: &Hand, instance: &InstanceId, node: &str, element: &Json) -> Done {
    let (instance, node, item) = (instance.clone(), node.into(), element.clone());
    hand.does(Change::AddInstance { instance, node, item }).map(drop)
}

/// Ends an instance from outside.
pub fn cancel(hand: &Hand, instance: &InstanceId) -> Done {
    intervene(hand, instance, Intervention::Cancel)
}

/// Stops an instance for a while.
pub fn suspend(hand: &Hand, instance: &InstanceId) -> Done {
    intervene(hand, instance, Intervention::Suspend)
}

/// Lets it go on.
pub fn resume(hand: &Hand, instance: &InstanceId) -> Done {
    intervene(hand, instance, Intervention::Resume)
}

/// Cases name nobody for this; it is for who runs the machine.
fn intervene(hand: &Hand, instance: &InstanceId, what: Intervention) -> Done {
    let by = Hand { actor: operator(hand.actor.business.clone()), ..hand.clone() };
    let (instance, reason) = (instance.clone(), Some("the case says so".to_owned()));
    by.does(Change::Intervene(Intervene { instance, what, reason })).map(drop)
}

/// Timers of other cases stand before ours; more than so many are not looked at.
const MOST: i64 = 100_000;

/// When the next thing is due in the business of this hand, after one instant and up to another.
pub fn next_due(hand: &Hand, conn: &mut Connection, after: Timestamp, until: Timestamp) -> Option<Timestamp> {
    let due = timers::due(conn, until, None, MOST).unwrap();
    let timers = due.into_iter().filter(|due| due.business == hand.actor.business).map(|due| due.due);
    let due = deliveries::due(conn, until, None, MOST).unwrap();
    let deliveries = due.into_iter().filter(|due| due.business == hand.actor.business).map(|due| due.due);
    let due = schedules::due(conn, until, MOST).unwrap();
    let schedules = due.into_iter().filter(|due| due.business == hand.actor.business).filter_map(|due| due.due);
    timers.chain(deliveries).chain(schedules).filter(|due| *due > after).min()
}

/// Does everything that is due now, as the worker would, in the order of the due times; how much it was.
pub fn run_due(hand: &Hand, conn: &mut Connection) -> usize {
    let due = timers::due(conn, hand.runtime.now(), None, MOST).unwrap();
    let mine = due.into_iter().filter(|due| due.business == hand.actor.business);
    // A timer that an earlier one took away is refused, which is as it should be.
    let fired = mine.filter(|due| hand.does(Change::FireTimer(due.id.clone())).is_ok()).count();
    let due = deliveries::due(conn, hand.runtime.now(), None, MOST).unwrap();
    let mine = due.into_iter().filter(|due| due.business == hand.actor.business);
    let begun = schedules::due(conn, hand.runtime.now(), MOST).unwrap();
    let begun = begun.into_iter().filter(|due| due.business == hand.actor.business);
    let begun = begun.filter(|due| hand.does(exchange(Exchange::Begin(due.clone()))).is_ok()).count();
    let bring = |due: deliveries::Due| hand.does(exchange(Exchange::Bring { delivery: due.id, to: due.to }));
    fired + begun + mine.map(bring).filter(Result::is_ok).count()
}

/// What an instance waits for, beside people.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Waits {
    /// The signals, sorted; one that is waited for twice stands here twice.
    pub signals: Vec<String>,
    /// The messages, likewise.
    pub messages: Vec<String>,
    /// How many timers are set.
    pub timers: usize,
}

/// What an instance waits for.
pub fn waits(instance: &Instance) -> Waits {
    let mut waits = Waits { timers: instance.timers.len(), ..Waits::default() };
    for one in instance.subscriptions.values() {
        match &one.awaits {
            Awaited::Message { name, .. } => waits.messages.push(name.clone()),
            Awaited::Signal { name } => waits.signals.push(name.clone()),
            Awaited::Condition { .. } | Awaited::Call => {}
        }
    }
    waits.messages.sort();
    waits.signals.sort();
    waits
}

/// The nodes of the tasks that somebody may take or has, each as often as there is a task.
pub fn tasks_for(hand: &Hand) -> Result<Vec<String>, Stop> {
    let search = Search { limit: 500, ..Default::default() };
    let found = wait(hand.runtime.tasks(&hand.actor, search))?;
    let open = found.items.into_iter().filter(|seen| seen.task.ended_at.is_none());
    Ok(open.map(|seen| seen.task.node.to_string()).collect())
}
