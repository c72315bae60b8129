//! Approvals: what is to be agreed to, who is asked, and every vote.

use super::filter;
use crate::model::actor::Actor;
use crate::model::ids::{InstanceId, UserId};
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::model::voting::Voting;
use crate::plugins::Stop;
use crate::runtime::shared::Shared;
use crate::runtime::{Runtime, access};
use crate::store::Connection;
use crate::store::approvals::{self, ApprovalQuery, Found};
use crate::store::visible::Visible;

const FILTERS: [&str; 4] = ["state", "process", "instance", "submitter"];

impl Runtime {
    /// An approval that the caller asked for, or whose instance the caller may see.
    pub async fn approval(&self, actor: &Actor, id: &str) -> Result<Found, Refusal> {
        let (actor, id) = (actor.clone(), id.to_owned());
        self.read(move |conn, shared| Ok(veiled(&actor, find(conn, shared, &actor, &id)?))).await
    }

    /// A page of the approvals that the caller asked for, or of those whose instances the caller may see.
    pub async fn approvals(&self, actor: &Actor, search: Search) -> Result<Page<Found>, Refusal> {
        let actor = actor.clone();
        self.read(move |conn, shared| {
            let query = query(conn, shared, &actor, &search)?;
            let found = approvals::search(conn, &query)?;
            let found = filter::page(found, approvals::count(conn, &query)?);
            let items = found.items.into_iter().map(|found| veiled(&actor, found)).collect();
            Ok(Page { items, next: found.next, total: found.total })
        })
        .await
    }
}

/// Who asked for it sees it, whoever may see its instance.
fn find(conn: &mut Connection, shared: &Shared, actor: &Actor, id: &str) -> Result<Found, Stop> {
    let visible = access::visible(conn, shared, actor)?;
    for (visible, submitter) in [(visible, None), (Visible::all(actor.user.clone()), Some(actor.user.clone()))] {
        let one = ApprovalQuery { id: Some(id.to_owned()), submitter, ..all(actor, visible) };
        if let Some(found) = approvals::search(conn, &one)?.items.pop() {
            return Ok(found);
        }
    }
    Err(Refusal::not_found("approval", id).into())
}

fn all(actor: &Actor, visible: Visible) -> ApprovalQuery {
    let business = actor.business.clone();
    let (id, state, process, instance, submitter, after) = (None, None, None, None, None, None);
    ApprovalQuery { business, visible, id, state, process, instance, submitter, after, limit: 1 }
}

fn query(conn: &mut Connection, shared: &Shared, actor: &Actor, search: &Search) -> Result<ApprovalQuery, Stop> {
    filter::no_sort(search)?;
    let mut query = all(actor, access::visible(conn, shared, actor)?);
    (query.after, query.limit) = (filter::after(search)?, filter::limit(search));
    for condition in filter::conditions(search)? {
        let text = filter::text(condition)?;
        match condition.field.as_str() {
            "state" => query.state = Some(text),
            "process" => query.process = Some(text),
            "instance" => query.instance = Some(InstanceId(text)),
            "submitter" => query.submitter = Some(filter::person(actor, text)),
            field => return Err(filter::unknown(field, &FILTERS).into()),
        }
    }
    if query.submitter.as_ref() == Some(&actor.user) {
        query.visible = Visible::all(actor.user.clone());
    }
    Ok(query)
}

/// What is approved is for those who ask for it and those who are asked; others see that it goes on, and who said what.
fn veiled(actor: &Actor, (root, voting): Found) -> Found {
    match concerns(&voting, &actor.user) {
        true => (root, voting),
        false => (root, Voting { of: Vec::new(), ..voting }),
    }
}

fn concerns(voting: &Voting, user: &UserId) -> bool {
    let votes = voting.votes.iter().any(|vote| vote.by.as_ref() == Some(user) || vote.for_user == *user);
    voting.submitter == *user || votes || voting.seats.iter().any(|seat| seat.user == *user)
}
