//! What an outside directory sees over SCIM: its users and groups, part by part.

use crate::model::actor::Actor;
use crate::model::directory::User;
use crate::model::ids::{BusinessId, UserId};
use crate::model::refusal::Refusal;
use crate::model::scim::condition::{self, Condition};
use crate::model::scim::filter::{self, Filter};
use crate::model::scim::{group, person};
use crate::runtime::{Runtime, access};
use crate::store::profiles::{self, Part};
use crate::store::{Connection, StoreError, groups, users};
use std::collections::BTreeMap;

impl Runtime {
    /// A user that the directory sees.
    pub async fn scim_user(&self, actor: &Actor, id: &UserId) -> Result<person::Provisioned, Refusal> {
        access::require(actor, access::ADMIN)?;
        let (business, id) = (actor.business.clone(), id.clone());
        self.read(move |conn, _| {
            let user = users::find(conn, &business, &id)?.ok_or_else(|| Refusal::not_found("user", &id))?;
            if !user.active && profiles::find(conn, &business, &id)?.deleted {
                return Err(Refusal::not_found("user", &id).into());
            }
            let mut shown = with_profiles(conn, &business, vec![user])?;
            Ok(shown.pop().ok_or_else(|| Refusal::not_found("user", &id))?)
        })
        .await
    }

    /// Users that the directory sees, by login, and how many there are in all.
    pub async fn scim_users(
        &self,
        actor: &Actor,
        filter: Option<String>,
        skip: i64,
        limit: i64,
    ) -> Result<(Vec<person::Provisioned>, i64), Refusal> {
        let part = part(actor, filter, condition::of_users, skip, limit)?;
        self.read(move |conn, _| {
            let found = profiles::search(conn, &part)?;
            Ok((with_profiles(conn, &part.business, found)?, profiles::count(conn, &part)?))
        })
        .await
    }

    /// A group with its members.
    pub async fn scim_group(&self, actor: &Actor, id: &str) -> Result<group::Provisioned, Refusal> {
        access::require(actor, access::ADMIN)?;
        let (business, id) = (actor.business.clone(), id.to_owned());
        self.read(move |conn, _| {
            let group = groups::find(conn, &business, &id)?.ok_or_else(|| Refusal::not_found("group", &id))?;
            let members = groups::members(conn, &business, &[&id])?;
            let members = members.into_iter().map(|(_, user, name)| (user, name)).collect();
            Ok(group::Provisioned { group, members: Some(members) })
        })
        .await
    }

    /// Groups by id, without their members, and how many there are in all.
    pub async fn scim_groups(
        &self,
        actor: &Actor,
        filter: Option<String>,
        skip: i64,
        limit: i64,
    ) -> Result<(Vec<group::Provisioned>, i64), Refusal> {
        let part = part(actor, filter, condition::of_groups, skip, limit)?;
        self.read(move |conn, _| {
            let found = groups::search(conn, &part)?;
            let shown = found.into_iter().map(|group| group::Provisioned { group, members: None }).collect();
            Ok((shown, groups::count(conn, &part)?))
        })
        .await
    }

    /// The same with their members.
    pub async fn scim_groups_with_members(
        &self,
        actor: &Actor,
        filter: Option<String>,
        skip: i64,
        limit: i64,
    ) -> Result<(Vec<group::Provisioned>, i64), Refusal> {
        let (mut shown, total) = self.scim_groups(actor, filter, skip, limit).await?;
        let business = actor.business.clone();
        self.read(move |conn, _| {
            let ids: Vec<&str> = shown.iter().map(|shown| shown.group.id.as_str()).collect();
            let mut members: BTreeMap<String, Vec<(UserId, String)>> = BTreeMap::new();
            for (group, user, name) in groups::members(conn, &business, &ids)? {
                members.entry(group).or_default().push((user, name));
            }
            for group in &mut shown {
                group.members = Some(members.remove(&group.group.id).unwrap_or_default());
            }
            Ok((shown, total))
        })
        .await
    }
}

fn part(
    actor: &Actor,
    filter: Option<String>,
    served: fn(&Filter) -> Result<Condition, Refusal>,
    skip: i64,
    limit: i64,
) -> Result<Part, Refusal> {
    access::require(actor, access::ADMIN)?;
    let condition = filter.map(|text| filter::parse(&text).and_then(|filter| served(&filter))).transpose()?;
    Ok(Part { business: actor.business.clone(), condition, skip, limit })
}

fn with_profiles(
    conn: &mut Connection,
    business: &BusinessId,
    found: Vec<User>,
) -> Result<Vec<person::Provisioned>, StoreError> {
    let ids: Vec<&str> = found.iter().map(|user| user.id.as_str()).collect();
    let mut kept = profiles::among(conn, business, &ids)?;
    let mut of_users = groups::of_users(conn, business, &ids)?;
    let shown = |user: User| {
        let profile = kept.remove(&user.id).unwrap_or_default().profile;
        let groups = of_users.remove(&user.id).unwrap_or_default();
        person::Provisioned { user, profile, groups: groups.into_iter().map(|group| (group.id, group.name)).collect() }
    };
    Ok(found.into_iter().map(shown).collect())
}
