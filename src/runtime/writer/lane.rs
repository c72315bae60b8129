//! A job of the transactional lane that carries out other changes in its own transaction.

use super::plan::{self, Plan};
use super::single;
use super::verdict::Verdict;
use super::wakes::Wakes;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::runtime::job::Job;
use crate::runtime::request::{Change, Outcome};
use crate::runtime::shared::Shared;
use crate::store::{Connection, StoreError, savepoint};
use std::slice;

/// The job and where it is at work.
pub(super) struct Lane<'a> {
    /// What all writers share.
    pub shared: &'a Shared,
    /// The open transaction.
    pub conn: &'a mut Connection,
    /// The job.
    pub job: &'a Job,
    /// Who is to be woken.
    pub wakes: &'a Wakes,
    /// The time of the round.
    pub now: Timestamp,
}

impl Lane<'_> {
    /// Carries out a command of the engine for the same caller; refused, it leaves nothing behind. None: it lost a race,
    /// and the job is to be run again.
    pub fn also(&mut self, change: Change) -> Result<Option<Result<Outcome, Refusal>>, StoreError> {
        self.carry_out(&self.job.part(change, None, None))
    }

    /// The same for the engine, whoever the caller is.
    pub fn begin(&mut self, change: Change) -> Result<Option<Result<Outcome, Refusal>>, StoreError> {
        self.carry_out(&self.job.begun(change))
    }

    fn carry_out(&mut self, part: &Job) -> Result<Option<Result<Outcome, Refusal>>, StoreError> {
        savepoint::set(self.conn)?;
        let planned = plan::plan(self.shared, self.conn, slice::from_ref(part), self.now)?;
        let verdict = match planned.into_iter().next() {
            Some(Plan::Run(run)) => {
                let Lane { shared, wakes, now, .. } = *self;
                single::run(&mut Lane { shared, conn: self.conn, job: part, wakes, now }, *run)?
            }
            Some(Plan::Keep(result)) => Verdict::answer(*result),
            Some(Plan::Settled(verdict)) => verdict,
            Some(Plan::Change) | None => single::change(self.shared, self.conn, part, self.now)?,
        };
        let result = match verdict {
            Verdict::Answer(result, _) => Some(*result),
            Verdict::Again => None,
        };
        match &result {
            Some(Ok(_)) => savepoint::release(self.conn)?,
            Some(Err(_)) | None => savepoint::rollback(self.conn)?,
        }
        Ok(result)
    }
}
