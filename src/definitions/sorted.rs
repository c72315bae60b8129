//! The files of a revision, each read as what its path says it is, and the names that they lend to one another.

use super::guard;
use super::known::Known;
use super::layout::{PackPart, Part, PluginPart, part};
use super::lists::{self, Lists};
use super::load::{Loaded, load};
use super::pack::Packs;
use super::plugin::Folder;
use super::schema::Kind;
use super::shape::form::FormShape;
use super::shape::mapping::MappingShape;
use super::shape::plugin::PluginShape;
use super::shape::process::ProcessShape;
use super::shape::record::RecordShape;
use super::shape::scenario::ScenarioShape;
use super::shape::stages::StagesShape;
use crate::model::expression::Place;
use crate::model::finding::Finding;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The files, each read as what its path says.
#[derive(Default)]
pub struct Sorted {
    /// Heads of packs by folder.
    pub packs: Packs,
    faulty_pack: bool,
    /// Processes by file name.
    pub processes: BTreeMap<String, Loaded<ProcessShape>>,
    /// Record types by file name.
    pub records: BTreeMap<String, Loaded<RecordShape>>,
    /// Stage lists by file name.
    pub stages: BTreeMap<String, Loaded<StagesShape>>,
    /// Forms by file name.
    pub forms: BTreeMap<String, Loaded<FormShape>>,
    /// Mappings by file name.
    pub mappings: BTreeMap<String, Loaded<MappingShape>>,
    /// Scenarios by file name.
    pub scenarios: BTreeMap<String, Loaded<ScenarioShape>>,
    /// Manifests by plugin folder.
    pub manifests: BTreeMap<String, Loaded<PluginShape>>,
    /// The other files of plugins by folder.
    pub folders: BTreeMap<String, Folder>,
    /// The first file of every name, whether it could be read or not.
    names: BTreeMap<(&'static str, String), Arc<str>>,
    pack_folders: BTreeMap<String, Arc<str>>,
    /// What is wrong with the files so far.
    pub findings: Vec<Finding>,
}

impl Sorted {
    /// Reads a file.
    pub fn add(&mut self, path: &str, bytes: &[u8]) {
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
            PackPart::Stages(name) => {
                if self.first("stage list", name, file)
                    && let Some(loaded) = load(Kind::Stages, file, bytes, &mut self.findings)
                {
                    self.stages.insert(name.to_owned(), loaded);
                }
            }
            PackPart::Form(name) => {
                if self.first("form", name, file)
                    && let Some(loaded) = load(Kind::Form, file, bytes, &mut self.findings)
                {
                    self.forms.insert(name.to_owned(), loaded);
                }
            }
            PackPart::Mapping(name) => {
                if self.first("mapping", name, file)
                    && let Some(loaded) = load(Kind::Mapping, file, bytes, &mut self.findings)
                {
                    self.mappings.insert(name.to_owned(), loaded);
                }
            }
            PackPart::Scenario(name) => {
                if self.first("scenario", name, file)
                    && let Some(loaded) = load(Kind::Scenario, file, bytes, &mut self.findings)
                {
                    self.scenarios.insert(name.to_owned(), loaded);
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
    pub fn known(&mut self) -> Known {
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
        let lists = self.resolve_lists();
        let named =
            |what: &'static str| self.names.keys().filter(move |(kind, _)| *kind == what).map(|(_, name)| name.clone());
        let whole = !self.faulty_pack && !self.packs.is_empty();
        Known {
            lists,
            roles: whole.then(|| self.packs.values().flat_map(|pack| pack.shape.roles.keys().cloned()).collect()),
            records: named("record type").collect(),
            stages: named("stage list").map(|name| (name, None)).collect(),
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

    /// The lists of the packs, put in place of every reference of a schema to one of them.
    fn resolve_lists(&mut self) -> Option<Lists> {
        let whole = !self.faulty_pack && !self.packs.is_empty();
        let lists = whole.then(|| lists::join(&self.packs, &mut self.findings));
        for file in self.processes.values_mut() {
            let Some(mut input) = file.shape.input.clone() else { continue };
            lists::resolve(&mut input.0, lists.as_ref(), file.at().key("input"), &mut self.findings);
            file.shape.input = Some(input);
        }
        for file in self.forms.values_mut() {
            let mut schema = file.shape.schema.clone();
            lists::resolve(&mut schema.0, lists.as_ref(), file.at().key("schema"), &mut self.findings);
            file.shape.schema = schema;
        }
        lists
    }
}
