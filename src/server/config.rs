//! Configuration: flags before environment before `kamflow.yaml` before defaults. Read once; what makes no sense is
//! refused with a sentence.

use super::Failed;
use super::issuers::{self, IssuerSettings};
use crate::api::{Network, Rate};
use crate::model::scim::group::GroupRoles;
use crate::model::secret::Secret;
use crate::runtime::access::OPERATOR;
use crate::runtime::identity::issuer::Issuer;
use crate::store::Url;
use clap::{Args, ValueEnum};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The file that is read when `--config` names none.
pub const FILE: &str = "kamflow.yaml";

/// What can be set: each as a flag, as an environment variable and in the file.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub struct Settings {
    /// Database: sqlite:FILE or postgres://… [default: sqlite:kamflow.db]
    #[arg(long, global = true, env = "KAMFLOW_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<Secret>,
    /// Folder that holds workflows/ and plugins/ [default: .]
    #[arg(long, global = true, env = "KAMFLOW_FOLDER", value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Address that the API listens on [default: 127.0.0.1:7070]
    #[arg(long, global = true, env = "KAMFLOW_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Threads that answer HTTP [default: 2]
    #[arg(long, global = true, env = "KAMFLOW_HTTP_THREADS", value_name = "N")]
    pub http_threads: Option<usize>,
    /// Threads that read the database [default: 4]
    #[arg(long, global = true, env = "KAMFLOW_READERS", value_name = "N")]
    pub readers: Option<usize>,
    /// Threads that write to PostgreSQL; SQLite always has one [default: 2]
    #[arg(long, global = true, env = "KAMFLOW_WRITERS", value_name = "N")]
    pub writers: Option<usize>,
    /// Commands that may wait for each writer before callers are told to come later [default: 4096]
    #[arg(long, global = true, env = "KAMFLOW_QUEUE", value_name = "N")]
    pub queue: Option<usize>,
    /// Minutes that a token is valid [default: 60]
    #[arg(long, global = true, env = "KAMFLOW_TOKEN_MINUTES", value_name = "N")]
    pub token_minutes: Option<i64>,
    /// Megabytes of an uploaded file at most [default: 25]
    #[arg(long, global = true, env = "KAMFLOW_FILE_MEGABYTES", value_name = "N")]
    pub file_megabytes: Option<usize>,
    /// Requests that one caller may make in a second, on average; 0: as many as it likes [default: 5000]
    #[arg(long, global = true, env = "KAMFLOW_REQUESTS_PER_CALLER", value_name = "N")]
    pub requests_per_caller: Option<u32>,
    /// Requests that all callers of a business may make in a second, on average; 0: as many as they like [default: 20000]
    #[arg(long, global = true, env = "KAMFLOW_REQUESTS_PER_BUSINESS", value_name = "N")]
    pub requests_per_business: Option<u32>,
    /// Proxies whose X-Forwarded-For is believed: addresses or networks such as 10.0.0.0/8 [default: none]
    #[arg(long, global = true, env = "KAMFLOW_TRUSTED_PROXIES", value_name = "LIST", value_delimiter = ',')]
    pub trusted_proxies: Option<Vec<String>>,
    /// 32 bytes in base64 that signing keys are enciphered with in the database [default: none]
    #[arg(long, global = true, env = "KAMFLOW_KEY_ENCRYPTION_KEY", value_name = "KEY", hide_env_values = true)]
    pub key_encryption_key: Option<Secret>,
    /// Outside issuers whose tokens are accepted as well
    #[arg(skip)]
    pub issuers: Option<Vec<IssuerSettings>>,
    /// The roles that groups of an outside directory give, by business and by the name of the group
    #[arg(skip)]
    pub group_roles: Option<GroupRoles>,
    /// What is logged, such as info or kamflow=debug [default: info]
    #[arg(long, global = true, env = "KAMFLOW_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// How it is logged [default: text]
    #[arg(long, global = true, env = "KAMFLOW_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// The configuration, complete and checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the database is.
    pub database: Url,
    /// Folder that holds `workflows/` and `plugins/`.
    pub folder: PathBuf,
    /// Address to listen on.
    pub listen: String,
    /// Threads that answer HTTP.
    pub http_threads: usize,
    /// Threads that read the database.
    pub readers: usize,
    /// Threads that write to PostgreSQL.
    pub writers: usize,
    /// Commands that may wait for each writer.
    pub queue: usize,
    /// Minutes that a token is valid.
    pub token_minutes: i64,
    /// Megabytes (MiB) of an uploaded file at most.
    pub file_megabytes: usize,
    /// Requests of one caller in a second; none: without limit.
    pub requests_per_caller: Option<Rate>,
    /// Requests of one business in a second; none: without limit.
    pub requests_per_business: Option<Rate>,
    /// Proxies whose word about a caller's address counts.
    pub trusted_proxies: Vec<Network>,
    /// What signing keys are enciphered with.
    pub key_encryption_key: Option<Secret>,
    /// The roles that groups of an outside directory give by their names.
    pub group_roles: GroupRoles,
    /// Outside issuers.
    pub issuers: Vec<Issuer>,
    /// What is logged.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
}

/// The configuration from flags and environment (`given`) and the file.
pub fn read(given: Settings, file: Option<&Path>) -> Result<Config, Failed> {
    let filed = match file {
        Some(file) => from_file(file)?,
        None if Path::new(FILE).exists() => from_file(Path::new(FILE))?,
        None => Settings::default(),
    };
    let folder = file.and_then(Path::parent);
    let between = |name: &str, value: usize, most: usize| {
        if (1..=most).contains(&value) {
            return Ok(value);
        }
        Err(Failed(format!("{name} is {value}; it is between 1 and {most}")))
    };
    let token_minutes = given.token_minutes.or(filed.token_minutes).unwrap_or(60);
    if !(1..=1_440).contains(&token_minutes) {
        return Err(Failed(format!("token_minutes is {token_minutes}; it is between 1 and 1440 (a day)")));
    }
    let database = given.database.or(filed.database).unwrap_or_else(|| "sqlite:kamflow.db".into());
    Ok(Config {
        database: Url::parse(database.reveal()).map_err(Failed::because)?,
        folder: given.folder.or(filed.folder).unwrap_or_else(|| ".".into()),
        listen: given.listen.or(filed.listen).unwrap_or_else(|| "127.0.0.1:7070".into()),
        http_threads: between("http_threads", given.http_threads.or(filed.http_threads).unwrap_or(2), 256)?,
        readers: between("readers", given.readers.or(filed.readers).unwrap_or(4), 64)?,
        writers: between("writers", given.writers.or(filed.writers).unwrap_or(2), 16)?,
        queue: between("queue", given.queue.or(filed.queue).unwrap_or(4_096), 1_000_000)?,
        token_minutes,
        file_megabytes: between("file_megabytes", given.file_megabytes.or(filed.file_megabytes).unwrap_or(25), 1_024)?,
        requests_per_caller: rate(given.requests_per_caller.or(filed.requests_per_caller).unwrap_or(5_000)),
        requests_per_business: rate(given.requests_per_business.or(filed.requests_per_business).unwrap_or(20_000)),
        trusted_proxies: networks(given.trusted_proxies.or(filed.trusted_proxies).unwrap_or_default())?,
        key_encryption_key: given.key_encryption_key.or(filed.key_encryption_key),
        issuers: issuers::read(filed.issuers.unwrap_or_default(), folder.unwrap_or(Path::new(".")))?,
        group_roles: group_roles(filed.group_roles.unwrap_or_default())?,
        log: given.log.or(filed.log).unwrap_or_else(|| "info".into()),
        log_format: given.log_format.or(filed.log_format).unwrap_or_default(),
    })
}

fn rate(per_second: u32) -> Option<Rate> {
    (per_second > 0).then(|| Rate::per_second(per_second))
}

/// The role `operator` reaches into all businesses, which no directory of one of them may.
fn group_roles(written: GroupRoles) -> Result<GroupRoles, Failed> {
    let mut all = written.values().flatten();
    match all.find(|(_, roles)| roles.iter().any(|role| role == OPERATOR)) {
        Some((group, _)) => Err(Failed(format!("group_roles: \"{group}\" cannot give the role \"{OPERATOR}\""))),
        None => Ok(written),
    }
}

fn networks(written: Vec<String>) -> Result<Vec<Network>, Failed> {
    let read = |text: &String| text.trim().parse().map_err(|reason| Failed(format!("trusted_proxies: {reason}")));
    written.iter().map(read).collect()
}

fn from_file(file: &Path) -> Result<Settings, Failed> {
    let text = std::fs::read_to_string(file).map_err(|error| Failed(format!("{}: {error}", file.display())))?;
    if text.trim().is_empty() {
        return Ok(Settings::default());
    }
    serde_yaml::from_str(&text).map_err(|error| Failed(format!("{}: {error}", file.display())))
}
