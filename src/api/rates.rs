//! How many requests one caller and one business may make. Counted on this node, before anything is done for them, so
//! that a request that is turned away leaves nothing behind, not even under an idempotency key.

use super::buckets::Buckets;
use super::limits::Limits;
use super::problem::Problem;
use crate::model::actor::Actor;
use actix_web::http::{StatusCode, header};

/// The requests of everybody.
#[derive(Debug, Clone, Default)]
pub(super) struct Rates(Buckets);

impl Rates {
    /// Counts a request, or says that it is one too many.
    pub(super) fn take(&self, limits: &Limits, actor: &Actor) -> Result<(), Problem> {
        let caller = format!("{}\n{}", actor.business, actor.caller());
        let business = actor.business.0.clone();
        let counted = [(caller, limits.per_caller, "you"), (business, limits.per_business, "your business")];
        for (name, rate, who) in counted {
            if let Some(rate) = rate
                && let Err(wait) = self.0.take(name, rate)
            {
                let seconds = wait.as_secs() + 1;
                let detail = format!("there are too many requests from {who}; try again in {seconds} seconds");
                return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail)
                    .with_header(header::RETRY_AFTER, seconds.to_string()));
            }
        }
        Ok(())
    }
}
