//! `kamflow import`: the rows of a file become records, or start a process each.

use super::act_as::ActAs;
use super::block_on;
use super::progress::Bar;
use super::report::Report;
use crate::model::import::LedTo;
use crate::model::mapping::Target;
use crate::runtime::transfer::{Blanks, Cells, Format, MappingSource, Mode, Order, Summary, Told};
use crate::server::config::Config;
use crate::server::say::{complain, say};
use crate::server::{Failed, open};
use clap::Args;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Imports a CSV or JSON-lines file.
#[derive(Args)]
pub struct Import {
    /// The record type (not with --process), and the file; - reads standard input
    #[arg(num_args = 1..=2, required = true, value_names = ["TYPE", "FILE"])]
    what: Vec<String>,
    /// Start this process with every row instead of writing records
    #[arg(long, value_name = "KEY")]
    process: Option<String>,
    /// Same as --set source_channel=VALUE
    #[arg(long, value_name = "VALUE")]
    channel: Option<String>,
    /// A value that every row gets; {line}, {file} and {hash} stand for the row's own
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// How columns become fields: a mapping of the revision, or a YAML file
    #[arg(long, value_name = "NAME|FILE")]
    mapping: Option<String>,
    /// csv or jsonl, when the name of the file does not say
    #[arg(long)]
    format: Option<String>,
    /// Encoding of the file, such as gb18030; UTF-8 when not said
    #[arg(long)]
    encoding: Option<String>,
    /// Change the record that has the same value in this field; _id names it by its id
    #[arg(long, value_name = "FIELD")]
    update_by: Option<String>,
    /// Empty cells clear fields of records that are there
    #[arg(long)]
    clear_blank: bool,
    /// Read cells as they are: an apostrophe before a formula stays
    #[arg(long)]
    raw: bool,
    /// Check everything, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Begin at this line of the file
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    from_line: i64,
    /// Write every refused row into this file, .csv or .jsonl
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Names the import, so that it goes on after an interruption; the content of the file when not said
    #[arg(long)]
    key: Option<String>,
    #[command(flatten)]
    act_as: ActAs,
}

impl Import {
    pub(super) fn run(self, config: &Config) -> Result<ExitCode, Failed> {
        let (target, file) = self.target()?;
        let order = self.order(target, &file)?;
        let mut report = Report::open(self.report.as_deref())?;
        let runtime = open(config)?;
        let import = block_on(async {
            let actor = self.act_as.actor(&runtime).await?;
            Ok(runtime.import(&actor, order).await?)
        })?;
        let source: Box<dyn Read> =
            if is_standard_input(&file) { Box::new(io::stdin()) } else { Box::new(read(&file)?) };
        let size = std::fs::metadata(&file).ok().filter(|_| !is_standard_input(&file)).map(|metadata| metadata.len());
        let bar = Bar::new(size);
        let mut unwritten = None;
        let done = import.run(source, &mut |told| match told {
            Told::Begun(computed) if computed.is_empty() => {}
            Told::Begun(computed) => {
                complain(format_args!("not read, because rules compute them: {}", computed.join(", ")));
            }
            Told::Refused(line, refusal) => {
                bar.clear();
                unwritten = unwritten.take().or(report.refused(line, &refusal).err());
            }
            Told::Moved(line, counts, bytes) => bar.show(line, counts, bytes),
        });
        bar.clear();
        report.close()?;
        unwritten.map_or(Ok(()), Err)?;
        match done {
            Ok(summary) => {
                tell(&summary);
                Ok(if summary.counts.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
            }
            Err(stopped) => {
                tell(&stopped.summary);
                Err(stopped.why.into())
            }
        }
    }

    fn target(&self) -> Result<(Target, PathBuf), Failed> {
        match (self.what.as_slice(), &self.process) {
            ([name, file], None) => Ok((Target::Records(name.clone()), file.into())),
            ([file], Some(process)) => Ok((Target::Process(process.clone()), file.into())),
            _ => Err(Failed("say a record type and a file, or --process and a file".into())),
        }
    }

    fn order(&self, target: Target, file: &Path) -> Result<Order, Failed> {
        let name = file.file_name().map_or_else(|| "-".into(), |name| name.to_string_lossy().into_owned());
        let extension = file.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        let format = self.format.clone().or(extension).unwrap_or_default();
        let format = Format::parse(&format)
            .ok_or_else(|| Failed("say --format csv or --format jsonl; the name of the file does not say".into()))?;
        let mut set = BTreeMap::new();
        for pair in &self.set {
            let (field, value) =
                pair.split_once('=').ok_or_else(|| Failed(format!("--set takes FIELD=VALUE, not {pair}")))?;
            set.insert(field.to_owned(), value.to_owned());
        }
        if let Some(channel) = &self.channel {
            set.insert("source_channel".to_owned(), channel.clone());
        }
        Ok(Order {
            target,
            name,
            format,
            encoding: self.encoding.clone(),
            mapping: self.mapping.as_deref().map(mapping).transpose()?,
            set,
            update_by: self.update_by.clone(),
            blanks: if self.clear_blank { Blanks::Clear } else { Blanks::Keep },
            cells: if self.raw { Cells::Raw } else { Cells::Protected },
            from_line: self.from_line,
            mode: if self.dry_run { Mode::Try } else { Mode::Write },
            key: self.key(file)?,
        })
    }

    /// What makes the same import the same: its key, or its content and how it is asked for.
    fn key(&self, file: &Path) -> Result<Option<String>, Failed> {
        if self.key.is_some() || self.dry_run || is_standard_input(file) {
            return Ok(self.key.clone());
        }
        let mut digest = Sha256::new();
        io::copy(&mut read(file)?, &mut digest).map_err(|error| Failed(format!("{}: {error}", file.display())))?;
        let Import { set, channel, update_by, clear_blank, raw, from_line, encoding, mapping, .. } = self;
        let mapping = mapping.as_deref().filter(|name| is_file(name)).map(std::fs::read).transpose();
        let asked = (set, channel, update_by, clear_blank, raw, from_line, encoding, &self.mapping);
        digest.update(format!("{asked:?}{:?}", mapping.map_err(Failed::because)?));
        Ok(Some(format!("{:x}", digest.finalize())))
    }
}

fn is_standard_input(file: &Path) -> bool {
    file == Path::new("-")
}

fn is_file(mapping: &str) -> bool {
    mapping.ends_with(".yaml") || mapping.contains('/')
}

fn read(file: &Path) -> Result<BufReader<File>, Failed> {
    let opened = File::open(file).map_err(|error| Failed(format!("{}: {error}", file.display())))?;
    Ok(BufReader::new(opened))
}

fn mapping(named: &str) -> Result<MappingSource, Failed> {
    if !is_file(named) {
        return Ok(MappingSource::Deployed(named.to_owned()));
    }
    let bytes = std::fs::read(named).map_err(|error| Failed(format!("{named}: {error}")))?;
    Ok(MappingSource::File { path: named.to_owned(), bytes })
}

/// What came of it, on standard output.
fn tell(summary: &Summary) {
    let Summary { counts, line, resumed_after, replayed, trial, led_to } = summary;
    if *replayed {
        say("this file was imported before; nothing was done");
    } else if *resumed_after > 0 {
        say(format_args!("went on after line {resumed_after}, where it had stopped"));
    }
    let would = if *trial { "would be " } else { "" };
    say(format_args!(
        "{would}created {}, {would}updated {}, unchanged {}, refused {}; up to line {line}",
        counts.created, counts.updated, counts.unchanged, counts.refused
    ));
    for (what, rows) in led_to {
        let what = match what {
            LedTo::Decided { function, output, value } => format!("{function} {output} = {value}"),
            LedTo::WaitsAt(node) => format!("waits at {node}"),
            LedTo::EndsAt(node) => format!("ends at {node}"),
            LedTo::FailsAt(node) => format!("fails at {node}"),
        };
        say(format_args!("{rows:>8}  {what}"));
    }
}
