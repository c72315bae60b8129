//! Business rule task: a script decides, and the decision is kept with its input, script and explanation.

use super::{Entered, script_task};
use crate::engine::binding;
use crate::engine::work::Work;
use crate::model::decision::Decision;
use crate::model::event::Event;
use crate::model::ids::DecisionId;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::process::{Binding, BusinessRuleTask, Node};

pub(super) fn enter(work: &mut Work, token: TokenId, node: &Node, task: &BusinessRuleTask) -> Result<Entered, Failure> {
    let function = &task.call.function;
    let revision = binding::revision(work, work.token(token).scope, task.binding)?;
    if task.binding == Binding::Latest && !revision.scripts.has(function) {
        return Err(binding::lacks(&revision, task.binding, "function", &function.to_string()));
    }
    let (input, output) = script_task::call(work, token, &task.call, revision.scripts)?;
    let decision = Decision {
        id: DecisionId(work.next_id()),
        instance: work.scope(work.token(token).scope).instance.clone(),
        node: node.id.clone(),
        function: function.clone(),
        revision: revision.number,
        script_hash: revision.scripts.script_hash(function),
        input,
        output,
        at: work.context.now,
    };
    work.emit(Event::DecisionMade { decision });
    Ok(Entered::Done)
}
