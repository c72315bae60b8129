//! Many instances that stand where their start brought them: the first ones are started by an import, as a company would,
//! and each of the others is a copy of one of these, row by row, under an id of its own.

use super::limit::WRITERS;
use crate::model::actor::Actor;
use crate::model::ids::{BusinessId, InstanceId};
use crate::server::Failed;
use crate::store::replay::{self, RowChange, Rows};
use crate::store::{Connection, Url, connect, databases};
use std::ops::Range;
use std::thread;

/// Instances that are started before copies are made of them.
pub const STARTED: u64 = 1_000;
/// Copies in one transaction.
const AT_ONCE: u64 = 500;
/// Milliseconds since 1970 that the ids of copies begin at: long ago, so that they stand before those that are started.
const LONG_AGO: u64 = 1_600_000_000_000;

/// Instances with their rows.
type Originals = Vec<(InstanceId, Vec<RowChange>)>;

/// Makes the copies with these numbers. Those that are there from an earlier run are not made again.
pub fn make(url: &Url, process: &str, starter: &Actor, numbers: Range<u64>) -> Result<(), Failed> {
    let mut conn = connect(url).map_err(Failed::because)?;
    let originals = &originals(&mut conn, process, starter)?;
    if originals.is_empty() {
        return Err(Failed(format!("no instance of {process} stands there to make copies of")));
    }
    let writers = if matches!(url, Url::Sqlite(_)) { 1 } else { WRITERS };
    let parts = |writer: usize| {
        let parts = (numbers.start..numbers.end).step_by(AT_ONCE as usize).skip(writer);
        parts.step_by(writers).map(|from| from..(from + AT_ONCE).min(numbers.end))
    };
    thread::scope(|threads| {
        let all: Vec<_> = (0..writers)
            .map(|writer| threads.spawn(move || copy(url, &starter.business, originals, parts(writer))))
            .collect();
        all.into_iter().try_for_each(|thread| thread.join().map_err(|_| Failed("copying broke off".into()))?)
    })?;
    databases::analyze(&mut conn).map_err(Failed::because)
}

/// Makes the copies of these parts, each in a transaction.
fn copy(
    url: &Url,
    business: &BusinessId,
    originals: &Originals,
    parts: impl Iterator<Item = Range<u64>>,
) -> Result<(), Failed> {
    let mut conn = connect(url).map_err(Failed::because)?;
    for part in parts {
        if replay::is_there(&mut conn, business, &id(part.end - 1)).map_err(Failed::because)? {
            continue;
        }
        let changes: Vec<RowChange> = part
            .flat_map(|number| {
                let (original, rows) = &originals[usize::try_from(number).unwrap_or(0) % originals.len()];
                replay::renamed(rows, original, &id(number))
            })
            .collect();
        replay::write(&mut conn, &changes).map_err(Failed::because)?;
    }
    Ok(())
}

/// Those that were started, with their rows.
fn originals(conn: &mut Connection, process: &str, starter: &Actor) -> Result<Originals, Failed> {
    let ids =
        replay::newest(conn, (&starter.business, process), starter.user.as_str(), STARTED).map_err(Failed::because)?;
    let with_rows = ids.into_iter().map(|id| {
        let rows = replay::rows(conn, &starter.business, &id).map_err(Failed::because)?;
        Ok((id, replay::changes(&Rows::new(), &rows)))
    });
    with_rows.collect()
}

/// As an id of version 7 (RFC 9562 5.7) would be.
fn id(number: u64) -> InstanceId {
    let time = LONG_AGO + number;
    InstanceId::from(format!("{:08x}-{:04x}-7000-8000-{number:012x}", time >> 16, time & 0xffff))
}
