//! The resolved files of a business to its definitions, with every problem of every file.

use super::known::Known;
use super::layout::{PackPart, Part, PluginPart, part};
use super::load::{Loaded, load};
use super::pack::{self, Packs};
use super::plugin::{self, Folder};
use super::schema::Kind;
use super::shape::form::FormShape;
use super::shape::plugin::PluginShape;
use super::shape::process::ProcessShape;
use super::shape::record::RecordShape;
use super::{form, guard, process, record};
use crate::model::definitions::Definitions;
use crate::model::expression::Place;
use crate::model::finding::Finding;
use crate::model::process::Process;
use crate::model::revision::Files;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the files say, and what is wrong with them.
#[derive(Debug)]
pub struct Parsed {
    /// The definitions; none when a finding is an error.
    pub definitions: Option<Definitions>,
    /// All problems and warnings, by file and line.
    pub findings: Vec<Finding>,
}

/// Parses the resolved files of one business.
pub fn parse(files: &Files) -> Parsed {
    let mut sorted = Sorted::default();
    for (path, bytes) in files {
        sorted.add(path, bytes);
    }
    let known = sorted.known();
    let Sorted { packs, processes, records, forms, manifests, folders, mut findings, .. } = sorted;
    let found = &mut findings;
    let joined = pack::join(&packs, found);
    let forms: BTreeMap<_, _> =
        forms.iter().map(|(name, file)| (name.clone(), Arc::new(form::convert(name, file, found)))).collect();
    let records: BTreeMap<_, _> = records
        .iter()
        .map(|(name, file)| (name.clone(), Arc::new(record::convert(name, file, &known, found))))
        .collect();
    let processes: BTreeMap<String, Process> =
        processes.iter().map(|(key, file)| (key.clone(), process::convert(key, file, &known, found))).collect();
    let none = Folder::default();
    let mut plugins: BTreeMap<_, _> = manifests
        .iter()
        .map(|(id, file)| (id.clone(), plugin::convert(id, file, folders.get(id).unwrap_or(&none), found)))
        .collect();
    pack::set(&packs, &mut plugins, |id| known.plugins.contains_key(id), found);
    pack::steps(&packs, &processes, |key| known.processes.contains_key(key), found);
    sort(&mut findings);
    let definitions = joined.filter(|_| !findings.iter().any(Finding::is_error)).map(|pack| Definitions {
        pack,
        processes: processes.into_iter().map(|(key, process)| (key, Arc::new(process))).collect(),
        records,
        forms,
        plugins: plugins.into_iter().map(|(id, plugin)| (id, Arc::new(plugin))).collect(),
    });
    Parsed { definitions, findings }
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

/// The files, each read as what its path says.
#[derive(Default)]
struct Sorted {
    packs: Packs,
    faulty_pack: bool,
    processes: BTreeMap<String, Loaded<ProcessShape>>,
    records: BTreeMap<String, Loaded<RecordShape>>,
    forms: BTreeMap<String, Loaded<FormShape>>,
    manifests: BTreeMap<String, Loaded<PluginShape>>,
    folders: BTreeMap<String, Folder>,
    /// The first file of every name, whether it could be read or not.
    names: BTreeMap<(&'static str, String), Arc<str>>,
    pack_folders: BTreeMap<String, Arc<str>>,
    findings: Vec<Finding>,
}

impl Sorted {
    fn add(&mut self, path: &str, bytes: &[u8]) {
        let file: Arc<str> = Arc::from(path);
        match part(path) {
            Part::Ignored => {}
            Part::Strange(sentence) => self.wrong(&file, sentence),
            Part::Plugin(id, part) => self.plugin(id, part, &file, bytes),
            Part::Pack(folder, part) => {
                self.pack_folders.entry(folder.to_owned()).or_insert_with(|| Arc::clone(&file));
                self.pack(folder, part, &file, bytes);
            }
        }
    }

    fn pack(&mut self, folder: &str, part: PackPart, file: &Arc<str>, bytes: &[u8]) {
        match part {
            PackPart::Head => match load(Kind::Pack, file, bytes, &mut self.findings) {
                Some(pack) => {
                    self.packs.insert(folder.to_owned(), pack);
                }
                None => self.faulty_pack = true,
            },
            PackPart::Process(name) => {
                if self.first("process", name, file)
                    && let Some(loaded) = load(Kind::Process, file, bytes, &mut self.findings)
                {
                    self.processes.insert(name.to_owned(), loaded);
                }
            }
            PackPart::Record(name) => {
                if self.first("record type", name, file)
                    && let Some(loaded) = load(Kind::Record, file, bytes, &mut self.findings)
                {
                    self.records.insert(name.to_owned(), loaded);
                }
            }
            PackPart::Form(name) => {
                if self.first("form", name, file)
                    && let Some(loaded) = load(Kind::Form, file, bytes, &mut self.findings)
                {
                    self.forms.insert(name.to_owned(), loaded);
                }
            }
            PackPart::Plugin(_, PluginPart::Manifest) => {
                self.wrong(file, "a pack has no plugins of its own; put the plugin into plugins/".to_owned());
            }
            PackPart::Plugin(id, part) => self.plugin(id, part, file, bytes),
        }
    }

    fn plugin(&mut self, id: &str, part: PluginPart, file: &Arc<str>, bytes: &[u8]) {
        match part {
            PluginPart::Manifest => {
                if self.first("plugin", id, file)
                    && let Some(loaded) = load(Kind::Plugin, file, bytes, &mut self.findings)
                {
                    self.manifests.insert(id.to_owned(), loaded);
                }
            }
            PluginPart::Script(name) => match guard::text(file, bytes) {
                Err(finding) => self.findings.push(finding),
                Ok(source) => {
                    let folder = self.folders.entry(id.to_owned()).or_default();
                    let script = (Arc::clone(file), Arc::from(source));
                    if let Some((other, _)) = folder.scripts.insert(name.to_owned(), script) {
                        self.wrong(file, format!("this script stands in {other} too; keep one"));
                    }
                }
            },
            PluginPart::Test(_) => {
                if let Some(loaded) = load(Kind::PluginTest, file, bytes, &mut self.findings) {
                    self.folders.entry(id.to_owned()).or_default().tests.push(loaded);
                }
            }
        }
    }

    /// Whether this is the first file of its name; a second one is a finding.
    fn first(&mut self, what: &'static str, name: &str, file: &Arc<str>) -> bool {
        match self.names.get(&(what, name.to_owned())) {
            Some(other) => {
                let sentence = format!("the {what} \"{name}\" is declared in {other} too; keep one");
                self.wrong(file, sentence);
                false
            }
            None => self.names.insert((what, name.to_owned()), Arc::clone(file)).is_none(),
        }
    }

    fn wrong(&mut self, file: &Arc<str>, sentence: String) {
        self.findings.push(Finding::error(Place { file: Arc::clone(file), line: 1, column: 1 }, sentence));
    }

    /// The names that the files may use, and findings about folders without a head.
    fn known(&mut self) -> Known {
        let heads: BTreeSet<&String> = self.packs.keys().collect();
        let headless: Vec<(String, Arc<str>)> = self
            .pack_folders
            .iter()
            .filter(|(folder, _)| !heads.contains(folder) && !self.faulty_pack)
            .map(|(folder, file)| (format!("the pack \"{folder}\" has no pack.yaml; add it"), Arc::clone(file)))
            .collect();
        let orphans = self.folders.keys().filter(|id| !self.names.contains_key(&("plugin", (*id).clone())));
        let orphans: Vec<(String, Arc<str>)> = orphans
            .filter_map(|id| {
                let folder = self.folders.get(id)?;
                let script = folder.scripts.values().map(|(path, _)| Arc::clone(path)).next();
                let file = script.or_else(|| folder.tests.first().map(|test| Arc::clone(test.file())))?;
                Some((format!("the plugin \"{id}\" has no plugin.yaml; add plugins/{id}/plugin.yaml"), file))
            })
            .collect();
        for (sentence, file) in headless.into_iter().chain(orphans) {
            self.wrong(&file, sentence);
        }
        if self.pack_folders.is_empty() {
            let nowhere = Arc::from("workflows");
            self.wrong(&nowhere, "there is no pack; add workflows/<pack>/pack.yaml".to_owned());
        }
        let named =
            |what: &'static str| self.names.keys().filter(move |(kind, _)| *kind == what).map(|(_, name)| name.clone());
        let whole = !self.faulty_pack && !self.packs.is_empty();
        Known {
            roles: whole.then(|| self.packs.values().flat_map(|pack| pack.shape.roles.keys().cloned()).collect()),
            records: named("record type").collect(),
            forms: named("form")
                .map(|name| {
                    let schema = self.forms.get(&name).map(|form| form.shape.schema.0.clone());
                    (name, schema)
                })
                .collect(),
            processes: named("process")
                .map(|name| {
                    let empty = || serde_json::json!({"type": "object", "properties": {}});
                    let schema = |file: &Loaded<ProcessShape>| {
                        file.shape.input.as_ref().map_or_else(empty, |input| input.0.clone())
                    };
                    let input = self.processes.get(&name).map(schema);
                    (name, input)
                })
                .collect(),
            plugins: named("plugin")
                .map(|id| {
                    let functions = self.manifests.get(&id).map(|file| {
                        let functions = file.shape.functions.iter();
                        functions.map(|(name, function)| (name.clone(), function.input.0.clone())).collect()
                    });
                    (id, functions)
                })
                .collect(),
        }
    }
}
