//! A mapping file to a mapping: for exactly one target, every column to a field that the target has.

use super::known::{Known, known};
use super::load::{Loaded, load};
use super::names;
use super::parse;
use super::schema::Kind;
use super::shape::mapping::{ColumnShape, MappingShape};
use super::spot::At;
use crate::model::cell::{self, CellKind};
use crate::model::finding::Finding;
use crate::model::json::Json;
use crate::model::mapping::{ColumnRule, Mapping, Target};
use crate::model::nearest::hint;
use crate::model::process::Process;
use crate::model::record_type::RecordType;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a mapping can be for.
#[derive(Clone, Copy)]
pub struct Targets<'a> {
    /// Record types by name.
    pub records: &'a BTreeMap<String, Arc<RecordType>>,
    /// Processes by key.
    pub processes: &'a BTreeMap<String, Arc<Process>>,
}

/// A mapping that stands in no revision: from a file of whoever imports.
pub fn mapping(file: &str, bytes: &[u8], targets: Targets) -> Result<Mapping, Vec<Finding>> {
    let mut findings = Vec::new();
    let path: Arc<str> = Arc::from(file);
    let converted = load(Kind::Mapping, &path, bytes, &mut findings).and_then(|loaded: Loaded<MappingShape>| {
        let name = loaded.shape.mapping.clone();
        convert(&name, &loaded, targets, &mut findings)
    });
    parse::sort(&mut findings);
    match converted {
        Some(mapping) if !findings.iter().any(Finding::is_error) => Ok(mapping),
        _ => Err(findings),
    }
}

/// Whether the target of a mapping was read, or is not there at all: a faulty one is told of elsewhere.
pub fn can_be_judged(file: &Loaded<MappingShape>, known: &Known, targets: Targets) -> bool {
    let MappingShape { record, process, .. } = &file.shape;
    let faulty_record =
        record.as_ref().is_some_and(|name| known.records.contains(name) && !targets.records.contains_key(name));
    let faulty_process =
        process.as_ref().is_some_and(|key| known.processes.contains_key(key) && !targets.processes.contains_key(key));
    !faulty_record && !faulty_process
}

/// The mapping that a file declares; none when it is not for one target that is there.
pub fn convert(
    name: &str,
    file: &Loaded<MappingShape>,
    targets: Targets,
    findings: &mut Vec<Finding>,
) -> Option<Mapping> {
    let (shape, at) = (&file.shape, file.at());
    names::key("mapping", &shape.mapping, name, at.key("mapping"), findings);
    if let Some(label) = &shape.encoding
        && encoding_rs::Encoding::for_label(label.as_bytes()).is_none()
    {
        let sentence = format!("\"{label}\" is not the name of an encoding; write utf-8, gb18030 or big5");
        findings.push(Finding::error(at.key("encoding").place(), sentence));
    }
    let (target, fields) = target(shape, targets, at, findings)?;
    let paths = fields.paths();
    let field = |path: &str, at: At, findings: &mut Vec<Finding>| {
        known("field", path, paths.iter().map(String::as_str), "", at, findings);
    };
    let mut columns = BTreeMap::new();
    for (header, column) in &shape.columns {
        let at = at.key("columns").key(header);
        let rule = rule(column);
        match column {
            ColumnShape::Field(path) => field(path, at, findings),
            ColumnShape::Rule(shape) => {
                field(&shape.field, at.key("field"), findings);
                read_as(&rule, fields.at(&shape.field), at, findings);
            }
        }
        columns.insert(header.clone(), rule);
    }
    for path in shape.constants.keys() {
        let at = at.key("constants").key(path);
        if !paths.contains(path) {
            let hint = hint(path, paths.iter().map(String::as_str));
            findings.push(Finding::error(at.key_place(), format!("there is no field \"{path}\"{hint}")));
        }
        if columns.values().any(|rule| rule.field == *path) {
            let sentence = format!("\"{path}\" has a column and a constant; keep one");
            findings.push(Finding::error(at.key_place(), sentence));
        }
    }
    for (position, header) in shape.ignore.iter().enumerate().filter(|(_, header)| columns.contains_key(*header)) {
        let sentence = format!("the column \"{header}\" is read and ignored; keep one");
        findings.push(Finding::error(at.key("ignore").item(position).place(), sentence));
    }
    Some(Mapping {
        name: shape.mapping.clone(),
        target,
        encoding: shape.encoding.clone(),
        delimiter: shape.delimiter.as_ref().and_then(|text| text.chars().next()),
        trim: shape.trim,
        columns,
        constants: shape.constants.clone().into_iter().collect(),
        ignore: shape.ignore.iter().cloned().collect(),
        at: at.key("mapping").place(),
    })
}

fn target(shape: &MappingShape, targets: Targets, at: At, findings: &mut Vec<Finding>) -> Option<(Target, CellKind)> {
    match (&shape.record, &shape.process) {
        (Some(name), None) => {
            known("record type", name, targets.records.keys().map(String::as_str), "", at.key("record"), findings);
            let fields = cell::of_fields(&targets.records.get(name)?.fields);
            Some((Target::Records(name.clone()), fields))
        }
        (None, Some(key)) => {
            known("process", key, targets.processes.keys().map(String::as_str), "", at.key("process"), findings);
            let fields = cell::of_schema(&targets.processes.get(key)?.input);
            Some((Target::Process(key.clone()), fields))
        }
        _ => {
            let sentence = "a mapping is for one \"record\" or for one \"process\"";
            findings.push(Finding::error(at.key("mapping").key_place(), sentence));
            None
        }
    }
}

fn rule(column: &ColumnShape) -> ColumnRule {
    match column {
        ColumnShape::Field(field) => ColumnRule { field: field.clone(), ..ColumnRule::default() },
        ColumnShape::Rule(shape) => ColumnRule {
            field: shape.field.clone(),
            values: shape.values.clone(),
            format: shape.format.clone(),
            separator: shape.separator.as_ref().and_then(|text| text.chars().next()),
        },
    }
}

/// Keys that only some kinds of cells have, and words that are none of an enum.
fn read_as(rule: &ColumnRule, kind: Option<&CellKind>, at: At, findings: &mut Vec<Finding>) {
    let Some(kind) = kind else { return };
    if let Some(format) = &rule.format {
        let noon = jiff::civil::date(2026, 1, 31).at(12, 0, 0, 0);
        if !matches!(kind, CellKind::Date | CellKind::Datetime) {
            findings.push(Finding::error(at.key("format").key_place(), "\"format\" belongs to a date"));
        } else if let Err(wrong) = jiff::fmt::strtime::format(format, noon) {
            let sentence = format!("\"{format}\" is no format such as \"%Y/%m/%d\": {wrong}");
            findings.push(Finding::error(at.key("format").place(), sentence));
        }
    }
    if rule.separator.is_some() && !matches!(kind, CellKind::List(_)) {
        findings.push(Finding::error(at.key("separator").key_place(), "\"separator\" belongs to a list"));
    }
    let Some(words) = kind.words() else { return };
    for (word, meaning) in &rule.values {
        let meant = meaning.as_str().unwrap_or_default();
        let fits = meaning == &Json::Null || words.contains(&meant);
        if !fits {
            known("value", meant, words.iter().copied(), "", at.key("values").key(word), findings);
        }
    }
}
