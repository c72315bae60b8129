//! The refused rows of an import: every one of them in a file, or the first ones on the terminal.

use crate::model::refusal::Refusal;
use crate::runtime::transfer::{Format, protected};
use crate::server::Failed;
use crate::server::say::complain;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Refused rows on the terminal at most.
const TOLD: usize = 20;

/// Where refused rows are told.
pub struct Report {
    to: To,
    rows: usize,
}

enum To {
    Csv(PathBuf, Box<csv::Writer<File>>),
    Lines(PathBuf, BufWriter<File>),
    Terminal,
}

impl Report {
    /// Into a file, when one is named.
    pub fn open(path: Option<&Path>) -> Result<Report, Failed> {
        let Some(path) = path else { return Ok(Report { to: To::Terminal, rows: 0 }) };
        let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
        let format = Format::parse(extension.as_deref().unwrap_or_default());
        let format = format.ok_or_else(|| Failed(format!("{}: a report ends in .csv or .jsonl", path.display())))?;
        let file = File::create(path).map_err(|error| wrong(path, error))?;
        let to = match format {
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(file);
                writer.write_record(["line", "pointer", "code", "detail"]).map_err(|error| wrong(path, error))?;
                To::Csv(path.to_owned(), Box::new(writer))
            }
            Format::JsonLines => To::Lines(path.to_owned(), BufWriter::new(file)),
        };
        Ok(Report { to, rows: 0 })
    }

    /// Tells of a row: every wrong place of it, or why nothing of it was done.
    pub fn refused(&mut self, line: i64, refusal: &Refusal) -> Result<(), Failed> {
        self.rows += 1;
        let whole = [("", refusal.code.as_str(), refusal.detail.as_str())];
        let places: Vec<(&str, &str, &str)> = match refusal.errors.as_slice() {
            [] => whole.to_vec(),
            errors => errors.iter().map(|e| (e.pointer.as_str(), e.code.as_str(), e.detail.as_str())).collect(),
        };
        for (pointer, code, detail) in places {
            match &mut self.to {
                To::Csv(path, writer) => {
                    let cells = [&line.to_string(), pointer, code, &protected(detail)];
                    writer.write_record(cells).map_err(|error| wrong(path, error))?;
                }
                To::Lines(path, writer) => {
                    let object = serde_json::json!({"line": line, "pointer": pointer, "code": code, "detail": detail});
                    writeln!(writer, "{object}").map_err(|error| wrong(path, error))?;
                }
                To::Terminal if self.rows <= TOLD => {
                    let field = pointer.strip_prefix("/fields/").or(pointer.strip_prefix("/variables/"));
                    let field = field.map(|field| format!("{field}: ")).unwrap_or_default();
                    complain(format_args!("line {line}: {field}{detail}"));
                }
                To::Terminal => {}
            }
        }
        Ok(())
    }

    /// Ends it: what is told is on the disk.
    pub fn close(self) -> Result<(), Failed> {
        match self.to {
            To::Csv(path, mut writer) => writer.flush().map_err(|error| wrong(&path, error)),
            To::Lines(path, mut writer) => writer.flush().map_err(|error| wrong(&path, error)),
            To::Terminal => {
                if self.rows > TOLD {
                    complain(format_args!("and {} more refused rows; --report writes all of them", self.rows - TOLD));
                }
                Ok(())
            }
        }
    }
}

fn wrong(path: &Path, error: impl std::fmt::Display) -> Failed {
    Failed(format!("{}: {error}", path.display()))
}
