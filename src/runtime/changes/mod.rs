//! Changes that are not commands of the engine: definitions, records, people. One file an area; each runs under a
//! savepoint of the writer.

mod absences;
mod accounts;
mod attachments;
mod break_glass;
mod circle;
mod clients;
mod files;
mod jobs;
mod keys;
mod merges;
mod org_import;
mod people;
mod positions;
mod provision;
mod records;
mod revisions;
mod roles;
mod stale;
mod substitutions;
mod task_papers;
mod units;

pub use records::created;

use super::evolution;
use super::job::Job;
use super::prepare::Prepared;
use super::request::{Change, Outcome, Upkeep};
use super::rescan;
use super::retention;
use super::shared::Shared;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::store::{self, Connection, idempotency, revocations};

/// Milliseconds that an answer under an idempotency key is kept: a day.
const KEPT: i64 = 24 * 3_600_000;

/// Carries out the change of a job.
pub fn carry_out(shared: &Shared, conn: &mut Connection, job: &Job, now: Timestamp) -> Result<Outcome, Stop> {
    match &job.change {
        Prepared::Revision { library, hash, note, comparison: Some(comparison) } => {
            let deployed = revisions::deploy(conn, job, comparison, hash, note, now)?;
            provision::settle_by(shared, conn, job, library)?;
            Ok(deployed)
        }
        Prepared::Activation { number, comparison } => {
            let activated = revisions::activate(conn, job, comparison, *number, now)?;
            provision::settle(shared, conn, job)?;
            Ok(activated)
        }
        Prepared::Revision { comparison: None, .. } => Err(another_way()),
        Prepared::User { user, hash } => people::put_user(conn, job, user, hash.as_deref(), now),
        Prepared::Password { seen, hash } => accounts::change_password(conn, job, seen, hash, now),
        Prepared::Client { client, hash } => clients::put(conn, job, client, hash.as_deref(), now),
        Prepared::Secret { id, hash, keep_until } => clients::rotate_secret(conn, job, id, hash, *keep_until, now),
        Prepared::Key(key) => keys::rotate(conn, key, now),
        Prepared::Change(change) => match change {
            Change::Rescan(piece) => rescan::keep(shared, conn, job, piece, now),
            Change::Provision(request) => provision::carry_out(shared, conn, job, request, now),
            Change::SettleGroups => {
                provision::settle(shared, conn, job)?;
                Ok(Outcome::Done { about: job.actor.user.clone() })
            }
            Change::CreateBusiness(business) => people::create_business(conn, business, now),
            Change::PutUnit(unit) => units::put(conn, job, unit),
            Change::DeleteUnit(id) => units::delete(conn, job, id),
            Change::PutPosition { id, period } => positions::put(conn, job, id, period),
            Change::EndPosition { id, at } => positions::end(conn, job, id, *at),
            Change::Reorganise { at, moves, dry_run } => positions::reorganise(conn, job, *at, moves, *dry_run),
            Change::PutRole { name, limits } => roles::put(conn, job, name, limits),
            Change::CreateAbsence(absence) => absences::create(conn, job, absence, now),
            Change::UpdateAbsence(absence) => absences::update(conn, job, absence, now),
            Change::DeleteAbsence(id) => absences::delete(conn, job, id, now),
            Change::CreateSubstitution(new) => substitutions::create(conn, job, new, now),
            Change::UpdateSubstitution(new) => substitutions::update(conn, job, new, now),
            Change::DeleteSubstitution(id) => substitutions::delete(conn, job, id, now),
            Change::ImportOrganisation(all) => org_import::import(conn, job, all, now),
            Change::CreateRecord { record_type, fields } => {
                records::create(shared, conn, job, record_type, fields, now)
            }
            Change::UpdateRecord { record_type, id, fields, reason } => {
                records::update(shared, conn, job, record_type, id, fields, reason.clone(), now)
            }
            Change::AskBreakGlass { target, right, reason } => {
                break_glass::ask(shared, conn, job, (target, *right, reason), now)
            }
            Change::DecideBreakGlass { id, agree } => break_glass::decide(shared, conn, job, id, *agree, now),
            Change::EndBreakGlass(id) => break_glass::end(shared, conn, job, id, now),
            Change::DeleteRecord { record_type, id, reason } => {
                records::delete(shared, conn, job, record_type, id, reason.clone(), now)
            }
            Change::MergeRecords { wanted, loser_version } => {
                merges::merge(shared, conn, job, wanted, *loser_version, now)
            }
            Change::UndoMerge { record_type, id, merge, reason } => {
                merges::undo(shared, conn, job, &merges::Undoing { record_type, id, merge, reason }, now)
            }
            Change::StorePart { upload, part, content } => files::store_part(conn, job, upload, *part, content, now),
            Change::FinishUpload { upload, file } => files::finish(conn, job, upload, file, now),
            Change::DropUpload { upload } => files::drop_upload(conn, job, upload),
            Change::Attach { record, file, reason } => {
                attachments::attach(shared, conn, job, record, file, reason.clone(), now)
            }
            Change::Detach { record, file, reason } => {
                attachments::detach(shared, conn, job, record, file, reason.clone(), now)
            }
            Change::TaskPaper(paper) => task_papers::carry_out(shared, conn, job, paper, now),
            Change::Job(change) => jobs::carry_out(conn, job, change, now),
            Change::Upkeep(Upkeep::Rederive { record_type }) => {
                evolution::rederive(shared, conn, job, record_type, now)
            }
            Change::Upkeep(Upkeep::Restamp) => revisions::restamp(shared, conn, job, now),
            Change::Upkeep(Upkeep::Forget { process }) => retention::forget(shared, conn, job, process, now),
            Change::Upkeep(Upkeep::Tidy) => {
                files::tidy(conn, now)?;
                idempotency::prune(conn, Timestamp(now.0 - KEPT))?;
                store::jobs::prune(conn, Timestamp(now.0 - KEPT))?;
                revocations::prune(conn, now)?;
                store::keys::prune(conn, now)?;
                store::records::sum_up_loads(conn)?;
                Ok(Outcome::Done { about: job.actor.user.clone() })
            }
            Change::RevokeToken { jti, expires_at } => {
                revocations::revoke(conn, jti, Timestamp(*expires_at))?;
                Ok(Outcome::Done { about: job.actor.user.clone() })
            }
            Change::LinkUser { user, name, link, create } => accounts::link(conn, job, user, name, link, *create, now),
            Change::UnlinkUser(user) => accounts::unlink(conn, job, user, now),
            Change::VoidTokens(holder) => accounts::void_tokens(conn, job, holder, now),
            Change::DeleteClient(id) => clients::delete(conn, job, id),
            Change::RetireKey(id) => keys::retire(conn, job, id),
            Change::Start { .. }
            | Change::ClaimTask(_)
            | Change::UnclaimTask(_)
            | Change::CompleteTask { .. }
            | Change::CreateTask(_)
            | Change::Task(..)
            | Change::WithdrawApproval(..)
            | Change::AddApprover(..)
            | Change::LookAgain(..)
            | Change::Begin(_)
            | Change::Exchange(_)
            | Change::FireTimer(_)
            | Change::Deliver { .. }
            | Change::Trigger { .. }
            | Change::BeginActivity { .. }
            | Change::AddInstance { .. }
            | Change::RetryIncident(_)
            | Change::SkipIncident(_)
            | Change::Intervene(_)
            | Change::Import(_)
            | Change::Deploy { .. }
            | Change::Activate { .. }
            | Change::PutUser { .. }
            | Change::ChangePassword { .. }
            | Change::PutClient { .. }
            | Change::RotateSecret { .. }
            | Change::RotateKey => Err(another_way()),
        },
    }
}

fn another_way() -> Stop {
    Refusal::new(RefusalKind::Internal, "internal", "this change goes another way").into()
}
