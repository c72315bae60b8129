//! Jobs: for process administrators and workers. What a job asks for is masked like everything that processes leave
//! behind; only the worker that takes it gets it whole.

use super::filter;
use super::masks::{Masks, mask_together};
use crate::model::actor::Actor;
use crate::model::ids::{InstanceId, JobId};
use crate::model::job::{JobState, LeasedJob};
use crate::model::json::Json;
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::plugins::Stop;
use crate::runtime::shared::Shared;
use crate::runtime::{Runtime, access};
use crate::store::Connection;
use crate::store::jobs::{self, JobQuery};

const FILTERS: [&str; 6] = ["state", "type", "process", "instance", "node", "worker"];

impl Runtime {
    /// A job.
    pub async fn job(&self, actor: &Actor, id: &JobId) -> Result<LeasedJob, Refusal> {
        access::sees_jobs(actor)?;
        let (actor, id) = (actor.clone(), id.clone());
        self.read(move |conn, shared| {
            let found = jobs::find(conn, &actor.business, &id)?;
            let mut found = vec![found.ok_or_else(|| Refusal::not_found("job", &id))?];
            mask(conn, shared, &actor, &mut found)?;
            Ok(found.pop().ok_or_else(|| Refusal::not_found("job", &id))?)
        })
        .await
    }

    /// A page of jobs, the oldest first.
    pub async fn jobs(&self, actor: &Actor, search: Search) -> Result<Page<LeasedJob>, Refusal> {
        access::sees_jobs(actor)?;
        let (actor, query) = (actor.clone(), query(actor, &search)?);
        self.read(move |conn, shared| {
            let mut found = jobs::search(conn, &query)?;
            mask(conn, shared, &actor, &mut found.items)?;
            Ok(filter::page(found, jobs::count(conn, &query)?))
        })
        .await
    }
}

/// The token of a lease is for its holder alone.
fn mask(conn: &mut Connection, shared: &Shared, actor: &Actor, found: &mut [LeasedJob]) -> Result<(), Stop> {
    let ids: Vec<InstanceId> = found.iter().map(|found| found.job.instance.clone()).collect();
    let masked = Masks::new(shared, actor).of_instances(conn, &ids)?;
    for LeasedJob { job, lease } in found {
        if let Some(lease) = lease {
            lease.token.clear();
        }
        if let Some(masked) = masked.get(&job.instance) {
            let mut message = Json::from(job.message.take());
            mask_together([&mut job.input, &mut message], masked);
            job.message = message.as_str().map(str::to_owned);
        }
    }
    Ok(())
}

fn query(actor: &Actor, search: &Search) -> Result<JobQuery, Refusal> {
    filter::no_sort(search)?;
    let mut query = JobQuery {
        business: actor.business.clone(),
        state: None,
        job_type: None,
        process: None,
        instance: None,
        node: None,
        worker: None,
        after: filter::after(search)?,
        limit: filter::limit(search),
    };
    for condition in filter::conditions(search)? {
        let text = filter::text(condition)?;
        match condition.field.as_str() {
            "state" => {
                let words = JobState::ALL.map(JobState::name).join(", ");
                let state = JobState::parse(&text);
                query.state = Some(state.ok_or_else(|| filter::wrong("state", &format!("is one of {words}")))?);
            }
            "type" => query.job_type = Some(text),
            "process" => query.process = Some(text),
            "instance" => query.instance = Some(InstanceId(text)),
            "node" => query.node = Some(text),
            "worker" => query.worker = Some(text),
            field => return Err(filter::unknown(field, &FILTERS)),
        }
    }
    Ok(query)
}
