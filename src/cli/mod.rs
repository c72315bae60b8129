//! The command line: one file per command. Commands work on the database and the folders of this machine; who may run
//! them may read both.

mod act_as;
mod backup;
mod bench;
mod business;
mod check;
mod db;
mod deploy;
mod diagram;
mod export;
mod import;
mod keys;
mod migrate;
mod org;
mod org_files;
mod progress;
mod pull;
mod report;
mod rescan;
mod restore;
mod schema;
mod test;
mod token;
mod user;

use crate::server::config::{self, Config, Settings};
use crate::server::say::complain;
use crate::server::{Failed, Serve, serve};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// kamflow: a workflow engine for key-account selling.
#[derive(Parser)]
#[command(version, about, max_term_width = 100)]
struct Cli {
    /// Configuration file [default: kamflow.yaml, when it is there]
    #[arg(long, global = true, env = "KAMFLOW_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API; the first run sets everything up
    Serve {
        /// Make a business with demonstration data
        #[arg(long)]
        demo: bool,
        /// Deploy on save, when check and tests pass
        #[arg(long)]
        watch: bool,
    },
    /// Check all definitions and scripts; every problem at once
    Check(check::Check),
    /// Run the tests of the plugins
    Test(test::Test),
    /// Draw processes, or what an instance did
    Diagram(diagram::Diagram),
    /// Print or write the JSON Schemas of the YAML files
    Schema(schema::Schema),
    /// Deploy the folders: checked, tested, stored, active
    Deploy(deploy::Deploy),
    /// Write the deployed files back to the folders
    Pull(pull::Pull),
    /// Print a token for a user of this machine's database
    Token(token::Token),
    /// Rotate, list and retire the keys that sign tokens
    Keys(keys::Keys),
    /// Add and list users
    User(user::User),
    /// Add and list businesses
    Business(business::Business),
    /// Take an organisation over from CSV files
    Org(org::Org),
    /// Import records from CSV or JSON lines, or start a process with every row
    Import(Box<import::Import>),
    /// Look at all records of a type for those that are there twice
    Rescan(rescan::Rescan),
    /// Export records as CSV or JSON lines
    Export(export::Export),
    /// Save everything into one file, while others work
    Backup(backup::Backup),
    /// Restore a backup into an empty database
    Restore(restore::Restore),
    /// Look after the database
    Db(db::Db),
    /// Measure how fast this machine runs kamflow
    Bench(bench::Bench),
    /// Bring the database up to date
    Migrate,
}

/// Runs the command of this process.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = config::read(cli.settings, cli.config.as_deref()).and_then(|config| command(cli.command, &config));
    match done {
        Ok(code) => code,
        Err(failed) => {
            complain(format_args!("kamflow: {failed}"));
            ExitCode::FAILURE
        }
    }
}

fn command(command: Command, config: &Config) -> Result<ExitCode, Failed> {
    match command {
        Command::Serve { demo, watch } => serve(config, Serve { demo, watch })?,
        Command::Check(check) => return check.run(config),
        Command::Test(test) => return test.run(config),
        Command::Diagram(diagram) => diagram.run(config)?,
        Command::Schema(schema) => schema.run()?,
        Command::Deploy(deploy) => deploy.run(config)?,
        Command::Pull(pull) => pull.run(config)?,
        Command::Token(token) => token.run(config)?,
        Command::Keys(keys) => keys.run(config)?,
        Command::User(user) => user.run(config)?,
        Command::Business(business) => business.run(config)?,
        Command::Org(org) => org.run(config)?,
        Command::Import(import) => return import.run(config),
        Command::Rescan(rescan) => rescan.run(config)?,
        Command::Export(export) => export.run(config)?,
        Command::Backup(backup) => backup.run(config)?,
        Command::Restore(restore) => restore.run(config)?,
        Command::Db(db) => db.run(config)?,
        Command::Bench(bench) => bench.run(config)?,
        Command::Migrate => migrate::run(config)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs asynchronous work of a command that ends.
fn block_on<T>(work: impl Future<Output = Result<T, Failed>>) -> Result<T, Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failed::because)?;
    runtime.block_on(work)
}
