//! Answers: a view with its status and headers, and what the outcome of a change is when all goes well.

use super::error::internal;
use super::problem::Problem;
use super::{etag, idempotency};
use crate::model::absence::{Absence, Substitution};
use crate::model::break_glass::BreakGlass;
use crate::model::delivery::{Broadcast, Received};
use crate::model::directory::{Business, Client, Position, Reorganised, Role, SigningKeySummary, Unit, User};
use crate::model::file::File;
use crate::model::instance::InstanceSummary;
use crate::model::job::LeasedJob;
use crate::model::merge::Merge;
use crate::model::revision::Revision;
use crate::model::scim::provision::Provisioned;
use crate::model::scim::{group, person};
use crate::model::seen_record::SeenRecord;
use crate::model::task::UserTask;
use crate::model::task_paper::{TaskComment, TaskFilter};
use crate::runtime::request::{Answer, Odd, Outcome};
use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use serde::Serialize;

/// What a handler gives.
pub(super) type ApiResult = Result<HttpResponse, Problem>;

/// 200 with a view.
pub(super) fn shown(view: impl Serialize) -> ApiResult {
    Ok(HttpResponse::Ok().json(view))
}

/// 200 with a view and the tag of its version.
pub(super) fn tagged(version: i64, view: impl Serialize) -> ApiResult {
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag::of(version))).json(view))
}

/// 200 after a change, with the tag of the new version.
pub(super) fn changed(answered: Answered, version: Option<i64>, view: impl Serialize) -> ApiResult {
    Ok(answered.begin(StatusCode::OK, version).json(view))
}

/// 201 with where the new thing is, when the caller can look there.
pub(super) fn created(
    answered: Answered,
    location: Option<String>,
    version: Option<i64>,
    view: impl Serialize,
) -> ApiResult {
    let mut response = answered.begin(StatusCode::CREATED, version);
    if let Some(location) = location {
        response.insert_header((header::LOCATION, location));
    }
    Ok(response.json(view))
}

/// Whether the answer to a change was given before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answered {
    replayed: bool,
}

impl Answered {
    /// The answer with its headers, to go on with.
    pub(super) fn begin(self, status: StatusCode, version: Option<i64>) -> actix_web::HttpResponseBuilder {
        let mut response = HttpResponse::build(status);
        if let Some(version) = version {
            response.insert_header((header::ETAG, etag::of(version)));
        }
        if self.replayed {
            response.insert_header((idempotency::REPLAYED, "true"));
        }
        response
    }
}

/// What was expected of an answer, or a problem: the runtime and the API disagree.
pub(super) fn expect<T>(answer: Answer, take: fn(Outcome) -> Option<T>) -> Result<(T, Answered), Problem> {
    let answered = Answered { replayed: answer.replayed };
    let taken = take(answer.outcome).ok_or_else(|| internal("the runtime answered a change with another outcome"))?;
    Ok((taken, answered))
}

pub(super) fn task(outcome: Outcome) -> Option<UserTask> {
    if let Outcome::Task(task) = outcome { Some(task) } else { None }
}

pub(super) fn job(outcome: Outcome) -> Option<LeasedJob> {
    if let Outcome::Job(job) = outcome { Some(*job) } else { None }
}

/// The instance, and whether it is new.
pub(super) fn started(outcome: Outcome) -> Option<(InstanceSummary, bool)> {
    match outcome {
        Outcome::Started(instance) => Some((instance, true)),
        Outcome::Existing(instance) => Some((instance, false)),
        _ => None,
    }
}

pub(super) fn instance(outcome: Outcome) -> Option<InstanceSummary> {
    if let Outcome::Instance(instance) = outcome { Some(instance) } else { None }
}

pub(super) fn message(outcome: Outcome) -> Option<Received> {
    if let Outcome::Message(received) = outcome { Some(received) } else { None }
}

pub(super) fn signal(outcome: Outcome) -> Option<Broadcast> {
    if let Outcome::Signal(told) = outcome { Some(told) } else { None }
}

pub(super) fn record(outcome: Outcome) -> Option<SeenRecord> {
    if let Outcome::Record(record) = outcome { Some(record) } else { None }
}

pub(super) fn file(outcome: Outcome) -> Option<File> {
    if let Outcome::File(file) = outcome { Some(file) } else { None }
}

/// The file, and the version of the record that it was added to.
pub(super) fn attached(outcome: Outcome) -> Option<(File, i64)> {
    if let Outcome::Attached { file, version } = outcome { Some((file, version)) } else { None }
}

/// The merge, and the winner as it is now.
pub(super) fn merged(outcome: Outcome) -> Option<(Merge, SeenRecord)> {
    if let Outcome::Merged { merge, record } = outcome { Some((merge, record)) } else { None }
}

pub(super) fn revision(outcome: Outcome) -> Option<Revision> {
    if let Outcome::Revision(revision) = outcome { Some(revision) } else { None }
}

pub(super) fn business(outcome: Outcome) -> Option<Business> {
    if let Outcome::Business(business) = outcome { Some(business) } else { None }
}

pub(super) fn user(outcome: Outcome) -> Option<User> {
    if let Outcome::User(user) = outcome { Some(user) } else { None }
}

/// A user that an outside directory wrote.
pub(super) fn provisioned_user(outcome: Outcome) -> Option<person::Provisioned> {
    let Outcome::Provisioned(found) = outcome else { return None };
    if let Provisioned::User(user) = *found { Some(user) } else { None }
}

/// A group that an outside directory wrote.
pub(super) fn provisioned_group(outcome: Outcome) -> Option<group::Provisioned> {
    let Outcome::Provisioned(found) = outcome else { return None };
    if let Provisioned::Group(group) = *found { Some(group) } else { None }
}

pub(super) fn client(outcome: Outcome) -> Option<Client> {
    if let Outcome::Client(client) = outcome { Some(client) } else { None }
}

pub(super) fn signing_key(outcome: Outcome) -> Option<SigningKeySummary> {
    if let Outcome::SigningKey(key) = outcome { Some(key) } else { None }
}

pub(super) fn position(outcome: Outcome) -> Option<Position> {
    if let Outcome::Position(position) = outcome { Some(position) } else { None }
}

pub(super) fn break_glass(outcome: Outcome) -> Option<BreakGlass> {
    if let Outcome::BreakGlass(glass) = outcome { Some(glass) } else { None }
}

pub(super) fn unit(outcome: Outcome) -> Option<Unit> {
    if let Outcome::Unit(unit) = outcome { Some(unit) } else { None }
}

pub(super) fn reorganised(outcome: Outcome) -> Option<Reorganised> {
    if let Outcome::Reorganised(done) = outcome { Some(done) } else { None }
}

pub(super) fn role(outcome: Outcome) -> Option<Role> {
    if let Outcome::Role(role) = outcome { Some(role) } else { None }
}

pub(super) fn absence(outcome: Outcome) -> Option<Absence> {
    if let Outcome::Absence(absence) = outcome { Some(absence) } else { None }
}

/// The substitution, and what is odd about it.
pub(super) fn substitution(outcome: Outcome) -> Option<(Substitution, Vec<Odd>)> {
    if let Outcome::Substitution(substitution, odd) = outcome { Some((substitution, odd)) } else { None }
}

pub(super) fn task_filter(outcome: Outcome) -> Option<TaskFilter> {
    if let Outcome::TaskFilter(filter) = outcome { Some(filter) } else { None }
}

pub(super) fn task_comment(outcome: Outcome) -> Option<TaskComment> {
    if let Outcome::TaskComment(comment) = outcome { Some(comment) } else { None }
}

pub(super) fn done(outcome: Outcome) -> Option<()> {
    if let Outcome::Done { .. } = outcome { Some(()) } else { None }
}
