//! The record that is approved: it is read, and kept from others until then, in the transaction in which the approval
//! begins, and again whenever it was changed or the process is about another one.

use super::emit;
use crate::engine::work::Work;
use crate::model::action::{ActionCall, ActionResult, Ask};
use crate::model::approval::{OfSubject, SUBJECT};
use crate::model::ids::RecordId;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::{Json, JsonMap};
use crate::model::levels;
use crate::model::voting::{Subject, VotingEvent};
use serde::Deserialize;
use serde_json::json;

/// The action that reads a record that nobody changes meanwhile.
pub(super) const LOCK: &str = "records.lock";

/// The record as the action gives it.
#[derive(Deserialize)]
struct Found {
    id: RecordId,
    fields: JsonMap,
}

/// Asks for the record.
pub(super) fn ask(work: &mut Work, token: TokenId) -> Result<(), Failure> {
    let (record_type, id) = named(work, token)?;
    let input = json!({ "type": record_type, "id": id });
    work.ask = Some(Ask::Action(ActionCall { token, task: None, action: LOCK.to_owned(), input }));
    Ok(())
}

/// The record that the process is about now.
fn named(work: &Work, token: TokenId) -> Result<(String, RecordId), Failure> {
    let scope = work.token(token).scope;
    let record_type = work.process(scope).and_then(|process| process.subject.clone()).unwrap_or_default();
    let id = work.subject(scope).ok_or_else(|| {
        Failure::new("subject", format!("the process does not say which {record_type} is to be approved"))
    })?;
    Ok((record_type, id))
}

/// The record as it was found.
pub(super) fn read(work: &Work, token: TokenId, of: &OfSubject, result: &ActionResult) -> Result<Subject, Failure> {
    let (record_type, id) = named(work, token)?;
    let found = match result.clone()? {
        Json::Null => return Err(Failure::new("subject", format!("{record_type} {id} is not there any more"))),
        found => serde_json::from_value::<Found>(found)
            .map_err(|error| Failure::new("subject", format!("{record_type} {id} cannot be read: {error}")))?,
    };
    let scope = work.token(token).scope;
    let within = work.process(scope).zip(of.until.as_ref()).and_then(|(process, until)| {
        levels::in_common(&process, [&work.token(token).node, until], &work.instance.scopes, scope)
    });
    let value = |name: &String| (name.clone(), found.fields.get(name).cloned().unwrap_or(Json::Null));
    let fields = of.fields.iter().map(value).collect();
    Ok(Subject {
        record_type,
        id,
        present: found.id,
        fields,
        until: of.until.clone(),
        within,
        reapprove: of.reapprove,
        stale: false,
    })
}

/// Whether what is known of the record is not of now.
pub(super) fn is_behind(work: &Work, token: TokenId, known: &Subject) -> bool {
    known.stale || work.subject(work.token(token).scope).as_ref() != Some(&known.id)
}

/// What the expressions of an approval read beside the variables.
pub(super) fn names(known: Option<&Subject>) -> JsonMap {
    known.map(|known| (SUBJECT.to_owned(), Json::Object(known.fields.clone()))).into_iter().collect()
}

/// The record of these approvals was changed: of those that go on, and of those that were given and are to be given anew.
pub(in crate::engine) fn changed(work: &mut Work, approvals: &[TokenId]) {
    for token in approvals {
        let goes_on = work.instance.votings.get(token).is_some_and(|voting| voting.subject.is_some());
        if goes_on || work.instance.approved.contains_key(token) {
            emit(work, *token, VotingEvent::SubjectChanged);
        }
    }
}
