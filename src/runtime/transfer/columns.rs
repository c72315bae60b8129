//! The columns of a file: which field each of them is, found once from the header; then every row to its values.

use super::batch::ID;
use super::cells::{self, SEPARATOR, Writing};
use super::layout::{Layout, OWN};
use super::order::{Blanks, Cells, Order};
use super::paths::{put, without_amount};
use super::protect::{NONE, unprotected};
use super::rows::{Content, RawRow};
use crate::model::cell::CellKind;
use crate::model::ids::RecordId;
use crate::model::import::Row;
use crate::model::json::{Json, JsonMap, step};
use crate::model::mapping::ColumnRule;
use crate::model::refusal::{FieldError, Refusal};
use crate::runtime::access::MASK;
use csv::StringRecord;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// What the columns of a file are.
pub struct Columns {
    layout: Layout,
    /// One for each cell of a row; empty for JSON lines.
    cells: Vec<Column>,
    constants: Vec<(String, Json)>,
    blanks: Blanks,
    written: Cells,
    trim: bool,
    zone: TimeZone,
    file: String,
    by_id: bool,
    /// Columns of fields that are computed: not read, and worth telling.
    pub computed: Vec<String>,
}

/// What one column is.
enum Column {
    /// This field.
    Field { path: String, kind: CellKind, rule: ColumnRule },
    /// The id of the record.
    Id,
    /// The version of the record.
    Version,
    /// Not read.
    Unread,
    /// It has no header; its cells must be empty.
    Unnamed,
}

impl Columns {
    /// The columns under this header; none for JSON lines. Every column that cannot be read is told of at once.
    pub fn new(
        layout: Layout,
        order: &Order,
        zone: TimeZone,
        header: Option<&StringRecord>,
    ) -> Result<Columns, Refusal> {
        let mut errors = Vec::new();
        let (mut cells, mut computed) = (Vec::new(), Vec::new());
        for header in header.into_iter().flatten().map(str::trim) {
            match column(&layout, unprotected(header)) {
                Ok(column) => {
                    if matches!(column, Column::Unread) && layout.computed.contains(header) {
                        computed.push(header.to_owned());
                    }
                    cells.push(column);
                }
                Err(error) => errors.push(error),
            }
        }
        let constants = constants(&layout, order, &mut errors);
        if let Some(header) = header {
            complete(&layout, header, &cells, &constants, &mut errors);
        }
        if !errors.is_empty() {
            let sentence = "the columns of the file do not fit; see errors";
            return Err(Refusal::invalid("wrong_columns", sentence).with_errors(errors));
        }
        Ok(Columns {
            cells,
            computed,
            constants,
            blanks: order.blanks,
            written: order.cells,
            trim: layout.mapping.as_ref().is_some_and(|mapping| mapping.trim),
            zone,
            file: order.name.clone(),
            by_id: order.update_by.as_deref() == Some(ID),
            layout,
        })
    }

    /// Fields that are put together from columns of their parts.
    pub fn parts(&self) -> BTreeSet<String> {
        let paths = self.cells.iter().filter_map(|column| match column {
            Column::Field { path, .. } => path.split_once('.').map(|(first, _)| first.to_owned()),
            _ => None,
        });
        paths.chain(self.constants.iter().filter_map(|(path, _)| Some(path.split_once('.')?.0.to_owned()))).collect()
    }

    /// The values of a row; `hash` stands for what it holds.
    pub fn row(&self, raw: RawRow, hash: &str) -> Row {
        let mut row = Row { line: raw.line, values: Ok(JsonMap::new()), blank: Vec::new(), id: None, version: None };
        let mut reading = Reading { columns: self, values: JsonMap::new(), errors: Vec::new(), row: &mut row };
        reading.constants(hash);
        let read = match raw.content {
            Content::Cells(cells) => reading.cells(&cells),
            Content::Object(_, object) => object.map(|object| reading.object(object)),
        };
        let Reading { mut values, errors, .. } = reading;
        without_amount(&self.layout.fields, &mut values);
        row.values = match read {
            Err(refusal) => Err(refusal),
            Ok(()) if errors.is_empty() => Ok(values),
            Ok(()) => Err(Refusal::invalid("wrong_row", "the row cannot be read; see errors").with_errors(errors)),
        };
        row
    }
}

/// A row that is being read.
struct Reading<'a> {
    columns: &'a Columns,
    values: JsonMap,
    errors: Vec<FieldError>,
    row: &'a mut Row,
}

impl Reading<'_> {
    fn constants(&mut self, hash: &str) {
        for (path, value) in &self.columns.constants {
            let line = self.row.line.to_string();
            let value = match value {
                Json::String(text) => {
                    let text = text.replace("{line}", &line).replace("{file}", &self.columns.file);
                    self.read(path, &text.replace("{hash}", hash), &ColumnRule::default())
                }
                other => Some(other.clone()),
            };
            if let Some(value) = value {
                put(&mut self.values, path, value);
            }
        }
    }

    fn cells(&mut self, cells: &StringRecord) -> Result<(), Refusal> {
        let wanted = self.columns.cells.len();
        if cells.len() != wanted {
            let sentence = format!("the row has {} cells, the header has {wanted}", cells.len());
            return Err(Refusal::invalid("wrong_length", sentence));
        }
        for (position, (column, cell)) in self.columns.cells.iter().zip(cells).enumerate() {
            if cell.contains('\0') {
                self.wrong("", "nul_character", "a text holds the character U+0000, which cannot be stored; remove it");
                continue;
            }
            let text = if self.columns.written == Cells::Raw { cell } else { unprotected(cell) };
            match column {
                Column::Field { path, kind, rule } => self.cell(path, kind, rule, cell, text),
                Column::Id | Column::Version => self.own(column, &Json::from(text)),
                Column::Unread => {}
                Column::Unnamed if cell.trim().is_empty() => {}
                Column::Unnamed => {
                    let sentence = format!("column {} has no header; name it, or empty its cells", position + 1);
                    self.wrong("", "unnamed_column", &sentence);
                }
            }
        }
        Ok(())
    }

    fn cell(&mut self, path: &str, kind: &CellKind, rule: &ColumnRule, cell: &str, text: &str) {
        let is_text = matches!(kind, CellKind::Text) && !self.columns.trim;
        let empty = if is_text { cell.is_empty() } else { cell.trim().is_empty() };
        let masked = text == MASK && self.columns.layout.personal.contains(path);
        if empty || masked {
            if empty && self.columns.blanks == Blanks::Clear {
                self.row.blank.push(path.to_owned());
            }
        } else if cell == NONE && self.columns.written == Cells::Protected {
            put(&mut self.values, path, Json::Null);
        } else if let Some(value) = self.read(path, text, rule) {
            put(&mut self.values, path, value);
        }
    }

    fn object(&mut self, object: JsonMap) {
        for (key, value) in object {
            match column(&self.columns.layout, &key) {
                Ok(Column::Field { path, rule, .. }) => {
                    let masked = value == MASK && self.columns.layout.personal.contains(&path);
                    let rewritten = !rule.values.is_empty() || rule.format.is_some();
                    match value {
                        _ if masked => {}
                        Json::String(text) if rewritten => {
                            if let Some(value) = self.read(&path, &text, &rule) {
                                put(&mut self.values, &path, value);
                            }
                        }
                        value => put(&mut self.values, &path, value),
                    }
                }
                Ok(own @ (Column::Id | Column::Version)) => self.own(&own, &value),
                Ok(Column::Unread) => {}
                // A name that no field has is refused where all fields are looked at, with what it could have meant.
                Ok(Column::Unnamed) | Err(_) => {
                    self.values.insert(key, value);
                }
            }
        }
    }

    fn own(&mut self, column: &Column, value: &Json) {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        match column {
            _ if text.is_empty() || !self.columns.by_id => {}
            Column::Id => self.row.id = Some(RecordId(text)),
            Column::Version => match text.trim().parse() {
                Ok(version) => self.row.version = Some(version),
                Err(_) => self.wrong("/_version", "wrong_value", "_version is a whole number"),
            },
            _ => {}
        }
    }

    /// The value of a text, by the words of the mapping first.
    fn read(&mut self, path: &str, text: &str, rule: &ColumnRule) -> Option<Json> {
        if let Some(value) = rule.values.get(text).or_else(|| rule.values.get(text.trim())) {
            return Some(value.clone());
        }
        let text = if self.columns.trim { text.trim() } else { text };
        let writing = Writing {
            format: rule.format.as_deref(),
            separator: rule.separator.unwrap_or(SEPARATOR),
            zone: &self.columns.zone,
        };
        let kind = self.columns.layout.fields.at(path)?;
        match cells::read(kind, text, writing) {
            Ok(value) => Some(value),
            Err(sentence) => {
                let pointer: String = path.split('.').map(step).collect();
                self.wrong(&pointer, "wrong_value", &sentence);
                None
            }
        }
    }

    fn wrong(&mut self, pointer: &str, code: &str, detail: &str) {
        let pointer = format!("{}{pointer}", self.columns.layout.root);
        self.errors.push(FieldError { pointer, code: code.to_owned(), detail: detail.to_owned() });
    }
}

/// What a header, or a key of an object, is.
fn column(layout: &Layout, header: &str) -> Result<Column, FieldError> {
    let field = |path: &str, rule: ColumnRule| {
        let kind = layout.fields.at(path)?.clone();
        Some(Column::Field { path: path.to_owned(), kind, rule })
    };
    if let Some(mapping) = &layout.mapping {
        if let Some(rule) = mapping.columns.get(header) {
            return Ok(field(&rule.field, rule.clone()).unwrap_or(Column::Unread));
        }
        if mapping.ignore.contains(header) {
            return Ok(Column::Unread);
        }
    }
    let first = header.split('.').next().unwrap_or_default();
    match header {
        "" => Ok(Column::Unnamed),
        ID => Ok(Column::Id),
        "_version" => Ok(Column::Version),
        own if OWN.contains(&own) => Ok(Column::Unread),
        _ if layout.computed.contains(first) => Ok(Column::Unread),
        path => field(path, ColumnRule::default()).ok_or_else(|| unknown(layout, path)),
    }
}

fn unknown(layout: &Layout, header: &str) -> FieldError {
    let detail = match layout.meant(header) {
        Some(near) => format!("there is no field \"{header}\"; did you mean \"{near}\"?"),
        None => format!("there is no field \"{header}\"; map it to one, or ignore it in a mapping"),
    };
    FieldError { pointer: step(header), code: "unknown_column".into(), detail }
}

/// The values that every row gets: those of the mapping, and those of the order before them.
fn constants(layout: &Layout, order: &Order, errors: &mut Vec<FieldError>) -> Vec<(String, Json)> {
    let mut all: BTreeMap<String, Json> = layout.mapping.iter().flat_map(|mapping| mapping.constants.clone()).collect();
    all.extend(order.set.iter().map(|(path, text)| (path.clone(), Json::from(text.as_str()))));
    errors.extend(all.keys().filter(|path| layout.fields.at(path).is_none()).map(|path| unknown(layout, path)));
    all.into_iter().collect()
}

/// No field twice, and every column that the mapping names is there.
fn complete(
    layout: &Layout,
    header: &StringRecord,
    cells: &[Column],
    constants: &[(String, Json)],
    errors: &mut Vec<FieldError>,
) {
    let mut seen: BTreeSet<&str> = constants.iter().map(|(path, _)| path.as_str()).collect();
    for column in cells {
        if let Column::Field { path, .. } = column
            && !seen.insert(path)
        {
            let detail = format!("\"{path}\" comes twice: from two columns, or from a column and a constant");
            errors.push(FieldError { pointer: step(path), code: "duplicate_column".into(), detail });
        }
    }
    let there: BTreeSet<&str> = header.iter().map(str::trim).collect();
    let named = layout.mapping.iter().flat_map(|mapping| mapping.columns.keys());
    for missing in named.filter(|column| !there.contains(column.as_str())) {
        let detail = format!("the mapping names the column \"{missing}\", which the file does not have");
        errors.push(FieldError { pointer: step(missing), code: "missing_column".into(), detail });
    }
    if there.len() == 1
        && let [.., last] = errors.as_mut_slice()
        && there.iter().any(|only| only.contains([';', '\t']))
    {
        last.detail.push_str("; all of it is one column: say the delimiter in a mapping");
    }
}
