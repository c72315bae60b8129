//! What an approval begins with: who asks for it, what is approved, and which levels are asked.

use super::{bound, subject};
use crate::engine::condition;
use crate::engine::variables;
use crate::engine::work::Work;
use crate::model::approval::{Approval, Mode, Route};
use crate::model::ids::UserId;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::{Json, JsonMap};
use crate::model::process::Call;
use crate::model::voting::{Subject, Voting, VotingLevel};
use serde::Deserialize;
use serde_json::json;

/// Levels at most.
const MOST: usize = 50;

/// The approval as it begins.
pub(super) fn opened(
    work: &Work,
    token: TokenId,
    definition: &Approval,
    subject: Option<Subject>,
) -> Result<Voting, Failure> {
    let scope = work.scope(work.token(token).scope);
    let (of, digest) = bound::of(work, token, definition, subject.as_ref())?;
    let place = work.place(token);
    Ok(Voting {
        token,
        instance: scope.instance.clone(),
        process: scope.process.clone(),
        node: work.token(token).node.clone(),
        title: place.map(|place| place.node().title.clone()).unwrap_or_default(),
        submitter: submitter(work, token, definition)?,
        of,
        digest,
        round: 1,
        levels: levels(work, token, definition, subject.as_ref())?,
        subject,
        level: 0,
        seats: Vec::new(),
        votes: Vec::new(),
        may_add: definition.may_add.clone(),
        added: Vec::new(),
        opened_at: work.context.now,
        ended: None,
    })
}

fn submitter(work: &Work, token: TokenId, definition: &Approval) -> Result<UserId, Failure> {
    let Some(expression) = &definition.submitter else { return Ok(work.instance.starter.clone()) };
    match work.evaluate(work.token(token).scope, expression, None)? {
        Json::String(login) if !login.is_empty() => Ok(UserId(login)),
        other => Err(Failure::new("submitter", format!("{}: {other} is not the login of a user", expression.at))),
    }
}

/// The levels that are asked, as the variables and the record are now.
pub(super) fn levels(
    work: &Work,
    token: TokenId,
    definition: &Approval,
    subject: Option<&Subject>,
) -> Result<Vec<VotingLevel>, Failure> {
    let extra = subject::names(subject);
    let extra = Some(&extra);
    let levels = match &definition.route {
        Route::Function(call) => routed(work, token, call, extra)?,
        Route::Levels(written) => {
            let mut asked = Vec::new();
            for (position, level) in written.iter().enumerate() {
                let holds =
                    level.condition.as_ref().map_or(Ok(true), |when| condition::holds(work, token, when, extra));
                if holds? {
                    let approvers = work.evaluate(work.token(token).scope, &level.approvers, extra)?;
                    asked.push(VotingLevel { written: Some(position), approvers, mode: level.mode.clone() });
                }
            }
            asked
        }
    };
    match levels.len() {
        0..=MOST => Ok(levels),
        many => Err(Failure::new("levels", format!("{many} levels are asked; at most {MOST} are possible"))),
    }
}

/// A level as a function gives it.
#[derive(Deserialize)]
struct Given {
    approvers: Json,
    mode: Json,
}

fn routed(work: &Work, token: TokenId, call: &Call, extra: Option<&JsonMap>) -> Result<Vec<VotingLevel>, Failure> {
    let input = Json::Object(variables::with_extra(work, token, &call.input, extra)?);
    let output = work.revision(work.token(token).scope).scripts.call(&call.function, &input)?;
    let wrong = |sentence: String| Failure::new("route", sentence).with_input(json!({ "result": output.clone() }));
    let list = output.get("levels").cloned().unwrap_or(Json::Null);
    let given: Vec<Given> = serde_json::from_value(list).map_err(|error| {
        wrong(format!("{} does not give \"levels\", a list of {{approvers, mode}}: {error}", call.function))
    })?;
    given
        .into_iter()
        .map(|Given { approvers, mode }| {
            let mode = mode_of(&mode).map_err(|error| wrong(format!("{}: {error}", call.function)))?;
            Ok(VotingLevel { written: None, approvers, mode })
        })
        .collect()
}

/// `"any"`, `"all"`, `"sequential"`, or `{quorum, veto?}`.
fn mode_of(given: &Json) -> Result<Mode, String> {
    let read = if given.is_object() { json!({ "quorum": given }) } else { given.clone() };
    serde_json::from_value(read).map_err(|error| format!("{given} is not the mode of a level: {error}"))
}
