//! A library: one revision of a business, loaded and compiled, ready to run. Immutable, so it is shared freely.

use crate::model::actor::Actor;
use crate::model::definitions::Definitions;
use crate::model::finding::Finding;
use crate::model::ids::BusinessId;
use crate::model::json::{Json, JsonMap};
use crate::model::refusal::Refusal;
use crate::model::revision::Files;
use crate::model::task::STANDALONE;
use crate::model::time::Timestamp;
use crate::plugins::Desk;
use crate::runtime::{access, variables};
use crate::scripts::{self, Scripts};
use crate::store::Connection;
use crate::{definitions, plugins};
use jsonschema::Validator;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is entered does not fit.
pub const MISFIT: &str = "the values do not fit the form";

/// A revision in memory.
pub struct Library {
    /// Its number in the business; 0 while it is only checked.
    pub number: i64,
    /// Its files, resolved for the business.
    pub files: Files,
    /// What they mean.
    pub definitions: Definitions,
    /// Its scripts, compiled.
    pub scripts: Scripts,
    /// Whether a process of it asks for the active revision.
    pub asks_latest: bool,
    inputs: BTreeMap<String, Validator>,
    forms: BTreeMap<String, Validator>,
}

impl Library {
    /// A desk for what goes by this revision and comes from no process: a request, an import, work on all records.
    pub fn desk<'a>(
        &'a self,
        conn: &'a mut Connection,
        actor: &'a Actor,
        now: Timestamp,
        new_id: &'a mut dyn FnMut() -> String,
    ) -> Desk<'a> {
        Desk {
            conn,
            business: &actor.business,
            actor: &actor.user,
            through: actor.through.as_deref(),
            now,
            instance: None,
            reason: None,
            definitions: &self.definitions,
            scripts: &self.scripts,
            pinned: None,
            new_id,
        }
    }
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Library({}, {} files)", self.number, self.files.len())
    }
}

/// What checking the files of a business gives.
#[derive(Debug)]
pub struct Checked {
    /// The library, when no finding is an error.
    pub library: Option<Library>,
    /// Everything that was found, by place.
    pub findings: Vec<Finding>,
}

/// Reads, compiles and checks all files of a business: packs chosen and overlaid, every problem at once.
pub fn check(files: &Files, business: &BusinessId) -> Checked {
    let mut checked = match definitions::resolve(files, business) {
        Ok(resolved) => build(0, resolved),
        Err(findings) => return Checked { library: None, findings },
    };
    if let Some(process) = checked.library.as_ref().and_then(|library| library.definitions.processes.get(STANDALONE)) {
        let sentence =
            format!("\"{STANDALONE}\" is the process of tasks that people make by themselves; give yours another key");
        checked.findings.push(Finding::error(process.at.clone(), sentence));
        checked.library = None;
    }
    if let Some(Library { definitions, scripts, .. }) = &checked.library {
        let unset = definitions::unset(definitions, &|expression| scripts.certain_reads(expression));
        checked.findings.extend(unset);
        sort(&mut checked.findings);
    }
    checked
}

/// The same for files that were resolved before: a stored revision.
pub fn build(number: i64, files: Files) -> Checked {
    let parsed = definitions::parse(&files);
    let of_scripts = parsed.readable.map(|readable| scripts::compile(&readable).findings).unwrap_or_default();
    let alone: Vec<Finding> =
        of_scripts.into_iter().filter(|finding| stands_alone(finding, &parsed.findings)).collect();
    let mut findings = parsed.findings;
    findings.extend(alone);
    let mut library = None;
    if let Some(mut definitions) = parsed.definitions {
        let compiled = scripts::compile(&definitions);
        findings.extend(compiled.findings);
        findings.extend(plugins::check(&definitions));
        findings.extend(access::warnings::of_types(&definitions));
        if let Some(scripts) = compiled.scripts
            && !findings.iter().any(Finding::is_error)
        {
            for record_type in definitions.records.values_mut() {
                let record_type = Arc::make_mut(record_type);
                record_type.stamp = plugins::records::stamp(record_type, &scripts);
            }
            let inputs = definitions.processes.values().map(|process| (process.key.clone(), &process.input));
            let forms = definitions.forms.values().map(|form| (form.name.clone(), &form.schema));
            let (inputs, forms) = (validators(inputs), validators(forms));
            let asks_latest = definitions.processes.values().any(|process| process.asks_latest());
            library = Some(Library { number, files, definitions, scripts, asks_latest, inputs, forms });
        }
    }
    sort(&mut findings);
    Checked { library, findings }
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| (finding.at.file.clone(), finding.at.line, finding.at.column));
}

/// Whether a finding in a script is no mere consequence of the errors in other files: its own plugin has none.
fn stands_alone(finding: &Finding, errors: &[Finding]) -> bool {
    let folder = finding.at.file.rsplit_once('/').map_or("", |(folder, _)| folder);
    finding.at.file.ends_with(".rhai") && !errors.iter().any(|error| error.at.file.starts_with(folder))
}

fn validators<'a>(schemas: impl Iterator<Item = (String, &'a Json)>) -> BTreeMap<String, Validator> {
    schemas.filter_map(|(name, schema)| Some((name, variables::validator(schema)?))).collect()
}

impl Library {
    /// Checks the start variables of a process: its `input` schema, and nothing undeclared. What its form computes of them
    /// is among them: see [`Library::started`].
    pub fn check_input(&self, process: &str, given: &JsonMap) -> Result<(), Refusal> {
        variables::check(self.inputs.get(process), given, "the start variables do not fit the process")
    }

    /// Checks what a form comes to: by its schema; without a form there is nothing. What a person may enter of it:
    /// [`Library::entered`].
    pub fn check_form(&self, form: Option<&str>, values: &JsonMap) -> Result<(), Refusal> {
        variables::check(form.and_then(|form| self.forms.get(form)), values, MISFIT)
    }
}
