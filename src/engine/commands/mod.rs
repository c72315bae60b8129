//! One file per command of the outside; the answers of the runtime stand together in `answers`.

mod activate;
mod answers;
mod assign;
mod cancel;
mod claim;
mod complete;
mod decide;
mod delegate;
mod deliver;
mod fire_timer;
mod intervene;
mod job;
mod modify;
mod retry;
mod set_variables;
mod skip;
pub(in crate::engine) mod start;
mod sub_task;
mod suspend;
mod update_task;

use super::approvals;
use super::error::EngineError;
use super::walk;
use super::work::Work;
use crate::model::command::Command;
use crate::model::instance::InstanceState;

/// Carries out a command, then moves tokens until all wait.
pub(super) fn run(work: &mut Work, command: &Command) -> Result<(), EngineError> {
    // A suspended instance is not left out of what happens to a record: it looks at it when it is resumed.
    let reaches = matches!(command, Command::Intervene(_) | Command::LookAgain { .. });
    if work.instance.state == InstanceState::Suspended && !reaches {
        return Err(EngineError::Suspended(work.instance.id.clone()));
    }
    match command {
        Command::Start(command) => start::start(work, command)?,
        Command::ClaimTask { task } => claim::claim(work, task)?,
        Command::UnclaimTask { task } => claim::unclaim(work, task)?,
        Command::CompleteTask { task, outcome, variables } => complete::complete(work, task, outcome, variables)?,
        Command::AssignTask { task, to } => assign::assign(work, task, to)?,
        Command::DelegateTask { task, to, comment } => delegate::delegate(work, task, to, comment)?,
        Command::ResolveTask { task, variables } => delegate::resolve(work, task, variables)?,
        Command::UpdateTask { task, update } => update_task::update(work, task, update)?,
        Command::CreateSubTask { task, new } => sub_task::create(work, task, new)?,
        Command::Decide { task, decide } => decide::decide(work, task, decide)?,
        Command::Withdraw { approval, reason } => decide::withdraw(work, *approval, reason)?,
        Command::AddApprover { approval, person, reason } => approvals::add(work, *approval, person, reason)?,
        Command::LookAgain { approvals } => approvals::subject_changed(work, approvals),
        Command::FireTimer { timer } => fire_timer::fire_timer(work, timer)?,
        Command::Deliver { subscription, payload } => deliver::deliver(work, subscription, payload)?,
        Command::Activate { instance, node } => activate::activate(work, instance, node)?,
        Command::AddInstance { instance, node, item } => activate::add_instance(work, instance, node, item)?,
        Command::CompleteJob { job, result } => job::complete(work, job, result)?,
        Command::FailJob { job, message, retry_after } => job::fail(work, job, message, retry_after.as_ref())?,
        Command::ThrowJobError { job, code, variables } => job::throw_error(work, job, code, variables)?,
        Command::RetryIncident(command) => retry::retry(work, command)?,
        Command::Acted { call, result } => answers::acted(work, call, result)?,
        Command::Begun { beginning, result } => answers::begun(work, beginning, result)?,
        Command::EnterAtomic { token } => answers::enter_atomic(work, *token)?,
        Command::RolledBack { token, abort } => answers::rolled_back(work, *token, abort)?,
        // What the block has set stays: now conditions may look at it.
        Command::Continue => work.changed = true,
        Command::SkipIncident(command) => skip::skip(work, command)?,
        Command::Intervene(command) => intervene::intervene(work, command)?,
    }
    // What is placed in a suspended instance moves when it is resumed.
    if work.instance.state != InstanceState::Suspended {
        walk::run(work);
    }
    Ok(())
}
