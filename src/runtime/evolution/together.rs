//! What records break together: unique rules and circles. Bounded in memory: of a record only the hash of its key and its
//! id are kept, 32 bytes, and of many records only a share at a time.

use super::CHUNK;
use super::compare::TypeChange;
use crate::model::actor::Actor;
use crate::model::ids::{BusinessId, RecordId};
use crate::model::impact::{Impact, SHOWN};
use crate::model::json::{Json, JsonMap};
use crate::model::record_type::{RecordType, Unique};
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::plugins::Desk;
use crate::plugins::records::{complete, key_of};
use crate::runtime::Runtime;
use crate::runtime::library::Library;
use crate::store::records;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use uuid::Uuid;

/// Keys kept at once: 32 megabytes.
const MOST: i64 = 1_000_000;

/// A hash of a key with the record that needs it, or a record with the one that it refers to.
type Pair = (u128, u128);

/// Groups of records that share a key, and circles.
pub async fn look(
    runtime: &Runtime,
    business: &BusinessId,
    library: &Arc<Library>,
    change: &Arc<TypeChange>,
) -> Result<Vec<Impact>, Refusal> {
    let mut impacts = Vec::new();
    for rule in &change.concerns.unique {
        let shares = (change.rows / MOST + 1).unsigned_abs();
        let (mut rows, mut groups) = (0, Vec::new());
        for share in 0..u128::from(shares) {
            let rule = rule.clone();
            let key = move |desk: &mut Desk, new: &RecordType, record: &RecordId, fields: &JsonMap| {
                keyed(desk, new, &rule, record, fields).filter(|(key, _)| key % u128::from(shares) == share)
            };
            shared_keys(pairs(runtime, business, library, change, key).await?, &mut rows, &mut groups);
        }
        let fields = rule.fields.join(",");
        let sentence = format!("\"{}\" may be held by one record only: change or merge these", rule.fields.join(", "));
        impacts.extend(impact(change, &fields, "not_unique", sentence, rows, groups));
    }
    for field in &change.concerns.acyclic {
        let name = field.clone();
        let edge = move |_: &mut Desk, _: &RecordType, record: &RecordId, fields: &JsonMap| {
            Some((number(record.as_str())?, number(fields.get(&name).and_then(Json::as_str)?)?))
        };
        let (mut rows, mut groups) = (0, Vec::new());
        circles(pairs(runtime, business, library, change, edge).await?, &mut rows, &mut groups);
        let sentence =
            format!("\"{field}\" may never lead back to the record itself: clear it in one record of each circle");
        impacts.extend(impact(change, field, "acyclic", sentence, rows, groups));
    }
    Ok(impacts)
}

/// What `pair` makes of every record, sorted.
async fn pairs<F>(
    runtime: &Runtime,
    business: &BusinessId,
    library: &Arc<Library>,
    change: &Arc<TypeChange>,
    pair: F,
) -> Result<Vec<Pair>, Refusal>
where
    F: Fn(&mut Desk, &RecordType, &RecordId, &JsonMap) -> Option<Pair> + Send + Sync + 'static,
{
    let pair = Arc::new(pair);
    let (mut found, mut after, mut more) = (Vec::new(), None, true);
    while more {
        let (business, library, change, pair) = (business.clone(), library.clone(), change.clone(), pair.clone());
        (found, after, more) = runtime
            .read(move |conn, _| {
                let page = records::every(conn, &business, &change.name, after.as_ref(), CHUNK)?;
                let more = page.len() as i64 == CHUNK;
                let last = page.last().map(|last| last.id.clone());
                let (actor, mut no_id) = (Actor::engine(business), String::new);
                let mut desk = library.desk(conn, &actor, Timestamp::default(), &mut no_id);
                let new = change.new.as_deref();
                for (record, new) in page.into_iter().zip(std::iter::repeat(new)) {
                    let Some(new) = new else { break };
                    let fields = complete(&desk, new, &change.concerns, change.step.read(record.fields));
                    found.extend(fields.and_then(|fields| pair(&mut desk, new, &record.id, &fields)));
                }
                Ok((found, last, more))
            })
            .await?;
    }
    found.sort_unstable();
    Ok(found)
}

fn keyed(desk: &mut Desk, new: &RecordType, rule: &Unique, record: &RecordId, fields: &JsonMap) -> Option<Pair> {
    let digest = Sha256::digest(key_of(desk, new, rule, fields)?);
    let key = digest.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte));
    Some((key, number(record.as_str())?))
}

/// Ids of records are UUIDs.
fn number(id: &str) -> Option<u128> {
    Uuid::parse_str(id).ok().map(|id| id.as_u128())
}

fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number).to_string())
}

fn shared_keys(sorted: Vec<Pair>, rows: &mut i64, groups: &mut Vec<Vec<RecordId>>) {
    for group in sorted.chunk_by(|one, other| one.0 == other.0).filter(|group| group.len() > 1) {
        keep(group.iter().map(|(_, record)| *record), rows, groups);
    }
}

/// Each record refers to one at most, so following the references from each ends, or goes round a circle.
fn circles(edges: Vec<Pair>, rows: &mut i64, groups: &mut Vec<Vec<RecordId>>) {
    // 0: not seen yet; else the number of the walk that came by.
    let mut walks = vec![0_u32; edges.len()];
    let mut walk = 0;
    for start in 0..edges.len() {
        walk += 1;
        let (mut at, mut path) = (Some(start), Vec::new());
        while let Some(here) = at.filter(|here| walks[*here] == 0) {
            walks[here] = walk;
            path.push(here);
            at = edges.binary_search_by_key(&edges[here].1, |edge| edge.0).ok();
        }
        if let Some(entry) = at.filter(|here| walks[*here] == walk && !path.is_empty()) {
            let from = path.iter().position(|here| *here == entry).unwrap_or(0);
            keep(path[from..].iter().map(|here| edges[*here].0), rows, groups);
        }
    }
}

fn keep(members: impl Iterator<Item = u128>, rows: &mut i64, groups: &mut Vec<Vec<RecordId>>) {
    let mut members: Vec<u128> = members.collect();
    members.sort_unstable();
    *rows += members.len() as i64;
    if groups.len() < SHOWN {
        groups.push(members.into_iter().take(SHOWN).map(id).collect());
    }
}

fn impact(
    change: &TypeChange,
    field: &str,
    code: &str,
    sentence: String,
    rows: i64,
    groups: Vec<Vec<RecordId>>,
) -> Option<Impact> {
    let sample = groups.iter().flatten().cloned().collect();
    let impact = Impact::new(&change.name, Some(field), code, sentence).of(rows, sample);
    (rows > 0).then_some(Impact { groups, ..impact })
}
