//! Which files a business uses: the base packs, and its overlay laid over them. A file of an overlay replaces the file
//! of the same relative name; everything keeps the path under which it was written.

use super::layout::{PackPart, Part, PluginPart, part};
use super::parse::sort;
use super::spot::At;
use super::yaml;
use crate::model::expression::Place;
use crate::model::finding::Finding;
use crate::model::ids::BusinessId;
use crate::model::json::Json;
use crate::model::nearest::hint;
use crate::model::revision::Files;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files of one business, or why they cannot be chosen.
pub fn resolve(files: &Files, business: &BusinessId) -> Result<Files, Vec<Finding>> {
    let mut findings = Vec::new();
    let heads = heads(files, &mut findings);
    let overlays = overlays(&heads, business, &mut findings);
    if !findings.is_empty() {
        sort(&mut findings);
        return Err(findings);
    }
    let mut chosen = Files::new();
    for (path, content) in files {
        let keep = match pack_of(path) {
            Some(folder) => heads.get(folder).is_none_or(|head| head.extends.is_none() && head.is_for(business)),
            None => true,
        };
        if keep {
            chosen.insert(path.clone(), content.clone());
        }
    }
    for (folder, head) in overlays {
        lay(files, folder, head, &mut chosen, &mut findings);
    }
    if findings.is_empty() { Ok(chosen) } else { Err(findings) }
}

/// What a pack says of itself, as far as the choice needs it.
struct Head {
    extends: Option<String>,
    business: Option<String>,
    extends_at: Place,
}

impl Head {
    fn is_for(&self, business: &BusinessId) -> bool {
        self.business.as_deref().is_none_or(|own| own == business.as_str())
    }
}

/// The heads by folder. What else is wrong with them is found when they are parsed.
fn heads<'a>(files: &'a Files, findings: &mut Vec<Finding>) -> BTreeMap<&'a str, Head> {
    let mut heads = BTreeMap::new();
    for (path, bytes) in files {
        let Part::Pack(folder, PackPart::Head) = part(path) else { continue };
        let file: Arc<str> = Arc::from(path.as_str());
        let mut own = Vec::new();
        let Some(document) = yaml::read(&file, bytes, &mut own) else {
            findings.extend(own);
            continue;
        };
        let text = |key: &str| document.value.get(key).and_then(Json::as_str).map(str::to_owned);
        let at: At = document.at();
        let head = Head { extends: text("extends"), business: text("business"), extends_at: at.key("extends").place() };
        heads.insert(folder, head);
    }
    heads
}

/// The overlays of a business: at most one over each base.
fn overlays<'a>(
    heads: &'a BTreeMap<&str, Head>,
    business: &BusinessId,
    findings: &mut Vec<Finding>,
) -> Vec<(&'a str, &'a Head)> {
    let bases = || heads.iter().filter(|(_, head)| head.extends.is_none()).map(|(name, _)| *name);
    let mut overlays: Vec<(&str, &Head)> = Vec::new();
    for (folder, head) in heads {
        let Some(base) = head.extends.as_deref() else { continue };
        let mut wrong = |sentence: String| findings.push(Finding::error(head.extends_at.clone(), sentence));
        if head.business.is_none() {
            wrong("an overlay says which business it is for; add \"business\"".to_owned());
        } else if !head.is_for(business) {
            continue;
        } else if let Some(other) = heads.get(base).filter(|other| other.extends.is_some()) {
            let root = other.extends.as_deref().unwrap_or_default();
            wrong(format!("\"{base}\" is an overlay itself; extend \"{root}\""));
        } else if !heads.get(base).is_some_and(|base| base.is_for(business)) {
            wrong(format!("there is no base pack \"{base}\" for this business{}", hint(base, bases())));
        } else if let Some((other, _)) = overlays.iter().find(|(_, other)| other.extends == head.extends) {
            wrong(format!("\"{other}\" is an overlay of \"{base}\" for this business too; keep one"));
        } else {
            overlays.push((folder, head));
        }
    }
    overlays
}

/// Lays the files of an overlay over what was chosen.
fn lay(files: &Files, folder: &str, head: &Head, chosen: &mut Files, findings: &mut Vec<Finding>) {
    let base = head.extends.as_deref().unwrap_or_default();
    let root = format!("workflows/{folder}/");
    for (path, content) in files {
        let Some(relative) = path.strip_prefix(&root) else { continue };
        match part(path) {
            Part::Pack(_, PackPart::Plugin(plugin, kind)) => {
                let replaced = chosen.remove(relative).is_some();
                if !replaced && matches!(kind, PluginPart::Script(_)) {
                    let at = Place { file: Arc::from(path.as_str()), line: 1, column: 1 };
                    let own = format!("plugins/{plugin}/");
                    let name = relative.strip_prefix(&own).unwrap_or(relative);
                    let scripts =
                        files.keys().filter_map(|path| path.strip_prefix(&own)).filter(|n| n.ends_with(".rhai"));
                    let sentence = format!("plugin \"{plugin}\" has no {name} to replace{}", hint(name, scripts));
                    findings.push(Finding::error(at, sentence));
                }
            }
            Part::Pack(_, PackPart::Head) => {}
            _ => {
                chosen.remove(&format!("workflows/{base}/{relative}"));
            }
        }
        chosen.insert(path.clone(), content.clone());
    }
}

fn pack_of(path: &str) -> Option<&str> {
    path.strip_prefix("workflows/")?.split_once('/').map(|(folder, _)| folder)
}
