//! `kamflow export`: the records of a type on standard output, as CSV or JSON lines.

use super::act_as::ActAs;
use super::block_on;
use crate::model::filter::{Condition, Filter, Operator};
use crate::model::json::Json;
use crate::runtime::transfer::{Cells, Format, Outward};
use crate::server::config::Config;
use crate::server::{Failed, open};
use clap::Args;
use std::io::Write;

/// Exports records.
#[derive(Args)]
pub struct Export {
    /// The record type
    record_type: String,
    /// csv or jsonl
    #[arg(long, default_value = "csv")]
    format: String,
    /// Only these fields, in this order: name,owner,_id
    #[arg(long, value_delimiter = ',')]
    fields: Option<Vec<String>>,
    /// Only records with this value in an indexed field; may be given several times
    #[arg(long, value_name = "FIELD=VALUE")]
    r#where: Vec<String>,
    /// Write cells as they are, without an apostrophe before what a spreadsheet would take for a formula
    #[arg(long)]
    raw: bool,
    /// Begin with a byte order mark, by which spreadsheets know UTF-8
    #[arg(long)]
    bom: bool,
    #[command(flatten)]
    act_as: ActAs,
}

impl Export {
    pub(super) fn run(self, config: &Config) -> Result<(), Failed> {
        let format = Format::parse(&self.format)
            .ok_or_else(|| Failed(format!("\"{}\" is no format; write csv or jsonl", self.format)))?;
        let condition = |pair: &String| match pair.split_once('=') {
            Some((field, value)) => {
                let (field, at) = (field.to_owned(), format!("?{field}"));
                Ok(Filter::Where(Condition { field, operator: Operator::Eq, value: Json::from(value), at }))
            }
            None => Err(Failed(format!("--where takes FIELD=VALUE, not {pair}"))),
        };
        let asked = Outward {
            filter: self.r#where.iter().map(condition).collect::<Result<_, _>>()?,
            record_type: self.record_type,
            format,
            fields: self.fields,
            cells: if self.raw { Cells::Raw } else { Cells::Protected },
            bom: self.bom,
        };
        let runtime = open(config)?;
        block_on(async {
            let actor = self.act_as.actor(&runtime).await?;
            let mut export = runtime.export(&actor, asked).await?;
            let mut out = std::io::stdout().lock();
            while let Some(piece) = export.next().await? {
                out.write_all(&piece).map_err(|error| Failed(format!("standard output: {error}")))?;
            }
            out.flush().map_err(|error| Failed(format!("standard output: {error}")))
        })
    }
}
