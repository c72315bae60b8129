//! Of which revision something is that a process uses by its name.

use super::context::Revision;
use super::work::Work;
use crate::model::incident::Failure;
use crate::model::instance::ScopeId;
use crate::model::process::Binding;

/// The code of an incident: the active revision does not have what is asked of it.
pub(super) const BINDING: &str = "binding";

/// The revision that a step in this scope goes by.
pub(super) fn revision<'a>(work: &Work<'a>, scope: ScopeId, binding: Binding) -> Result<Revision<'a>, Failure> {
    match binding {
        Binding::Deployment => Ok(work.revision(scope)),
        Binding::Latest => work.context.latest.ok_or_else(|| Failure::new(BINDING, "there is no active revision")),
    }
}

/// A revision does not have something of this kind and name.
pub(super) fn lacks(revision: &Revision, binding: Binding, what: &str, name: &str) -> Failure {
    let number = revision.number;
    match binding {
        Binding::Deployment => Failure::new("call", format!("the pinned revision has no {what} \"{name}\"")),
        Binding::Latest => {
            let sentence =
                format!("the active revision {number} has no {what} \"{name}\"; deploy one that has it, then retry");
            Failure::new(BINDING, sentence)
        }
    }
}
