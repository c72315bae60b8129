//! How much one request, and one caller, may ask for. Sizes of pages stand in `model::page`.

use super::address::Network;
use super::buckets::Rate;
use std::time::Duration;

/// The limits of the API, with the defaults that are documented.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of a request body.
    pub body: usize,
    /// Bytes of a deployment.
    pub deployment_body: usize,
    /// Bytes of a file.
    pub file: usize,
    /// How long an upload may take.
    pub upload_timeout: Duration,
    /// Bytes of all header names and values together.
    pub headers: usize,
    /// Bytes of path and query.
    pub uri: usize,
    /// How long a request may take, its body included.
    pub timeout: Duration,
    /// Failed logins in a row of one user from one address, before the next must wait.
    pub attempts_per_user: u32,
    /// Failed logins in a row from one address, whoever the user is.
    pub attempts_per_address: u32,
    /// Failed logins of one user from everywhere, before those addresses that failed with it must wait.
    pub attempts_per_login: u32,
    /// How long until one more attempt is free again; longer for who goes on failing.
    pub attempt_every: Duration,
    /// Requests of one caller; none: without limit.
    pub per_caller: Option<Rate>,
    /// Requests of one business; none: without limit.
    pub per_business: Option<Rate>,
    /// Proxies whose word about a caller's address counts.
    pub trusted_proxies: Vec<Network>,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            body: 1024 * 1024,
            deployment_body: 32 * 1024 * 1024,
            file: 25 * 1024 * 1024,
            upload_timeout: Duration::from_secs(600),
            headers: 16 * 1024,
            uri: 8 * 1024,
            timeout: Duration::from_secs(30),
            attempts_per_user: 10,
            attempts_per_address: 100,
            attempts_per_login: 100,
            attempt_every: Duration::from_secs(6),
            per_caller: Some(Rate::per_second(5_000)),
            per_business: Some(Rate::per_second(20_000)),
            trusted_proxies: Vec::new(),
        }
    }
}
