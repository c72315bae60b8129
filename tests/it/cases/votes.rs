//! Votes at approvals.

use super::player::{Done, Player};
use super::world;
use kamflow::model::command::Command;
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::voting::{Approver, Choice, Decide};

impl Player<'_> {
    /// Votes at an approval; somebody who is not asked tries the vote of another one.
    pub fn decide(&mut self, node: &str, by: &str, (word, to): (Option<&str>, Option<&str>)) -> Result<Done, String> {
        let choice = Choice::ALL.into_iter().find(|choice| Some(choice.name()) == word);
        let choice = choice.ok_or("a vote has the outcome approve, reject, return or abstain")?;
        let state = self.state()?;
        let voting =
            state.votings.values().find(|voting| voting.node.as_str() == node).ok_or("nothing to decide there")?;
        let votes = || state.tasks.values().filter(|task| task.token == voting.token);
        let own = votes().find(|task| task.assignee.as_ref().is_some_and(|user| user.as_str() == by));
        let task = own.or_else(|| votes().next()).ok_or("nobody is asked")?.id.clone();
        let digest = voting.digest.clone();
        let decide = Decide { choice, to: to.map(Into::into), reason: None, digest };
        self.command(Command::Decide { task, decide }, &world::person(by))
    }

    /// Has somebody else asked at an approval, who has these attributes.
    pub fn add_approver(&mut self, node: &str, by: &str, user: &str, attributes: JsonMap) -> Result<Done, String> {
        let mut votings = self.state()?.votings.values();
        let approval = votings.find(|voting| voting.node.as_str() == node).ok_or("nothing is asked there")?.token;
        let roles = world::person(user).roles.into_iter().collect();
        let person = Approver { user: user.into(), roles, attributes: Json::Object(attributes), above: Vec::new() };
        let reason = "they know it".to_owned();
        self.command(Command::AddApprover { approval, person, reason }, &world::person(by))
    }

    /// The record that the approvals of a node are about was changed.
    pub fn changed(&mut self, node: &str, by: &str) -> Result<Done, String> {
        let approvals = self.state()?.approvals();
        let approvals = approvals.into_iter().filter(|(_, voting)| voting.node.as_str() == node);
        let approvals = approvals.map(|(token, _)| token).collect();
        self.command(Command::LookAgain { approvals }, &world::person(by))
    }

    /// Takes back what an approval asks for.
    pub fn withdraw(&mut self, node: &str, by: &str) -> Result<Done, String> {
        let mut votings = self.state()?.votings.values();
        let approval = votings.find(|voting| voting.node.as_str() == node).ok_or("nothing to withdraw there")?.token;
        self.command(Command::Withdraw { approval, reason: None }, &world::person(by))
    }
}
