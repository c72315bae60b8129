//! Temporary: the facade of the runtime without a runtime behind it, so that `api` compiles and its door can be tested.

use super::request::{Answer, Change, Outcome, Request};
use crate::model::actor::Actor;
use crate::model::decision::Decision;
use crate::model::directory::{Business, User};
use crate::model::finding::Finding;
use crate::model::form::Form;
use crate::model::history::HistoryEntry;
use crate::model::ids::{BusinessId, DecisionId, IncidentId, InstanceId, RecordId, TaskId, UserId};
use crate::model::incident::Incident;
use crate::model::instance::InstanceSummary;
use crate::model::json::{Json, JsonMap};
use crate::model::page::{Page, Search};
use crate::model::record::{FieldChange, Record};
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::revision::{Files, Revision};
use crate::model::scope::Scope;
use crate::model::task::{TaskState, UserTask};
use crate::model::text::{Language, Text};
use crate::model::time::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Roles.
pub mod access {
    use crate::model::actor::Actor;
    use crate::model::refusal::Refusal;
    /// Users, positions, clients.
    pub const ADMIN: &str = "admin";
    /// Deployments, incidents.
    pub const PROCESS_ADMIN: &str = "process_admin";
    /// Businesses.
    pub const OPERATOR: &str = "operator";
    /// Refuses a caller without this role.
    pub fn require(actor: &Actor, role: &str) -> Result<(), Refusal> {
        if actor.roles.contains(role) {
            return Ok(());
        }
        Err(Refusal::forbidden(
            "role_missing",
            format!("this needs the role \"{role}\", which {} does not have", actor.user),
        ))
    }
}

/// Identity.
pub mod identity {
    /// How somebody asks for a token.
    #[derive(Debug, Clone)]
    pub enum Grant {
        /// Password.
        Password {
            /// b
            business: String,
            /// u
            user: String,
            /// p
            password: String,
            /// s
            scopes: Option<Vec<String>>,
        },
        /// Client credentials.
        ClientCredentials {
            /// b
            business: String,
            /// c
            client: String,
            /// s
            secret: String,
            /// s
            scopes: Option<Vec<String>>,
        },
    }
    /// A token.
    pub struct IssuedToken {
        /// t
        pub token: String,
        /// e
        pub expires_in: i64,
        /// s
        pub scopes: Vec<String>,
    }
    /// Why not.
    #[derive(Debug)]
    pub struct Unauthenticated {
        /// r
        pub reason: String,
    }
}

/// Libraries.
pub mod library {
    use crate::model::definitions::Definitions;
    use crate::model::revision::Files;
    /// A revision in memory.
    pub struct Library {
        /// n
        pub number: i64,
        /// f
        pub files: Files,
        /// d
        pub definitions: Definitions,
    }
}

use identity::{Grant, IssuedToken, Unauthenticated};
use library::Library;

/// An incident as it is kept.
#[derive(Debug, Clone)]
pub struct IncidentView {
    /// i
    pub incident: Incident,
    /// s
    pub state: String,
    /// r
    pub resolved_at: Option<Timestamp>,
    /// r
    pub resolved_by: Option<UserId>,
    /// r
    pub resolution: Option<String>,
}

/// The runtime.
#[derive(Clone, Default)]
pub struct Runtime(Arc<tokio::sync::Notify>);

fn no<T>() -> Result<T, Refusal> {
    Err(Refusal::new(RefusalKind::Internal, "internal", "no runtime"))
}

fn task(id: &TaskId) -> UserTask {
    UserTask {
        id: id.clone(),
        instance: InstanceId::from("0199-a"),
        process: "customer-intake".into(),
        token: 1,
        node: "review".into(),
        title: Text { en: "Review".into(), zh: "复核".into() },
        state: TaskState::Created,
        assignee: None,
        candidate_users: vec![UserId::from("alice")],
        candidate_groups: vec![],
        form: None,
        outcomes: vec![],
        priority: 50,
        due: Some(Timestamp(1_700_000_000_000)),
        search: JsonMap::new(),
        created_at: Timestamp(1_700_000_000_000),
        ended_at: None,
        completed_by: None,
        outcome: None,
        version: 7,
    }
}

#[allow(missing_docs)]
impl Runtime {
    pub async fn execute(&self, request: Request) -> Result<Answer, Refusal> {
        match request.change {
            Change::ClaimTask(id) if id.as_str() == "never" => std::future::pending().await,
            Change::ClaimTask(id) if id.as_str() == "go" => {
                self.0.notify_one();
                no()
            }
            Change::ClaimTask(id) if id.as_str() == "waits" => {
                self.0.notified().await;
                Ok(Answer { outcome: Outcome::Task(task(&id)), replayed: false })
            }
            Change::ClaimTask(id) if id.as_str() == "taken" => Err(Refusal::conflict(
                "task_already_claimed",
                "task taken is already claimed by bob; bob can give it back",
            )
            .with_present(serde_json::json!({"state": "claimed"}))),
            Change::ClaimTask(id) => Ok(Answer {
                outcome: Outcome::Task(UserTask {
                    state: TaskState::Claimed,
                    assignee: Some(request.actor.user),
                    ..task(&id)
                }),
                replayed: request.idempotency.is_some_and(|key| key.key == "again"),
            }),
            Change::CreateRecord { record_type, fields } => Ok(Answer {
                outcome: Outcome::Record(Record {
                    business: request.actor.business,
                    record_type,
                    id: RecordId::from("r1"),
                    fields,
                    version: 1,
                    created_at: Timestamp(0),
                    created_by: request.actor.user.clone(),
                    updated_at: Timestamp(0),
                    updated_by: request.actor.user,
                }),
                replayed: false,
            }),
            Change::UpdateRecord { .. } if request.if_match == Some(6) => {
                Err(Refusal::new(RefusalKind::Stale, "stale", "the record was changed: it is at version 7, not 6"))
            }
            Change::Start { .. } => Err(Refusal::new(RefusalKind::Busy, "busy", "too much is waiting; try again")),
            _ => no(),
        }
    }
    /// Tokens of the stub: `user/roles/scopes`, lists with commas, `*` for all scopes.
    pub async fn authenticate(&self, token: &str) -> Result<Actor, Unauthenticated> {
        let parts: Vec<&str> = token.split('/').collect();
        let [user, roles, scopes] = parts.as_slice() else {
            return Err(Unauthenticated { reason: "the token has expired".into() });
        };
        let scopes: BTreeSet<String> = match *scopes {
            "*" => Scope::all().iter().map(ToString::to_string).collect(),
            list => list.split(',').map(str::to_owned).collect(),
        };
        let roles = roles.split(',').map(str::to_owned).collect();
        Ok(Actor { business: BusinessId::from("acme"), user: UserId::from(*user), roles, scopes })
    }
    pub async fn issue_token(&self, grant: Grant) -> Result<IssuedToken, Unauthenticated> {
        match grant {
            Grant::Password { user, password, .. } if password == "correct horse" => {
                Ok(IssuedToken { token: format!("{user}//*"), expires_in: 900, scopes: vec!["tasks:read".into()] })
            }
            _ => Err(Unauthenticated { reason: "business, login or password is wrong".into() }),
        }
    }
    pub async fn jwks(&self) -> Result<Json, Refusal> {
        Ok(serde_json::json!({"keys": []}))
    }
    pub async fn ready(&self) -> Result<(), Refusal> {
        Ok(())
    }
    pub fn now(&self) -> Timestamp {
        Timestamp(0)
    }
    pub async fn task(&self, _: &Actor, id: &TaskId) -> Result<UserTask, Refusal> {
        match id.as_str() {
            "t1" => Ok(task(id)),
            _ => Err(Refusal::not_found("user task", id)),
        }
    }
    pub async fn tasks(&self, _: &Actor, search: Search) -> Result<Page<UserTask>, Refusal> {
        let cursor = search.cursor.clone();
        let said = format!("{search:?}");
        let mut task = task(&TaskId::from("t1"));
        task.search.insert("said".into(), Json::String(said));
        Ok(Page { items: vec![task], next: cursor, total: 10_001 })
    }
    pub async fn task_form(&self, _: &Actor, _: &TaskId) -> Result<(Form, JsonMap), Refusal> {
        no()
    }
    pub async fn instance(&self, _: &Actor, _: &InstanceId) -> Result<(InstanceSummary, JsonMap), Refusal> {
        no()
    }
    pub async fn instances(&self, _: &Actor, _: Search) -> Result<Page<InstanceSummary>, Refusal> {
        no()
    }
    pub async fn history(&self, _: &Actor, _: &InstanceId, _: i64, _: usize) -> Result<Vec<HistoryEntry>, Refusal> {
        no()
    }
    pub async fn decision(&self, _: &Actor, _: &DecisionId, _: Language) -> Result<(Decision, Vec<String>), Refusal> {
        no()
    }
    pub async fn decisions(&self, _: &Actor, _: Search) -> Result<Page<Decision>, Refusal> {
        no()
    }
    pub async fn incident(&self, _: &Actor, _: &IncidentId) -> Result<IncidentView, Refusal> {
        no()
    }
    pub async fn incidents(&self, _: &Actor, _: Search) -> Result<Page<IncidentView>, Refusal> {
        no()
    }
    pub async fn record(&self, _: &Actor, _: &str, _: &RecordId) -> Result<Record, Refusal> {
        no()
    }
    pub async fn records(&self, _: &Actor, _: &str, _: Search) -> Result<Page<Record>, Refusal> {
        no()
    }
    pub async fn record_history(&self, _: &Actor, _: &str, _: &RecordId) -> Result<Vec<FieldChange>, Refusal> {
        no()
    }
    pub async fn user(&self, _: &Actor, _: &UserId) -> Result<User, Refusal> {
        no()
    }
    pub async fn users(&self, _: &Actor, _: Search) -> Result<Page<User>, Refusal> {
        no()
    }
    pub async fn business(&self, _: &Actor) -> Result<Business, Refusal> {
        no()
    }
    pub async fn deployments(&self, _: &Actor) -> Result<Vec<(Revision, bool)>, Refusal> {
        Ok(vec![])
    }
    pub async fn validate(&self, _: &Actor, _: Files) -> Result<Vec<Finding>, Refusal> {
        Ok(vec![])
    }
    pub async fn definitions(&self, _: &Actor) -> Result<Arc<Library>, Refusal> {
        no()
    }
}
