//! The tokens of an instance: where it stands, and what each of them waits for.

use super::filter;
use super::instances::find;
use crate::model::actor::Actor;
use crate::model::ids::{IncidentId, InstanceId, NodeId, TaskId, root_of, token_name, token_number};
use crate::model::instance::{Instance, ScopeKind, Token, TokenId};
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::runtime::Runtime;
use crate::store::instances;
use crate::store::page::{Count, MOST_COUNTED};
use std::collections::BTreeMap;

/// A token with what it waits for.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenView {
    /// The root it belongs to.
    pub root: InstanceId,
    /// The token.
    pub token: Token,
    /// The sub-process, or the activity that is repeated, in whose level it runs.
    pub level: Option<NodeId>,
    /// The number of its round, from 0.
    pub round: Option<usize>,
    /// Its open task.
    pub task: Option<TaskId>,
    /// Its open incident.
    pub incident: Option<IncidentId>,
    /// The instance that it called.
    pub called: Option<InstanceId>,
}

impl Runtime {
    /// A page of the tokens of an instance that the caller may see, in the order in which they were made.
    pub async fn tokens(&self, actor: &Actor, id: &InstanceId, search: Search) -> Result<Page<TokenView>, Refusal> {
        filter::nothing(&search)?;
        let root = root_of(id.as_str());
        let after = match &search.cursor {
            None => None,
            Some(cursor) => Some(token_number(&root, cursor).ok_or_else(|| {
                let sentence = format!("\"{cursor}\" is not a cursor; use the one that the page before gave");
                filter::at("/page/cursor", Refusal::invalid("wrong_cursor", sentence))
            })?),
        };
        let (actor, id) = (actor.clone(), id.clone());
        self.read(move |conn, shared| {
            find(conn, shared, &actor, &id)?;
            let document = instances::load(conn, &[(actor.business.clone(), root)])?.pop();
            let all = document.map(|(document, _)| standing(&document, &id)).unwrap_or_default();
            let counted = i64::try_from(all.len()).unwrap_or(i64::MAX);
            let count = Count { number: counted.min(MOST_COUNTED), more: counted > MOST_COUNTED };
            let after = all.into_iter().filter(|view| after.is_none_or(|after| view.token.id > after));
            Ok(filter::page_by_id(&search, after.collect(), |view| token_name(&view.root, view.token.id), count))
        })
        .await
    }
}

fn standing(document: &Instance, id: &InstanceId) -> Vec<TokenView> {
    let tasks: BTreeMap<TokenId, &TaskId> =
        document.tasks.values().filter(|task| task.parent.is_none()).map(|task| (task.token, &task.id)).collect();
    let incidents: BTreeMap<TokenId, &IncidentId> =
        document.incidents.values().map(|incident| (incident.token, &incident.id)).collect();
    let processes = document.scopes.values().filter(|scope| scope.node.is_none());
    let called: BTreeMap<TokenId, &InstanceId> =
        processes.filter_map(|scope| Some((scope.owner?, &scope.instance))).collect();
    let view = |token: &Token| {
        let scope = document.scopes.get(&token.scope).filter(|scope| scope.instance == *id)?;
        Some(TokenView {
            root: document.id.clone(),
            token: token.clone(),
            level: scope.node.clone(),
            round: match scope.kind {
                ScopeKind::Round(number) => Some(number),
                _ => None,
            },
            task: tasks.get(&token.id).map(|task| (*task).clone()),
            incident: incidents.get(&token.id).map(|incident| (*incident).clone()),
            called: called.get(&token.id).map(|called| (*called).clone()),
        })
    };
    document.tokens.values().filter_map(view).collect()
}
