//! `kamflow diagram`: pictures of the processes in the folders, or of an instance in the database.

use super::act_as::ActAs;
use super::block_on;
use crate::diagram::{self, Format};
use crate::model::ids::{BusinessId, InstanceId};
use crate::model::text::Language;
use crate::runtime::library;
use crate::server::config::Config;
use crate::server::say::say;
use crate::server::{Failed, folders, open};
use clap::Args;
use std::path::{Path, PathBuf};

/// Draws processes as this business sees them.
#[derive(Args)]
pub struct Diagram {
    /// The process; all of them when not said, each into a file of the folder --out
    process: Option<String>,
    /// What this instance in the database did: its tokens, incidents and times
    #[arg(long, value_name = "ID", conflicts_with = "process")]
    instance: Option<String>,
    /// svg or mermaid
    #[arg(long, default_value = "svg")]
    format: String,
    /// en or zh
    #[arg(long, default_value = "en")]
    lang: String,
    /// Write into this file, or with several processes into this folder
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
    #[command(flatten)]
    act_as: ActAs,
}

impl Diagram {
    pub(super) fn run(self, config: &Config) -> Result<(), Failed> {
        let format = Format::parse(&self.format)
            .ok_or_else(|| Failed(format!("\"{}\" is no format; write svg or mermaid", self.format)))?;
        let language = Language::parse(&self.lang)
            .ok_or_else(|| Failed(format!("\"{}\" is no language of diagrams; write en or zh", self.lang)))?;
        if let Some(id) = &self.instance {
            return give(&self.out, &self.instance(config, id, format, language)?);
        }
        let checked = library::check(&folders::read(config)?, &BusinessId::from(self.act_as.business()));
        let Some(library) = checked.library else {
            checked.findings.iter().filter(|finding| finding.is_error()).for_each(say);
            return Err(Failed("the definitions have problems; nothing was drawn".into()));
        };
        let processes = &library.definitions.processes;
        if let Some(key) = &self.process {
            let known = || processes.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            let process = processes
                .get(key)
                .ok_or_else(|| Failed(format!("there is no process \"{key}\"; there are {}", known())))?;
            return give(&self.out, &diagram::write(process, None, format, language));
        }
        let folder =
            self.out.ok_or_else(|| Failed("say which process, or with --out a folder for all of them".into()))?;
        std::fs::create_dir_all(&folder).map_err(|error| Failed(format!("{}: {error}", folder.display())))?;
        for (key, process) in processes {
            let file = folder.join(format!("{key}.{}", format.extension()));
            write(&file, &diagram::write(process, None, format, language))?;
            say(file.display());
        }
        Ok(())
    }

    /// The diagram of an instance, as far as the caller may see it.
    fn instance(&self, config: &Config, id: &str, format: Format, language: Language) -> Result<String, Failed> {
        let runtime = open(config)?;
        block_on(async {
            let actor = self.act_as.actor(&runtime).await?;
            let (process, trail) = runtime.trail(&actor, &InstanceId::from(id)).await?;
            Ok(diagram::write(&process, Some(&trail), format, language))
        })
    }
}

/// Into a file, or on standard output.
fn give(out: &Option<PathBuf>, text: &str) -> Result<(), Failed> {
    match out {
        Some(file) => write(file, text),
        None => {
            say(text.trim_end());
            Ok(())
        }
    }
}

fn write(file: &Path, text: &str) -> Result<(), Failed> {
    std::fs::write(file, text).map_err(|error| Failed(format!("{}: {error}", file.display())))
}
