//! The table of native actions: name, arguments, what it does. Checks, documents and calls all read it.

use super::desk::{Desk, Stop, failure};
use super::{org, records};
use crate::model::action::{ActionCall, ActionResult};
use crate::model::incident::Failure;
use crate::model::json::Json;
use crate::store::{StoreError, savepoint};
use serde::de::DeserializeOwned;

/// An action that a service task can name.
pub struct NativeAction {
    /// Its name, `records.create`.
    pub name: &'static str,
    /// Its arguments; those with a question mark may be left out.
    pub arguments: &'static [&'static str],
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// Whether it writes, so that a failure must be taken back.
    writes: bool,
    act: fn(&mut Desk, Json) -> Result<Json, Stop>,
}

/// Every native action.
pub fn all() -> &'static [NativeAction] {
    &ACTIONS
}

static ACTIONS: [NativeAction; 21] = [
    NativeAction {
        name: "records.create",
        arguments: &["type", "fields"],
        summary: "Creates a record; gives its id, version and fields.",
        writes: true,
        act: |desk, input| records::create(desk, arguments(input)?),
    },
    NativeAction {
        name: "records.update",
        arguments: &["type", "id", "fields", "reason?"],
        summary: "Changes fields of a record (null clears one); gives its id, version and fields.",
        writes: true,
        act: |desk, input| records::update(desk, arguments(input)?),
    },
    NativeAction {
        name: "records.delete",
        arguments: &["type", "id", "reason?"],
        summary: "Deletes a record and what goes with it; gives its id, version and fields as they were.",
        writes: true,
        act: |desk, input| records::delete(desk, arguments(input)?),
    },
    NativeAction {
        name: "records.merge",
        arguments: &["type", "winner", "loser", "fields?", "reason"],
        summary: "Merges two records of a type: what referred to the loser refers to the winner; gives the winner's id, version and fields, and the id of the merge.",
        writes: true,
        act: |desk, input| records::merge_action(desk, arguments::<records::MergeArguments>(input)?),
    },
    NativeAction {
        name: "records.get",
        arguments: &["type", "id"],
        summary: "Gives a record's id, version and fields, or null; of a merged one those of the record that it became, and `merged_into`.",
        writes: false,
        act: |desk, input| records::get(desk, arguments(input)?),
    },
    NativeAction {
        name: "records.lock",
        arguments: &["type", "id"],
        summary: "Gives a record as records.get does, and keeps others from changing it before this transaction ends.",
        writes: false,
        act: |desk, input| records::lock(desk, arguments(input)?),
    },
    NativeAction {
        name: "records.candidates",
        arguments: &["type", "keys", "similar?", "fields?", "most?"],
        summary: "Gives the records that have one of the given key values or share rare pieces; says when it was cut. Others wait to look.",
        writes: false,
        act: |desk, input| records::candidates(desk, arguments(input)?),
    },
    NativeAction {
        name: "records.select",
        arguments: &["type", "where", "order?", "most?"],
        summary: "Gives the records that meet a filter, in an order; says when it was cut.",
        writes: false,
        act: |desk, input| records::select(desk, arguments(input)?),
    },
    NativeAction {
        name: "records.count",
        arguments: &["type", "where"],
        summary: "Counts the records that meet a filter, up to 10,000.",
        writes: false,
        act: |desk, input| records::count(desk, arguments(input)?),
    },
    NativeAction {
        name: "records.ancestors",
        arguments: &["type", "id", "most?"],
        summary: "Gives the records above one in the hierarchy of its type, nearest first; says when it was cut.",
        writes: false,
        act: |desk, input| records::ancestors(desk, arguments(input)?),
    },
    NativeAction {
        name: "records.descendants",
        arguments: &["type", "id", "depth?", "most?"],
        summary: "Gives the records below one in the hierarchy of its type, nearest first; says when it was cut.",
        writes: false,
        act: |desk, input| records::descendants(desk, arguments(input)?),
    },
    NativeAction {
        name: "records.aggregate",
        arguments: &["type", "measures", "group?", "filter?", "sort?", "limit?", "asOf?"],
        summary: "Counts and sums records up by groups, as they are or as they were at an instant.",
        writes: false,
        act: |desk, input| records::aggregate(desk, arguments(input)?),
    },
    NativeAction {
        name: "org.approvers",
        arguments: &["approvers", "submitter", "otherwise", "above?"],
        summary: "Gives the active people that a level of an approval means, the submitter's superior, and who decides when nobody is there; with `above` also everybody above each.",
        writes: false,
        act: |desk, input| org::approvers(desk, arguments(input)?),
    },
    NativeAction {
        name: "org.candidates",
        arguments: &["role", "owns?"],
        summary: "Locks and gives the active users with a role, with the load of records they own, when they last got one, whether and until when they are away, and who stands in for them.",
        writes: false,
        act: |desk, input| org::candidates(desk, arguments(input)?),
    },
    NativeAction {
        name: "org.superior",
        arguments: &["user"],
        summary: "Gives the nearest person above a user in the hierarchy, or null.",
        writes: false,
        act: |desk, input| org::superior(desk, arguments(input)?),
    },
    NativeAction {
        name: "org.superiors",
        arguments: &["user"],
        summary: "Gives everybody above a user in the hierarchy, the nearest first, with how many persons up.",
        writes: false,
        act: |desk, input| org::superiors_of(desk, arguments(input)?),
    },
    NativeAction {
        name: "org.above",
        arguments: &["users?", "roles?", "besides?"],
        summary: "Gives the nearest people above users and above the people of roles, besides some: who is next to look at what was not done.",
        writes: false,
        act: |desk, input| org::above(desk, arguments(input)?),
    },
    NativeAction {
        name: "org.unit",
        arguments: &["user"],
        summary: "Gives the unit that a user works in, with the units above it, or null.",
        writes: false,
        act: |desk, input| org::unit(desk, arguments(input)?),
    },
    NativeAction {
        name: "org.absent",
        arguments: &["user"],
        summary: "Says whether a user is away now.",
        writes: false,
        act: |desk, input| org::absent(desk, arguments(input)?),
    },
    NativeAction {
        name: "org.substitutes",
        arguments: &["user", "process?"],
        summary: "Gives who acts for a user now, with their limits and whether they are away too.",
        writes: false,
        act: |desk, input| org::substitutes(desk, arguments(input)?),
    },
    NativeAction {
        name: "org.authority",
        arguments: &["user", "limit", "acting_for?", "process?"],
        summary: "Gives how far a user may go, on their own authority or for somebody they stand in for, or null.",
        writes: false,
        act: |desk, input| org::authority(desk, arguments(input)?),
    },
];

/// Runs the action that a service task asked for. What breaks a rule is the node's failure and leaves nothing behind;
/// only a database error is an error here.
pub fn run(desk: &mut Desk, call: &ActionCall) -> Result<ActionResult, StoreError> {
    let Some(action) = ACTIONS.iter().find(|action| action.name == call.action) else {
        return Ok(Err(Failure::new("action", format!("there is no action \"{}\"", call.action))));
    };
    if has_nul(&call.input) {
        // The database would refuse it, and on PostgreSQL the whole transaction with it.
        return Ok(Err(Failure::new("nul_character", StoreError::Nul.to_string()).with_input(call.input.clone())));
    }
    if action.writes {
        savepoint::set(desk.conn)?;
    }
    let result = (action.act)(desk, call.input.clone());
    if action.writes && !matches!(result, Err(Stop::Store(_))) {
        if result.is_ok() { savepoint::release(desk.conn)? } else { savepoint::rollback(desk.conn)? }
    }
    match result {
        Ok(output) => Ok(Ok(output)),
        Err(Stop::Refused(refusal)) => Ok(Err(failure(&refusal).with_input(call.input.clone()))),
        Err(Stop::Store(error)) => Err(error),
    }
}

/// Whether an action writes.
pub fn writes(action: &str) -> bool {
    ACTIONS.iter().any(|known| known.name == action && known.writes)
}

/// Whether a text anywhere in it holds U+0000.
fn has_nul(value: &Json) -> bool {
    match value {
        Json::String(text) => text.contains('\0'),
        Json::Array(items) => items.iter().any(has_nul),
        Json::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

fn arguments<T: DeserializeOwned>(input: Json) -> Result<T, Stop> {
    serde_json::from_value(input).map_err(|error| {
        crate::model::refusal::Refusal::invalid("arguments", format!("the arguments do not fit: {error}")).into()
    })
}
