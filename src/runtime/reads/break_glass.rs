//! Requests for access beyond the rules.

use super::filter;
use crate::model::actor::Actor;
use crate::model::break_glass::{BreakGlass, State};
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::runtime::{Runtime, access};
use crate::store::break_glass::{self, BreakGlassQuery, Watch};

impl Runtime {
    /// A page of the requests that the caller made or could agree to, the newest first; administrators see all.
    pub async fn break_glass_requests(&self, actor: &Actor, search: Search) -> Result<Page<BreakGlass>, Refusal> {
        let actor = actor.clone();
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let query = query(&actor, access::break_glass::watch(&actor, &library.definitions), &search)?;
            let found = break_glass::search(conn, &query)?;
            Ok(filter::page(found, break_glass::count(conn, &query)?))
        })
        .await
    }
}

fn query(actor: &Actor, watch: Watch, search: &Search) -> Result<BreakGlassQuery, Refusal> {
    filter::no_sort(search)?;
    let mut query = BreakGlassQuery {
        business: actor.business.clone(),
        watch,
        state: None,
        after: filter::after(search)?,
        limit: filter::limit(search),
    };
    for condition in filter::conditions(search)? {
        let text = filter::text(condition)?;
        match condition.field.as_str() {
            "state" => {
                let words = "is one of waiting, open, declined, ended";
                query.state = Some(State::parse(&text).ok_or_else(|| filter::wrong("state", words))?);
            }
            field => return Err(filter::unknown(field, &["state"])),
        }
    }
    Ok(query)
}
