//! Approvals: what is to be agreed to, who is asked, and every vote.

use super::filter;
use crate::engine;
use crate::model::actor::Actor;
use crate::model::approval::{MayAdd, SUBJECT};
use crate::model::ids::{InstanceId, UserId};
use crate::model::instance::InstanceState;
use crate::model::json::Json;
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::model::voting::{SeenVoting, Subject, Voting};
use crate::plugins::Stop;
use crate::runtime::shared::Shared;
use crate::runtime::shelf::{Given, Shelf};
use crate::runtime::{Runtime, access};
use crate::store::approvals::{self, ApprovalQuery, Found};
use crate::store::visible::Visible;
use crate::store::{Connection, businesses, instances, records};
use std::collections::{BTreeMap, BTreeSet};

const FILTERS: [&str; 4] = ["state", "process", "instance", "submitter"];

impl Runtime {
    /// An approval that the caller asked for, or whose instance the caller may see.
    pub async fn approval(&self, actor: &Actor, id: &str) -> Result<SeenVoting, Refusal> {
        let (actor, id) = (actor.clone(), id.to_owned());
        self.read(move |conn, shared| {
            let found = find(conn, shared, &actor, &id)?;
            let found = veiled(conn, shared, &actor, found)?;
            Ok(with_verbs(conn, shared, &actor, vec![found])?.remove(0))
        })
        .await
    }

    /// A page of the approvals that the caller asked for, or of those whose instances the caller may see.
    pub async fn approvals(&self, actor: &Actor, search: Search) -> Result<Page<SeenVoting>, Refusal> {
        let actor = actor.clone();
        self.read(move |conn, shared| {
            let query = query(conn, shared, &actor, &search)?;
            let found = approvals::search(conn, &query)?;
            let found = filter::page(found, approvals::count(conn, &query)?);
            let items = found.items.into_iter().map(|found| veiled(conn, shared, &actor, found));
            let items = items.collect::<Result<Vec<Found>, Stop>>()?;
            let items = with_verbs(conn, shared, &actor, items)?;
            Ok(Page { items, next: found.next, total: found.total })
        })
        .await
    }
}

/// Who asked for it sees it, whoever may see its instance.
pub(in crate::runtime) fn find(conn: &mut Connection, shared: &Shared, actor: &Actor, id: &str) -> Result<Found, Stop> {
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

/// Approvals with what the caller may do with each beside voting. Only where the process lets somebody add approvers who could
/// be the caller the instance is looked at.
fn with_verbs(
    conn: &mut Connection,
    shared: &Shared,
    actor: &Actor,
    found: Vec<Found>,
) -> Result<Vec<SeenVoting>, Stop> {
    let named = |voting: &Voting| {
        voting.may_add.iter().any(|named| match named {
            MayAdd::Approver => true,
            MayAdd::Role(role) => actor.roles.contains(role),
            MayAdd::User(user) => *user == actor.user,
        })
    };
    let asked = found.iter().filter(|(_, voting)| voting.ended.is_none() && named(voting));
    let asked: BTreeSet<InstanceId> = asked.map(|(root, _)| root.clone()).collect();
    let roots: Vec<_> = asked.into_iter().map(|root| (actor.business.clone(), root)).collect();
    let (now, mut states) = (shared.clock.now(), BTreeMap::new());
    if roots.is_empty() {
        return Ok(found.into_iter().map(|(root, voting)| SeenVoting { root, voting, may_add: false }).collect());
    }
    let going = businesses::going(conn, std::slice::from_ref(&actor.business))?.pop();
    let time_zone = going.as_ref().map_or("UTC", |going| going.time_zone.as_str());
    let given = Given { business: &actor.business, active: going.as_ref().and_then(|going| going.active), time_zone };
    for (state, _) in instances::load(conn, &roots)? {
        let pinned = shared.libraries.get(conn, &actor.business, state.revision)?;
        let shelf = Shelf::of(&shared.libraries, conn, given, pinned, Some(&state))?;
        states.insert(state.id.clone(), (state, shelf));
    }
    let seen = found.into_iter().map(|(root, voting)| {
        let may_add = states.get(&root).is_some_and(|(state, shelf)| {
            let open = state.state != InstanceState::Suspended;
            open && engine::may_add_approver(state, voting.token, &shelf.context(actor, now)).is_ok()
        });
        SeenVoting { root, voting, may_add }
    });
    Ok(seen.collect())
}

/// What is approved is for those who ask for it and those who are asked; others see that it goes on, and who said what. Of
/// the record that is approved everybody sees what the rights of its fields allow.
fn veiled(conn: &mut Connection, shared: &Shared, actor: &Actor, (root, mut voting): Found) -> Result<Found, Stop> {
    if !concerns(&voting, &actor.user) {
        voting.of.clear();
    }
    if let Some(subject) = voting.subject.as_ref().filter(|_| !voting.of.is_empty()) {
        for field in hidden(conn, shared, actor, subject)? {
            let named = format!("{SUBJECT}.{field}");
            voting
                .of
                .iter_mut()
                .filter(|of| of.name.contains(&named))
                .for_each(|of| of.value = Json::from(access::MASK));
        }
    }
    Ok((root, voting))
}

/// The approved fields of a record that the caller may not read: personal ones and those with readers of their own, unless
/// the caller reads them on this very record.
fn hidden(conn: &mut Connection, shared: &Shared, actor: &Actor, subject: &Subject) -> Result<Vec<String>, Stop> {
    let (library, now) = (shared.libraries.active(conn, &actor.business)?, shared.clock.now());
    let definitions = &library.definitions;
    let masked = access::masked(actor, definitions, now);
    let mut hidden: Vec<String> = subject.fields.keys().filter(|name| masked.contains(name)).cloned().collect();
    let declared = definitions.records.get(&subject.record_type).filter(|_| !hidden.is_empty());
    let Some(declared) = declared else { return Ok(hidden) };
    let (business, name) = (&actor.business, &subject.record_type);
    let sight = access::sight(actor, definitions, declared, &declared.access.read, now);
    let seen = records::seen(conn, business, name, std::slice::from_ref(&subject.present), &sight)?;
    let found = records::find(conn, business, name, &subject.present)?.filter(|_| !seen.is_empty());
    let Some(found) = found else { return Ok(hidden) };
    let mut shown = [found.clone()];
    access::fields(actor, definitions, declared, now).hide(conn, &mut shown)?;
    let taken = |name: &String| found.fields.contains_key(name) && !shown[0].fields.contains_key(name);
    hidden.retain(taken);
    Ok(hidden)
}

fn concerns(voting: &Voting, user: &UserId) -> bool {
    let votes = voting.votes.iter().any(|vote| vote.by.as_ref() == Some(user) || vote.for_user == *user);
    voting.submitter == *user || votes || voting.seats.iter().any(|seat| seat.user == *user)
}
