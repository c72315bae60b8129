//! Planning: everything about a batch that needs no transaction. States, active revisions and kept answers are read with
//! one statement each, business keys where a start gives one, and every command is applied in memory.

use super::lease::{self, Standing};
use super::verdict::Verdict;
use super::{approval, command, intervention, new_task, task};
use crate::engine::{EngineError, Transition};
use crate::model::command::{Command, StartedBy};
use crate::model::ids::{BusinessId, InstanceId, JobId, TaskId};
use crate::model::instance::Instance;
use crate::model::job::LeasedJob;
use crate::model::json::{Json, JsonMap};
use crate::model::process::{Process, Uniqueness};
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::task::{STANDALONE, UserTask};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::begins::{Begin, Cause};
use crate::runtime::job::Job;
use crate::runtime::library::Library;
use crate::runtime::prepare::Prepared;
use crate::runtime::request::{Change, JobChange, Outcome};
use crate::runtime::shared::Shared;
use crate::runtime::shelf::{Given, Shelf};
use crate::runtime::{access, built_in, libraries};
use crate::store::businesses::Going;
use crate::store::idempotency::{Kept, Place};
use crate::store::visible::Visible;
use crate::store::{Connection, StoreError, businesses, idempotency, instances, jobs as store_jobs, tasks};
use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What is to be done for a job.
pub enum Plan {
    /// Nothing more.
    Settled(Verdict),
    /// Nothing changes; keep this answer under its idempotency key.
    Keep(Box<Result<Outcome, Refusal>>),
    /// Write this run of the engine.
    Run(Box<Run>),
    /// Carry out a change that is not a command of the engine.
    Change,
}

/// A command that was applied in memory.
pub struct Run {
    /// The revisions that it runs on.
    pub shelf: Shelf,
    /// The state before and its version; none for a start.
    pub before: Option<(Instance, i64)>,
    /// What came of it so far.
    pub transition: Transition,
}

/// Plans a batch.
pub fn plan(shared: &Shared, conn: &mut Connection, jobs: &[Job], now: Timestamp) -> Result<Vec<Plan>, StoreError> {
    let roots: Vec<(BusinessId, InstanceId)> =
        jobs.iter().filter_map(|job| Some((job.actor.business.clone(), job.root()?))).collect();
    let loaded = instances::load(conn, &roots)?;
    let reported = jobs.iter().filter_map(|job| Some((job.actor.business.clone(), job.reported()?.0.clone())));
    let reported = store_jobs::those(conn, &reported.collect::<Vec<_>>())?;
    let businesses: HashSet<BusinessId> = jobs.iter().map(|job| job.actor.business.clone()).collect();
    let going = businesses::going(conn, &businesses.into_iter().collect::<Vec<_>>())?;
    let places: Vec<Place> = jobs.iter().filter_map(Job::place).collect();
    let kept = idempotency::find(conn, &places)?;
    let mut planning = Planning {
        shared,
        conn,
        now,
        states: loaded.into_iter().map(|(state, version)| (state.id.clone(), (state, version))).collect(),
        reported: reported.into_iter().map(|(business, job)| ((business, job.job.id.clone()), job)).collect(),
        going: going.into_iter().map(|going| (going.business.clone(), going)).collect(),
        kept: kept.into_iter().map(|kept| (kept.place.clone(), kept)).collect(),
        started: HashSet::new(),
    };
    jobs.iter().map(|job| planning.job(job)).collect()
}

struct Planning<'a> {
    shared: &'a Shared,
    conn: &'a mut Connection,
    now: Timestamp,
    states: HashMap<InstanceId, (Instance, i64)>,
    /// Jobs that workers report on.
    reported: HashMap<(BusinessId, JobId), LeasedJob>,
    going: HashMap<BusinessId, Going>,
    kept: HashMap<Place, Kept>,
    /// Process and business key of the starts of this batch.
    started: HashSet<(BusinessId, String, String)>,
}

impl Planning<'_> {
    fn job(&mut self, job: &Job) -> Result<Plan, StoreError> {
        if let Some(kept) = job.place().and_then(|place| self.kept.get(&place)) {
            return Ok(Plan::Settled(repeated(job, kept)));
        }
        let planned = match (&job.change, job.root()) {
            (Prepared::Change(Change::Start { process, variables }), _) => {
                self.start(job, process, None, |_| variables.clone(), None)
            }
            (Prepared::Change(Change::Begin(Begin { process, cause: Cause::Event(event) })), _) => {
                let given = |process: &Process| process.declared(&event.payload);
                self.start(job, process, None, given, Some(event))
            }
            (Prepared::Change(Change::Begin(Begin { process, cause: Cause::Call { revision, variables } })), _) => {
                self.start(job, process, Some(*revision), |_| variables.clone(), None)
            }
            (Prepared::Change(Change::CreateTask(new)), _) => {
                let variables = new_task::variables(self.shared, self.conn, &job.actor, new, self.now);
                let begin = |variables| self.start(job, STANDALONE, Some(built_in::newest()), |_| variables, None);
                variables.and_then(begin)
            }
            (_, Some(root)) => self.existing(job, &root),
            (_, None) => Ok(Plan::Change),
        };
        match planned {
            Ok(plan) => Ok(plan),
            Err(Stop::Refused(refusal)) => Ok(answered(job, Err(refusal))),
            Err(Stop::Store(error)) => Err(error),
        }
    }

    fn start(
        &mut self,
        job: &Job,
        process: &str,
        revision: Option<i64>,
        given: impl FnOnce(&Process) -> JsonMap,
        event: Option<&StartedBy>,
    ) -> Result<Plan, Stop> {
        let business = &job.actor.business;
        let active = self.going.get(business).and_then(|going| going.active);
        let number = revision.or(active).ok_or_else(|| libraries::nothing_deployed(business))?;
        let library = self.shared.libraries.get(self.conn, business, number)?;
        let definition = library.definitions.processes.get(process).cloned();
        let definition = definition.ok_or_else(|| Refusal::not_found("process", process))?;
        let mut variables = given(&definition);
        if event.is_none() && revision.is_none() {
            access::may_start(&job.actor, &definition.starters, process)?;
            variables = library.started(&definition, &variables)?;
        }
        let variables = &variables;
        let start = command::start(job, &library, &definition, variables, event)?;
        let unique = definition.uniqueness != Uniqueness::None;
        if let (Some(key), true) = (&start.business_key, unique) {
            let key = (business.clone(), process.to_owned(), key.clone());
            let holders = instances::key_holders(self.conn, std::slice::from_ref(&key))?;
            if let Some(holder) = holders.first() {
                return self.already(job, &holder.instance, variables);
            }
            if !self.started.insert(key) {
                return Ok(Plan::Settled(Verdict::Again));
            }
        }
        let shelf = self.shelf(business, library, None)?;
        self.apply(job, shelf, None, &Command::Start(start))
    }

    /// The first instance with the same business key, when it was started with the same variables (000.16: the same
    /// delivery with another content is refused).
    fn already(&mut self, job: &Job, instance: &InstanceId, variables: &JsonMap) -> Result<Plan, Stop> {
        let business = &job.actor.business;
        let loaded = instances::load(self.conn, &[(business.clone(), instance.clone())])?;
        let root = loaded.first().and_then(|(root, _)| root.scopes.values().find(|scope| scope.owner.is_none()));
        let first = root.and_then(|root| root.variables.get("input")).and_then(Json::as_object);
        if first.is_some_and(|first| first != variables) {
            let sentence = format!("instance {instance} was started under this business key with other variables");
            return Err(Refusal::invalid("business_key_reused", sentence).into());
        }
        let engine = Visible::all("kamflow".into());
        let found = instances::find(self.conn, business, instance, &engine)?;
        let found = found.ok_or_else(|| Refusal::not_found("process instance", instance))?;
        Ok(answered(job, Ok(Outcome::Existing(found))))
    }

    fn existing(&mut self, job: &Job, root: &InstanceId) -> Result<Plan, Stop> {
        if let Some((id, token, report)) = job.reported() {
            let found = self.reported.get(&(job.actor.business.clone(), id.clone()));
            match lease::judge(found, id, token, report) {
                Standing::Holds => {}
                Standing::Repeated(found) => return Ok(answered(job, Ok(Outcome::Job(found)))),
                Standing::Refused(refusal) => return Err(refusal.into()),
            }
        }
        let Some((instance, version)) = self.states.remove(root) else { return Err(gone(job).into()) };
        let library = self.shared.libraries.get(self.conn, &instance.business, instance.revision)?;
        self.sees(job, &instance)?;
        intervention::may(self.shared, self.conn, job, root, version)?;
        let shelf = self.shelf(&instance.business, library, Some(&instance))?;
        let command = match &job.change {
            Prepared::Change(Change::Task(id, request)) => {
                task::command(self.conn, job, &instance, &shelf, (id, request), self.now)
            }
            Prepared::Change(Change::AddApprover(approval, user, reason)) => {
                approval::add(self.shared, self.conn, job, (&instance, &shelf), (approval, user, reason), self.now)
            }
            _ => command::command(job, &instance, &shelf, self.now).map_err(Stop::from),
        };
        match command {
            Ok(command) => match self.apply(job, shelf, Some((instance, version)), &command) {
                Err(Stop::Refused(refusal)) => {
                    Err(intervention::with_present(self.shared, self.conn, job, refusal)?.into())
                }
                planned => planned,
            },
            Err(Stop::Refused(refusal)) if refusal.code == "task_not_open" => Err(self.closed(job, refusal)?.into()),
            Err(stop) => Err(stop),
        }
    }

    fn shelf(&mut self, business: &BusinessId, pinned: Arc<Library>, state: Option<&Instance>) -> Result<Shelf, Stop> {
        let going = self.going.get(business);
        let time_zone = going.map_or("UTC", |going| going.time_zone.as_str());
        let given = Given { business, active: going.and_then(|going| going.active), time_zone };
        Shelf::of(&self.shared.libraries, self.conn, given, pinned, state)
    }

    fn apply(
        &mut self,
        job: &Job,
        shelf: Shelf,
        before: Option<(Instance, i64)>,
        command: &Command,
    ) -> Result<Plan, Stop> {
        let state = before.as_ref().map(|(instance, _)| instance);
        let applied = catch_unwind(AssertUnwindSafe(|| command::apply(job, &shelf, state, command, self.now)));
        match applied {
            Ok(Ok(transition)) => Ok(Plan::Run(Box::new(Run { shelf, before, transition }))),
            Ok(Err(error)) => {
                let open = state.zip(job.task()).and_then(|(instance, task)| instance.tasks.get(task));
                let present = open.and_then(|task| serde_json::to_value(task).ok());
                let refusal = Refusal::from(error);
                Err(Refusal { present: refusal.present.clone().or(present), ..refusal }.into())
            }
            Err(_) => {
                tracing::error!("the engine panicked; nothing was changed");
                Err(Refusal::new(RefusalKind::Internal, "internal", "this could not be done; nothing was changed")
                    .into())
            }
        }
    }

    /// An open task that the caller does not see is as if it were not there. Whom it concerns need not be looked up.
    fn sees(&mut self, job: &Job, instance: &Instance) -> Result<(), Stop> {
        let Some(open) = job.task().and_then(|task| instance.tasks.get(task)) else { return Ok(()) };
        if access::concerns(&job.actor, open) || self.find(job, &open.id)?.is_some() {
            return Ok(());
        }
        Err(Refusal::not_found("user task", &open.id).into())
    }

    fn find(&mut self, job: &Job, task: &TaskId) -> Result<Option<UserTask>, Stop> {
        let visible = access::visible(self.conn, self.shared, &job.actor)?;
        Ok(tasks::find(self.conn, &job.actor.business, task, &visible)?)
    }

    /// A task that is not open any more: a conflict with its present state, or not there for who may not see it.
    fn closed(&mut self, job: &Job, refusal: Refusal) -> Result<Refusal, Stop> {
        let Some(task) = job.task() else { return Ok(refusal) };
        Ok(match self.find(job, task)? {
            Some(task) => {
                let detail = format!("task {} is {}; nothing more can be done with it", task.id, task.state.name());
                Refusal { detail, present: serde_json::to_value(&task).ok(), ..refusal }
            }
            None => Refusal::not_found("user task", task),
        })
    }
}

/// An answer that changes nothing: kept when there is a key to keep it under.
fn answered(job: &Job, result: Result<Outcome, Refusal>) -> Plan {
    match job.idempotency.is_some() && result.as_ref().err().is_none_or(is_kept) {
        true => Plan::Keep(Box::new(result)),
        false => Plan::Settled(Verdict::answer(result)),
    }
}

/// The kept answer to an earlier request with the same key; another body under that key is refused.
fn repeated(job: &Job, kept: &Kept) -> Verdict {
    if job.idempotency.as_ref().is_none_or(|key| key.body_hash != kept.body_hash) {
        let sentence = "this idempotency key was used with another body; take a new key for a new request";
        return Verdict::answer(Err(Refusal::invalid("idempotency_key_reused", sentence)));
    }
    match serde_json::from_value(kept.outcome.clone()) {
        Ok(result) => Verdict::repeated(result),
        Err(error) => {
            let sentence = format!("the kept answer cannot be read: {error}");
            Verdict::answer(Err(Refusal::new(RefusalKind::Internal, "internal", sentence)))
        }
    }
}

/// Refusals of the engine are answers and are kept; the others may come out differently next time. So may a message that
/// nobody waits for yet: it is sent again under its id.
pub fn is_kept(refusal: &Refusal) -> bool {
    matches!(refusal.kind, RefusalKind::Conflict | RefusalKind::Invalid) && refusal.code != "message_not_awaited"
}

/// A root that is not there in this business.
fn gone(job: &Job) -> Refusal {
    let Prepared::Change(change) = &job.change else { return EngineError::NoInstance.into() };
    match change {
        Change::ClaimTask(task)
        | Change::UnclaimTask(task)
        | Change::CompleteTask { task, .. }
        | Change::Task(task, _) => Refusal::not_found("user task", task),
        Change::WithdrawApproval(approval, _) | Change::AddApprover(approval, ..) => {
            Refusal::not_found("approval", approval)
        }
        Change::RetryIncident(retry) => Refusal::not_found("incident", &retry.incident),
        Change::SkipIncident(skip) => Refusal::not_found("incident", &skip.incident),
        Change::Intervene(intervene) => Refusal::not_found("process instance", &intervene.instance),
        Change::Trigger { instance, .. }
        | Change::BeginActivity { instance, .. }
        | Change::AddInstance { instance, .. } => Refusal::not_found("process instance", instance),
        Change::Job(JobChange::Report { job, .. }) => Refusal::not_found("job", job),
        _ => EngineError::NoInstance.into(),
    }
}
