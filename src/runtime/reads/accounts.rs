//! Service accounts of the caller's business, and the signing keys of the installation.

use super::filter;
use crate::model::actor::Actor;
use crate::model::directory::{Client, SigningKeySummary};
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::runtime::{Runtime, access};
use crate::store::{clients, keys};

impl Runtime {
    /// A service account.
    pub async fn client(&self, actor: &Actor, id: &str) -> Result<Client, Refusal> {
        access::require(actor, access::ADMIN)?;
        let (business, id) = (actor.business.clone(), id.to_owned());
        let found = self.read(move |conn, _| {
            Ok(clients::find(conn, &business, &id)?.ok_or_else(|| Refusal::not_found("client", &id))?)
        });
        found.await.map(|account| account.client)
    }

    /// A page of service accounts, by id.
    pub async fn clients(&self, actor: &Actor, search: Search) -> Result<Page<Client>, Refusal> {
        access::require(actor, access::ADMIN)?;
        filter::no_sort(&search)?;
        if let Some(condition) = filter::conditions(&search)?.first() {
            return Err(filter::unknown(&condition.field, &[]));
        }
        let business = actor.business.clone();
        let (after, limit) = (search.cursor.clone(), filter::limit(&search));
        let most = usize::try_from(limit).unwrap_or(0);
        self.read(move |conn, _| {
            let found = clients::list(conn, &business, after.as_deref(), limit + 1)?;
            let total = clients::count(conn, &business)?;
            let more = found.len() > most;
            let items: Vec<Client> = found.into_iter().take(most).map(|account| account.client).collect();
            let next = if more { items.last().map(|client| client.id.clone()) } else { None };
            Ok(Page { items, next, total })
        })
        .await
    }

    /// The signing keys that sign or verify, the newest first.
    pub async fn signing_keys(&self, actor: &Actor) -> Result<Vec<SigningKeySummary>, Refusal> {
        access::require(actor, access::OPERATOR)?;
        let now = self.now();
        self.read(move |conn, _| {
            let all = keys::list(conn)?;
            let newest = all.iter().find(|key| key.retired_at.is_none()).map(|key| key.id.clone());
            let verifies = all.into_iter().filter(|key| key.verifies_until.is_none_or(|until| now < until));
            let summary = |key: keys::SigningKey| SigningKeySummary {
                signs: newest.as_ref() == Some(&key.id),
                id: key.id,
                algorithm: key.algorithm,
                created_at: key.created_at,
                verifies_until: key.verifies_until,
            };
            Ok(verifies.map(summary).collect())
        })
        .await
    }
}
