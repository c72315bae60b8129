//! Wiring: configuration, the first run, demonstration data, the folders and the HTTP server with its graceful stop.

pub mod config;
pub mod demo;
pub mod first_run;
pub mod folders;
mod issuers;
mod logging;
pub mod say;
mod serve;
mod stop;
mod watch;

pub use serve::{Listening, Serve, bind, serve};

use crate::runtime::clock::SystemClock;
use crate::runtime::{Options, Runtime};
use config::Config;
use std::sync::Arc;

/// Why a command of the machine did not succeed: one sentence for the person at the terminal.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failed(pub String);

impl Failed {
    /// With any error's sentence.
    pub fn because(error: impl std::fmt::Display) -> Failed {
        Failed(error.to_string())
    }
}

impl From<crate::model::refusal::Refusal> for Failed {
    fn from(refusal: crate::model::refusal::Refusal) -> Failed {
        let mut sentence = refusal.detail;
        for error in refusal.errors {
            sentence.push_str(&format!("\n  {}", error.detail));
        }
        Failed(sentence)
    }
}

/// Opens the runtime that the configuration describes, on the machine's clock.
pub fn open(config: &Config) -> Result<Runtime, Failed> {
    let options = Options {
        database: config.database.clone(),
        clock: Arc::new(SystemClock),
        readers: config.readers,
        writers: config.writers,
        queue: config.queue,
        token_seconds: config.token_minutes * 60,
        issuers: config.issuers.clone(),
        group_roles: config.group_roles.clone(),
        key_encryption: config.key_encryption_key.clone(),
    };
    Runtime::open(options).map_err(Failed::because)
}
