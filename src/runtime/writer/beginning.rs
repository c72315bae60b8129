//! A call activity that does not wait begins its process: a root of its own, in the transaction of its caller. So it is
//! begun once or not at all, and what stands against it is an incident of the caller.

use super::lane::Lane;
use crate::model::beginning::{BeginResult, Beginning, Begun};
use crate::model::incident::Failure;
use crate::model::instance::InstanceSummary;
use crate::plugins;
use crate::runtime::begins::{Begin, Cause};
use crate::runtime::request::{Change, Outcome};
use crate::store::StoreError;

/// Processes that begin one another without waiting, at most: one that begins itself without end is stopped.
const DEPTH: usize = 100;

/// Begins it; none when it lost a race, and the caller is to be run again.
pub(super) fn begin(lane: &mut Lane, beginning: &Beginning) -> Result<Option<BeginResult>, StoreError> {
    let Beginning { token, process, revision, variables } = beginning;
    if lane.job.depth >= DEPTH {
        let sentence = format!("{DEPTH} processes have begun one another without waiting; \"{process}\" is not begun");
        return Ok(Some(Err(Failure::new("call", sentence))));
    }
    let cause = Cause::Call { revision: *revision, variables: variables.clone() };
    let begun = |instance: InstanceSummary, existing| Begun {
        token: *token,
        process: process.clone(),
        instance: instance.id,
        existing,
    };
    let begun = match lane.begin(Change::Begin(Begin { process: process.clone(), cause }))? {
        None => return Ok(None),
        Some(Ok(Outcome::Started(instance))) => Ok(begun(instance, false)),
        Some(Ok(Outcome::Existing(instance))) => Ok(begun(instance, true)),
        Some(Ok(_)) => Err(Failure::new("call", format!("\"{process}\" was begun and is not there"))),
        Some(Err(refusal)) => Err(plugins::failure(&refusal)),
    };
    Ok(Some(begun))
}
