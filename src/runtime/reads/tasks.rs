//! User tasks and their forms.

use super::filter;
use super::masks::Masks;
use crate::model::actor::Actor;
use crate::model::form::Form;
use crate::model::ids::{InstanceId, TaskId, root_of};
use crate::model::json::JsonMap;
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::model::task::{SeenTask, TaskState, TaskVerb, UserTask};
use crate::plugins::Stop;
use crate::runtime::shared::Shared;
use crate::runtime::{Runtime, access};
use crate::store::slots::SlotFilter;
use crate::store::tasks::{self, TaskOrder, TaskQuery};
use crate::store::{Connection, instances};
use std::collections::BTreeSet;
use std::sync::Arc;

const FILTERS: [&str; 8] =
    ["actionable", "state", "assignee", "candidateGroup", "process", "instance", "parent", "variables.<name>"];

impl Runtime {
    /// A task that the caller may see.
    pub async fn task(&self, actor: &Actor, id: &TaskId) -> Result<SeenTask, Refusal> {
        let (actor, id) = (actor.clone(), id.clone());
        self.read(move |conn, shared| {
            let mut found = [find(conn, shared, &actor, &id)?];
            mask(conn, shared, &actor, &mut found)?;
            suspended(conn, &actor, &mut found)?;
            let seen = access::with_verbs(conn, shared, &actor, found.into())?;
            Ok(seen.into_iter().next().ok_or_else(|| Refusal::not_found("user task", &id))?)
        })
        .await
    }

    /// A page of the tasks that the caller may see.
    pub async fn tasks(&self, actor: &Actor, search: Search) -> Result<Page<SeenTask>, Refusal> {
        let actor = actor.clone();
        self.read(move |conn, shared| {
            let query = query(conn, shared, &actor, &search)?;
            let mut found = tasks::search(conn, &query)?;
            mask(conn, shared, &actor, &mut found.items)?;
            suspended(conn, &actor, &mut found.items)?;
            let seen = access::with_verbs(conn, shared, &actor, std::mem::take(&mut found.items))?;
            let found = filter::page(found, tasks::count(conn, &query)?);
            Ok(Page { items: seen, next: found.next, total: found.total })
        })
        .await
    }

    /// What the caller may do with a task as it is now.
    pub async fn verbs(&self, actor: &Actor, task: &UserTask) -> Result<Vec<TaskVerb>, Refusal> {
        // most answers are about tasks that are done: nothing is to be asked
        if task.ended_at.is_some() {
            return Ok(Vec::new());
        }
        let (actor, task) = (actor.clone(), task.clone());
        self.read(move |conn, shared| {
            let seen = access::with_verbs(conn, shared, &actor, vec![task])?;
            Ok(seen.into_iter().flat_map(|seen| seen.verbs).collect())
        })
        .await
    }

    /// The form of a task, from the revision that its instance is pinned to, with the variables that it shows.
    pub async fn task_form(&self, actor: &Actor, id: &TaskId) -> Result<(Arc<Form>, JsonMap), Refusal> {
        let (actor, id) = (actor.clone(), id.clone());
        self.read(move |conn, shared| {
            let task = find(conn, shared, &actor, &id)?;
            let Some(name) = &task.form else { return Err(Refusal::not_found("form of task", &id).into()) };
            let root = root_of(id.as_str());
            let loaded = instances::load(conn, &[(actor.business.clone(), root)])?;
            let Some((instance, _)) = loaded.into_iter().next() else {
                return Err(Refusal::not_found("user task", &id).into());
            };
            let pinned = instances::revisions(conn, &actor.business, std::slice::from_ref(&task.instance))?;
            let revision = pinned.first().map_or(instance.revision, |(_, revision)| *revision);
            let library = shared.libraries.get(conn, &actor.business, revision)?;
            let form = library.definitions.forms.get(name).cloned();
            let form = form.ok_or_else(|| Refusal::not_found("form", name))?;
            let scope = instance.tokens.get(&task.token).map(|token| token.scope);
            let mut scope = scope.and_then(|scope| instance.scopes.get(&scope));
            let mut shown = JsonMap::new();
            while let Some(at) = scope {
                for (name, value) in form.shows.iter().filter_map(|name| at.variables.get_key_value(name)) {
                    shown.entry(name).or_insert_with(|| value.clone());
                }
                scope = at.node.as_ref().and(at.parent).and_then(|parent| instance.scopes.get(&parent));
            }
            if !access::concerns(&actor, &task) {
                shown = access::mask_fields(shown, Masks::new(shared, &actor).of(conn, revision)?);
            }
            Ok((form, shown))
        })
        .await
    }
}

/// Marks the open tasks whose root is suspended.
fn suspended(conn: &mut Connection, actor: &Actor, tasks: &mut [UserTask]) -> Result<(), Stop> {
    let open = tasks.iter().filter(|task| task.ended_at.is_none());
    let roots: BTreeSet<InstanceId> = open.map(|task| root_of(task.id.as_str())).collect();
    let roots: Vec<InstanceId> = roots.into_iter().collect();
    let suspended = instances::suspended(conn, &actor.business, &roots)?;
    for task in tasks.iter_mut().filter(|task| task.ended_at.is_none()) {
        task.suspended = suspended.contains(&root_of(task.id.as_str()));
    }
    Ok(())
}

/// Who is to do the work sees all that its author shows; who only looks on does not.
fn mask(conn: &mut Connection, shared: &Shared, actor: &Actor, tasks: &mut [UserTask]) -> Result<(), Stop> {
    let mut looked_on: Vec<&mut UserTask> =
        tasks.iter_mut().filter(|task| !task.search.is_empty() && !access::concerns(actor, task)).collect();
    let ids: Vec<InstanceId> = looked_on.iter().map(|task| task.instance.clone()).collect();
    let masked = Masks::new(shared, actor).of_instances(conn, &ids)?;
    for task in &mut looked_on {
        if let Some(masked) = masked.get(&task.instance) {
            task.search = access::mask_fields(std::mem::take(&mut task.search), masked);
        }
    }
    Ok(())
}

fn find(conn: &mut Connection, shared: &Shared, actor: &Actor, id: &TaskId) -> Result<UserTask, Stop> {
    let visible = access::visible(conn, shared, actor)?;
    let found = tasks::find(conn, &actor.business, id, &visible)?;
    Ok(found.ok_or_else(|| Refusal::not_found("user task", id))?)
}

fn query(conn: &mut Connection, shared: &Shared, actor: &Actor, search: &Search) -> Result<TaskQuery, Stop> {
    let mut query = TaskQuery {
        business: actor.business.clone(),
        visible: access::visible(conn, shared, actor)?,
        actionable: false,
        states: Vec::new(),
        assignee: None,
        candidate_group: None,
        process: None,
        instance: None,
        parent: None,
        search: Vec::new(),
        order: order(search)?,
        after: filter::after(search)?,
        limit: filter::limit(search),
    };
    let mut variables = Vec::new();
    for condition in filter::conditions(search)? {
        match condition.field.as_str() {
            "state" => query.states = states(condition)?,
            "assignee" => {
                let user = filter::text(condition)?;
                query.assignee = Some(filter::person(actor, user));
            }
            "candidateGroup" => query.candidate_group = Some(filter::text(condition)?),
            "process" => query.process = Some(filter::text(condition)?),
            "actionable" => match filter::text(condition)?.as_str() {
                "true" => query.actionable = true,
                _ => return Err(filter::wrong("actionable", "is true or not said").into()),
            },
            "parent" => query.parent = Some(TaskId(filter::text(condition)?)),
            "instance" => query.instance = Some(InstanceId(filter::text(condition)?)),
            field => match field.strip_prefix("variables.") {
                Some(name) => variables.push((name.to_owned(), filter::text(condition)?)),
                None => return Err(filter::unknown(field, &FILTERS).into()),
            },
        }
    }
    query.search = slot_filters(conn, shared, actor, query.process.as_deref(), variables)?;
    Ok(query)
}

/// Filters on search variables need to know whose: the slots belong to a process.
pub(super) fn slot_filters(
    conn: &mut Connection,
    shared: &Shared,
    actor: &Actor,
    process: Option<&str>,
    variables: Vec<(String, String)>,
) -> Result<Vec<SlotFilter>, Stop> {
    if variables.is_empty() {
        return Ok(Vec::new());
    }
    let Some(process) = process else {
        return Err(filter::wrong("variables", "can be filtered by only together with \"process\"").into());
    };
    let library = shared.libraries.active(conn, &actor.business)?;
    let definition = library.definitions.processes.get(process);
    let names = &definition.ok_or_else(|| Refusal::not_found("process", process))?.search;
    let mut masks = Masks::new(shared, actor);
    let masked = masks.of(conn, library.number)?;
    if let Some((name, _)) = variables.iter().find(|(name, _)| masked.contains(name)) {
        let sentence = format!("\"{name}\" is masked for you, so it cannot be used here");
        let pointer = format!("/filter/variables.{name}");
        return Err(filter::at(&pointer, Refusal::invalid("field_not_readable", sentence)).into());
    }
    let slot = |(name, value): (String, String)| match names.iter().position(|known| *known == name) {
        Some(slot) => Ok(SlotFilter { slot, value }),
        None => {
            let sentence = format!("is not in the search list of {process}; it has {}", names.join(", "));
            Err(filter::wrong(&format!("variables.{name}"), &sentence).into())
        }
    };
    variables.into_iter().map(slot).collect()
}

fn states(condition: &crate::model::filter::Condition) -> Result<Vec<TaskState>, Refusal> {
    let read = |word: String| {
        TaskState::parse(&word)
            .ok_or_else(|| filter::wrong("state", "is one of created, claimed, completed, cancelled"))
    };
    filter::texts(condition)?.into_iter().map(read).collect()
}

fn order(search: &Search) -> Result<TaskOrder, Refusal> {
    match &search.sort {
        None => Ok(TaskOrder::Due),
        Some((field, false)) if field == "due" => Ok(TaskOrder::Due),
        Some((field, true)) if field == "createdAt" => Ok(TaskOrder::Created),
        Some((field, true)) if field == "priority" => Ok(TaskOrder::Priority),
        Some(_) => Err(filter::wrong_sort("tasks are sorted by \"due\", \"-createdAt\" or \"-priority\"")),
    }
}
