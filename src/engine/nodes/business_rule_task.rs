//! Business rule task: a script decides, and the decision is kept with its input, script and explanation.

use super::{Entered, script_task};
use crate::engine::work::Work;
use crate::model::decision::Decision;
use crate::model::event::Event;
use crate::model::ids::DecisionId;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::process::{BusinessRuleTask, Node};

pub(super) fn enter(work: &mut Work, token: TokenId, node: &Node, task: &BusinessRuleTask) -> Result<Entered, Failure> {
    let (input, output) = script_task::call(work, token, &task.call)?;
    let decision = Decision {
        id: DecisionId(work.next_id()),
        instance: work.scope(work.token(token).scope).instance.clone(),
        node: node.id.clone(),
        function: task.call.function.clone(),
        revision: work.instance.revision,
        script_hash: work.context.scripts.script_hash(&task.call.function),
        input,
        output,
        at: work.context.now,
    };
    work.emit(Event::DecisionMade { decision });
    Ok(Entered::Done)
}
