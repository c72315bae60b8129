//! Who sits at a level: the people that the directory gives, without those who may not have a say, each once.

use super::subject;
use crate::engine::condition;
use crate::engine::work::Work;
use crate::model::approval::{
    APPROVER, Approval, Barred, Level, Mode, Route, WhenEmpty, WhenRepeated, WhenSameAsSubmitter,
};
use crate::model::ids::UserId;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::{Json, JsonMap};
use crate::model::voting::{Approver, Choice, Seat, Vote, Voting, VotingLevel};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeSet;

/// Seats of a level at most.
pub(super) const MOST: usize = 100;

/// What the directory gives.
#[derive(Deserialize)]
struct Found {
    /// Who is meant.
    approvers: Vec<Approver>,
    /// The nearest superior of the submitter.
    superior: Option<Approver>,
    /// Who decides when nobody is there.
    otherwise: Vec<Approver>,
}

/// What is asked of the directory.
pub(super) fn wanted(voting: &Voting, level: &VotingLevel, definition: &Approval) -> Json {
    let otherwise = match &definition.when_empty {
        WhenEmpty::Escalate => json!({ "superior": voting.submitter }),
        WhenEmpty::Role(role) => json!({ "role": role }),
        WhenEmpty::AutoApprove => Json::Null,
    };
    let mut wanted = json!({ "approvers": level.approvers, "submitter": voting.submitter, "otherwise": otherwise });
    if written(definition, level).is_some_and(|level| level.authority.is_some()) {
        wanted["above"] = Json::Bool(true);
    }
    wanted
}

/// The level as the process says it; none where a function does.
fn written<'d>(definition: &'d Approval, level: &VotingLevel) -> Option<&'d Level> {
    match &definition.route {
        Route::Levels(written) => level.written.and_then(|position| written.get(position)),
        Route::Function(_) => None,
    }
}

/// The seats of the level at work, with the votes that were given before and count here too.
pub(super) fn seats(
    work: &Work,
    token: TokenId,
    definition: &Approval,
    found: &Json,
) -> Result<(Vec<Seat>, Vec<Vote>), Failure> {
    let found: Found = serde_json::from_value(found.clone())
        .map_err(|error| Failure::new("approvers", format!("the people of a level cannot be read: {error}")))?;
    let Some(voting) = work.instance.votings.get(&token) else { return Ok((Vec::new(), Vec::new())) };
    let barred = barred(work, token, definition)?;
    let may = |person: &Approver| !barred.contains(&person.user);
    let (mut people, mut skipped) = (Vec::<Approver>::new(), false);
    for person in found.approvers {
        let sits = match definition.when_same {
            _ if person.user != voting.submitter => Some(person),
            WhenSameAsSubmitter::Superior => found.superior.clone(),
            WhenSameAsSubmitter::Skip => {
                skipped = true;
                None
            }
            WhenSameAsSubmitter::Refuse => {
                let sentence = format!("{} asks for it and cannot approve it; name somebody else", person.user);
                return Err(Failure::new("approver_is_submitter", sentence));
            }
        };
        people.extend(sits.filter(may));
    }
    if people.is_empty() && !skipped && definition.when_empty != WhenEmpty::AutoApprove {
        let others = found.otherwise.into_iter().filter(|person| may(person) && person.user != voting.submitter);
        people.extend(others);
        if people.is_empty() {
            let sentence = format!("nobody is there for level {} who may approve it", voting.level + 1);
            return Err(Failure::new("no_approver", sentence));
        }
    }
    let enough = Enough { work, token, definition, voting };
    let mut people = people.into_iter().map(|person| enough.of(person, may)).collect::<Result<Vec<_>, _>>()?;
    let mut seen = BTreeSet::new();
    people.retain(|person| seen.insert(person.user.clone()));
    if people.len() > MOST {
        let sentence =
            format!("level {} has {} approvers; at most {MOST} are possible", voting.level + 1, people.len());
        return Err(Failure::new("too_many_approvers", sentence));
    }
    seated(work, token, voting, definition, &people)
}

fn seated(
    work: &Work,
    token: TokenId,
    voting: &Voting,
    definition: &Approval,
    people: &[Approver],
) -> Result<(Vec<Seat>, Vec<Vote>), Failure> {
    let level = &voting.levels[voting.level];
    let (mut seats, mut votes) = (Vec::new(), Vec::new());
    for person in people {
        let before = agreed_before(voting, definition.when_repeated, &person.user);
        if let Some(vote) = before {
            votes.push(Vote { level: voting.level, by: None, at: work.context.now, ..vote.clone() });
        }
        let decision = before.map(|_| Choice::Approve);
        seats.push(Seat { decision, ..seat(work, token, definition, voting, person)? });
    }
    if let Mode::Quorum(quorum) = &level.mode
        && !seats.is_empty()
    {
        let all = seats.iter().fold(0, |sum: i64, seat| sum.saturating_add(seat.weight));
        if all < quorum.quorum {
            let sentence = format!(
                "level {} needs votes that weigh {}, and all of them weigh {all}",
                voting.level + 1,
                quorum.quorum
            );
            return Err(Failure::new("quorum_out_of_reach", sentence));
        }
    }
    Ok((seats, votes))
}

/// The undecided seat of somebody at the level at work.
pub(super) fn seat(
    work: &Work,
    token: TokenId,
    definition: &Approval,
    voting: &Voting,
    person: &Approver,
) -> Result<Seat, Failure> {
    let mode = &voting.levels[voting.level].mode;
    Ok(Seat {
        user: person.user.clone(),
        weight: weight(work, token, definition, voting, person)?,
        veto: matches!(mode, Mode::Quorum(quorum) if quorum.veto.iter().any(|role| person.roles.contains(role))),
        decision: None,
    })
}

/// The vote by which somebody has agreed already, when that is enough.
fn agreed_before<'v>(voting: &'v Voting, when: WhenRepeated, user: &UserId) -> Option<&'v Vote> {
    let enough = |vote: &&Vote| match when {
        WhenRepeated::FirstOnly => true,
        WhenRepeated::Consecutive => vote.level + 1 == voting.level,
        WhenRepeated::Each => false,
    };
    voting.counting().filter(|vote| vote.for_user == *user && vote.choice == Choice::Approve).find(enough)
}

/// Whose word is enough at the level at work.
struct Enough<'a> {
    work: &'a Work<'a>,
    token: TokenId,
    definition: &'a Approval,
    voting: &'a Voting,
}

impl Enough<'_> {
    /// This person, or the nearest one above whose word is enough.
    fn of(&self, person: Approver, may: impl Fn(&Approver) -> bool) -> Result<Approver, Failure> {
        let Enough { work, token, definition, voting } = *self;
        let others = person.above.iter().filter(|one| may(one) && one.user != voting.submitter);
        for one in [&person].into_iter().chain(others) {
            if is_enough(work, token, definition, voting, one)? {
                return Ok(one.clone());
            }
        }
        let sentence = format!(
            "level {} asks for {}, whose word is not enough, and nobody stands above whose word is",
            voting.level + 1,
            person.user
        );
        Err(Failure::new("no_authority", sentence))
    }
}

/// Whether somebody's word is enough at the level at work.
pub(super) fn is_enough(
    work: &Work,
    token: TokenId,
    definition: &Approval,
    voting: &Voting,
    person: &Approver,
) -> Result<bool, Failure> {
    let level = &voting.levels[voting.level];
    let Some(authority) = written(definition, level).and_then(|level| level.authority.as_ref()) else {
        return Ok(true);
    };
    condition::holds(work, token, authority, Some(&looked_at(voting, person)))
}

/// What is read of somebody who could sit, beside what is approved.
fn looked_at(voting: &Voting, person: &Approver) -> JsonMap {
    let approver = json!({ "user": person.user, "roles": person.roles, "attributes": person.attributes });
    let mut extra = subject::names(voting.subject.as_ref());
    extra.insert(APPROVER.to_owned(), approver);
    extra
}

fn weight(
    work: &Work,
    token: TokenId,
    definition: &Approval,
    voting: &Voting,
    person: &Approver,
) -> Result<i64, Failure> {
    let level = &voting.levels[voting.level];
    let Some(expression) = written(definition, level).and_then(|level| level.weight.as_ref()) else { return Ok(1) };
    let extra = looked_at(voting, person);
    let value = work.evaluate(work.token(token).scope, expression, Some(&extra))?;
    value.as_i64().filter(|weight| (1..=1_000_000).contains(weight)).ok_or_else(|| {
        let sentence =
            format!("{}: the vote of {} weighs {value}, not a whole number from 1", expression.at, person.user);
        Failure::new("weight", sentence)
    })
}

/// Who may not have a say.
pub(super) fn barred(work: &Work, token: TokenId, definition: &Approval) -> Result<BTreeSet<UserId>, Failure> {
    let scope = work.token(token).scope;
    let mut barred = BTreeSet::new();
    for one in &definition.not_same_as {
        match one {
            Barred::Submitter => {
                barred.extend(work.instance.votings.get(&token).map(|voting| voting.submitter.clone()));
            }
            Barred::Task(node) => {
                let process = work.scope(work.process_scope(scope));
                barred.extend(process.performers.get(node).into_iter().flatten().cloned());
            }
            Barred::Variable(expression) => match work.evaluate(scope, expression, None)? {
                Json::Null => {}
                Json::String(login) => {
                    barred.insert(UserId(login));
                }
                Json::Array(logins) => {
                    barred.extend(logins.iter().filter_map(Json::as_str).map(UserId::from));
                }
                other => {
                    let sentence = format!("{}: {other} is not the login of a user", expression.at);
                    return Err(Failure::new("not_same_as", sentence));
                }
            },
        }
    }
    Ok(barred)
}
