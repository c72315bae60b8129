//! Votes of a story: by whoever is asked, on what is approved now.

use super::stage::Scene;
use crate::model::actor::Actor;
use crate::model::ids::{NodeId, TaskId, UserId, token_name};
use crate::model::instance::Instance;
use crate::model::refusal::Refusal;
use crate::model::voting::{Choice, Decide, Voting};
use crate::runtime::request::{Change, TaskRequest};

impl Scene<'_> {
    /// Votes at the open approval of a node; somebody who is not asked tries the vote of another one.
    pub fn decide(
        &mut self,
        actor: Actor,
        node: &str,
        (choice, to): (Choice, Option<&str>),
        reason: Option<&String>,
    ) -> Result<(), Refusal> {
        let (instance, voting) = self.voting(node)?;
        let votes = || instance.tasks.values().filter(|task| task.token == voting.token && task.seat.is_some());
        let own = votes().find(|task| task.assignee.as_ref() == Some(&actor.user));
        let task: Option<TaskId> = own.or_else(|| votes().next()).map(|task| task.id.clone());
        let task = task.ok_or_else(|| Refusal::not_found("open vote at", node))?;
        let to = to.map(NodeId::from);
        let decide = Decide { choice, to, reason: reason.cloned(), digest: voting.digest };
        self.execute(actor, Change::Task(task, TaskRequest::Decide(decide))).map(|_| ())
    }

    /// Takes back what the open approval of a node asks for.
    pub fn withdraw(&mut self, actor: Actor, node: &str, reason: Option<&String>) -> Result<(), Refusal> {
        let (instance, voting) = self.voting(node)?;
        let approval = token_name(&instance.id, voting.token);
        self.execute(actor, Change::WithdrawApproval(approval, reason.cloned())).map(|_| ())
    }

    /// Has somebody else asked at the open approval of a node, too.
    pub fn add_approver(&mut self, actor: Actor, node: &str, user: &UserId, reason: &str) -> Result<(), Refusal> {
        let (instance, voting) = self.voting(node)?;
        let approval = token_name(&instance.id, voting.token);
        self.execute(actor, Change::AddApprover(approval, user.clone(), reason.to_owned())).map(|_| ())
    }

    fn voting(&self, node: &str) -> Result<(Instance, Voting), Refusal> {
        let instance = self.latest()?;
        let found = instance.votings.values().find(|voting| voting.node.as_str() == node).cloned();
        let voting = found.ok_or_else(|| Refusal::not_found("open approval at", node))?;
        Ok((instance, voting))
    }
}
