//! One story: every step is done, or refused as it must be, and then what must be true is looked at.

use super::look;
use super::stage::{Scene, told};
use crate::model::actor::Actor;
use crate::model::expression::Place;
use crate::model::ids::{InstanceId, NodeId, TaskId};
use crate::model::instance::Instance;
use crate::model::intervention::Retry;
use crate::model::json::JsonMap;
use crate::model::refusal::Refusal;
use crate::model::scenario::{Act, Case, NewRecord, Step};
use crate::runtime::internal;
use crate::runtime::request::{Change, Outcome, TaskRequest};
use crate::store::instances;

/// Why a story does not go as it is told, and where; without a place: before its first step.
pub type Failed = (Option<Place>, String);

/// Plays a case.
pub fn case(mut scene: Scene, case: &Case) -> Result<(), Failed> {
    for step in &case.steps {
        one(&mut scene, step).map_err(|sentence| (Some(step.at.clone()), sentence))?;
    }
    Ok(())
}

fn one(scene: &mut Scene, step: &Step) -> Result<(), String> {
    match (scene.act(step), &step.refused) {
        (Ok(()), None) => {}
        (Err(refusal), Some(code)) if refusal.code == *code => {}
        (Ok(()), Some(code)) => return Err(format!("this should be refused with {code}, and was done")),
        (Err(refusal), Some(code)) => {
            return Err(format!("this should be refused with {code}, and was with: {}", told(&refusal)));
        }
        (Err(refusal), None) => return Err(told(&refusal)),
    }
    look::all_is_so(scene, &step.then)
}

impl Scene<'_> {
    fn act(&mut self, step: &Step) -> Result<(), Refusal> {
        let actor = self.actor(step.by.as_ref());
        match &step.act {
            Act::Start { process, variables, name } => {
                let change = Change::Start { process: process.clone(), variables: self.names.filled(variables) };
                let id = match self.execute(actor, change)? {
                    Outcome::Started(summary) | Outcome::Existing(summary) => summary.id,
                    other => return Err(internal(&format!("the start answered {other:?}"))),
                };
                self.call(id, name.as_ref());
            }
            Act::Claim { node } => {
                let (task, _) = self.open_task(node)?;
                self.execute(actor, Change::ClaimTask(task))?;
            }
            Act::Complete { node, outcome, variables } => {
                let (task, is_taken) = self.open_task(node)?;
                if !is_taken {
                    self.execute(actor.clone(), Change::ClaimTask(task.clone()))?;
                }
                let variables = self.names.filled(variables);
                self.execute(actor, Change::CompleteTask { task, outcome: outcome.clone(), variables })?;
            }
            Act::Assign { node, to } => {
                let (task, _) = self.open_task(node)?;
                self.execute(actor, Change::Task(task, TaskRequest::Assign(to.clone())))?;
            }
            Act::Delegate { node, to } => {
                let (task, _) = self.open_task(node)?;
                let request = TaskRequest::Delegate { to: to.clone(), comment: None };
                self.execute(actor, Change::Task(task, request))?;
            }
            Act::Resolve { node, variables } => {
                let (task, _) = self.open_task(node)?;
                let variables = self.names.filled(variables);
                self.execute(actor, Change::Task(task, TaskRequest::Resolve(variables)))?;
            }
            Act::Decide { node, choice, to, reason } => {
                self.decide(actor, node, (*choice, to.as_deref()), reason.as_ref())?;
            }
            Act::Withdraw { node, reason } => self.withdraw(actor, node, reason.as_ref())?,
            Act::AddApprover { node, user, reason } => self.add_approver(actor, node, user, reason)?,
            Act::Retry { node } => {
                let instance = self.latest()?;
                let found = instance.incidents.values().find(|incident| incident.node.as_str() == node);
                let found = found.ok_or_else(|| Refusal::not_found("incident at", node))?;
                let (incident, variables, reason) = (found.id.clone(), JsonMap::new(), None);
                self.execute(actor, Change::RetryIncident(Retry { incident, variables, reason }))?;
            }
            Act::Create(record) => self.create(record, &actor)?,
            Act::Update { record, fields, reason } => {
                let (record_type, id) =
                    self.names.records.get(record).cloned().ok_or_else(|| Refusal::not_found("record", record))?;
                let (fields, reason) = (self.names.filled(fields), reason.clone());
                self.execute(actor, Change::UpdateRecord { record_type, id, fields, reason })?;
            }
            Act::Message { message, answer, name } => {
                self.message(actor, message, answer.as_deref(), name.as_ref())?;
            }
            Act::Signal(signal) => self.signal(actor, signal)?,
            Act::Job { job_type, report } => self.work(actor, job_type, report)?,
            Act::Trigger { node } => {
                let (instance, node) = (self.latest()?.id, NodeId::from(node.as_str()));
                self.execute(actor, Change::Trigger { instance, node })?;
            }
            Act::Begin { node } => {
                let (instance, node) = (self.latest()?.id, NodeId::from(node.as_str()));
                self.execute(actor, Change::BeginActivity { instance, node })?;
            }
            Act::Look { process, name } => {
                let found = self.look(|conn| instances::latest_root(conn, &self.business, process))?;
                let id = found.ok_or_else(|| Refusal::not_found("instance of", process))?;
                self.call(id, name.as_ref());
            }
            Act::Person { login, change } => self.change(login, change)?,
            Act::Wait(duration) => self.wait(duration)?,
        }
        self.bring()
    }

    /// A root instance is the one that is spoken of now, by its name further down.
    pub fn call(&mut self, root: InstanceId, name: Option<&String>) {
        self.names.instances.extend(name.cloned().map(|name| (name, root.clone())));
        self.names.latest = Some(root);
    }

    /// Makes a record, and remembers what it is called.
    pub fn create(&mut self, record: &NewRecord, actor: &Actor) -> Result<(), Refusal> {
        let (record_type, fields) = (record.record_type.clone(), self.names.filled(&record.fields));
        let made = self.execute(actor.clone(), Change::CreateRecord { record_type: record_type.clone(), fields })?;
        if let (Outcome::Record(made), Some(name)) = (made, &record.name) {
            self.names.records.insert(name.clone(), (record_type, made.record.id));
        }
        Ok(())
    }

    /// The open task of a node of the latest instance, and whether somebody has it.
    fn open_task(&self, node: &str) -> Result<(TaskId, bool), Refusal> {
        let instance = self.latest()?;
        let task = instance.tasks.values().find(|task| task.parent.is_none() && task.node.as_str() == node);
        let task = task.ok_or_else(|| Refusal::not_found("open task at", node))?;
        Ok((task.id.clone(), task.assignee.is_some()))
    }

    /// The instance that is spoken of now.
    pub fn latest(&self) -> Result<Instance, Refusal> {
        let id = self.names.latest.clone().ok_or_else(|| Refusal::not_found("instance", "yet"))?;
        self.instance(&id)
    }
}
