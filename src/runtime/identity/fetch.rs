//! Fetching a JSON document of an outside issuer: over TLS, bounded in time and size, and from nowhere else than the
//! address that was asked (a redirect is a failure). Blocks.

use super::issuer::Issuer;
use crate::model::json::Json;
use std::sync::Arc;
use std::time::Duration;
use ureq::http::{Uri, header};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

/// Bytes of a document at most.
const MOST: u64 = 512 * 1_024;
/// How long an issuer has to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A document, and how many seconds it may be kept.
pub struct Fetched {
    /// The document.
    pub json: Json,
    /// `max-age` of its `Cache-Control`.
    pub max_age: Option<i64>,
}

/// Fetches a document.
pub fn fetch(issuer: &Issuer, address: &str) -> Result<Fetched, String> {
    allowed(issuer, address)?;
    let mut answer = agent(issuer)?
        .get(address)
        .header(header::ACCEPT, "application/json")
        .call()
        .map_err(|error| format!("{address} could not be fetched: {error}"))?;
    if answer.status() != 200 {
        return Err(format!("{address} answered {}", answer.status()));
    }
    let max_age = answer.headers().get(header::CACHE_CONTROL).and_then(|value| max_age(value.to_str().ok()?));
    let bytes = answer.body_mut().with_config().limit(MOST).read_to_vec();
    let bytes = bytes.map_err(|error| format!("{address} could not be read: {error}"))?;
    let json = serde_json::from_slice(&bytes).map_err(|error| format!("{address} is not JSON: {error}"))?;
    Ok(Fetched { json, max_age })
}

/// Refuses an address that is not behind TLS, unless it is this machine or the configuration allows it.
pub fn allowed(issuer: &Issuer, address: &str) -> Result<(), String> {
    let uri: Uri =
        address.parse().map_err(|_| format!("\"{address}\" is not an address such as https://id.example/jwks"))?;
    let this_machine = ["localhost", "127.0.0.1", "[::1]"].contains(&uri.host().unwrap_or_default());
    match uri.scheme_str() {
        Some("https") => Ok(()),
        Some("http") if this_machine || issuer.allow_http => Ok(()),
        _ => Err(format!("{address} is not https; allow_http: true allows it for this issuer")),
    }
}

fn agent(issuer: &Issuer) -> Result<ureq::Agent, String> {
    let mut tls = TlsConfig::builder();
    if let Some(pem) = &issuer.authorities {
        tls = tls.root_certs(RootCerts::Specific(Arc::new(certificates(pem)?)));
    }
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(PATIENCE))
        .user_agent("kamflow")
        .tls_config(tls.build());
    Ok(config.build().into())
}

/// The certificates of a PEM file.
pub fn certificates(pem: &[u8]) -> Result<Vec<ureq::tls::Certificate<'static>>, String> {
    let mut certificates = Vec::new();
    for item in parse_pem(pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|error| format!("it is no PEM file: {error}"))? {
            certificates.push(certificate);
        }
    }
    if certificates.is_empty() { Err("it holds no certificate".to_owned()) } else { Ok(certificates) }
}

fn max_age(cache_control: &str) -> Option<i64> {
    cache_control.split(',').find_map(|part| part.trim().strip_prefix("max-age=")?.parse().ok())
}
