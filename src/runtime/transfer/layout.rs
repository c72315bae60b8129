//! What the rows of a file can become: the fields of a record type or the variables of a process, with what a person
//! could call them and what is not read from files.

use super::order::{MappingSource, Order};
use crate::definitions;
use crate::model::cell::{self, CellKind};
use crate::model::definitions::Definitions;
use crate::model::mapping::{Mapping, Target};
use crate::model::nearest::nearest;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::text::Text;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The columns that an export adds to the fields. `_id` and `_version` say which record a row is of.
pub const OWN: [&str; 6] = ["_id", "_version", "_created_at", "_created_by", "_updated_at", "_updated_by"];

/// What rows can become.
pub struct Layout {
    /// The tree of fields or variables.
    pub fields: CellKind,
    /// How the file's columns are called.
    pub mapping: Option<Arc<Mapping>>,
    /// Fields that are computed, never read.
    pub computed: BTreeSet<String>,
    /// Fields about a natural person: exports may have masked them.
    pub personal: BTreeSet<String>,
    /// Where a wrong place is pointed at.
    pub root: &'static str,
    titles: Vec<(String, Text)>,
}

/// The layout of an order's target, when the mapping is for it.
pub fn layout(definitions: &Definitions, order: &Order) -> Result<Layout, Refusal> {
    let mapping = order.mapping.as_ref().map(|source| mapping(definitions, source)).transpose()?;
    if let Some(mapping) = mapping.as_ref().filter(|mapping| mapping.target != order.target) {
        let sentence = format!("the mapping \"{}\" is for {}, not for {}", mapping.name, mapping.target, order.target);
        return Err(Refusal::invalid("wrong_mapping", sentence));
    }
    match &order.target {
        Target::Records(name) => {
            let declared = definitions.records.get(name).ok_or_else(|| Refusal::not_found("record type", name))?;
            let mut computed: BTreeSet<String> = declared.derive.iter().map(|rule| rule.field.clone()).collect();
            if declared.number.is_some() {
                computed.insert("number".to_owned());
            }
            let titled = |field: &crate::model::field::Field| Some((field.name.clone(), field.title.clone()?));
            let personal = declared.fields.iter().filter(|field| field.personal).map(|field| field.name.clone());
            Ok(Layout {
                fields: cell::of_fields(&declared.fields),
                mapping,
                computed,
                personal: personal.collect(),
                root: "/fields",
                titles: declared.fields.iter().filter_map(titled).collect(),
            })
        }
        Target::Process(key) => {
            let process = definitions.processes.get(key).ok_or_else(|| Refusal::not_found("process", key))?;
            Ok(Layout {
                fields: cell::of_schema(&process.input),
                mapping,
                computed: BTreeSet::new(),
                personal: BTreeSet::new(),
                root: "/variables",
                titles: Vec::new(),
            })
        }
    }
}

fn mapping(definitions: &Definitions, source: &MappingSource) -> Result<Arc<Mapping>, Refusal> {
    match source {
        MappingSource::Deployed(name) => {
            definitions.mappings.get(name).cloned().ok_or_else(|| Refusal::not_found("mapping", name))
        }
        MappingSource::File { path, bytes } => {
            let targets = definitions::Targets { records: &definitions.records, processes: &definitions.processes };
            definitions::mapping(path, bytes, targets).map(Arc::new).map_err(|findings| {
                let error = |finding: &crate::model::finding::Finding| FieldError {
                    pointer: "/mapping".into(),
                    code: "finding".into(),
                    detail: finding.to_string(),
                };
                let errors = findings.iter().map(error).collect();
                Refusal::invalid("wrong_mapping", "the mapping has problems; see errors").with_errors(errors)
            })
        }
    }
}

impl Layout {
    /// What an unknown column most likely means: a field with nearly this name, with this title, or named at its end.
    pub fn meant(&self, header: &str) -> Option<String> {
        let paths = self.fields.paths();
        let by_name = nearest(header, paths.iter().map(String::as_str)).map(str::to_owned);
        let lower = header.to_lowercase();
        let by_title = || {
            let same = |title: &Text| title.en.to_lowercase() == lower || title.zh == header;
            self.titles.iter().find(|(_, title)| same(title)).map(|(name, _)| name.clone())
        };
        let by_end = || {
            let end = lower.rsplit(['_', ' ', '-', '.']).next()?;
            paths.iter().find(|path| *path == end).cloned()
        };
        by_name.or_else(by_title).or_else(by_end)
    }
}
