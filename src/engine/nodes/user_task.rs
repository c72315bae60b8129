//! User task: work for a person.

use super::Entered;
use crate::engine::work::Work;
use crate::model::event::Event;
use crate::model::expression::Expression;
use crate::model::ids::{TaskId, UserId};
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::Json;
use crate::model::process::{Node, Process, UserTask as Definition};
use crate::model::task::{TaskState, UserTask};
use crate::model::text::Text;

/// Bytes of a login at most; a longer text is a mistake of the expression.
const LOGIN_MOST: usize = 400;

pub(super) fn enter(
    work: &mut Work,
    token: TokenId,
    process: &Process,
    node: &Node,
    definition: &Definition,
) -> Result<Entered, Failure> {
    let level = work.token(token).scope;
    let assignee = match &definition.assignee {
        Some(expression) => one_user(expression, value(work, token, expression)?)?,
        None => None,
    };
    let candidate_users = match &definition.candidate_users {
        Some(expression) => many_users(expression, value(work, token, expression)?)?,
        None => Vec::new(),
    };
    if assignee.is_none() && candidate_users.is_empty() && definition.candidate_groups.is_empty() {
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
    let now = work.context.now;
    let task = UserTask {
        id: TaskId(work.next_id()),
        instance: work.scope(level).instance.clone(),
        process: process.key.clone(),
        token,
        node: node.id.clone(),
        title,
        state: if assignee.is_some() { TaskState::Claimed } else { TaskState::Created },
        assignee,
        candidate_users,
        candidate_groups: definition.candidate_groups.clone(),
        form: definition.form.clone(),
        outcomes: definition.outcomes.clone(),
        priority: definition.priority,
        due: definition.due.as_ref().map(|due| due.after(now)),
        search: work.search(level),
        created_at: now,
        ended_at: None,
        completed_by: None,
        outcome: None,
        version: 1,
        suspended: false,
        seat: None,
    };
    work.emit(Event::TaskCreated { task });
    Ok(Entered::Waits)
}

fn value(work: &Work, token: TokenId, expression: &Expression) -> Result<Json, Failure> {
    work.evaluate(work.token(token).scope, expression, None)
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
