//! User tasks and their forms.

use super::filter;
use super::masks::Masks;
use super::task_filter::{self, Asked};
use super::task_filters::opened;
use crate::engine;
use crate::engine::evaluator::Names;
use crate::model::actor::Actor;
use crate::model::form::SeenForm;
use crate::model::ids::{InstanceId, TaskId, root_of};
use crate::model::json::JsonMap;
use crate::model::page::{NOT_COUNTED, Page, Search};
use crate::model::refusal::Refusal;
use crate::model::task::{Papers, SeenTask, UserTask};
use crate::plugins::Stop;
use crate::runtime::shared::Shared;
use crate::runtime::{Runtime, access, entered};
use crate::store::slots::{self, SlotFilter};
use crate::store::task_list::{self, FEW, Key, TaskOrder, TaskQuery};
use crate::store::{Connection, instances, task_papers, tasks};
use std::collections::BTreeSet;

impl Runtime {
    /// A task that the caller may see.
    pub async fn task(&self, actor: &Actor, id: &TaskId) -> Result<SeenTask, Refusal> {
        let (actor, id) = (actor.clone(), id.clone());
        self.read(move |conn, shared| {
            let mut found = [find(conn, shared, &actor, &id)?];
            mask(conn, shared, &actor, &mut found)?;
            suspended(conn, &actor, &mut found)?;
            let mut seen = access::with_verbs(conn, shared, &actor, found.into())?;
            papers(conn, &actor, &mut seen)?;
            Ok(seen.into_iter().next().ok_or_else(|| Refusal::not_found("user task", &id))?)
        })
        .await
    }

    /// A page of the tasks that the caller may see.
    pub async fn tasks(&self, actor: &Actor, search: Search) -> Result<Page<SeenTask>, Refusal> {
        let actor = actor.clone();
        self.read(move |conn, shared| {
            let search = opened(conn, &actor, search)?;
            let query = query(conn, shared, &actor, &search)?;
            let mut found = task_list::search(conn, &query)?.ok_or_else(too_broad)?;
            mask(conn, shared, &actor, &mut found.items)?;
            suspended(conn, &actor, &mut found.items)?;
            let mut seen = access::with_verbs(conn, shared, &actor, std::mem::take(&mut found.items))?;
            papers(conn, &actor, &mut seen)?;
            let total = match search.uncounted {
                true => None,
                false => task_list::count(conn, &query)?,
            };
            let next = found.next.map(|next| next.to_string());
            Ok(Page { items: seen, next, total: total.map_or(NOT_COUNTED, filter::total) })
        })
        .await
    }

    /// A task as it is now, with what the caller may do with it.
    pub async fn seen_task(&self, actor: &Actor, task: &UserTask) -> Result<SeenTask, Refusal> {
        let (actor, task) = (actor.clone(), task.clone());
        if let (Some(papers), Some(_)) = (task.papers, task.ended_at) {
            // Nobody does anything with what has ended.
            return Ok(SeenTask { task, verbs: Vec::new(), papers });
        }
        self.read(move |conn, shared| {
            let mut seen = access::with_verbs(conn, shared, &actor, vec![task.clone()])?;
            papers(conn, &actor, &mut seen)?;
            Ok(seen.pop().unwrap_or_else(|| SeenTask { task, verbs: Vec::new(), papers: Papers::default() }))
        })
        .await
    }

    /// The form of a task, from the revision that its instance is pinned to, with the variables that it shows.
    pub async fn task_form(&self, actor: &Actor, id: &TaskId) -> Result<SeenForm, Refusal> {
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
            let mut layers = entered::layers(&instance, task.token);
            let there = Names::new(layers.clone());
            let value = |name: &String| Some((name.clone(), there.get(name)?.clone()));
            let mut shown: JsonMap = form.shows.iter().filter_map(value).collect();
            let entered = form.properties().filter(|name| !form.computed.contains_key(*name));
            let mut present: JsonMap = entered.filter_map(value).collect();
            if access::concerns(&actor, &task) {
                let given = engine::given(&actor.business, &actor, shared.clock.now());
                layers.push(&given);
                let nothing = JsonMap::new();
                let computed = library.computed(&form, &layers, &nothing);
                present.extend(computed.filter_map(|(name, value)| Some((name, value.ok()?))));
            } else {
                // What is computed could tell what is masked.
                let mut masks = Masks::new(shared, &actor);
                shown = access::mask_fields(shown, masks.of(conn, revision)?);
                present = access::mask_fields(present, masks.of(conn, revision)?);
            }
            Ok(SeenForm { form, revision, shown, present, outcomes: task.outcomes })
        })
        .await
    }
}

/// Counts what is beside tasks, for all of them at once.
fn papers(conn: &mut Connection, actor: &Actor, seen: &mut [SeenTask]) -> Result<(), Stop> {
    let ids: Vec<&str> = seen.iter().map(|seen| seen.task.id.as_str()).collect();
    let counted = task_papers::counts(conn, &actor.business, &ids)?;
    for seen in seen {
        seen.papers = counted.get(&seen.task.id).copied().unwrap_or_default();
    }
    Ok(())
}

/// Marks the open tasks whose root is suspended.
pub(super) fn suspended(conn: &mut Connection, actor: &Actor, tasks: &mut [UserTask]) -> Result<(), Stop> {
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

/// A task that the caller may see.
pub(super) fn find(conn: &mut Connection, shared: &Shared, actor: &Actor, id: &TaskId) -> Result<UserTask, Stop> {
    let visible = access::visible(conn, shared, actor)?;
    let found = tasks::find(conn, &actor.business, id, &visible)?;
    Ok(found.ok_or_else(|| Refusal::not_found("user task", id))?)
}

/// What a search asks the store for; a saved filter's conditions hold as well.
pub(super) fn query(conn: &mut Connection, shared: &Shared, actor: &Actor, search: &Search) -> Result<TaskQuery, Stop> {
    let Asked { terms, actionable } = task_filter::read(conn, shared, actor, &search.filter)?;
    Ok(TaskQuery {
        business: actor.business.clone(),
        visible: access::visible(conn, shared, actor)?,
        actionable,
        terms,
        order: order(search)?,
        after: filter::after(search)?,
        limit: filter::limit(search),
        few: FEW,
    })
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
        Some(slot) => Ok(SlotFilter { slot, values: slots::meant(&value.into()) }),
        None => {
            let sentence = format!("is not in the search list of {process}; it has {}", names.join(", "));
            Err(filter::wrong(&format!("variables.{name}"), &sentence).into())
        }
    };
    variables.into_iter().map(slot).collect()
}

/// Refused because more tasks than are few would have to be looked through.
pub(super) fn too_broad() -> Refusal {
    let sentence = format!(
        "more than {FEW} tasks would have to be looked through; narrow them by assignee, candidateGroup, instance, subject, \
         businessKey, or a variable of one process"
    );
    filter::at("/filter", Refusal::invalid("no_index", sentence))
}

/// The order of a task list.
pub(super) fn order(search: &Search) -> Result<TaskOrder, Refusal> {
    let Some((field, descending)) = &search.sort else { return Ok(TaskOrder::default()) };
    let by = match field.as_str() {
        "due" => Key::Due,
        "createdAt" => Key::Created,
        "priority" => Key::Priority,
        _ => {
            return Err(filter::wrong_sort(
                "tasks are sorted by \"due\", \"createdAt\" or \"priority\", each also with \"-\"",
            ));
        }
    };
    Ok(TaskOrder { by, descending: *descending })
}
