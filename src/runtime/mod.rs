//! The only place where state changes: the batch writer, the worker, deployment, identity, and the reads that the API
//! serves.
//!
//! Everything goes through [`Runtime::execute`]: prepared off the writer (`prepare`), queued, applied and committed in
//! batches (`writer`), answered after the commit.

pub mod access;
mod asked;
mod begins;
pub mod built_in;
mod changes;
pub mod clock;
mod deliveries;
mod entered;
mod evolution;
pub mod exchange;
mod holder;
mod idempotency_key;
pub mod identity;
mod ids;
mod job;
mod job_change;
mod libraries;
pub mod library;
pub mod media;
mod outbox;
mod outcome;
mod poll;
mod prepare;
mod project;
mod reads;
mod released;
pub mod request;
mod rescan;
mod retention;
pub mod scenarios;
mod schedules;
mod sessions;
mod shared;
mod shelf;
mod task_request;
mod tell;
mod tell_task;
pub mod tests;
pub mod transfer;
mod upkeep;
mod variables;
pub mod worker;
mod writer;

pub use identity::{Grant, IssuedToken, NotIssued, Unauthenticated};
pub use poll::Wanted;
pub use reads::incidents::IncidentView;
pub use reads::people::{Relative, Towards};
pub use reads::tokens::TokenView;

use crate::model::actor::Actor;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::scim::group::GroupRoles;
use crate::model::secret::Secret;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::store::{self, Checkpoints, Connection, Log, Readers, StoreError, Url, connect};
use clock::Clock;
use identity::cipher::Cipher;
use identity::issuer::Issuer;
use job::Job;
use request::{Answer, Change, Request};
use sessions::Sessions;
use shared::Shared;
use std::sync::Arc;
use writer::Writers;

/// How a runtime is set up.
pub struct Options {
    /// Where the rows are.
    pub database: Url,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Threads that read.
    pub readers: usize,
    /// Threads that write; SQLite always has one.
    pub writers: usize,
    /// Commands that may wait for each writer.
    pub queue: usize,
    /// Seconds that a token is valid; at most a day.
    pub token_seconds: i64,
    /// Outside issuers whose tokens are accepted as well.
    pub issuers: Vec<Issuer>,
    /// The roles that groups of an outside directory give by their names.
    pub group_roles: GroupRoles,
    /// 32 bytes in base64 that signing keys are enciphered with; none: they are kept in the clear.
    pub key_encryption: Option<Secret>,
}

/// A running engine on a migrated database. Cheap to clone; the last clone to go finishes what is queued.
#[derive(Clone)]
pub struct Runtime(Arc<Inner>);

struct Inner {
    // Dropped in this order: no new commands, then no reads.
    writers: Writers,
    readers: Readers,
    shared: Arc<Shared>,
    sessions: Sessions,
}

impl Runtime {
    /// Migrates the database, makes a signing key when there is none, and starts the threads. Blocks.
    pub fn open(options: Options) -> Result<Runtime, StoreError> {
        let mut conn = connect(&options.database)?;
        store::migrate(&mut conn)?;
        let cipher = options.key_encryption.as_ref().map(Cipher::new).transpose();
        let cipher = cipher.map_err(|reason| StoreError::Unreadable { what: "a signing key".into(), reason })?;
        let Options { clock, token_seconds, issuers, .. } = &options;
        let sessions = Sessions::open(&mut conn, clock.now(), *token_seconds, issuers.clone(), cipher)?;
        drop(conn);
        let writers = if matches!(options.database, Url::Sqlite(_)) { 1 } else { options.writers };
        let shared = Arc::new(Shared {
            url: options.database.clone(),
            log: Arc::new(Log::of(&options.database)),
            checkpoints: Checkpoints::start(&options.database),
            clock: options.clock,
            people: sessions::People::default(),
            libraries: libraries::Libraries::default(),
            group_roles: options.group_roles,
            timers: tokio::sync::Notify::new(),
            jobs: tokio::sync::Notify::new(),
            stopping: false.into(),
            derivations: tokio::sync::Notify::new(),
        });
        let writers = Writers::start(&shared, writers, options.queue)?;
        let readers = Readers::start(&options.database, options.readers, &shared.log);
        Ok(Runtime(Arc::new(Inner { writers, readers, shared, sessions })))
    }

    /// The log that everything which is answered stands in.
    pub fn log(&self) -> &Log {
        &self.0.shared.log
    }

    /// The present time of this runtime's clock.
    pub fn now(&self) -> Timestamp {
        self.0.shared.clock.now()
    }

    /// Carries out a change and answers after the commit.
    pub async fn execute(&self, request: Request) -> Result<Answer, Refusal> {
        let Request { actor, change, idempotency, if_match } = request;
        let forget = Forget::after(&change);
        let (actor, prepared) = if prepare::takes_long(&change) {
            let runtime = self.clone();
            off_the_loop(move || prepare::prepare(&runtime, &actor, change).map(|done| (actor, done))).await??
        } else {
            let prepared = prepare::prepare(self, &actor, change)?;
            (actor, prepared)
        };
        let answer = if evolution::changes_types(&prepared) {
            self.change_revision(actor, prepared, idempotency, if_match).await
        } else {
            self.submit(actor, prepared, idempotency, if_match).await
        };
        match forget {
            Forget::Token(id) if answer.is_ok() => self.0.sessions.forget(&id),
            Forget::Keys if answer.is_ok() => self.0.sessions.forget_keys(),
            _ => {}
        }
        answer
    }

    /// Queues a prepared change and waits for its answer.
    async fn submit(
        &self,
        actor: Actor,
        prepared: prepare::Prepared,
        idempotency: Option<request::IdempotencyKey>,
        if_match: Option<i64>,
    ) -> Result<Answer, Refusal> {
        let (job, answered) = Job::new(actor, prepared, idempotency, if_match);
        self.0.writers.submit(job);
        answered.await.map_err(|_| internal("the writer stopped before it answered"))?
    }

    /// The same on a thread that may wait, without the loop: for work that sends many changes one after the other.
    fn execute_here(&self, request: Request) -> Result<Answer, Refusal> {
        let Request { actor, change, idempotency, if_match } = request;
        let prepared = prepare::prepare(self, &actor, change)?;
        let (job, answered) = Job::new(actor, prepared, idempotency, if_match);
        self.0.writers.submit(job);
        answered.blocking_recv().map_err(|_| internal("the writer stopped before it answered"))?
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> Result<(), Refusal> {
        self.read(|conn, _| Ok(store::businesses::list(conn).map(|_| ())?)).await
    }

    /// Runs a read on a reader.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Connection, &Shared) -> Result<T, Stop> + Send + 'static,
    ) -> Result<T, Refusal> {
        let shared = self.0.shared.clone();
        let done = self.0.readers.read(move |conn| match read(conn, &shared) {
            Ok(value) => Ok(Ok(value)),
            Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
            Err(Stop::Store(error)) => Err(error),
        });
        match done.await {
            Ok(result) => result,
            Err(StoreError::Disk(_)) => Err(not_durable()),
            Err(StoreError::Nul) => Err(Refusal::invalid("nul_character", StoreError::Nul.to_string())),
            Err(error) => {
                tracing::error!(%error, "a read failed in the database");
                let kind = if error.is_lost() || error.is_busy() { RefusalKind::Busy } else { RefusalKind::Internal };
                Err(Refusal::new(kind, "database", "the database did not answer"))
            }
        }
    }
}

/// What this node must not believe any more when a change is done.
enum Forget {
    Nothing,
    Token(String),
    Keys,
}

impl Forget {
    fn after(change: &Change) -> Forget {
        match change {
            Change::RevokeToken { jti, .. } => Forget::Token(jti.clone()),
            Change::RotateKey | Change::RetireKey(_) => Forget::Keys,
            _ => Forget::Nothing,
        }
    }
}

/// Runs blocking work on a thread where blocking is allowed.
async fn off_the_loop<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|_| internal("the work was not finished"))
}

/// The disk did not take what was written.
fn not_durable() -> Refusal {
    let sentence =
        "the disk did not take what was written, and kamflow has to be started anew; look before you repeat it";
    Refusal::new(RefusalKind::Busy, "not_durable", sentence)
}

fn internal(sentence: &str) -> Refusal {
    Refusal::new(RefusalKind::Internal, "internal", sentence)
}

/// The name of an upload that begins.
pub fn new_upload() -> String {
    ids::new()
}

/// The actor of commands given on the machine itself, by whoever may read its database.
pub fn operator(business: crate::model::ids::BusinessId) -> Actor {
    let roles = [access::ADMIN, access::PROCESS_ADMIN, access::OPERATOR].map(str::to_owned);
    Actor { roles: roles.into(), ..Actor::engine(business) }
}
