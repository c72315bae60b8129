//! The resolved files of a business to its definitions, with every problem of every file.

use super::mapping::{self, Targets};
use super::plugin::{self, Folder};
use super::sorted::Sorted;
use super::{form, handlers, pack, process, record, record_chains, record_match, scenario, stages};
use crate::model::definitions::Definitions;
use crate::model::expression::Place;
use crate::model::finding::Finding;
use crate::model::process::Process;
use crate::model::revision::Files;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the files say, and what is wrong with them.
#[derive(Debug)]
pub struct Parsed {
    /// The definitions; none when a finding is an error.
    pub definitions: Option<Definitions>,
    /// With errors: what could be read all the same, so that scripts are looked at too. Never to be run.
    pub readable: Option<Definitions>,
    /// All problems and warnings, by file and line.
    pub findings: Vec<Finding>,
}

/// Parses the resolved files of one business.
pub fn parse(files: &Files) -> Parsed {
    let mut sorted = Sorted::default();
    for (path, bytes) in files {
        sorted.add(path, bytes);
    }
    let mut known = sorted.known();
    let Sorted { packs, processes, records, stages: lists, forms, mappings, scenarios, .. } = sorted;
    let Sorted { manifests, folders, mut findings, .. } = sorted;
    let found = &mut findings;
    let joined = pack::join(&packs, found);
    let forms: BTreeMap<_, _> =
        forms.iter().map(|(name, file)| (name.clone(), Arc::new(form::convert(name, file, found)))).collect();
    let stages: BTreeMap<_, _> =
        lists.iter().map(|(name, file)| (name.clone(), Arc::new(stages::convert(name, file, found)))).collect();
    known.stages.extend(stages.iter().map(|(name, list)| (name.clone(), Some(Arc::clone(list)))));
    let types: BTreeMap<_, _> = records
        .iter()
        .map(|(name, file)| (name.clone(), Arc::new(record::convert(name, file, &known, found))))
        .collect();
    record_chains::check(&records, &types, found);
    record_match::check(&records, &types, found);
    let processes: BTreeMap<String, Arc<Process>> = processes
        .iter()
        .map(|(key, file)| (key.clone(), Arc::new(process::convert(key, file, &known, found))))
        .collect();
    let targets = Targets { records: &types, processes: &processes };
    let mappings: BTreeMap<_, _> = mappings
        .iter()
        .filter(|(_, file)| mapping::can_be_judged(file, &known, targets))
        .filter_map(|(name, file)| Some((name.clone(), Arc::new(mapping::convert(name, file, targets, found)?))))
        .collect();
    let scenarios: BTreeMap<_, _> = scenarios
        .iter()
        .map(|(name, file)| (name.clone(), Arc::new(scenario::convert(name, file, &known, found))))
        .collect();
    let none = Folder::default();
    let mut plugins: BTreeMap<_, _> = manifests
        .iter()
        .map(|(id, file)| (id.clone(), plugin::convert(id, file, folders.get(id).unwrap_or(&none), found)))
        .collect();
    pack::set(&packs, &mut plugins, |id| known.plugins.contains_key(id), found);
    pack::steps(&packs, &processes, |key| known.processes.contains_key(key), found);
    if !findings.iter().any(Finding::is_error) {
        handlers::check(&processes, &mut findings);
    }
    sort(&mut findings);
    let read = joined.map(|pack| Definitions {
        pack,
        processes,
        records: types,
        stages,
        forms,
        mappings,
        scenarios,
        plugins: plugins.into_iter().map(|(id, plugin)| (id, Arc::new(plugin))).collect(),
    });
    let (definitions, readable) = if findings.iter().any(Finding::is_error) { (None, read) } else { (read, None) };
    Parsed { definitions, readable, findings }
}

/// Findings of one file, at most; the rest is counted.
const FINDINGS_LIMIT: usize = 100;

/// By file and place; the same sentence at the same place once; nobody reads thousands of them.
pub fn sort(findings: &mut Vec<Finding>) {
    let order = |finding: &Finding| {
        let Place { file, line, column } = &finding.at;
        (Arc::clone(file), *line, *column, finding.severity, finding.sentence.clone())
    };
    findings.sort_by_cached_key(order);
    findings.dedup();
    let (mut file, mut seen, mut more) = (Arc::from(""), 0, BTreeMap::new());
    findings.retain(|finding| {
        seen = if finding.at.file == file { seen + 1 } else { 1 };
        file = Arc::clone(&finding.at.file);
        if seen > FINDINGS_LIMIT {
            more.entry(Arc::clone(&file)).or_insert_with(|| (finding.at.clone(), 0)).1 += 1;
        }
        seen <= FINDINGS_LIMIT
    });
    for (place, count) in more.into_values() {
        let after = findings.partition_point(|finding| finding.at.file <= place.file);
        let sentence = format!("there are {count} more problems in this file");
        findings.insert(after, Finding::error(place, sentence));
    }
}
