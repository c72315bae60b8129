//! What every handler can reach: the runtime, the metrics, the limits, and what runs in this process right now.

use super::attempts::Attempts;
use super::idempotency::Running;
use super::limits::Limits;
use super::problem::Problem;
use super::rates::Rates;
use super::requires::By;
use super::scim::basic::Exchanged;
use super::sent::Terms;
use super::view::present::present;
use crate::model::json::Json;
use crate::model::task::UserTask;
use crate::runtime::Runtime;
use crate::runtime::request::{Answer, Change, Request};
use actix_web::web;
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Imports that run at the same time at most.
const IMPORTS: usize = 8;

/// The state of the API; cheap to clone, and one for all workers of a server.
#[derive(Clone)]
pub struct ApiState {
    pub(super) runtime: Runtime,
    pub(super) metrics: PrometheusHandle,
    pub(super) limits: Limits,
    pub(super) running: Running,
    pub(super) attempts: Attempts,
    pub(super) rates: Rates,
    pub(super) exchanged: Exchanged,
    /// Turns of imports: each keeps a thread busy while it runs.
    pub(super) imports: Arc<Semaphore>,
}

/// The state, as handlers take it.
pub(super) type App = web::Data<ApiState>;

impl ApiState {
    /// The state of a server.
    pub fn new(runtime: Runtime, metrics: PrometheusHandle, limits: Limits) -> ApiState {
        let (running, rates) = (Running::default(), Rates::default());
        let imports = Arc::new(Semaphore::new(IMPORTS));
        let (attempts, exchanged) = (Attempts::new(&limits), Exchanged::default());
        ApiState { runtime, metrics, attempts, limits, running, rates, exchanged, imports }
    }

    /// Asks the runtime for a change, on the terms of the request: one at a time for each idempotency key.
    pub(super) async fn execute(&self, by: &By, terms: Terms, change: Change) -> Result<Answer, Problem> {
        let actor = by.0.clone();
        let _turn = terms.idempotency.as_ref().map(|key| self.running.enter(&actor, key)).transpose()?;
        let request = Request { actor, change, idempotency: terms.idempotency, if_match: terms.if_match };
        let refusal = match self.runtime.execute(request).await {
            Ok(answer) => return Ok(answer),
            Err(refusal) => refusal,
        };
        let mut problem = Problem::from(refusal);
        if let Some(found) = problem.present.take() {
            let seen = match serde_json::from_value::<UserTask>(Json::clone(&found)) {
                Ok(task) => self.runtime.seen_task(&by.0, &task).await.ok(),
                Err(_) => None,
            };
            problem.present = Some(Box::new(present(*found, seen)));
        }
        Err(problem)
    }
}
