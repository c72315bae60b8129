//! A job: one prepared change, who asked for it, and where its answer goes.

use crate::model::actor::Actor;
use crate::model::ids::{InstanceId, JobId, TaskId, root_of};
use crate::model::refusal::Refusal;
use crate::runtime::exchange::Exchange;
use crate::runtime::prepare::Prepared;
use crate::runtime::request::{Answer, Change, IdempotencyKey, JobChange, Outcome, Report};
use crate::store::idempotency::Place;
use tokio::sync::oneshot;

/// A job of a writer.
pub struct Job {
    /// Who asks.
    pub actor: Actor,
    /// What for.
    pub change: Prepared,
    /// Answers a repetition with the first answer.
    pub idempotency: Option<IdempotencyKey>,
    /// The version that the caller saw.
    pub if_match: Option<i64>,
    /// Why, when it is a row of something larger.
    pub reason: Option<String>,
    /// How often it lost a race and was run again.
    pub attempts: u32,
    /// Processes that began one another in this transaction, up to this one.
    pub depth: usize,
    answer: oneshot::Sender<Result<Answer, Refusal>>,
}

impl Job {
    /// A job and the end at which its answer comes out.
    pub fn new(
        actor: Actor,
        change: Prepared,
        idempotency: Option<IdempotencyKey>,
        if_match: Option<i64>,
    ) -> (Job, oneshot::Receiver<Result<Answer, Refusal>>) {
        let (answer, answered) = oneshot::channel();
        (Job { actor, change, idempotency, if_match, reason: None, attempts: 0, depth: 0, answer }, answered)
    }

    /// A part of this job, for a change of its own: the same caller, and nobody who waits for the answer.
    pub fn part(&self, change: Change, if_match: Option<i64>, reason: Option<String>) -> Job {
        let (job, _) = Job::new(self.actor.clone(), Prepared::Change(change), None, if_match);
        Job { reason, depth: self.depth, ..job }
    }

    /// A process that this job begins beside its own: by the engine, whoever made it happen.
    pub fn begun(&self, change: Change) -> Job {
        let (job, _) = Job::new(Actor::engine(self.actor.business.clone()), Prepared::Change(change), None, None);
        Job { depth: self.depth + 1, ..job }
    }

    /// The root that the command is for; none for a start and for what is not a process.
    pub fn root(&self) -> Option<InstanceId> {
        let Prepared::Change(change) = &self.change else { return None };
        match change {
            Change::ClaimTask(task)
            | Change::UnclaimTask(task)
            | Change::CompleteTask { task, .. }
            | Change::Task(task, _) => Some(root_of(task.as_str())),
            Change::WithdrawApproval(approval, _) | Change::AddApprover(approval, ..) => Some(root_of(approval)),
            Change::LookAgain(root, _) => Some(root.clone()),
            Change::FireTimer(timer) => Some(root_of(timer.as_str())),
            Change::Deliver { subscription, .. } => Some(root_of(subscription.as_str())),
            Change::Trigger { instance, .. }
            | Change::BeginActivity { instance, .. }
            | Change::AddInstance { instance, .. } => Some(root_of(instance.as_str())),
            Change::RetryIncident(retry) => Some(root_of(retry.incident.as_str())),
            Change::SkipIncident(skip) => Some(root_of(skip.incident.as_str())),
            Change::Intervene(intervene) => Some(root_of(intervene.instance.as_str())),
            Change::Job(JobChange::Report { job, .. }) => Some(root_of(job.as_str())),
            _ => None,
        }
    }

    /// The task that the command is for.
    pub fn task(&self) -> Option<&TaskId> {
        let Prepared::Change(change) = &self.change else { return None };
        match change {
            Change::ClaimTask(task)
            | Change::UnclaimTask(task)
            | Change::CompleteTask { task, .. }
            | Change::Task(task, _) => Some(task),
            _ => None,
        }
    }

    /// The job of a worker that the command reports on, and the token of the lease.
    pub fn reported(&self) -> Option<(&JobId, &str, &Report)> {
        match &self.change {
            Prepared::Change(Change::Job(JobChange::Report { job, lease, report })) => Some((job, lease, report)),
            _ => None,
        }
    }

    /// Jobs of one partition go to one writer: commands of one root, changes of one business's definitions and people.
    pub fn partition(&self) -> String {
        match (self.root(), &self.change) {
            (Some(root), _) => root.0,
            (None, Prepared::Change(Change::Start { variables, .. })) => format!("{variables:?}"),
            (None, Prepared::Change(Change::CreateTask(new))) => format!("{new:?}"),
            // What one instance sends stays in its order; what goes to one root meets the commands for it.
            (None, Prepared::Change(Change::Exchange(step))) => match step.as_ref() {
                Exchange::Bring { delivery, to } => root_of(to.as_ref().map_or(delivery.as_str(), |to| to.as_str())).0,
                Exchange::Message(_) | Exchange::Signal(_) | Exchange::Begin(_) => format!("{step:?}"),
            },
            (None, Prepared::Change(Change::StorePart { upload, .. }))
            | (None, Prepared::Change(Change::FinishUpload { upload, .. }))
            | (None, Prepared::Change(Change::DropUpload { upload })) => upload.clone(),
            (None, Prepared::Change(Change::UpdateRecord { id, .. } | Change::DeleteRecord { id, .. })) => id.0.clone(),
            (None, Prepared::Change(Change::Job(JobChange::Extend { job, .. }))) => root_of(job.as_str()).0,
            (None, Prepared::Change(Change::CreateRecord { fields, .. })) => format!("{fields:?}"),
            (None, _) => self.actor.business.0.clone(),
        }
    }

    /// The type whose next number it may take. Who takes numbers of several types takes them in one order, so that two
    /// writers do not wait for each other in a circle.
    pub fn counts(&self) -> Option<&str> {
        match &self.change {
            Prepared::Change(Change::CreateRecord { record_type, .. }) => Some(record_type),
            _ => None,
        }
    }

    /// Whether it may change who somebody is and what somebody may do. What is not known here to leave people alone may.
    pub fn touches_people(&self) -> bool {
        let Prepared::Change(change) = &self.change else { return true };
        let alone = self.root().is_some()
            || matches!(
                change,
                Change::Start { .. }
                    | Change::Begin(_)
                    | Change::CreateTask(_)
                    | Change::Exchange(_)
                    | Change::Job(_)
                    | Change::CreateRecord { .. }
                    | Change::UpdateRecord { .. }
                    | Change::DeleteRecord { .. }
                    | Change::MergeRecords { .. }
                    | Change::UndoMerge { .. }
                    | Change::StorePart { .. }
                    | Change::FinishUpload { .. }
                    | Change::DropUpload { .. }
                    | Change::Attach { .. }
                    | Change::Detach { .. }
                    | Change::Import(_)
                    | Change::Rescan(_)
                    | Change::TaskPaper(_)
                    | Change::Upkeep(_)
            );
        !alone
    }

    /// Where its answer is kept.
    pub fn place(&self) -> Option<Place> {
        self.idempotency.as_ref().map(|key| Place {
            business: self.actor.business.clone(),
            caller: self.actor.caller(),
            route: key.route.clone(),
            key: key.key.clone(),
        })
    }

    /// Answers; a caller that went away needs none.
    pub fn answer(self, result: Result<Outcome, Refusal>, replayed: bool) {
        let _ = self.answer.send(result.map(|outcome| Answer { outcome, replayed }));
    }

    /// Answers with a refusal.
    pub fn refuse(self, refusal: Refusal) {
        self.answer(Err(refusal), false);
    }
}
