//! The steps of a case in which a person does something with an instance from outside.

use super::player::{Done, Player};
use super::world;
use kamflow::model::command::Command;
use kamflow::model::ids::InstanceId;
use kamflow::model::instance::{Instance, TokenId};
use kamflow::model::intervention::{Intervene, Intervention, Skip, Step};
use kamflow::model::json::JsonMap;
use serde::Deserialize;

/// One of these verbs, with its details.
#[derive(Debug, Default, Deserialize)]
pub struct Intervening {
    /// The process whose instance ends.
    cancel: Option<String>,
    suspend: Option<String>,
    resume: Option<String>,
    /// The process whose variables are set.
    set: Option<String>,
    /// Sets them in the level of the token at this node.
    at: Option<String>,
    /// The process whose instance is modified.
    modify: Option<String>,
    #[serde(default)]
    steps: Vec<Moved>,
    /// The node whose incident is skipped.
    skip: Option<String>,
}

/// One step of a modification; tokens are named by their nodes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Moved {
    before: Option<String>,
    after: Option<String>,
    outcome: Option<String>,
    cancel: Option<String>,
}

impl Intervening {
    /// The verbs that are said.
    pub fn verbs(&self) -> impl Iterator<Item = &'static str> {
        let said = [
            ("cancel", &self.cancel),
            ("suspend", &self.suspend),
            ("resume", &self.resume),
            ("set", &self.set),
            ("modify", &self.modify),
            ("skip", &self.skip),
        ];
        said.map(|(verb, value)| value.as_ref().map(|_| verb)).into_iter().flatten()
    }
}

/// Carries out an intervention.
pub fn carry_out(
    player: &mut Player,
    step: &Intervening,
    by: &str,
    (outcome, variables): (Option<String>, JsonMap),
) -> Result<Done, String> {
    let reason = "because".to_owned();
    if let Some(node) = &step.skip {
        let incident = player.incident(node)?;
        return player
            .command(Command::SkipIncident(Skip { incident, outcome, variables, reason }), &world::person(by));
    }
    let state = player.state()?;
    let (process, what) = match step {
        Intervening { cancel: Some(process), .. } => (process, Intervention::Cancel),
        Intervening { suspend: Some(process), .. } => (process, Intervention::Suspend),
        Intervening { resume: Some(process), .. } => (process, Intervention::Resume),
        Intervening { set: Some(process), at, .. } => {
            let token = at.as_ref().map(|node| token(state, node)).transpose()?;
            (process, Intervention::SetVariables { token, values: variables })
        }
        Intervening { modify: Some(process), steps, .. } => {
            let steps = steps.iter().map(|moved| moving(state, moved)).collect::<Result<_, _>>()?;
            (process, Intervention::Modify { steps })
        }
        _ => return Err("no verb".to_owned()),
    };
    let instance = instance(state, process)?;
    player.command(Command::Intervene(Intervene { instance, what, reason: Some(reason) }), &world::person(by))
}

fn instance(state: &Instance, process: &str) -> Result<InstanceId, String> {
    let mut open = state.scopes.values().filter(|scope| scope.node.is_none());
    let found = open.find(|scope| scope.process == process);
    found.map(|scope| scope.instance.clone()).ok_or_else(|| format!("no instance of \"{process}\""))
}

/// The first token at a node; one that is not there is called 4711.
fn token(state: &Instance, node: &str) -> Result<TokenId, String> {
    let found = state.tokens.values().find(|token| token.node.as_str() == node).map(|token| token.id);
    if node == "nowhere" { Ok(4711) } else { found.ok_or_else(|| format!("no token at \"{node}\"")) }
}

fn moving(state: &Instance, moved: &Moved) -> Result<Step, String> {
    match moved {
        Moved { before: Some(node), .. } => Ok(Step::StartBefore { node: node.as_str().into() }),
        Moved { after: Some(node), outcome, .. } => {
            Ok(Step::StartAfter { node: node.as_str().into(), outcome: outcome.clone() })
        }
        Moved { cancel: Some(node), .. } => Ok(Step::Cancel { token: token(state, node)? }),
        _ => Err("a step of a modification starts before, starts after or cancels".to_owned()),
    }
}
