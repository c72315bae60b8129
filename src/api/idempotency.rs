//! `Idempotency-Key`: the same request sent twice is carried out once. The runtime keeps the answers; here the header
//! is read, the body is hashed, and a repetition that comes while the first still runs is turned away.

use super::problem::Problem;
use crate::model::actor::Actor;
use crate::runtime::request::IdempotencyKey;
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::fmt::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The header of a changing request.
pub(super) const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
/// The header of an answer that was given before.
pub(super) const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The key of a request with this body; none when it has none.
pub(super) fn key(request: &HttpRequest, body: &[u8]) -> Result<Option<IdempotencyKey>, Problem> {
    let path = request.path().strip_prefix("/api/v1").unwrap_or(request.path());
    let route = format!("{} {path}", request.method());
    Ok(header(request)?.map(|key| IdempotencyKey { route, key, body_hash: hash(body) }))
}

/// The key alone, of a request whose body is not read yet.
pub(super) fn header(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let mut values = request.headers().get_all(&HEADER);
    let Some(value) = values.next() else { return Ok(None) };
    let bytes = value.as_bytes();
    let visible = bytes.iter().all(|byte| byte.is_ascii_graphic());
    if !visible || bytes.is_empty() || bytes.len() > 255 || values.next().is_some() {
        let detail = "Idempotency-Key takes one value of 1 to 255 visible ASCII characters, such as a UUID";
        return Err(Problem::malformed("invalid_idempotency_key", detail));
    }
    Ok(Some(String::from_utf8_lossy(bytes).into_owned()))
}

/// SHA-256 in hex.
pub(super) fn hash(body: &[u8]) -> String {
    Sha256::digest(body).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}"); // writing to a String cannot fail
        hex
    })
}

/// The keys whose first request still runs in this process.
#[derive(Debug, Clone, Default)]
pub(super) struct Running(Arc<Mutex<HashSet<String>>>);

/// Holds a key until the request is answered or given up.
#[derive(Debug)]
pub(super) struct Turn {
    running: Running,
    key: String,
}

impl Running {
    /// Takes the turn for a key, or says that somebody else has it.
    pub(super) fn enter(&self, actor: &Actor, key: &IdempotencyKey) -> Result<Turn, Problem> {
        let key = [actor.business.as_str(), &actor.caller(), &key.route, &key.key].join("\n");
        if self.keys().insert(key.clone()) {
            return Ok(Turn { running: self.clone(), key });
        }
        let detail = "a request with this Idempotency-Key is still running; send it again in a moment";
        Err(Problem::new(StatusCode::CONFLICT, "idempotency_key_running", detail).with_header(header::RETRY_AFTER, "1"))
    }

    fn keys(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.running.keys().remove(&self.key);
    }
}
