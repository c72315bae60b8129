//! The table of everything that is served: method, path, handler, who may come in, and what it does. The router and
//! the OpenAPI document are made from it, so neither can know a route that the other does not.

use super::aggregate::AggregateRecords;
use super::auth::{RevokeRequest, TokenRequest, TokenView};
use super::break_glass::AskBreakGlass;
use super::businesses::CreateBusiness;
use super::clients::{PutClient, RotateSecret};
use super::deployments::{Deploy, Validate};
use super::health::HealthView;
use super::incidents::RetryIncident;
use super::merges::{MergeRecords, UndoMerge};
use super::password::ChangePassword;
use super::process_instances::StartProcess;
use super::records::{CreateRecord, SearchRecords, UpdateRecord};
use super::route::{Door, Route, row};
use super::routes_approvals::approvals;
use super::routes_files::files;
use super::routes_interventions::interventions;
use super::routes_jobs::integration;
use super::routes_messages::messages;
use super::routes_organisation::organisation;
use super::routes_scim::scim;
use super::routes_tasks::tasks;
use super::search::SearchBody;
use super::sent::Nothing;
use super::task_verbs::{self, PatchTask};
use super::user_tasks::CompleteTask;
use super::users::PutUser;
use super::view::break_glass::BreakGlassView;
use super::view::business::BusinessView;
use super::view::client::ClientView;
use super::view::decision::DecisionView;
use super::view::deployment::{RevisionView, ValidationView};
use super::view::form::FormView;
use super::view::impact::ProgressView;
use super::view::import::ImportLine;
use super::view::incident::IncidentView;
use super::view::instance::{HistoryView, InstanceView};
use super::view::merge::{MergeView, MergedView};
use super::view::plugin::{PluginView, ScriptView, SettingView};
use super::view::process_definition::{DefinitionLine, DefinitionView};
use super::view::record::{ChangeView, RecordView};
use super::view::signing_key::SigningKeyView;
use super::view::stages::StagesView;
use super::view::summary::SummariesView;
use super::view::task::TaskView;
use super::view::user::{MeView, UserView};
use super::{
    aggregate, auth, break_glass, businesses, clients, decisions, deployments, diagrams, exports, health, imports,
    incidents, merges, plugins,
};
use super::{
    password, process_definitions, process_instances, records, scripts, settings, signing_keys, stages, user_tasks,
    users,
};
use crate::model::scope::Scope::*;
use crate::runtime::access::{ADMIN, OPERATOR, PROCESS_ADMIN};
use actix_web::http::Method;
use std::sync::LazyLock;

pub(super) const GET: Method = Method::GET;
pub(super) const POST: Method = Method::POST;
pub(super) const PUT: Method = Method::PUT;
pub(super) const PATCH: Method = Method::PATCH;
pub(super) const DELETE: Method = Method::DELETE;

static TABLE: LazyLock<Vec<Route>> = LazyLock::new(|| {
    let areas = [
        ("definitions", definitions()),
        ("running", running()),
        ("running", messages()),
        ("running", interventions()),
        ("people", tasks()),
        ("people", people()),
        ("people", approvals()),
        ("organisation", organisation()),
        ("provisioning", scim()),
        ("business", business()),
        ("business", files()),
        ("integration", integration()),
        ("service", service()),
    ];
    areas.into_iter().flat_map(|(area, rows)| rows.into_iter().map(move |row| row.in_area(area))).collect()
});

/// The whole table.
pub fn all() -> &'static [Route] {
    &TABLE
}

#[rustfmt::skip] // a table reads in rows
fn definitions() -> Vec<Route> {
    vec![
        row(POST, "/deployments", "deploy", DefinitionsWrite, deployments::create, "Check, store and activate the files of a revision")
            .takes::<Deploy>().gives::<RevisionView>(201).role(PROCESS_ADMIN).large(),
        row(POST, "/deployments/validate", "validateDeployment", DefinitionsWrite, deployments::validate, "Check files without storing them")
            .takes::<Validate>().gives::<ValidationView>(200).role(PROCESS_ADMIN).large().harmless(),
        row(GET, "/deployments", "listDeployments", DefinitionsRead, deployments::list, "All revisions")
            .gives_list::<RevisionView>().role(PROCESS_ADMIN),
        row(GET, "/deployments/{number}", "getDeployment", DefinitionsRead, deployments::get, "One revision")
            .gives::<RevisionView>(200).role(PROCESS_ADMIN),
        row(POST, "/deployments/{number}/activate", "activateDeployment", DefinitionsWrite, deployments::activate, "Make an earlier revision the active one")
            .takes_nothing().gives::<RevisionView>(200).role(PROCESS_ADMIN),
        row(GET, "/deployments/{number}/progress", "getDeploymentProgress", DefinitionsRead, deployments::progress, "How far the records are brought to the rules of a revision")
            .gives::<ProgressView>(200).role(PROCESS_ADMIN),
        row(GET, "/process-definitions", "listProcessDefinitions", DefinitionsRead, process_definitions::list, "The processes of the active revision, or those that kamflow brings along")
            .gives_list::<DefinitionLine>().knows(process_definitions::PARAMETERS),
        row(GET, "/process-definitions/{key}", "getProcessDefinition", DefinitionsRead, process_definitions::get, "One process with its nodes and flows")
            .gives::<DefinitionView>(200),
        row(GET, "/process-definitions/{key}/yaml", "getProcessDefinitionYaml", DefinitionsRead, process_definitions::get_yaml, "The file of a process, as it was deployed")
            .gives_text("application/yaml"),
        row(GET, "/process-definitions/{key}/form", "getProcessDefinitionForm", DefinitionsRead, process_definitions::get_form, "All that a client needs to draw the start of a process")
            .gives::<FormView>(200),
        row(GET, "/process-definitions/{key}/diagram", "getProcessDefinitionDiagram", DefinitionsRead, diagrams::of_definition, "A process as a picture (SVG), or as a Mermaid flowchart")
            .gives_text("image/svg+xml").knows(diagrams::PARAMETERS),
        row(POST, "/process-definitions/{key}/import", "importProcess", ProcessesWrite, imports::starts, "Start the process with every row of a file; the answer is a stream of lines, the last one `summary` or `stopped`")
            .takes_file().gives_lines::<ImportLine>().knows(imports::PARAMETERS).sets(),
        row(GET, "/plugins", "listPlugins", DefinitionsRead, plugins::list, "The plugins of the active revision")
            .gives_list::<PluginView>(),
        row(GET, "/scripts", "listScripts", DefinitionsRead, scripts::list, "The scripts of the active revision")
            .gives_list::<ScriptView>().role(PROCESS_ADMIN),
        row(GET, "/scripts/{plugin}/{file}", "getScript", DefinitionsRead, scripts::get, "One script with its source")
            .gives::<ScriptView>(200).role(PROCESS_ADMIN),
        row(GET, "/settings", "listSettings", DefinitionsRead, settings::list, "The settings of all plugins, and who gave their values")
            .gives_list::<SettingView>().role(PROCESS_ADMIN),
    ]
}

#[rustfmt::skip]
fn running() -> Vec<Route> {
    vec![
        row(POST, "/process-instances", "startProcess", ProcessesWrite, process_instances::start, "Start a process; with a business key that is taken, get the first instance (200)")
            .takes::<StartProcess>().gives::<InstanceView>(201).or(200).tagged(),
        row(GET, "/process-instances", "listProcessInstances", ProcessesRead, process_instances::list, "The process instances that you may see")
            .gives_page::<InstanceView>().lists(&["process", "state", "businessKey", "starter", "parent"]).by_variables(),
        row(POST, "/process-instances/search", "searchProcessInstances", ProcessesRead, process_instances::search, "Find process instances")
            .takes::<SearchBody>().gives_page::<InstanceView>().harmless(),
        row(GET, "/process-instances/{id}", "getProcessInstance", ProcessesRead, process_instances::get, "One process instance with its variables")
            .gives::<InstanceView>(200).tagged(),
        row(GET, "/process-instances/{id}/history", "getProcessInstanceHistory", ProcessesRead, process_instances::get_history, "What happened in an instance, oldest first")
            .gives::<HistoryView>(200).asks(&["after", "limit"]),
        row(GET, "/process-instances/{id}/diagram", "getProcessInstanceDiagram", ProcessesRead, diagrams::of_instance, "The process of an instance as a picture, with its tokens, incidents, visits and times")
            .gives_text("image/svg+xml").knows(diagrams::PARAMETERS),
        row(GET, "/incidents", "listIncidents", IncidentsRead, incidents::list, "What failed")
            .gives_page::<IncidentView>().lists(&["process", "instance", "node", "code", "state"]).role(PROCESS_ADMIN),
        row(POST, "/incidents/search", "searchIncidents", IncidentsRead, incidents::search, "Find incidents")
            .takes::<SearchBody>().gives_page::<IncidentView>().role(PROCESS_ADMIN).harmless(),
        row(GET, "/incidents/{id}", "getIncident", IncidentsRead, incidents::get, "One incident with the input that failed")
            .gives::<IncidentView>(200).role(PROCESS_ADMIN),
        row(POST, "/incidents/{id}/retry", "retryIncident", IncidentsWrite, incidents::retry, "Try the failed node again, perhaps with other variables")
            .takes_perhaps::<RetryIncident>().gives::<InstanceView>(200).versioned().role(PROCESS_ADMIN),
        row(GET, "/decisions", "listDecisions", DecisionsRead, decisions::list, "What business rules decided")
            .gives_page::<DecisionView>().lists(&["instance", "function"]),
        row(POST, "/decisions/search", "searchDecisions", DecisionsRead, decisions::search, "Find decisions")
            .takes::<SearchBody>().gives_page::<DecisionView>().harmless(),
        row(GET, "/decisions/{id}", "getDecision", DecisionsRead, decisions::get, "One decision with its explanation")
            .gives::<DecisionView>(200),
    ]
}

#[rustfmt::skip]
fn people() -> Vec<Route> {
    vec![
        row(POST, "/break-glass", "askBreakGlass", BreakGlass, break_glass::ask, "Ask for access beyond the rules, with a reason")
            .takes::<AskBreakGlass>().gives::<BreakGlassView>(201),
        row(GET, "/break-glass", "listBreakGlass", BreakGlass, break_glass::list, "Requests of the caller, and those the caller could agree to")
            .gives_page::<BreakGlassView>().lists(&["state"]),
        row(POST, "/break-glass/{id}/approve", "approveBreakGlass", BreakGlass, break_glass::approve, "Agree, as the second person")
            .takes_nothing().gives::<BreakGlassView>(200),
        row(POST, "/break-glass/{id}/decline", "declineBreakGlass", BreakGlass, break_glass::decline, "Decline, as the second person")
            .takes_nothing().gives::<BreakGlassView>(200),
        row(POST, "/break-glass/{id}/end", "endBreakGlass", BreakGlass, break_glass::end, "Give the access back before its time")
            .takes_nothing().gives::<BreakGlassView>(200),
        row(GET, "/user-tasks", "listUserTasks", TasksRead, user_tasks::list, "The tasks that you may see")
            .gives_page::<TaskView>().by_tasks().lists(&["filter", "actionable", "state", "assignee", "candidateGroup", "process", "node", "instance", "businessKey", "subject", "parent"])
            .many(&["state", "assignee", "candidateGroup", "process", "node", "instance", "businessKey", "subject", "parent"]).sorts(&["due", "-due", "createdAt", "-createdAt", "priority", "-priority"]),
        row(POST, "/user-tasks/search", "searchUserTasks", TasksRead, user_tasks::search, "Find tasks")
            .takes::<SearchBody>().gives_page::<TaskView>().harmless(),
        row(GET, "/user-tasks/{id}", "getUserTask", TasksRead, user_tasks::get, "One task with what you may do with it")
            .gives::<TaskView>(200).tagged(),
        row(PATCH, "/user-tasks/{id}", "patchUserTask", TasksWrite, task_verbs::patch, "Say how urgent a task is, when it is due or to be looked at again")
            .takes::<PatchTask>().gives::<TaskView>(200).versioned(),
        row(GET, "/user-tasks/{id}/form", "getUserTaskForm", TasksRead, user_tasks::get_form, "The form of a task with the variables that it shows")
            .gives::<FormView>(200),
        row(POST, "/user-tasks/{id}/claim", "claimUserTask", TasksWrite, user_tasks::claim, "Take a task")
            .takes_nothing().gives::<TaskView>(200).versioned(),
        row(POST, "/user-tasks/{id}/unclaim", "unclaimUserTask", TasksWrite, user_tasks::unclaim, "Give a task back")
            .takes_nothing().gives::<TaskView>(200).versioned(),
        row(POST, "/user-tasks/{id}/complete", "completeUserTask", TasksWrite, user_tasks::complete, "Finish a task")
            .takes::<CompleteTask>().gives::<TaskView>(200).versioned(),
        row(GET, "/users", "listUsers", DirectoryRead, users::list, "The users of the business")
            .gives_page::<UserView>().lists(&["role", "active"]),
        row(GET, "/users/me", "getMe", DirectoryRead, users::me, "Who the token stands for")
            .gives::<MeView>(200).door(Door::Token),
        row(GET, "/users/{id}", "getUser", DirectoryRead, users::get, "One user")
            .gives::<UserView>(200).tagged(),
        row(PUT, "/users/{id}", "putUser", DirectoryWrite, users::put, "Create or replace a user")
            .takes::<PutUser>().gives::<UserView>(200).role(ADMIN).versioned(),
        row(POST, "/users/{id}/revoke-tokens", "revokeUserTokens", DirectoryWrite, users::revoke_tokens, "End every token of a user that was issued so far")
            .takes_nothing().gives::<Nothing>(200).role(ADMIN),
        row(POST, "/users/{id}/unlink", "unlinkUser", DirectoryWrite, users::unlink, "Forget which account of an outside issuer a user is; the next sign-in links anew")
            .takes_nothing().gives::<Nothing>(200).role(ADMIN),
        row(GET, "/clients", "listClients", Admin, clients::list, "The service accounts of the business")
            .gives_page::<ClientView>().lists(&[]).role(ADMIN),
        row(GET, "/clients/{id}", "getClient", Admin, clients::get, "One service account")
            .gives::<ClientView>(200).tagged().role(ADMIN),
        row(PUT, "/clients/{id}", "putClient", Admin, clients::put, "Create or replace a service account")
            .takes::<PutClient>().gives::<ClientView>(200).role(ADMIN).versioned(),
        row(DELETE, "/clients/{id}", "deleteClient", Admin, clients::delete, "Remove a service account; its tokens end")
            .takes_nothing().gives::<Nothing>(200).role(ADMIN).guarded(),
        row(POST, "/clients/{id}/rotate-secret", "rotateClientSecret", Admin, clients::rotate_secret, "Give a service account a new secret; the present one is good for a while")
            .takes::<RotateSecret>().gives::<ClientView>(200).role(ADMIN).versioned(),
        row(POST, "/clients/{id}/revoke-tokens", "revokeClientTokens", Admin, clients::revoke_tokens, "End every token of a service account that was issued so far")
            .takes_nothing().gives::<Nothing>(200).role(ADMIN),
    ]
}

#[rustfmt::skip]
fn business() -> Vec<Route> {
    vec![
        row(GET, "/businesses/current", "getBusiness", DirectoryRead, businesses::current, "The business of the token")
            .gives::<BusinessView>(200).door(Door::Token),
        row(POST, "/businesses", "createBusiness", Admin, businesses::create, "Create a business")
            .takes::<CreateBusiness>().gives::<BusinessView>(201).role(OPERATOR),
        row(GET, "/stages", "listStages", RecordsRead, stages::list, "The stage lists of the active revision")
            .gives_list::<StagesView>(),
        row(GET, "/stages/{list}", "getStages", RecordsRead, stages::get, "One stage list")
            .gives::<StagesView>(200),
        row(POST, "/records/{type}", "createRecord", RecordsWrite, records::create, "Create a record")
            .takes::<CreateRecord>().gives::<RecordView>(201).tagged(),
        row(GET, "/records/{type}", "listRecords", RecordsRead, records::list, "The records of a type that you may see")
            .gives_page::<RecordView>().lists(&[]).by_fields().sorts_by_any(),
        row(POST, "/records/{type}/search", "searchRecords", RecordsRead, records::search, "Find records")
            .takes::<SearchRecords>().gives_page::<RecordView>().harmless(),
        row(POST, "/records/{type}/aggregate", "aggregateRecords", RecordsRead, aggregate::aggregate, "Count and sum records up by groups")
            .takes::<AggregateRecords>().gives::<SummariesView>(200).harmless(),
        row(POST, "/records/{type}/import", "importRecords", RecordsWrite, imports::records, "Import a file, every row as a request of its own; the answer is a stream of lines, the last one `summary` or `stopped`")
            .takes_file().gives_lines::<ImportLine>().knows(imports::PARAMETERS).sets(),
        row(GET, "/records/{type}/export", "exportRecords", RecordsRead, exports::records, "Every record that you may see, as CSV or JSON lines")
            .gives_file().knows(exports::PARAMETERS).by_fields(),
        row(GET, "/records/{type}/{id}", "getRecord", RecordsRead, records::get, "One record; with asOf as it was at that instant")
            .gives::<RecordView>(200).tagged().moves().asks(&["asOf"]),
        row(PATCH, "/records/{type}/{id}", "updateRecord", RecordsWrite, records::update, "Change fields of a record")
            .takes::<UpdateRecord>().gives::<RecordView>(200).versioned(),
        row(GET, "/records/{type}/{id}/history", "getRecordHistory", RecordsRead, records::get_history, "Every change of a record, field by field, oldest first")
            .gives_page::<ChangeView>().lists(&[]).moves(),
        row(POST, "/records/{type}/{id}/merge", "mergeRecords", RecordsWrite, merges::merge, "Merge another record of the type into this one")
            .takes::<MergeRecords>().gives::<MergedView>(200).versioned(),
        row(GET, "/records/{type}/{id}/merges", "listMerges", RecordsRead, merges::list, "The merges that a record was part of, newest first")
            .gives_page::<MergeView>().lists(&[]),
        row(POST, "/records/{type}/{id}/merges/{merge}/undo", "undoMerge", RecordsWrite, merges::undo, "Undo a merge: the records are as they were")
            .takes::<UndoMerge>().gives::<MergedView>(200).versioned(),
        row(GET, "/records/{type}/{id}/ancestors", "getRecordAncestors", RecordsRead, records::get_ancestors, "The records above one that you may see, nearest first")
            .gives_page::<RecordView>().lists(&[]),
        row(GET, "/records/{type}/{id}/descendants", "getRecordDescendants", RecordsRead, records::get_descendants, "The records below one that you may see, nearest first; at most depth steps away")
            .gives_page::<RecordView>().lists(&["depth"]),
        row(DELETE, "/records/{type}/{id}", "deleteRecord", RecordsWrite, records::delete, "Delete a record and what goes with it; gives it as it was")
            .takes_nothing().gives::<RecordView>(200).versioned().asks(&["reason"]),
    ]
}

#[rustfmt::skip]
fn service() -> Vec<Route> {
    vec![
        row(POST, "/auth/token", "issueToken", Admin, auth::token, "Get a token for a login or a secret (RFC 6749)")
            .takes::<TokenRequest>().or_form().gives::<TokenView>(200).door(Door::Open).harmless(),
        row(POST, "/auth/revoke", "revokeToken", Admin, auth::revoke, "End a token of your own (RFC 7009); 200 whatever was sent as token")
            .takes::<RevokeRequest>().or_form().gives::<Nothing>(200).door(Door::Token).harmless(),
        row(POST, "/auth/password", "changePassword", Admin, password::change, "Change your own password; all of your tokens end")
            .takes::<ChangePassword>().gives::<Nothing>(200).door(Door::Token).harmless(),
        row(GET, "/signing-keys", "listSigningKeys", Admin, signing_keys::list, "The keys that sign tokens or verify them")
            .gives_list::<SigningKeyView>().role(OPERATOR),
        row(POST, "/signing-keys/rotate", "rotateSigningKey", Admin, signing_keys::rotate, "Sign tokens with a new key; the one before verifies until its tokens have expired")
            .takes_nothing().gives::<SigningKeyView>(201).role(OPERATOR),
        row(POST, "/signing-keys/{id}/retire", "retireSigningKey", Admin, signing_keys::retire, "Verify nothing more with a key that leaked; its tokens end")
            .takes_nothing().gives::<Nothing>(200).role(OPERATOR),
        row(GET, "", "getKeys", Admin, auth::jwks, "The public keys that verify tokens (RFC 7517)")
            .door(Door::Open).at("/.well-known/jwks.json"),
        row(GET, "", "getLive", Admin, health::live, "Whether the process runs")
            .gives::<HealthView>(200).door(Door::Open).at("/health/live"),
        row(GET, "", "getReady", Admin, health::ready, "Whether the server can take requests")
            .gives::<HealthView>(200).door(Door::Open).at("/health/ready"),
        row(GET, "", "getMetrics", Admin, health::metrics, "Metrics in the text format of Prometheus")
            .gives_text("text/plain").door(Door::Open).at("/metrics"),
        row(GET, "", "getOpenapi", Admin, health::openapi, "This document")
            .door(Door::Open).at("/openapi.json"),
    ]
}
