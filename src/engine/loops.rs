//! Activities that are done more than once (BPMN: multi-instance and standard loop). The token at the activity stands
//! for the whole; each round is a scope of its own, in which a token does the activity once.

use super::incident::FLOW;
use super::nodes::Entered;
use super::scope::NewScope;
use super::work::Work;
use super::{compensation, condition, incident, leave, scope, subscriptions, throw, variables};
use crate::model::event::Event;
use crate::model::event_definition::Throw;
use crate::model::expression::Expression;
use crate::model::incident::Failure;
use crate::model::instance::{Progress, ScopeId, ScopeKind, TokenId, TokenState};
use crate::model::json::{Json, JsonMap};
use crate::model::loop_characteristics::{
    LOOP_COUNTER, LoopCharacteristics, MultiInstance, Over, Rest, StandardLoop, When,
};
use crate::model::process::Node;

/// Instances of one activity at most.
const MOST: usize = 10_000;

/// Whether this token does one round; else it stands for the whole activity.
pub(super) fn is_round(work: &Work, token: TokenId) -> bool {
    matches!(work.scope(work.token(token).scope).kind, ScopeKind::Round(_))
}

/// Whether this token stands for all rounds of an activity.
pub(super) fn is_whole(work: &Work, token: TokenId, node: &Node) -> bool {
    node.loops.is_some() && !is_round(work, token)
}

/// The scope around all rounds that this token stands for, while it is open.
pub(super) fn whole(work: &Work, token: TokenId) -> Option<ScopeId> {
    let mut scopes = work.instance.scopes.values();
    scopes.find(|scope| scope.owner == Some(token) && matches!(scope.kind, ScopeKind::Whole(_))).map(|s| s.id)
}

/// The token has come to the activity: opens the first round, or all at once.
pub(super) fn begin(
    work: &mut Work,
    token: TokenId,
    node: &Node,
    loops: &LoopCharacteristics,
) -> Result<Entered, Failure> {
    let (progress, at_once) = match loops {
        LoopCharacteristics::MultiInstance(each) => {
            let (items, total) = instances(work, token, each)?;
            if total == 0 {
                variables::set(work, token, collected(each, &Progress::default()));
                return Ok(Entered::Done);
            }
            (Progress { items, total: Some(total), ..Progress::default() }, if each.sequential { 1 } else { total })
        }
        LoopCharacteristics::Standard(again) => {
            if again.test_before && !goes_on(work, token, again, 0)? {
                return Ok(Entered::Done);
            }
            (Progress::default(), 1)
        }
    };
    let level = work.token(token).scope;
    let whole = scope::open_empty(work, inside(work, level, token, node, ScopeKind::Whole(progress)));
    for _ in 0..at_once {
        open_round(work, whole);
    }
    Ok(Entered::Waits)
}

/// A round is done: the next one, or the whole when it was the last one that is needed.
pub(super) fn round_done(work: &mut Work, token: TokenId) {
    let round = work.token(token).scope;
    let Some(whole) = work.scope(round).parent else { return };
    let Some(owner) = work.scope(whole).owner else { return };
    let Some(place) = work.place(owner) else { return };
    let node = place.node();
    let Some(loops) = &node.loops else { return };
    let judged = judge(work, token, whole, loops).and_then(|(values, then)| {
        Ok((values, then, throw::prepare(work, token, &thrown(work, token, whole, loops)?)?))
    });
    let (values, then, thrown) = match judged {
        Ok(judged) => judged,
        Err(failure) => return incident::raise(work, token, Failure { code: FLOW.into(), ..failure }),
    };
    compensation::keep(work, token, node);
    work.emit(Event::NodeCompleted { token, node: node.id.clone() });
    work.emit(Event::TokenRemoved { token });
    work.emit(Event::RoundCompleted { scope: round, values });
    scope::close(work, round);
    throw::set_off_beside(work, owner, thrown);
    if !work.instance.scopes.contains_key(&whole) {
        return;
    }
    match then {
        Then::Wait => {}
        Then::Next => open_round(work, whole),
        Then::End => end(work, owner),
    }
}

/// Enough rounds are done: sets what was collected and leaves. Rounds that are left open do not hold it up.
pub(super) fn end(work: &mut Work, token: TokenId) {
    let Some(place) = work.place(token) else { return };
    let Some(whole) = whole(work, token) else { return };
    let ScopeKind::Whole(progress) = work.scope(whole).kind.clone() else { return };
    // The way on has failed already: a retry comes back here.
    if work.token(token).state == TokenState::Failed {
        return;
    }
    let open = rounds(work, whole);
    if progress.passed {
        return close(work, token, whole);
    }
    let rest = match &place.node().loops {
        Some(LoopCharacteristics::MultiInstance(each)) => {
            variables::set(work, token, collected(each, &progress));
            each.rest
        }
        _ => Rest::Cancel,
    };
    if rest == Rest::Leave && !open.is_empty() {
        return leave::pass(work, token, whole);
    }
    for round in open {
        scope::cancel_tokens(work, round);
        scope::close(work, round);
    }
    scope::close(work, whole);
    leave::leave(work, token);
}

/// The last round that had been left open is done.
fn close(work: &mut Work, token: TokenId, whole: ScopeId) {
    let level = work.token(token).scope;
    scope::close(work, whole);
    subscriptions::close(work, token);
    work.emit(Event::TokenRemoved { token });
    scope::settle(work, level);
}

/// What follows a round.
enum Then {
    Wait,
    Next,
    End,
}

/// What a round gives to the lists, and what follows it. Asked while its variables are there.
fn judge(work: &Work, token: TokenId, whole: ScopeId, loops: &LoopCharacteristics) -> Result<(JsonMap, Then), Failure> {
    let ScopeKind::Whole(progress) = &work.scope(whole).kind else { return Ok((JsonMap::new(), Then::End)) };
    let completed = progress.completed + 1;
    match loops {
        LoopCharacteristics::Standard(again) => {
            let more = again.most.is_none_or(|most| completed < most as usize);
            let next = more && goes_on(work, token, again, completed)?;
            Ok((JsonMap::new(), if next { Then::Next } else { Then::End }))
        }
        LoopCharacteristics::MultiInstance(each) => {
            let values = variables::evaluate(work, token, &each.collect)?;
            let total = progress.total.unwrap_or(completed);
            let enough = match &each.until {
                _ if progress.passed => completed == total,
                Some(until) => completed == total || condition::holds(work, token, until, Some(&progress.counters(1)))?,
                None => completed == total,
            };
            let open = if each.sequential { Then::Next } else { Then::Wait };
            Ok((values, if enough { Then::End } else { open }))
        }
    }
}

/// What happens after this round.
fn thrown(work: &Work, token: TokenId, whole: ScopeId, loops: &LoopCharacteristics) -> Result<Vec<Throw>, Failure> {
    let (LoopCharacteristics::MultiInstance(each), ScopeKind::Whole(progress)) = (loops, &work.scope(whole).kind)
    else {
        return Ok(Vec::new());
    };
    let mut throws = Vec::new();
    for after in &each.throws {
        let happens = match &after.when {
            When::Each => true,
            When::First => progress.completed == 0,
            When::True(when) => condition::holds(work, token, when, Some(&progress.counters(1)))?,
        };
        if happens {
            throws.extend(after.throws.iter().cloned());
        }
    }
    Ok(throws)
}

/// One more instance of an activity that is done for each; false when it does not take more.
pub(super) fn add(work: &mut Work, whole: ScopeId, item: &Json) -> bool {
    let scope = work.scope(whole);
    let (Some(owner), ScopeKind::Whole(progress)) = (scope.owner, &scope.kind) else { return false };
    let room = progress.total.is_some_and(|total| total < MOST) && !progress.passed;
    let Some(place) = work.place(owner) else { return false };
    match &place.node().loops {
        Some(LoopCharacteristics::MultiInstance(each)) if each.may_add && room => {
            let sequential = each.sequential;
            work.emit(Event::RepetitionExtended { scope: whole, item: item.clone() });
            if !sequential {
                open_round(work, whole);
            }
            true
        }
        _ => false,
    }
}

/// The token that stands for all rounds of which this one does one.
pub(super) fn standing_for(work: &Work, round: TokenId) -> TokenId {
    work.scope(work.token(round).scope).owner.unwrap_or(round)
}

/// The items and how many there are.
fn instances(work: &Work, token: TokenId, each: &MultiInstance) -> Result<(Vec<Json>, usize), Failure> {
    let scope = work.token(token).scope;
    let wrong = |at: &Expression, value: &Json, what: &str| {
        Failure::new("for_each", format!("{}: `{}` gave {value}, not {what}", at.at, at.source))
    };
    let (expression, items, total) = match &each.over {
        Over::List(expression) => match work.evaluate(scope, expression, None)? {
            Json::Array(items) => {
                let total = items.len();
                (expression, items, total)
            }
            other => return Err(wrong(expression, &other, "a list")),
        },
        Over::Count(expression) => {
            let value = work.evaluate(scope, expression, None)?;
            let count = value.as_u64().and_then(|count| usize::try_from(count).ok());
            (expression, Vec::new(), count.ok_or_else(|| wrong(expression, &value, "a number from 0 on"))?)
        }
    };
    if total > MOST {
        let sentence = format!("{}: {total} are too many; at most {MOST}", expression.at);
        return Err(Failure::new("for_each", sentence));
    }
    Ok((items, total))
}

/// Whether a loop goes on; `loopCounter` is the number of the round that would come.
fn goes_on(work: &Work, token: TokenId, again: &StandardLoop, next: usize) -> Result<bool, Failure> {
    let counter = JsonMap::from_iter([(LOOP_COUNTER.to_owned(), next.into())]);
    condition::holds(work, token, &again.condition, Some(&counter))
}

/// The lists that were collected, in the order of the items; instances that were not finished are not among them.
fn collected(each: &MultiInstance, progress: &Progress) -> JsonMap {
    let list = |name: &String| progress.collected.values().filter_map(|values| values.get(name)).cloned().collect();
    each.collect.keys().map(|name| (name.clone(), Json::Array(list(name)))).collect()
}

fn open_round(work: &mut Work, whole: ScopeId) {
    let around = work.scope(whole);
    let (Some(owner), ScopeKind::Whole(progress)) = (around.owner, &around.kind) else { return };
    let number = progress.started;
    let item = progress.items.get(number).cloned();
    let Some(place) = work.place(owner) else { return };
    let node = place.node();
    let mut new = inside(work, whole, owner, node, ScopeKind::Round(number));
    new.variables.insert(LOOP_COUNTER.to_owned(), number.into());
    if let Some(LoopCharacteristics::MultiInstance(each)) = &node.loops {
        new.variables.extend(each.item.clone().zip(item));
    }
    let round = scope::open_empty(work, new);
    work.place_token(round, &node.id, None);
}

fn inside(work: &Work, parent: ScopeId, owner: TokenId, node: &Node, kind: ScopeKind) -> NewScope {
    let around = work.scope(parent);
    NewScope {
        parent: Some(parent),
        owner: Some(owner),
        instance: around.instance.clone(),
        process: around.process.clone(),
        revision: None,
        node: Some(node.id.clone()),
        kind,
        atomic: false,
        variables: JsonMap::new(),
    }
}

/// The rounds that are open.
fn rounds(work: &Work, whole: ScopeId) -> Vec<ScopeId> {
    work.instance.scopes.values().filter(|scope| scope.parent == Some(whole)).map(|scope| scope.id).collect()
}
