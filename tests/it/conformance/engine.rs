//! The engine that cases are played on: the real runtime and the real store with a clock that is moved by hand.
//!
//! One database for all cases, a business for each: what is sent in one case reaches no other.

use super::drive::Stop;
use crate::support::TestDatabase;
use crate::support::app::MONDAY;
use kamflow::model::actor::Actor;
use kamflow::model::directory::Business;
use kamflow::model::ids::BusinessId;
use kamflow::model::refusal::Refusal;
use kamflow::model::revision::Files;
use kamflow::model::text::Text;
use kamflow::model::time::Timestamp;
use kamflow::runtime::clock::{Clock, ManualClock};
use kamflow::runtime::request::{Change, Outcome, Request};
use kamflow::runtime::{Options, Runtime, operator};
use kamflow::store::{Connection, Url};
use std::sync::Arc;

/// An engine on a database.
pub struct Engine {
    runtime: Option<Runtime>,
    pub clock: Arc<ManualClock>,
    url: Url,
    /// Looks at the rows, past the runtime; it stays while the runtime is opened again.
    pub conn: Connection,
    businesses: usize,
}

impl Engine {
    /// Opens it on a fresh database.
    pub fn open(database: &TestDatabase) -> Engine {
        let (url, clock) = (database.parsed_url(), Arc::new(ManualClock::at(Timestamp(0))));
        let runtime = Some(opened(&url, &clock));
        Engine { runtime, clock, url, conn: database.connect(), businesses: 0 }
    }

    /// The running one.
    pub fn runtime(&self) -> &Runtime {
        self.runtime.as_ref().expect("it is taken only while it is opened again")
    }

    /// Everything in memory is dropped, and read again from the store.
    pub fn restart(&mut self) {
        drop(self.runtime.take());
        self.runtime = Some(opened(&self.url, &self.clock));
    }

    /// A new business, on the first Monday of March 2026.
    pub fn business(&mut self) -> BusinessId {
        self.clock.set(Timestamp::parse(MONDAY).unwrap());
        self.businesses += 1;
        let id = BusinessId(format!("case-{}", self.businesses));
        let business = Business {
            id: id.clone(),
            title: Text::same(id.as_str()),
            currency: "CNY".into(),
            time_zone: "Asia/Shanghai".into(),
            active_revision: None,
            created_at: self.clock.now(),
        };
        execute(self.runtime(), operator(id.clone()), Change::CreateBusiness(business)).unwrap();
        id
    }

    /// Deploys files; the sentences of the refusal when it is refused.
    pub fn deploy(&self, business: &BusinessId, files: Files) -> Result<(), Vec<String>> {
        let change = Change::Deploy { files, note: "case".into() };
        match execute(self.runtime(), operator(business.clone()), change) {
            Ok(_) => Ok(()),
            Err(refusal) if refusal.errors.is_empty() => Err(vec![refusal.detail]),
            Err(refusal) => Err(refusal.errors.into_iter().map(|error| error.detail).collect()),
        }
    }
}

fn opened(url: &Url, clock: &Arc<ManualClock>) -> Runtime {
    let options = Options {
        database: url.clone(),
        clock: clock.clone(),
        readers: 1,
        writers: 1,
        queue: 100,
        token_seconds: 60,
        issuers: Vec::new(),
        group_roles: Default::default(),
        key_encryption: None,
    };
    Runtime::open(options).unwrap()
}

/// Carries out a change and waits for its answer.
pub fn execute(runtime: &Runtime, actor: Actor, change: Change) -> Result<Outcome, Refusal> {
    let request = Request { actor, change, idempotency: None, if_match: None };
    wait(runtime.execute(request)).map(|answer| answer.outcome)
}

/// Runs asynchronous work on this thread.
pub fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Stop {
        Stop::Refused(refusal)
    }
}
