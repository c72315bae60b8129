//! The rows of a file, one after the other and never more than one in memory: CSV with a header, or JSON lines.

use super::decoded::Decoded;
use crate::model::json::{Json, JsonMap};
use crate::model::refusal::{FieldError, Refusal};
use crate::model::strict;
use csv::StringRecord;
use std::io::{self, BufRead, BufReader, Read};

/// Bytes of one row at most.
const ROW_MOST: usize = 1024 * 1024;
/// What a reader reads ahead at most, so a row that fits is never refused for it.
const AHEAD: usize = 64 * 1024;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, RFC 4180, the first row the header.
    Csv,
    /// One JSON object a line.
    JsonLines,
}

impl Format {
    /// By its name: `csv`, `jsonl`.
    pub fn parse(name: &str) -> Option<Format> {
        match name {
            "csv" => Some(Format::Csv),
            "jsonl" | "ndjson" => Some(Format::JsonLines),
            _ => None,
        }
    }

    /// Its media type.
    pub fn media(self) -> &'static str {
        match self {
            Format::Csv => "text/csv",
            Format::JsonLines => "application/x-ndjson",
        }
    }
}

/// A row as it stands in the file.
pub struct RawRow {
    /// The line it begins on, from 1.
    pub line: i64,
    /// What it holds.
    pub content: Content,
}

/// What a row holds.
pub enum Content {
    /// Its cells.
    Cells(StringRecord),
    /// Its object, and the text it was read from; or why it is none.
    Object(String, Result<JsonMap, Refusal>),
}

/// A file that is read row by row.
pub enum Rows<R: Read> {
    /// CSV.
    Csv(Box<csv::Reader<Decoded<R>>>),
    /// JSON lines, and the line that was read last.
    Lines(BufReader<Decoded<R>>, i64),
}

impl<R: Read> Rows<R> {
    /// Begins to read a file.
    pub fn new(source: Decoded<R>, format: Format, delimiter: Option<char>) -> Result<Rows<R>, Refusal> {
        let delimiter = match delimiter {
            None => b',',
            Some(character) => u8::try_from(character).ok().filter(u8::is_ascii).ok_or_else(|| {
                Refusal::invalid("wrong_delimiter", format!("\"{character}\" cannot stand between cells; write ; or ,"))
            })?,
        };
        Ok(match format {
            Format::Csv => {
                let mut reader = csv::ReaderBuilder::new();
                reader.has_headers(false).flexible(true).delimiter(delimiter);
                Rows::Csv(Box::new(reader.from_reader(source)))
            }
            Format::JsonLines => Rows::Lines(BufReader::new(source), 0),
        })
    }

    /// The next row; none at the end. A refusal means that the rest of the file cannot be read.
    pub fn next(&mut self) -> Result<Option<RawRow>, Refusal> {
        match self {
            Rows::Csv(reader) => {
                reader.get_mut().allow(ROW_MOST + AHEAD);
                let mut cells = StringRecord::new();
                if !reader.read_record(&mut cells).map_err(csv_refusal)? {
                    return Ok(None);
                }
                let line = cells.position().map_or(0, |position| i64::try_from(position.line()).unwrap_or(i64::MAX));
                Ok(Some(RawRow { line, content: Content::Cells(cells) }))
            }
            Rows::Lines(reader, line) => loop {
                reader.get_mut().allow(ROW_MOST + AHEAD);
                let mut bytes = Vec::new();
                if reader.read_until(b'\n', &mut bytes).map_err(io_refusal)? == 0 {
                    return Ok(None);
                }
                *line += 1;
                // Decoded bytes are UTF-8, and a line end is no part of a character.
                let text = String::from_utf8_lossy(&bytes).trim().to_owned();
                if !text.is_empty() {
                    let object = object(&text);
                    return Ok(Some(RawRow { line: *line, content: Content::Object(text, object) }));
                }
            },
        }
    }

    /// Bytes of the file read so far.
    pub fn bytes(&self) -> u64 {
        match self {
            Rows::Csv(reader) => reader.get_ref().bytes(),
            Rows::Lines(reader, _) => reader.get_ref().bytes(),
        }
    }
}

fn object(text: &str) -> Result<JsonMap, Refusal> {
    strict::check(text).map_err(|trap| {
        let place =
            trap.pointer.map(|pointer| FieldError { pointer, code: trap.code.into(), detail: trap.detail.clone() });
        Refusal::invalid(trap.code, trap.detail).with_errors(place.into_iter().collect())
    })?;
    match serde_json::from_str(text) {
        Ok(Json::Object(object)) => Ok(object),
        Ok(_) => Err(Refusal::invalid("malformed_json", "the line is JSON, but no object")),
        Err(error) => Err(Refusal::invalid("malformed_json", format!("the line is not JSON: {error}"))),
    }
}

fn csv_refusal(error: csv::Error) -> Refusal {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => io_refusal(error),
        other => Refusal::invalid("broken_file", format!("the file cannot be read: {other:?}")),
    }
}

fn io_refusal(error: io::Error) -> Refusal {
    match error.downcast::<Refusal>() {
        Ok(refusal) => refusal,
        Err(error) => Refusal::invalid("broken_file", format!("the file cannot be read: {error}")),
    }
}
