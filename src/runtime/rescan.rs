//! Looking at every record of a type for those that are there twice, a piece at a time: reading and comparing hold nobody
//! up, and only what was found is a command of the writer, together with how far it came. So a look that broke off goes on
//! where it stopped, and of two at once one finds that the other was faster.

use super::access::{self, PROCESS_ADMIN};
use super::job::Job;
use super::library::Library;
use super::request::{Change, Outcome, Request};
use super::shared::Shared;
use super::{Runtime, ids};
use crate::model::actor::Actor;
use crate::model::ids::RecordId;
use crate::model::json::JsonMap;
use crate::model::matching::Rescan;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::plugins::records::{keep_suspicion, rules_of, suspicions};
use crate::store::{Connection, records, rescans};
use std::collections::BTreeMap;

/// Records looked at in one piece.
const PIECE: i64 = 100;

/// What was found in a piece, to be kept.
#[derive(Debug, Clone)]
pub struct Piece {
    /// The type.
    pub record_type: String,
    /// The rules that it was looked at by.
    pub rules: String,
    /// Behind which record it began.
    pub after: Option<RecordId>,
    /// Its last record; none when there are no more.
    pub reached: Option<RecordId>,
    /// How many were looked at.
    pub looked: i64,
    /// The records of the suspicions, each pair once.
    pub suspicions: Vec<JsonMap>,
}

impl Runtime {
    /// Looks at every record of a type; goes on where the last look stopped, and begins anew when that one came to its
    /// end or went by other rules. After each piece `tell` hears how far it came, and how many records there are.
    pub async fn rescan(
        &self,
        actor: &Actor,
        record_type: &str,
        tell: &mut (dyn FnMut(&Rescan, i64) + Send),
    ) -> Result<Rescan, Refusal> {
        access::require(actor, PROCESS_ADMIN)?;
        let (mut after, all) = self.begin(actor, record_type).await?;
        loop {
            let piece = self.piece(actor, record_type, after).await?;
            let change = Change::Rescan(Box::new(piece));
            let request = Request { actor: actor.clone(), change, idempotency: None, if_match: None };
            let Outcome::Rescanned(rescan) = self.execute(request).await?.outcome else {
                return Err(Refusal::new(RefusalKind::Internal, "internal", "a look was answered as something else"));
            };
            tell(&rescan, all);
            if rescan.finished_at.is_some() {
                return Ok(rescan);
            }
            after = rescan.reached;
        }
    }

    /// Where to begin, and how many records there are in all.
    async fn begin(&self, actor: &Actor, record_type: &str) -> Result<(Option<RecordId>, i64), Refusal> {
        let (actor, record_type) = (actor.clone(), record_type.to_owned());
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let rules = rules(&library, &record_type)?;
            let all = records::number(conn, &actor.business, &record_type)?;
            let last = rescans::find(conn, &actor.business, &record_type)?;
            Ok((last.filter(|last| goes_on(last, &rules)).and_then(|last| last.reached), all))
        })
        .await
    }

    async fn piece(&self, actor: &Actor, record_type: &str, after: Option<RecordId>) -> Result<Piece, Refusal> {
        let (actor, record_type) = (actor.clone(), record_type.to_owned());
        self.read(move |conn, shared| {
            let library = shared.libraries.active(conn, &actor.business)?;
            let rules = rules(&library, &record_type)?;
            let found = records::every(conn, &actor.business, &record_type, after.as_ref(), PIECE)?;
            let mut new_id = ids::new;
            let mut desk = library.desk(conn, &actor, shared.clock.now(), &mut new_id);
            let declared = desk.record_type(&record_type)?;
            // A pair is found from both sides.
            let mut pairs = BTreeMap::new();
            for record in &found {
                for suspicion in suspicions(&mut desk, &declared, record)? {
                    let pair = (record.id.0.clone(), suspicion.other);
                    let pair = if pair.0 < pair.1 { pair } else { (pair.1, pair.0) };
                    pairs.entry(pair).or_insert(suspicion.fields);
                }
            }
            let looked = i64::try_from(found.len()).unwrap_or(PIECE);
            let reached = found.into_iter().last().map(|last| last.id).filter(|_| looked == PIECE);
            Ok(Piece { record_type, rules, after, reached, looked, suspicions: pairs.into_values().collect() })
        })
        .await
    }
}

/// Keeps what was found in a piece, and how far the look came by it.
pub fn keep(shared: &Shared, conn: &mut Connection, job: &Job, piece: &Piece, now: Timestamp) -> Result<Outcome, Stop> {
    let actor = &job.actor;
    let library = shared.libraries.writing(conn, &actor.business)?;
    let last = rescans::take(conn, &actor.business, &piece.record_type)?.filter(|last| goes_on(last, &piece.rules));
    if last.as_ref().and_then(|last| last.reached.as_ref()) != piece.after.as_ref() {
        let sentence = format!("somebody else looks at all records of type {} at this moment", piece.record_type);
        return Err(Refusal::conflict("rescan_runs", sentence).into());
    }
    let mut rescan = last.unwrap_or_else(|| Rescan {
        record_type: piece.record_type.clone(),
        rules: piece.rules.clone(),
        reached: None,
        looked: 0,
        suspected: 0,
        known: 0,
        started_at: now,
        finished_at: None,
    });
    let mut new_id = ids::new;
    let mut desk = library.desk(conn, actor, now, &mut new_id);
    let declared = desk.record_type(&piece.record_type)?;
    let Some(matching) = &declared.matching else { return Err(unmatched(&piece.record_type).into()) };
    for fields in &piece.suspicions {
        match keep_suspicion(&mut desk, &matching.suspect.record, fields)? {
            true => rescan.suspected += 1,
            false => rescan.known += 1,
        }
    }
    rescan.looked += piece.looked;
    rescan.reached = piece.reached.clone();
    rescan.finished_at = piece.reached.is_none().then_some(now);
    rescans::put(conn, &actor.business, &rescan)?;
    Ok(Outcome::Rescanned(rescan))
}

/// Whether a look goes on where this one stopped.
fn goes_on(last: &Rescan, rules: &str) -> bool {
    last.finished_at.is_none() && last.rules == rules
}

/// The rules by which records of a type are looked at now.
fn rules(library: &Library, record_type: &str) -> Result<String, Refusal> {
    let declared = library.definitions.records.get(record_type);
    let declared = declared.ok_or_else(|| Refusal::not_found("record type", record_type))?;
    rules_of(declared, &library.scripts).ok_or_else(|| unmatched(record_type))
}

fn unmatched(record_type: &str) -> Refusal {
    let sentence =
        format!("nothing says when two records of type {record_type} are one; declare \"match\" in its file");
    Refusal::invalid("no_match", sentence)
}
