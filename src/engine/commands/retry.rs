//! Retry an incident, perhaps with other variables: its node is tried again. Work that was done is not done twice: then only its result is taken.

use crate::engine::error::EngineError;
use crate::engine::incident::OUT;
use crate::engine::nodes;
use crate::engine::variables;
use crate::engine::work::Work;
use crate::model::event::{Event, Resolution};
use crate::model::intervention::Retry;
use crate::model::json::Json;

pub(super) fn retry(work: &mut Work, command: &Retry) -> Result<(), EngineError> {
    let Retry { incident, variables, reason } = command.clone();
    let Some(open) = work.instance.incidents.get(&incident).cloned() else {
        return Err(EngineError::IncidentNotOpen(incident));
    };
    let by = work.context.actor.user.clone();
    variables::set(work, open.token, variables);
    work.emit(Event::IncidentResolved { incident, by, how: Resolution::Retried, reason });
    if open.failure.code == OUT {
        let result = open.failure.input.get("result").cloned().unwrap_or(Json::Null);
        nodes::finish(work, open.token, result);
    }
    Ok(())
}
