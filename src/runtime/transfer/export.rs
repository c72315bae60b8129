//! An export: the records that the caller may read, in the order of their ids, page by page, as CSV or JSON lines. What
//! it writes, an import reads back to the same fields.

use super::batch::ID;
use super::cells;
use super::layout::OWN;
use super::order::Cells;
use super::protect::{NONE, protected};
use super::rows::Format;
use crate::model::actor::Actor;
use crate::model::cell::{self, CellKind};
use crate::model::field::Field;
use crate::model::filter::Filter;
use crate::model::json::{Json, JsonMap};
use crate::model::nearest::hint;
use crate::model::page::{PAGE_MOST, Search};
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::{FieldError, Refusal, RefusalKind};
use crate::runtime::Runtime;
use crate::runtime::access::{self, Exported, FieldRights, MASK};

/// What is exported, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Outward {
    /// The record type.
    pub record_type: String,
    /// How it is written.
    pub format: Format,
    /// Fields and own columns (`_id`), in this order; none: all that the caller may read.
    pub fields: Option<Vec<String>>,
    /// Which records.
    pub filter: Vec<Filter>,
    /// How cells are written.
    pub cells: Cells,
    /// Whether a byte order mark comes first, by which spreadsheets know UTF-8.
    pub bom: bool,
}

/// An export that may begin.
pub struct Export {
    runtime: Runtime,
    actor: Actor,
    asked: Outward,
    columns: Vec<Column>,
    place: Place,
}

/// Where it stands.
enum Place {
    Begin,
    After(String),
    End,
}

/// A field, or an own column.
enum Column {
    Own(&'static str),
    Field { field: Box<Field>, kind: CellKind, how: Exported },
}

impl Runtime {
    /// An export, when the caller may read the type and every field that is asked for.
    pub async fn export(&self, actor: &Actor, asked: Outward) -> Result<Export, Refusal> {
        let (caller, name) = (actor.clone(), asked.record_type.clone());
        let (now, library) = (self.now(), self.definitions(actor).await?);
        let declared = access::record_type(&caller, &library.definitions, &name, now)?;
        let rights = access::fields(&caller, &library.definitions, declared, now);
        let columns = columns(&caller, &rights, declared, asked.fields.as_deref())?;
        let export = Export { runtime: self.clone(), actor: caller, asked, columns, place: Place::Begin };
        // A filter that makes no sense is told of before the answer begins.
        export.read(None, 1).await?;
        Ok(export)
    }
}

impl Export {
    /// The next piece; none at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Refusal> {
        let (cursor, mut out) = match &self.place {
            Place::Begin => (None, self.head()?),
            Place::After(cursor) => (Some(cursor.clone()), Vec::new()),
            Place::End => return Ok(None),
        };
        let (records, next) = self.read(cursor, PAGE_MOST).await?;
        match self.asked.format {
            Format::Csv => self.csv(&records, &mut out)?,
            Format::JsonLines => self.lines(&records, &mut out),
        }
        self.place = next.map_or(Place::End, Place::After);
        Ok(Some(out))
    }

    async fn read(&self, cursor: Option<String>, limit: usize) -> Result<(Vec<Record>, Option<String>), Refusal> {
        let filter = self.asked.filter.clone();
        let search = Search { filter, cursor, limit, ..Search::default() };
        self.runtime.records_uncounted(&self.actor, &self.asked.record_type, search).await
    }

    fn head(&self) -> Result<Vec<u8>, Refusal> {
        if self.asked.format == Format::JsonLines {
            return Ok(Vec::new());
        }
        let mut names = Vec::new();
        for column in &self.columns {
            match column {
                Column::Own(name) => names.push((*name).to_owned()),
                Column::Field { field, kind, .. } => {
                    names.extend(paths(kind).into_iter().map(|(path, _)| below(&field.name, &path)));
                }
            }
        }
        let mut out = if self.asked.bom { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
        let mut writer = csv::Writer::from_writer(&mut out);
        writer.write_record(&names).map_err(broken)?;
        writer.flush().map_err(broken)?;
        drop(writer);
        Ok(out)
    }

    fn csv(&self, records: &[Record], out: &mut Vec<u8>) -> Result<(), Refusal> {
        let mut writer = csv::Writer::from_writer(out);
        for record in records {
            for column in &self.columns {
                match column {
                    Column::Own(name) => writer.write_field(own_text(record, name)).map_err(broken)?,
                    Column::Field { field, kind, how } => {
                        for (path, kind) in paths(kind) {
                            writer.write_field(self.cell(record, field, &path, kind, *how)).map_err(broken)?;
                        }
                    }
                }
            }
            writer.write_record(None::<&[u8]>).map_err(broken)?;
        }
        writer.flush().map_err(broken)
    }

    fn cell(&self, record: &Record, field: &Field, path: &str, kind: &CellKind, how: Exported) -> String {
        let value = at(record.fields.get(&field.name), path);
        match value {
            None if field.default.is_some() && path.is_empty() && self.asked.cells == Cells::Protected => {
                NONE.to_owned()
            }
            None => String::new(),
            Some(_) if how == Exported::Masked => MASK.to_owned(),
            Some(value) if self.asked.cells == Cells::Raw => cells::write(kind, value),
            Some(value) => protected(&cells::write(kind, value)).into_owned(),
        }
    }

    fn lines(&self, records: &[Record], out: &mut Vec<u8>) {
        for record in records {
            let mut line = JsonMap::new();
            for column in &self.columns {
                match column {
                    Column::Own("_version") => {
                        line.insert("_version".to_owned(), Json::from(record.version));
                    }
                    Column::Own(name) => {
                        line.insert((*name).to_owned(), Json::from(own_text(record, name)));
                    }
                    Column::Field { field, how, .. } => {
                        let value = match record.fields.get(&field.name) {
                            None if field.default.is_some() => Json::Null,
                            None => continue,
                            Some(_) if *how == Exported::Masked => Json::from(MASK),
                            Some(value) => value.clone(),
                        };
                        line.insert(field.name.clone(), value);
                    }
                }
            }
            out.extend_from_slice(Json::Object(line).to_string().as_bytes());
            out.push(b'\n');
        }
    }
}

/// The columns that are asked for, or all that the caller may read.
fn columns(
    actor: &Actor,
    rights: &FieldRights,
    declared: &RecordType,
    asked: Option<&[String]>,
) -> Result<Vec<Column>, Refusal> {
    let tree = cell::of_fields(&declared.fields);
    let column = |field: &Field, how| {
        let kind = tree.at(&field.name).cloned().unwrap_or(CellKind::Text);
        Column::Field { field: Box::new(field.clone()), kind, how }
    };
    let Some(asked) = asked else {
        let fields =
            declared.fields.iter().filter_map(|field| match access::exported(actor, rights, declared, field) {
                Exported::Hidden => None,
                how => Some(column(field, how)),
            });
        let (first, last) = OWN.split_at(2);
        let own = |names: &'static [&'static str]| names.iter().map(|name| Column::Own(name));
        return Ok(own(first).chain(fields).chain(own(last)).collect());
    };
    let mut columns = Vec::new();
    let mut errors = Vec::new();
    for name in asked {
        let field = declared.fields.iter().find(|field| field.name == *name);
        match (OWN.iter().find(|own| *own == name), field) {
            (Some(own), _) => columns.push(Column::Own(own)),
            (None, Some(field)) => match access::exported(actor, rights, declared, field) {
                Exported::Hidden => {
                    let detail = format!("the field \"{name}\" may not be exported by you");
                    errors.push(FieldError { pointer: "?fields".into(), code: "field_not_readable".into(), detail });
                }
                how => columns.push(column(field, how)),
            },
            (None, None) => {
                let hint = hint(name, declared.fields.iter().map(|field| field.name.as_str()));
                let detail = format!("there is no field \"{name}\"{hint}");
                errors.push(FieldError { pointer: "?fields".into(), code: "unknown_field".into(), detail });
            }
        }
    }
    if errors.is_empty() && !columns.is_empty() {
        return Ok(columns);
    }
    let sentence = "some fields cannot be exported; see errors";
    Err(Refusal::invalid("wrong_fields", sentence).with_errors(errors))
}

/// The columns below a field: itself, with an empty path, or the parts of a map.
fn paths(kind: &CellKind) -> Vec<(String, &CellKind)> {
    kind.columns()
}

fn below(field: &str, path: &str) -> String {
    if path.is_empty() { field.to_owned() } else { format!("{field}.{path}") }
}

fn at<'r>(value: Option<&'r Json>, path: &str) -> Option<&'r Json> {
    let value = value.filter(|value| !value.is_null())?;
    path.split('.').filter(|step| !step.is_empty()).try_fold(value, |value, step| value.get(step))
}

fn own_text(record: &Record, name: &str) -> String {
    match name {
        ID => record.id.0.clone(),
        "_version" => record.version.to_string(),
        "_created_at" => record.created_at.rfc3339(),
        "_created_by" => record.created_by.0.clone(),
        "_updated_at" => record.updated_at.rfc3339(),
        _ => record.updated_by.0.clone(),
    }
}

fn broken(error: impl std::fmt::Display) -> Refusal {
    Refusal::new(RefusalKind::Internal, "internal", format!("the export cannot be written: {error}"))
}
