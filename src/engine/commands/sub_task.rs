//! Sub-tasks: whoever has a task gives somebody a part of it. A part has no token of its own; it is done before the whole
//! is, and cancelled with it.

use super::claim::{may, open_task};
use crate::engine::duties;
use crate::engine::error::EngineError;
use crate::engine::work::Work;
use crate::model::event::Event;
use crate::model::ids::TaskId;
use crate::model::task::{NewSubTask, TaskState, TaskVerb, UserTask};

/// Open parts of one task at most.
const MOST: usize = 100;

pub(super) fn create(work: &mut Work, parent: &TaskId, new: &NewSubTask) -> Result<(), EngineError> {
    let whole = open_task(work, parent)?.clone();
    if whole.parent.is_some() {
        return Err(EngineError::SubTaskOfSubTask(parent.clone()));
    }
    may(work, parent, TaskVerb::CreateSubTask)?;
    if open(work, parent).len() >= MOST {
        return Err(EngineError::TooManySubTasks { task: parent.clone(), most: MOST });
    }
    if let Some(assignee) = &new.assignee {
        duties::check(work, &whole, std::slice::from_ref(assignee))?;
    }
    let task = UserTask {
        id: TaskId(work.next_id()),
        title: new.title.clone(),
        state: if new.assignee.is_some() { TaskState::Claimed } else { TaskState::Created },
        assignee: new.assignee.clone(),
        candidate_users: new.candidate_users.clone(),
        candidate_groups: new.candidate_groups.clone(),
        form: None,
        outcomes: Vec::new(),
        priority: new.priority.unwrap_or(whole.priority),
        due: new.due,
        created_at: work.context.now,
        version: 1,
        owner: None,
        delegation: None,
        acting_for: None,
        helpers: Vec::new(),
        follow_up: None,
        parent: Some(parent.clone()),
        raised: None,
        seat: None,
        description: None,
        ..whole
    };
    work.emit(Event::TaskCreated { task: Box::new(task) });
    Ok(())
}

/// The open parts of a task.
pub(super) fn open(work: &Work, parent: &TaskId) -> Vec<TaskId> {
    let parts = work.instance.tasks.values().filter(|task| task.parent.as_ref() == Some(parent));
    parts.map(|task| task.id.clone()).collect()
}
