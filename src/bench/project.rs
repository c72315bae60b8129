//! The projects that workloads come from: the folder of the configuration, and the one that the program brings along.

use super::workload::Workload;
use crate::engine::evaluator::Evaluator;
use crate::model::expression::FunctionRef;
use crate::model::json::Json;
use crate::model::nearest::hint;
use crate::model::revision::Files;
use crate::runtime::library::{self, Library};
use crate::server::Failed;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// The folder of a pack that holds its workloads.
const BENCH: &str = "bench";

/// The files of the project that the program brings along.
const OURS: [(&str, &str); 14] = [
    ("workflows/bench/pack.yaml", include_str!("pack/workflows/bench/pack.yaml")),
    ("workflows/bench/processes/w1.yaml", include_str!("pack/workflows/bench/processes/w1.yaml")),
    ("workflows/bench/processes/request.yaml", include_str!("pack/workflows/bench/processes/request.yaml")),
    ("workflows/bench/bench/tasks.yaml", include_str!("pack/workflows/bench/bench/tasks.yaml")),
    ("workflows/bench/forms/first.yaml", include_str!("pack/workflows/bench/forms/first.yaml")),
    ("workflows/bench/demo/users.jsonl", include_str!("pack/workflows/bench/demo/users.jsonl")),
    ("workflows/bench/bench/w1.yaml", include_str!("pack/workflows/bench/bench/w1.yaml")),
    ("workflows/bench/bench/waiting.yaml", include_str!("pack/workflows/bench/bench/waiting.yaml")),
    ("workflows/bench/processes/nodes.yaml", include_str!("pack/workflows/bench/processes/nodes.yaml")),
    ("workflows/bench/bench/engine.yaml", include_str!("pack/workflows/bench/bench/engine.yaml")),
    ("workflows/bench/bench/data/plugin.yaml", include_str!("pack/workflows/bench/bench/data/plugin.yaml")),
    ("workflows/bench/bench/data/data.rhai", include_str!("pack/workflows/bench/bench/data/data.rhai")),
    ("plugins/w1/plugin.yaml", include_str!("pack/plugins/w1/plugin.yaml")),
    ("plugins/w1/score.rhai", include_str!("pack/plugins/w1/score.rhai")),
];

/// Where workloads are looked for.
pub struct Projects {
    folders: Vec<PathBuf>,
    /// Holds our own project as long as it is needed.
    _ours: TempDir,
}

/// A workload with its project.
pub struct Project {
    /// Holds `workflows/` and `plugins/`.
    pub folder: PathBuf,
    /// What is measured.
    pub workload: Workload,
    /// Makes what is sent.
    pub data: Data,
}

/// The functions that make what is sent.
#[derive(Clone)]
pub struct Data(Arc<Library>);

impl Projects {
    /// The project in this folder, when there is one, and our own.
    pub fn open(folder: &Path) -> Result<Projects, Failed> {
        let ours = tempfile::tempdir().map_err(Failed::because)?;
        for (path, text) in OURS {
            let path = ours.path().join(path);
            let parent = path.parent().unwrap_or(ours.path());
            fs::create_dir_all(parent).and_then(|()| fs::write(&path, text)).map_err(Failed::because)?;
        }
        Ok(Projects { folders: vec![folder.to_owned(), ours.path().to_owned()], _ours: ours })
    }

    /// The workload of this name.
    pub fn find(&self, name: &str) -> Result<Project, Failed> {
        let all = self.all()?;
        let known = hint(name, all.iter().map(|(_, workload, _)| workload.bench.as_str()));
        match all.into_iter().find(|(_, workload, _)| workload.bench == name) {
            Some((folder, workload, place)) => Ok(Project { folder, workload, data: data(&place)? }),
            None => Err(Failed(format!("there is no workload \"{name}\"{known}; kamflow bench says what there is"))),
        }
    }

    /// What can be measured.
    pub fn workloads(&self) -> Result<Vec<Workload>, Failed> {
        Ok(self.all()?.into_iter().map(|(_, workload, _)| workload).collect())
    }

    /// Every workload with its project and the folder that it stands in.
    fn all(&self) -> Result<Vec<(PathBuf, Workload, PathBuf)>, Failed> {
        let mut all = Vec::new();
        for folder in &self.folders {
            for pack in within(&folder.join("workflows")) {
                let place = pack.join(BENCH);
                for file in within(&place).into_iter().filter(|file| file.extension().is_some_and(|end| end == "yaml"))
                {
                    all.push((folder.clone(), read(&file)?, place.clone()));
                }
            }
        }
        Ok(all)
    }
}

/// What is in a folder, in the order of the names; nothing, when it is not there.
fn within(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.sort();
    found
}

fn read(file: &Path) -> Result<Workload, Failed> {
    let wrong = |reason: String| Failed(format!("{}: {reason}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    let workload: Workload = serde_yaml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    workload.wrong().map_or(Ok(workload), |reason| Err(wrong(reason)))
}

/// The plugin beside the workloads, compiled as it would be in a deployment, in a pack of its own.
fn data(place: &Path) -> Result<Data, Failed> {
    let mut files = Files::new();
    files.insert("workflows/data/pack.yaml".into(), "pack: data\ntitle: {en: Data, zh: 数据}\nversion: 1.0.0\n".into());
    for file in within(&place.join("data")) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read(&file).map_err(|error| Failed(format!("{}: {error}", file.display())))?;
        files.insert(format!("plugins/data/{name}"), text);
    }
    let checked = library::build(0, files);
    match checked.library {
        Some(library) => Ok(Data(Arc::new(library))),
        None => {
            let findings: Vec<String> = checked.findings.iter().map(ToString::to_string).collect();
            Err(Failed(format!("{}: {}", place.join("data").display(), findings.join("\n  "))))
        }
    }
}

impl Data {
    /// What `plugin/function` makes of the number.
    pub fn made(&self, function: &str, n: u64) -> Result<Json, Failed> {
        self.made_of(function, &serde_json::json!({"n": n}))
    }

    /// What it makes of the number and something else.
    pub fn made_of(&self, function: &str, input: &Json) -> Result<Json, Failed> {
        let made = self.0.scripts.call(&named(function)?, input);
        made.map_err(|failure| Failed(format!("{function} of {input}: {}", failure.message)))
    }
}

/// The function that `plugin/function` names.
pub fn named(function: &str) -> Result<FunctionRef, Failed> {
    let (plugin, name) = function
        .split_once('/')
        .ok_or_else(|| Failed(format!("\"{function}\" is no function; write plugin/function")))?;
    Ok(FunctionRef { plugin: plugin.to_owned(), function: name.to_owned() })
}
