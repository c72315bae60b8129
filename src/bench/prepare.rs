//! What stands in the database before a measurement: taken in by the importer, as a company would, so that every row is
//! what it would be. An import has a key, so what was taken in before is not taken in again.

use super::project::Data;
use super::workload::Prepare;
use crate::model::actor::Actor;
use crate::model::json::Json;
use crate::model::mapping::Target;
use crate::runtime::Runtime;
use crate::runtime::transfer::{Blanks, Cells, Format, Mode, Order, Told};
use crate::server::Failed;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::Range;

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
        data: &Data,
        numbers: Range<u64>,
    ) -> Result<Filling, Failed> {
        let (target, function) = match what {
            Prepare::Records { r#type, fields } => (Target::Records(r#type.clone()), fields),
            Prepare::Instances { process, variables } => (Target::Process(process.clone()), variables),
        };
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
        let lines = Lines { data: data.clone(), function: function.clone(), numbers, line: Vec::new(), at: 0 };
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
    numbers: Range<u64>,
    line: Vec<u8>,
    at: usize,
}

impl Read for Lines {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.line.len() {
            let Some(n) = self.numbers.next() else { return Ok(0) };
            let row: Json = self.data.made(&self.function, n).map_err(|failed| io::Error::other(failed.0))?;
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
