//! Where scenarios are played: a database in a temporary folder, and a business for each case.

use super::names::Names;
use super::play::Failed;
use crate::definitions;
use crate::model::actor::Actor;
use crate::model::directory::Business;
use crate::model::ids::{BusinessId, InstanceId, NodeId, UserId};
use crate::model::instance::Instance;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::revision::Files;
use crate::model::scenario::{Given, Person};
use crate::model::text::Text;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::access::JOB_WORKER;
use crate::runtime::clock::ManualClock;
use crate::runtime::library::{self, Library};
use crate::runtime::request::{Change, Outcome, Request};
use crate::runtime::{Options, Runtime, operator, schedules};
use crate::store::revisions::{self, NewRevision};
use crate::store::{self, Connection, StoreError, Url, businesses, history, instances};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::TempDir;

/// The place where cases are played, one after the other.
pub struct Stage {
    // Dropped in this order: the runtime lets go of the database, then its folder goes.
    runtime: Runtime,
    clock: Arc<ManualClock>,
    conn: Mutex<Connection>,
    library: Arc<Library>,
    _folder: TempDir,
}

/// A case that is being played.
pub struct Scene<'s> {
    /// The engine.
    pub runtime: &'s Runtime,
    /// Its clock.
    pub clock: &'s ManualClock,
    /// The business of this case alone.
    pub business: BusinessId,
    /// What is deployed there.
    pub library: &'s Library,
    /// What things are called.
    pub names: Names,
    conn: &'s Mutex<Connection>,
    /// Who is there, as it is now.
    pub people: BTreeMap<UserId, Person>,
}

impl Stage {
    /// Opens the place for a library.
    pub fn open(library: &Library) -> Result<Stage, String> {
        let folder = tempfile::tempdir().map_err(|error| format!("there is no place to play scenarios: {error}"))?;
        let url = Url::Sqlite(folder.path().join("scenarios.db").to_string_lossy().into_owned());
        let clock = Arc::new(ManualClock::at(Timestamp(0)));
        let options = Options {
            database: url.clone(),
            clock: clock.clone(),
            readers: 1,
            writers: 1,
            queue: 64,
            token_seconds: 60,
            issuers: Vec::new(),
            key_encryption: None,
            group_roles: Default::default(),
        };
        let runtime = Runtime::open(options).map_err(|error| error.to_string())?;
        let conn = Mutex::new(store::connect(&url).map_err(|error| error.to_string())?);
        let library = library::build(FIRST, library.files.clone()).library;
        let library = Arc::new(library.ok_or("the definitions cannot be loaded")?);
        Ok(Stage { runtime, clock, conn, library, _folder: folder })
    }

    /// Sets up what is given, for a case of its own.
    pub fn set(&self, number: usize, given: &Given) -> Result<Scene<'_>, Failed> {
        let business = BusinessId(format!("case-{number}"));
        self.clock.set(given.now);
        self.deploy(&business, given).map_err(|sentence| (None, sentence))?;
        self.runtime.0.shared.libraries.keep(&business, self.library.clone());
        let mut scene = Scene {
            runtime: &self.runtime,
            clock: &self.clock,
            business,
            library: &self.library,
            names: Names::default(),
            conn: &self.conn,
            people: given.people.clone(),
        };
        scene.people(given).map_err(|refusal| (None, refusal.detail))?;
        for record in &given.records {
            let done = scene.create(record, &scene.everybody());
            done.map_err(|refusal| (Some(record.at.clone()), told(&refusal)))?;
        }
        Ok(scene)
    }

    /// The nodes that all cases so far came by.
    pub fn reached(&self) -> Result<BTreeSet<(String, NodeId)>, String> {
        let mut conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        history::reached(&mut conn).map_err(|error| error.to_string())
    }

    /// Straight into the store, since a deployment by the front door would play the scenarios again; and without its
    /// files, which nobody reads: the library is kept, and each case would write all of them.
    fn deploy(&self, business: &BusinessId, given: &Given) -> Result<(), String> {
        let mut conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        let row = Business {
            id: business.clone(),
            title: Text::same(business.as_str()),
            currency: "CNY".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            active_revision: None,
            created_at: given.now,
        };
        let (hash, author) = (definitions::hash(&self.library.files), UserId::from("kamflow"));
        let new = NewRevision {
            business,
            hash: &hash,
            created_by: &author,
            created_at: given.now,
            note: "",
            files: &Files::new(),
        };
        let deployed = store::transaction(&mut conn, |conn| {
            businesses::insert(conn, &row)?;
            let stored = revisions::insert(conn, &new)?;
            revisions::activate(conn, business, stored.number).map(|_| ())
        });
        deployed.map_err(|error: StoreError| error.to_string())?;
        schedules::renew(&mut conn, business, &self.library, given.now).map_err(|stop| match stop {
            Stop::Refused(refusal) => told(&refusal),
            Stop::Store(error) => error.to_string(),
        })
    }
}

/// The number of the first revision of a business.
const FIRST: i64 = 1;

impl Scene<'_> {
    /// Carries out a change.
    pub fn execute(&self, actor: Actor, change: Change) -> Result<Outcome, Refusal> {
        let request = Request { actor, change, idempotency: None, if_match: None };
        self.runtime.execute_here(request).map(|answer| answer.outcome)
    }

    /// Looks into the store.
    pub fn look<T>(&self, look: impl FnOnce(&mut Connection) -> Result<T, StoreError>) -> Result<T, Refusal> {
        let mut conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        look(&mut conn).map_err(|error| Refusal::new(RefusalKind::Internal, "database", error.to_string()))
    }

    /// A root instance as it is now, with everything inside it.
    pub fn instance(&self, id: &InstanceId) -> Result<Instance, Refusal> {
        let key = [(self.business.clone(), id.clone())];
        let loaded = self.look(|conn| instances::load(conn, &key))?.pop();
        loaded.map(|(instance, _)| instance).ok_or_else(|| Refusal::not_found("instance", id))
    }

    /// Somebody of the scenario; without a name, somebody with every role.
    pub fn actor(&self, by: Option<&UserId>) -> Actor {
        let Some(login) = by else { return self.everybody() };
        let roles = self.people.get(login).map(|person| person.roles.iter().cloned().collect());
        Actor { roles: roles.unwrap_or_default(), ..Actor::of(self.business.clone(), login.clone()) }
    }

    /// Somebody with every role, of the pack and of the machine.
    pub fn everybody(&self) -> Actor {
        let mut operator = operator(self.business.clone());
        operator.roles.extend(self.library.definitions.pack.roles.keys().cloned());
        operator.roles.insert(JOB_WORKER.to_owned());
        operator
    }
}

/// A refusal with everything that is wrong.
pub fn told(refusal: &Refusal) -> String {
    let errors: Vec<String> =
        refusal.errors.iter().map(|error| format!("{} {}", error.pointer, error.detail)).collect();
    let more = if errors.is_empty() { String::new() } else { format!(" ({})", errors.join("; ")) };
    format!("{} [{}]{more}", refusal.detail, refusal.code)
}
