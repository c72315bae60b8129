//! The log: events with fields, on standard error.

use super::Failed;
use super::config::{Config, LogFormat};
use tracing_subscriber::EnvFilter;

/// Starts logging as configured.
pub fn start(config: &Config) -> Result<(), Failed> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| Failed(format!("\"{}\" is not a log filter such as info: {error}", config.log)))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match config.log_format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
    started.map_err(|error| Failed(format!("the log cannot be started: {error}")))
}
