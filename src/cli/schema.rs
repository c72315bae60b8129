//! `kamflow schema`: the JSON Schemas of the YAML files, for editors.

use crate::definitions::{schema_text, schemas};
use crate::server::Failed;
use crate::server::say::say;
use clap::Args;
use std::path::PathBuf;

/// Prints a schema, or writes all of them.
#[derive(Args)]
pub struct Schema {
    /// pack, process, record, stages, form, mapping, scenario, plugin or plugin-test
    name: Option<String>,
    /// Write all schemas into this folder
    #[arg(long, conflicts_with = "name")]
    out: Option<PathBuf>,
}

impl Schema {
    pub(super) fn run(&self) -> Result<(), Failed> {
        if let Some(folder) = &self.out {
            let refused = |error| Failed(format!("{}: {error}", folder.display()));
            std::fs::create_dir_all(folder).map_err(refused)?;
            for (name, schema) in schemas() {
                let file = folder.join(format!("{name}.json"));
                std::fs::write(&file, schema_text(&schema)).map_err(refused)?;
                say(file.display());
            }
            return Ok(());
        }
        let known = schemas();
        let Some(name) = &self.name else {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            say(names.join("\n"));
            return Ok(());
        };
        let found = known.iter().find(|(known, _)| known == name);
        let (_, schema) =
            found.ok_or_else(|| Failed(format!("there is no schema \"{name}\"; kamflow schema lists them")))?;
        say(schema_text(schema).trim_end());
        Ok(())
    }
}
