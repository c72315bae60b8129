//! What stands in the database before a measurement: taken in by the importer, as a company would, so that every row is
//! what it would be. An import has a key, so what was taken in before is not taken in again.

use super::project::Data;
use super::workload::Prepare;
use crate::model::actor::Actor;
use crate::model::json::{Json, JsonMap};
use crate::model::mapping::Target;
use crate::runtime::Runtime;
use crate::runtime::transfer::{Blanks, Cells, Format, Mode, Order, Told};
use crate::server::Failed;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::Range;

/// Ids of records that others are made of, by type.
pub type Known = Vec<(String, Vec<String>)>;

/// An import that is ready to run.
pub struct Filling {
    import: crate::runtime::transfer::Import,
    lines: Lines,
}

impl Filling {
    /// Of the rows with these numbers.
    pub async fn new(
        runtime: &Runtime,
        actor: &Actor,
        what: &Prepare,
        (data, known): (&Data, Known),
        numbers: Range<u64>,
    ) -> Result<Filling, Failed> {
        let records = what.records.as_ref().map(|one| (Target::Records(one.r#type.clone()), &one.fields));
        let instances = what.instances.as_ref().map(|one| (Target::Process(one.process.clone()), &one.variables));
        let (target, function) =
            records.or(instances).ok_or_else(|| Failed("nothing is named that could be imported".into()))?;
        let order = Order {
            key: Some(format!("bench {target} {} {}", numbers.start, numbers.end)),
            target,
            name: "bench".into(),
            format: Format::JsonLines,
            encoding: None,
            mapping: None,
            set: BTreeMap::new(),
            update_by: None,
            blanks: Blanks::Keep,
            cells: Cells::Raw,
            from_line: 0,
            mode: Mode::Write,
        };
        let import = runtime.import(actor, order).await?;
        let function = function.clone();
        let lines = Lines { data: data.clone(), function, known, numbers, line: Vec::new(), at: 0 };
        Ok(Filling { import, lines })
    }

    /// Takes everything in.
    pub fn run(self) -> Result<(), Failed> {
        let mut refused = None;
        let done = self.import.run(self.lines, &mut |told| match told {
            Told::Refused(_, refusal) => refused = refused.take().or(Some(refusal)),
            Told::Moved(..) | Told::Begun(_) => {}
        });
        done.map_err(|stopped| Failed::from(stopped.why))?;
        refused.map_or(Ok(()), |refusal| Err(refusal.into()))
    }
}

/// The rows as JSON lines, made while they are read.
struct Lines {
    data: Data,
    function: String,
    known: Known,
    numbers: Range<u64>,
    line: Vec<u8>,
    at: usize,
}

impl Read for Lines {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.line.len() {
            let Some(n) = self.numbers.next() else { return Ok(0) };
            let mut input = JsonMap::from_iter([("n".to_owned(), n.into())]);
            for (name, ids) in &self.known {
                let one = usize::try_from(n % ids.len() as u64).unwrap_or_default();
                input.insert(name.clone(), ids[one].as_str().into());
            }
            let row = self.data.made_of(&self.function, &input.into());
            let row: Json = row.map_err(|failed| io::Error::other(failed.0))?;
            self.line = row.to_string().into_bytes();
            self.line.push(b'\n');
            self.at = 0;
        }
        let count = into.len().min(self.line.len() - self.at);
        into[..count].copy_from_slice(&self.line[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}
