//! From a change to a command of the engine: the caller may do it, what was entered fits, the version is the present one.

use super::intervention;
use crate::engine::evaluator::{Evaluator, Names};
use crate::engine::{self, EngineError, Transition};
use crate::model::command::{Command, Start, StartedBy};
use crate::model::ids::{InstanceId, TaskId, token_number};
use crate::model::instance::Instance;
use crate::model::json::{Json, JsonMap};
use crate::model::process::Process;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::subscription::Awaited;
use crate::model::task::{TaskVerb, UserTask};
use crate::model::time::Timestamp;
use crate::model::voting::Voting;
use crate::runtime::job::Job;
use crate::runtime::library::Library;
use crate::runtime::prepare::Prepared;
use crate::runtime::request::{Change, JobChange, Report};
use crate::runtime::shelf::Shelf;
use crate::runtime::{access, entered, ids};

/// Characters of a business key at most: an index entry has room for no more.
const KEY_MOST: usize = 500;

/// The start that a job asks for, with its business key. Everything that can be refused is refused here, but who may
/// start it.
pub fn start(
    job: &Job,
    library: &Library,
    definition: &Process,
    variables: &JsonMap,
    event: Option<&StartedBy>,
) -> Result<Start, Refusal> {
    library.check_input(&definition.key, variables)?;
    let business_key = match &definition.business_key {
        None => None,
        Some(expression) => {
            let mut given = variables.clone();
            given.insert("input".into(), Json::Object(variables.clone()));
            let key = library.scripts.evaluate(expression, &Names::new(vec![&given]));
            let key = key.map_err(|failure| Refusal::invalid("business_key", failure.message))?;
            match key {
                Json::String(key) if key.chars().count() > KEY_MOST => {
                    let sentence = format!(
                        "{}: the business key has {} characters; at most {KEY_MOST} are kept",
                        expression.at,
                        key.chars().count()
                    );
                    return Err(Refusal::invalid("business_key", sentence));
                }
                Json::String(key) if !key.is_empty() => Some(key),
                other => {
                    let sentence = format!("{}: the business key came out as {other}, not as text", expression.at);
                    return Err(Refusal::invalid("business_key", sentence));
                }
            }
        }
    };
    Ok(Start {
        event: event.cloned(),
        instance: InstanceId(ids::new()),
        business: job.actor.business.clone(),
        revision: library.number,
        process: definition.key.clone(),
        business_key,
        starter: job.actor.user.clone(),
        variables: variables.clone(),
    })
}

/// The command that a job has for an instance.
pub fn command(job: &Job, instance: &Instance, shelf: &Shelf, now: Timestamp) -> Result<Command, Refusal> {
    let Prepared::Change(change) = &job.change else { return Err(no_command()) };
    match change {
        Change::ClaimTask(task) => {
            open_task(job, instance, task)?;
            Ok(Command::ClaimTask { task: task.clone() })
        }
        Change::UnclaimTask(task) => {
            open_task(job, instance, task)?;
            Ok(Command::UnclaimTask { task: task.clone() })
        }
        Change::CompleteTask { task, outcome, variables } => {
            let open = open_task(job, instance, task)?;
            let variables = filled_in(job, instance, shelf, (open, TaskVerb::Complete), (variables, now))?;
            Ok(Command::CompleteTask { task: task.clone(), outcome: outcome.clone(), variables })
        }
        Change::WithdrawApproval(approval, reason) => {
            let gone = || Refusal::not_found("approval", approval);
            let token = token_number(&instance.id, approval).ok_or_else(gone)?;
            // Who is asked is told who can; for strangers it is not there.
            let strange = |voting: &Voting| {
                let user = &job.actor.user;
                voting.submitter != *user && !voting.seats.iter().any(|seat| seat.user == *user)
            };
            if instance.votings.get(&token).is_some_and(strange) {
                return Err(gone());
            }
            Ok(Command::Withdraw { approval: token, reason: reason.clone() })
        }
        Change::LookAgain(_, approvals) => {
            let approvals = approvals.iter().filter_map(|approval| token_number(&instance.id, approval));
            Ok(Command::LookAgain { approvals: approvals.collect() })
        }
        Change::FireTimer(timer) => Ok(Command::FireTimer { timer: timer.clone() }),
        Change::Deliver { subscription, payload } => {
            Ok(Command::Deliver { subscription: subscription.clone(), payload: payload.clone() })
        }
        Change::Trigger { instance: within, node } => {
            let mut waits = instance.subscriptions.values().filter(|one| one.awaits == Awaited::Call);
            let found = waits.find(|one| one.node == *node && (one.instance == *within || *within == instance.id));
            let refused = || Refusal::conflict("not_waiting", format!("\"{node}\" does not wait for anybody now"));
            let subscription = found.ok_or_else(refused)?.id.clone();
            Ok(Command::Deliver { subscription, payload: JsonMap::new() })
        }
        Change::BeginActivity { instance, node } => {
            Ok(Command::Activate { instance: instance.clone(), node: node.clone() })
        }
        Change::AddInstance { instance, node, item } => {
            Ok(Command::AddInstance { instance: instance.clone(), node: node.clone(), item: item.clone() })
        }
        Change::Job(JobChange::Report { job, report, .. }) => Ok(match report.clone() {
            Report::Done(result) => Command::CompleteJob { job: job.clone(), result },
            Report::Failed { message, retry_after } => Command::FailJob { job: job.clone(), message, retry_after },
            Report::Error { code, variables } => Command::ThrowJobError { job: job.clone(), code, variables },
        }),
        change => intervention::command(change),
    }
}

/// What a person sends with an open task as the variables that it sets. Who may not do it at all is told so, and not what
/// is wrong with the form.
pub(super) fn filled_in(
    job: &Job,
    instance: &Instance,
    shelf: &Shelf,
    (open, verb): (&UserTask, TaskVerb),
    (sent, now): (&JsonMap, Timestamp),
) -> Result<JsonMap, Refusal> {
    if engine::capacities(open, verb, &job.actor).is_err() {
        return Ok(sent.clone());
    }
    let given = engine::given(&instance.business, &job.actor, now);
    let mut layers = entered::layers(instance, open.token);
    layers.push(&given);
    shelf.library_at(instance, open.token).entered(open.form.as_deref(), &layers, sent)
}

/// Applies a command with the revisions that its root runs on.
pub fn apply(
    job: &Job,
    shelf: &Shelf,
    instance: Option<&Instance>,
    command: &Command,
    now: Timestamp,
) -> Result<Transition, EngineError> {
    engine::apply(instance, command, &shelf.context(&job.actor, now))
}

/// The open task, when the caller saw its present version.
pub(super) fn open_task<'i>(job: &Job, instance: &'i Instance, task: &TaskId) -> Result<&'i UserTask, Refusal> {
    let open = instance.tasks.get(task).ok_or_else(|| Refusal::from(EngineError::TaskNotOpen(task.clone())))?;
    match job.if_match {
        Some(seen) if seen != open.version => {
            let sentence = format!("task {task} is at version {}; you saw version {seen}", open.version);
            // What the process says of itself on the task is for who is to do the work; see `access::mask`.
            let works = access::concerns(&job.actor, open);
            let search = if works { open.search.clone() } else { JsonMap::new() };
            let present = serde_json::to_value(UserTask { search, ..open.clone() }).unwrap_or_default();
            Err(Refusal::new(RefusalKind::Stale, "stale_task", sentence).with_present(present))
        }
        _ => Ok(open),
    }
}

pub(super) fn no_command() -> Refusal {
    Refusal::new(RefusalKind::Internal, "no_command", "this change is not for a process instance")
}
