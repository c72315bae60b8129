//! The conformance cases: control flow in a neutral form, played on the real engine and store (`docs/conformance.md`).
//!
//! `format` and `steps` are the form of a case, `render` puts it into our language, `play`, `act`, `together` and `expect` carry
//! it out on the engine of `engine` by the commands of `drive`, `look` and `story` read what is there, `report` counts.

mod act;
mod drive;
mod engine;
mod expect;
mod format;
mod look;
mod loose;
mod own;
mod people;
mod play;
mod player;
mod render;
mod rendered;
mod report;
mod stepped;
mod steps;
mod story;
mod together;

use crate::support::{TestDatabase, databases};
use engine::Engine;
use format::{Case, Document, FORMAT};
use kamflow::model::json::Json;
use play::Verdict;
use report::{Line, PROMISED, Report};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where the cases are, when it is not the folder of the project.
const FOLDER: &str = "KAMFLOW_CONFORMANCE_DIR";
/// Only cases with this in their id: to look for what is wrong.
const ONLY: &str = "KAMFLOW_CONFORMANCE_ONLY";

/// Threads for each back end, each with a database of its own.
const WORKERS: usize = 2;

#[test]
fn conformance_of_control_flow() {
    let said = std::env::var_os(FOLDER).map(PathBuf::from);
    let is_other = said.is_some();
    let Some(folder) = folder(said, Path::new(env!("CARGO_MANIFEST_DIR"))) else {
        println!("conformance: skipped: there are no cases; say where they are with {FOLDER}");
        return;
    };
    let (mut cases, strange) = read(&folder).unwrap_or_else(|wrong| panic!("{wrong}"));
    strange.iter().for_each(|file| println!("conformance: {file} is not of the format {FORMAT} and is left alone"));
    let only = std::env::var(ONLY).ok();
    assert!(!cases.is_empty(), "there are no cases in {}", folder.display());
    cases.retain(|case| only.as_ref().is_none_or(|only| case.id.contains(only)));
    if only.is_some() {
        cases.iter().for_each(show);
    }
    let reports = play_all(&cases);
    let mut broken = Vec::new();
    for (database, report) in &reports {
        println!("on {database}\n{}\n{}", report.summary(), report.failures());
        let of_this = report.broken(&PROMISED, !is_other && only.is_none());
        broken.extend(of_this.into_iter().map(|sentence| format!("on {database}: {sentence}")));
    }
    assert!(broken.is_empty(), "{}", broken.join("; "));
}

/// Prints the processes of a case in our language.
fn show(case: &Case) {
    for (path, file) in render::case(case).map(|rendered| rendered.files).unwrap_or_default() {
        if path.contains("/processes/") {
            println!("{}: {path}\n{}", case.id, String::from_utf8_lossy(&file));
        }
    }
}

/// The folder that is said, or that of the project when it is there.
fn folder(said: Option<PathBuf>, package: &Path) -> Option<PathBuf> {
    let of_project = || Some(package.join("../shared/conformance/cases")).filter(|folder| folder.is_dir());
    said.or_else(of_project)
}

/// Every case of every file of the format, by file, and the files of other formats.
fn read(folder: &Path) -> Result<(Vec<Case>, Vec<String>), String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let (mut cases, mut strange) = (Vec::new(), Vec::new());
    for path in paths {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
        match document(&text).map_err(|wrong| format!("{name}: {wrong}"))? {
            Some(document) => cases.extend(document.cases),
            None => strange.push(name),
        }
    }
    let mut seen = BTreeMap::new();
    match cases.iter().find(|case| seen.insert(case.id.clone(), ()).is_some()) {
        Some(twice) => Err(format!("two cases are called {}", twice.id)),
        None => Ok((cases, strange)),
    }
}

/// The cases of a file; none when it is of another format.
fn document(text: &str) -> Result<Option<Document>, String> {
    let content: Json = serde_json::from_str(text).map_err(|wrong| wrong.to_string())?;
    if content.get("format").and_then(Json::as_str) != Some(FORMAT) {
        return Ok(None);
    }
    serde_path_to_error::deserialize(content).map(Some).map_err(|wrong| wrong.to_string())
}

/// Plays all cases on each back end, a part of them in each worker; by the name of the back end.
fn play_all(cases: &[Case]) -> Vec<(&'static str, Report)> {
    let sets: Vec<Vec<TestDatabase>> = (0..WORKERS).map(|_| databases()).collect();
    let part = |database: &TestDatabase, worker: usize| -> Vec<(usize, Line)> {
        let mut engine = Engine::open(database);
        let mine = cases.iter().enumerate().skip(worker).step_by(WORKERS);
        mine.map(|(place, case)| (place, play_one(&mut engine, case))).collect()
    };
    std::thread::scope(|threads| {
        let part = &part;
        let mut reports = Vec::new();
        for (back_end, database) in sets[0].iter().enumerate() {
            let workers = sets.iter().enumerate();
            let played: Vec<_> =
                workers.map(|(worker, set)| threads.spawn(move || part(&set[back_end], worker))).collect();
            reports.push((database.name(), played));
        }
        let mut done = Vec::new();
        for (name, played) in reports {
            let mut lines: Vec<_> = played.into_iter().flat_map(|part| part.join().unwrap()).collect();
            lines.sort_by_key(|(place, _)| *place);
            done.push((name, Report(lines.into_iter().map(|(_, line)| line).collect())));
        }
        done
    })
}

/// Plays a case without restarts and with them.
fn play_one(engine: &mut Engine, case: &Case) -> Line {
    let plain = play::case(engine, case, false);
    let mut restart = None;
    if !matches!(plain.verdict, Verdict::Unsupported(_)) {
        let restarted = play::case(engine, case, true);
        if plain.verdict != restarted.verdict {
            restart = Some(format!("without: {:?} · with: {:?}", plain.verdict, restarted.verdict));
        }
        // Of steps at once another one may win every time; the verdict must be the same.
        let is_race = case.run.iter().any(|step| matches!(step.verb, steps::Verb::Concurrently(_)));
        if !is_race {
            restart = restart.or_else(|| report::difference(&plain.trace, &restarted.trace));
        }
    }
    Line { id: case.id.clone(), tier: case.tier, verdict: plain.verdict, restart }
}
