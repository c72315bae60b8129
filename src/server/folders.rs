//! The folders against what is deployed.

use super::Failed;
use super::config::Config;
use crate::definitions::{folder, resolve};
use crate::model::ids::BusinessId;
use crate::model::revision::{Files, Revision};
use crate::runtime::request::{Change, Outcome, Request};
use crate::runtime::{Runtime, operator};

/// The files of the project folders.
pub fn read(config: &Config) -> Result<Files, Failed> {
    let files = folder::read(&config.folder).map_err(Failed::because)?;
    if files.is_empty() {
        return Err(Failed(format!(
            "{} holds no workflows/ and plugins/; start kamflow in your project folder or say --folder",
            config.folder.display()
        )));
    }
    Ok(files)
}

/// Deploys the files for a business: checked, tested, stored, active; or nothing of it.
pub async fn deploy(runtime: &Runtime, business: &BusinessId, files: Files, note: &str) -> Result<Revision, Failed> {
    let request = Request {
        actor: operator(business.clone()),
        change: Change::Deploy { files, note: note.to_owned() },
        idempotency: None,
        if_match: None,
    };
    match runtime.execute(request).await?.outcome {
        Outcome::Revision(revision) => Ok(revision),
        other => Err(Failed(format!("a deployment answered {other:?}"))),
    }
}

/// How the folders differ from the active revision of a business: the paths, and the revision's number.
pub async fn difference(runtime: &Runtime, business: &BusinessId, files: &Files) -> Result<(Vec<String>, i64), Failed> {
    let active = runtime.definitions(&operator(business.clone())).await?;
    let findings = |findings: Vec<_>| Failed(findings.first().map(ToString::to_string).unwrap_or_default());
    let here = resolve(files, business).map_err(findings)?;
    let paths: std::collections::BTreeSet<&String> = here.keys().chain(active.files.keys()).collect();
    let differ = paths.into_iter().filter(|path| here.get(*path) != active.files.get(*path)).cloned().collect();
    Ok((differ, active.number))
}
