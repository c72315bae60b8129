//! What is done before a change is queued, off the writer: checking a deployment, hashing a password. Slow work never
//! holds up other people's commands.

use super::evolution::Comparison;
use super::library::{self, Library};
use super::request::Change;
use super::{Runtime, access, identity, ids, scenarios, tests};
use crate::definitions;
use crate::model::actor::Actor;
use crate::model::directory::{Client, User};
use crate::model::finding::Finding;
use crate::model::refusal::{FieldError, Refusal, RefusalKind};
use crate::model::secret::Secret;
use crate::model::time::Timestamp;
use crate::store::keys::SigningKey;
use std::sync::Arc;

/// A change that is ready for the writer.
#[derive(Debug, Clone)]
pub enum Prepared {
    /// A change as it was asked for.
    Change(Change),
    /// A checked revision.
    Revision {
        /// The library, loaded; its number is not known yet.
        library: Arc<Library>,
        /// Hash of its files.
        hash: String,
        /// What its author says of it.
        note: String,
        /// What it changes; none until it was compared.
        comparison: Option<Arc<Comparison>>,
    },
    /// An earlier revision that is to be the active one.
    Activation {
        /// Its number.
        number: i64,
        /// What it changes.
        comparison: Arc<Comparison>,
    },
    /// A user with a hashed password.
    User {
        /// The user.
        user: User,
        /// The hash of a new password.
        hash: Option<String>,
    },
    /// A password of one's own, hashed.
    Password {
        /// The hash of the present one, as it was seen.
        seen: Secret,
        /// The hash of the new one.
        hash: Secret,
    },
    /// A service account with a hashed secret.
    Client {
        /// The client.
        client: Client,
        /// The hash of a new secret.
        hash: Option<String>,
    },
    /// A new secret of a service account, hashed.
    Secret {
        /// The client's id.
        id: String,
        /// The hash.
        hash: String,
        /// Until when the present one is good as well.
        keep_until: Timestamp,
    },
    /// A new signing key, as it is kept.
    Key(SigningKey),
}

/// Whether preparing it takes long enough to be done where blocking is allowed: definitions are compiled and tested,
/// secrets hashed.
pub fn takes_long(change: &Change) -> bool {
    matches!(
        change,
        Change::Deploy { .. }
            | Change::PutUser { .. }
            | Change::ChangePassword { .. }
            | Change::PutClient { .. }
            | Change::RotateSecret { .. }
            | Change::RotateKey
    )
}

/// Prepares a change for this caller. Blocks where it [takes long](takes_long).
pub fn prepare(runtime: &Runtime, actor: &Actor, change: Change) -> Result<Prepared, Refusal> {
    access::check(actor, &change)?;
    match change {
        Change::Deploy { files, note } => {
            let checked = library::check(&files, &actor.business);
            let library = checked.library.ok_or_else(|| refused(&checked.findings))?;
            tests::passed(&library)?;
            scenarios::passed(&library)?;
            let hash = definitions::hash(&library.files);
            Ok(Prepared::Revision { library: Arc::new(library), hash, note, comparison: None })
        }
        Change::PutUser { user, password } => {
            let hash = password.map(|password| hashed(&password, user.id.as_str(), "/password")).transpose()?;
            Ok(Prepared::User { user, hash })
        }
        Change::ChangePassword { seen, new } => {
            Ok(Prepared::Password { seen, hash: hashed(&new, actor.user.as_str(), "/new")?.into() })
        }
        Change::PutClient { client, secret } => {
            let hash = secret.map(|secret| hashed(&secret, &client.id, "/secret")).transpose()?;
            Ok(Prepared::Client { client, hash })
        }
        Change::RotateSecret { id, secret, keep_until } => {
            Ok(Prepared::Secret { hash: hashed(&secret, &id, "/secret")?, id, keep_until })
        }
        Change::RotateKey => {
            let key = identity::keys::fresh(ids::new(), runtime.0.sessions.cipher(), runtime.now());
            Ok(Prepared::Key(key.map_err(|reason| Refusal::new(RefusalKind::Internal, "internal", reason))?))
        }
        change => Ok(Prepared::Change(change)),
    }
}

fn hashed(password: &Secret, login: &str, pointer: &str) -> Result<String, Refusal> {
    identity::passwords::hash(password.reveal(), login).map_err(|sentence| {
        let error = FieldError { pointer: pointer.into(), code: "weak_password".into(), detail: sentence.clone() };
        Refusal::invalid("weak_password", sentence).with_errors(vec![error])
    })
}

/// The findings of a refused deployment, each at its file and line.
fn refused(findings: &[Finding]) -> Refusal {
    let errors: Vec<FieldError> = findings
        .iter()
        .filter(|finding| finding.is_error())
        .map(|finding| FieldError {
            pointer: format!("/files/{}", finding.at.file.replace('~', "~0").replace('/', "~1")),
            code: "finding".into(),
            detail: finding.to_string(),
        })
        .collect();
    let problems = if errors.len() == 1 { "problem" } else { "problems" };
    let sentence = format!("{} {problems} in the definitions; nothing was deployed", errors.len());
    Refusal::invalid("definitions_invalid", sentence).with_errors(errors)
}
