//! User task: work for a person.

use super::Entered;
use crate::engine::task_clock;
use crate::engine::work::Work;
use crate::model::event::Event;
use crate::model::expression::Expression;
use crate::model::ids::UserId;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::Json;
use crate::model::process::{Node, UserTask as Definition};
use crate::model::task::{TaskState, UserTask};
use crate::model::task_timing::{Due, Timing};
use crate::model::text::Text;
use crate::model::time::Timestamp;

/// Characters of a description at most.
const DESCRIPTION_MOST: usize = 10_000;
/// Bytes of a login at most; a longer text is a mistake of the expression.
const LOGIN_MOST: usize = 400;

pub(super) fn enter(work: &mut Work, token: TokenId, node: &Node, definition: &Definition) -> Result<Entered, Failure> {
    let assignee = match &definition.assignee {
        Some(expression) => one_user(expression, value(work, token, expression)?)?,
        None => None,
    };
    let candidate_users = match &definition.candidate_users {
        Some(expression) => many_users(expression, value(work, token, expression)?)?,
        None => Vec::new(),
    };
    let mut candidate_groups = definition.candidate_groups.clone();
    if let Some(expression) = &definition.groups_given {
        candidate_groups.extend(roles(work, expression, value(work, token, expression)?)?);
    }
    if assignee.is_none() && candidate_users.is_empty() && candidate_groups.is_empty() {
        return Err(Failure::new(
            "assignee",
            format!("task \"{}\" is for nobody: it has no assignee and no candidates", node.id),
        ));
    }
    let title = match &definition.title {
        Some(expression) => match value(work, token, expression)? {
            Json::String(text) => Text::same(&text),
            other => Text::same(&other.to_string()),
        },
        None => node.title.clone(),
    };
    let description = match &definition.description {
        Some(expression) => remark(expression, value(work, token, expression)?)?,
        None => None,
    };
    let now = work.context.now;
    let due = due(work, token, &definition.timing)?;
    let priority = match &definition.priority {
        Some(expression) => urgency(expression, value(work, token, expression)?)?,
        None => 50,
    };
    let task = UserTask {
        state: if assignee.is_some() { TaskState::Claimed } else { TaskState::Created },
        assignee,
        candidate_users,
        candidate_groups,
        description,
        form: definition.form.clone(),
        outcomes: definition.outcomes.clone(),
        priority,
        due,
        follow_up: definition.timing.follow_up.as_ref().map(|after| after.after(now)),
        ..work.new_task(token, title)
    };
    let id = task.id.clone();
    work.emit(Event::TaskCreated { task: Box::new(task) });
    task_clock::set(work, &id);
    Ok(Entered::Waits)
}

fn value(work: &Work, token: TokenId, expression: &Expression) -> Result<Json, Failure> {
    work.evaluate(work.token(token).scope, expression, None)
}

/// When a task at this token is due that is created now.
pub(in crate::engine) fn due(work: &Work, token: TokenId, timing: &Timing) -> Result<Option<Timestamp>, Failure> {
    match &timing.due {
        Some(Due::After(after)) => Ok(Some(after.after(work.context.now))),
        Some(Due::At(expression)) => instant(expression, value(work, token, expression)?),
        None => Ok(None),
    }
}

fn instant(expression: &Expression, value: Json) -> Result<Option<Timestamp>, Failure> {
    match value.as_str().and_then(Timestamp::parse) {
        None if value.is_null() => Ok(None),
        Some(at) => Ok(Some(at)),
        None => Err(Failure::new("due", format!("{}: {value} is not an RFC 3339 instant", expression.at))),
    }
}

fn urgency(expression: &Expression, value: Json) -> Result<i64, Failure> {
    let number = value.as_i64().filter(|number| (0..=100).contains(number));
    number.ok_or_else(|| {
        Failure::new("priority", format!("{}: {value} is not a whole number from 0 to 100", expression.at))
    })
}

fn remark(expression: &Expression, value: Json) -> Result<Option<String>, Failure> {
    match value {
        Json::Null => Ok(None),
        Json::String(text) if text.chars().count() <= DESCRIPTION_MOST => Ok(Some(text)),
        Json::String(_) => {
            let sentence = format!("{}: a description has at most {DESCRIPTION_MOST} characters", expression.at);
            Err(Failure::new("description", sentence))
        }
        other => Err(Failure::new("description", format!("{}: {other} is not text", expression.at))),
    }
}

/// Roles that a revision of the business declares, each once.
fn roles(work: &Work, expression: &Expression, value: Json) -> Result<Vec<String>, Failure> {
    let wrong = |sentence: String| Failure::new("assignee", format!("{}: {sentence}", expression.at));
    let Json::Array(items) = value else { return Err(wrong(format!("{value} is not a list of roles"))) };
    let mut roles: Vec<String> = Vec::new();
    for item in items {
        match item {
            Json::String(role) if work.context.has_role(&role) => {
                if !roles.contains(&role) {
                    roles.push(role);
                }
            }
            Json::String(role) => {
                return Err(wrong(format!("there is no role \"{role}\"; pack.yaml declares them under \"roles\"")));
            }
            other => return Err(wrong(format!("{other} is not the name of a role"))),
        }
    }
    Ok(roles)
}

fn one_user(expression: &Expression, value: Json) -> Result<Option<UserId>, Failure> {
    match value {
        Json::Null => Ok(None),
        Json::String(login) if (1..=LOGIN_MOST).contains(&login.len()) => Ok(Some(UserId(login))),
        other => Err(Failure::new("assignee", format!("{}: {other} is not the login of a user", expression.at))),
    }
}

fn many_users(expression: &Expression, value: Json) -> Result<Vec<UserId>, Failure> {
    let Json::Array(items) = value else {
        return Err(Failure::new("assignee", format!("{}: {value} is not a list of logins", expression.at)));
    };
    items.into_iter().filter_map(|item| one_user(expression, item).transpose()).collect()
}
