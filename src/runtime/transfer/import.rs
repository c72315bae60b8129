//! An import: a file read row by row and written batch by batch, in its order, with bounded memory. Where it stands is
//! kept in the transaction of each batch, so that one that broke off goes on and doubles nothing.

use super::batch::{Batch, ID, Plan};
use super::columns::Columns;
use super::decoded::{Decoded, encoding};
use super::layout::layout;
use super::order::{Mode, Order};
use super::rows::{Content, Format, RawRow, Rows};
use super::seen::Seen;
use crate::model::actor::Actor;
use crate::model::import::{Counts, LedTo, Progress, RowDone};
use crate::model::mapping::Target;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::plugins::records::can_be_found_by;
use crate::runtime::library::Library;
use crate::runtime::request::{Change, Outcome, Request};
use crate::runtime::{Runtime, access, ids};
use crate::store::imports;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Read;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Rows of one transaction: records, and processes with all that their first steps do. Others who write wait for it: a
/// customer that is looked for among those who are there takes some milliseconds.
const RECORDS: usize = 50;
const STARTS: usize = 10;
/// How often a batch is tried again while the writers are busy, and how long it waits before.
const TRIES: usize = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// An import that may begin.
pub struct Import {
    runtime: Runtime,
    actor: Actor,
    order: Order,
    library: Arc<Library>,
    zone: jiff::tz::TimeZone,
    id: String,
    begun: Option<Progress>,
}

/// What is told while an import runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// The columns fit; rows follow. These columns are not read, because rules compute the fields.
    Begun(Vec<String>),
    /// A row was refused.
    Refused(i64, Refusal),
    /// A batch is done: the line, the rows so far, bytes of the file so far.
    Moved(i64, Counts, u64),
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// How many rows became what; with those of the run that it goes on from.
    pub counts: Counts,
    /// The line of the last row.
    pub line: i64,
    /// The line after which it went on; 0 from the beginning.
    pub resumed_after: i64,
    /// Whether it had been done before, and nothing was done now.
    pub replayed: bool,
    /// Whether nothing of it stays.
    pub trial: bool,
    /// Where the started processes have come to, and how many rows.
    pub led_to: BTreeMap<LedTo, i64>,
}

/// An import that stopped before its end; what is counted is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Stopped {
    /// Why.
    pub why: Refusal,
    /// How far it came.
    pub summary: Summary,
}

impl Runtime {
    /// An import, when the caller may do it at all and everything makes sense that can be judged without the file.
    pub async fn import(&self, actor: &Actor, order: Order) -> Result<Import, Refusal> {
        let business = self.business(actor).await?;
        let zone = jiff::tz::TimeZone::get(&business.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
        let id = match &order.key {
            Some(key) => hex(Sha256::digest(format!("{}\0{}\0{key}", actor.user, order.target))),
            None => ids::new(),
        };
        let (asked, wanted, known) = (actor.clone(), order.clone(), id.clone());
        let (library, begun) = self
            .read(move |conn, shared| {
                let library = shared.libraries.active(conn, &asked.business)?;
                allowed(&asked, &library, &wanted, shared.clock.now())?;
                let begun = match wanted.mode {
                    Mode::Write => imports::find(conn, &asked.business, &known)?,
                    Mode::Try => None,
                };
                Ok((library, begun))
            })
            .await?;
        layout(&library.definitions, &order)?;
        let (runtime, actor) = (self.clone(), actor.clone());
        Ok(Import { runtime, actor, order, library, zone, id, begun })
    }
}

/// What can be refused before a row is read.
fn allowed(actor: &Actor, library: &Library, order: &Order, now: crate::model::time::Timestamp) -> Result<(), Refusal> {
    match (&order.target, order.update_by.as_deref()) {
        (Target::Records(name), by) => {
            let declared = access::record_type(actor, &library.definitions, name, now)?;
            by.filter(|field| *field != ID).map_or(Ok(()), |field| can_be_found_by(declared, field))
        }
        (Target::Process(key), None) => {
            let process = library.definitions.processes.get(key).ok_or_else(|| Refusal::not_found("process", key))?;
            access::may_start(actor, &process.starters, key)
        }
        (Target::Process(_), Some(_)) => {
            Err(Refusal::invalid("wrong_import", "processes are started, not updated; leave the field out"))
        }
    }
}

impl Import {
    /// Reads the file and writes its rows; tells of every refused row. Blocks: to be called where that is allowed.
    pub fn run(self, source: impl Read, tell: &mut dyn FnMut(Told)) -> Result<Summary, Box<Stopped>> {
        let begun = self.begun.clone().unwrap_or_default();
        let mut run = Run {
            counts: begun.counts,
            line: begun.line,
            summary_after: begun.line,
            led_to: BTreeMap::new(),
            replayed: begun.ended,
            import: &self,
            tell,
        };
        match run.whole(source, &begun) {
            Ok(()) => Ok(run.summary()),
            Err(why) => Err(Box::new(Stopped { why, summary: run.summary() })),
        }
    }
}

/// An import that runs.
struct Run<'a> {
    import: &'a Import,
    counts: Counts,
    line: i64,
    summary_after: i64,
    replayed: bool,
    led_to: BTreeMap<LedTo, i64>,
    tell: &'a mut dyn FnMut(Told),
}

impl Run<'_> {
    fn whole(&mut self, source: impl Read, begun: &Progress) -> Result<(), Refusal> {
        let order = &self.import.order;
        let layout = layout(&self.import.library.definitions, order)?;
        let mapping = layout.mapping.clone();
        let label = order.encoding.as_deref().or(mapping.as_ref().and_then(|mapping| mapping.encoding.as_deref()));
        let delimiter = mapping.as_ref().and_then(|mapping| mapping.delimiter);
        let mut rows = Rows::new(Decoded::new(source, encoding(label)?), order.format, delimiter)?;
        let mut digest = Sha256::new_with_prefix(format!("{:?}", (settings(order), &mapping)));
        let header = match order.format {
            Format::Csv => Some(header(&mut rows)?),
            Format::JsonLines => None,
        };
        header.iter().flatten().for_each(|cell| hash_cell(&mut digest, cell));
        let columns = Columns::new(layout, order, self.import.zone.clone(), header.as_ref())?;
        let plan = Arc::new(Plan {
            target: order.target.clone(),
            name: order.name.clone(),
            update_by: order.update_by.clone(),
            parts: columns.parts(),
            trial: (order.mode == Mode::Try).then(|| Arc::new(Mutex::new(Seen::default()))),
        });
        (self.tell)(Told::Begun(columns.computed.clone()));
        let most = if matches!(order.target, Target::Records(_)) { RECORDS } else { STARTS };
        let (mut waiting, mut is_new) = (Vec::new(), begun.line == 0);
        while let Some(raw) = rows.next()? {
            if raw.line > begun.line && !is_new {
                same(begun, &digest)?;
                is_new = true;
                if begun.ended {
                    return Err(other_file());
                }
            }
            let hash = hash_row(&mut digest, &raw);
            if raw.line < order.from_line || raw.line <= begun.line {
                continue;
            }
            waiting.push(columns.row(raw, &hash));
            if waiting.len() == most {
                self.write(&plan, std::mem::take(&mut waiting), &digest, false, rows.bytes())?;
            }
        }
        if !is_new {
            same(begun, &digest)?;
        }
        if begun.ended { Ok(()) } else { self.write(&plan, waiting, &digest, true, rows.bytes()) }
    }

    /// Writes a batch and counts what became of its rows.
    fn write(
        &mut self,
        plan: &Arc<Plan>,
        rows: Vec<crate::model::import::Row>,
        digest: &Sha256,
        last: bool,
        bytes: u64,
    ) -> Result<(), Refusal> {
        let line = rows.last().map_or(self.line, |row| row.line);
        let digest = hex(digest.clone().finalize());
        let to = Progress { id: self.import.id.clone(), line, digest, counts: self.counts, ended: last };
        let outcomes = self.import.send(&Batch { plan: plan.clone(), rows, after: self.line, to, last })?;
        self.line = line;
        for outcome in outcomes {
            self.counts.add(&outcome.done);
            for led_to in outcome.led_to {
                *self.led_to.entry(led_to).or_default() += 1;
            }
            if let RowDone::Refused(refusal) = outcome.done {
                (self.tell)(Told::Refused(outcome.line, refusal));
            }
        }
        (self.tell)(Told::Moved(self.line, self.counts, bytes));
        Ok(())
    }

    fn summary(&self) -> Summary {
        Summary {
            counts: self.counts,
            line: self.line,
            resumed_after: self.summary_after,
            replayed: self.replayed,
            trial: self.import.order.mode == Mode::Try,
            led_to: self.led_to.clone(),
        }
    }
}

impl Import {
    /// Sends a batch to the writer; while it is busy, again.
    fn send(&self, batch: &Batch) -> Result<Vec<crate::model::import::RowOutcome>, Refusal> {
        let mut tries = 0;
        loop {
            let change = Change::Import(batch.clone());
            let request = Request { actor: self.actor.clone(), change, idempotency: None, if_match: None };
            match self.runtime.execute_here(request) {
                Ok(answer) => match answer.outcome {
                    Outcome::Imported(rows) => return Ok(rows),
                    _ => {
                        let sentence = "an import was answered with another outcome";
                        return Err(Refusal::new(RefusalKind::Internal, "internal", sentence));
                    }
                },
                // Nothing was changed; whether a lost connection changed something is not known, so it is told of.
                Err(refusal) if refusal.kind == RefusalKind::Busy && refusal.code == "busy" && tries < TRIES => {
                    tries += 1;
                    std::thread::sleep(PAUSE);
                }
                Err(refusal) => return Err(refusal),
            }
        }
    }
}

/// What makes the same rows mean something else.
fn settings(order: &Order) -> impl std::fmt::Debug + '_ {
    let Order { target, format, encoding, set, update_by, blanks, cells, from_line, .. } = order;
    (target, format, encoding, set, (update_by, blanks, cells, from_line))
}

fn header<R: Read>(rows: &mut Rows<R>) -> Result<csv::StringRecord, Refusal> {
    match rows.next()? {
        Some(RawRow { content: Content::Cells(cells), .. }) => Ok(cells),
        _ => Err(Refusal::invalid("no_header", "the file is empty; its first row names the columns")),
    }
}

/// What came before is what came before then.
fn same(begun: &Progress, digest: &Sha256) -> Result<(), Refusal> {
    if hex(digest.clone().finalize()) == begun.digest { Ok(()) } else { Err(other_file()) }
}

fn other_file() -> Refusal {
    let sentence = "an import of another file, or with other settings, was begun under this key; take a new key";
    Refusal::invalid("idempotency_key_reused", sentence)
}

/// Adds a row to the digest of the file; gives the short hash of what it holds.
fn hash_row(digest: &mut Sha256, raw: &RawRow) -> String {
    let mut own = Sha256::new();
    match &raw.content {
        Content::Cells(cells) => cells.iter().for_each(|cell| hash_cell(&mut own, cell)),
        Content::Object(text, _) => own.update(text),
    }
    let own = own.finalize();
    digest.update(raw.line.to_be_bytes());
    digest.update(own);
    hex(own)[..16].to_owned()
}

fn hash_cell(digest: &mut Sha256, cell: &str) {
    digest.update((cell.len() as u64).to_be_bytes());
    digest.update(cell);
}

fn hex(digest: impl AsRef<[u8]>) -> String {
    digest.as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}"); // writing to a String cannot fail
        hex
    })
}
