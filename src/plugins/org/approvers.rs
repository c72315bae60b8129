//! `org.approvers`: the people that a level of an approval means, as the directory is in this moment.

use crate::model::directory::User;
use crate::model::ids::UserId;
use crate::model::json::Json;
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::store::{superiors, users};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arguments {
    /// A login, `{superior: login}`, `{role: name}`, or a list of these; null: nobody.
    approvers: Json,
    /// Who asks for it.
    submitter: UserId,
    /// Who decides when nobody is there, in the same words.
    otherwise: Json,
}

/// `{approvers, superior, otherwise}`: active people as `{user, roles, attributes}`, in the order in which they are named,
/// members of a role by login; `superior` is the nearest one above the submitter, or null.
pub fn approvers(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let Arguments { approvers, submitter, otherwise } = arguments;
    let superior = above(desk, &submitter)?;
    let (approvers, otherwise) = (meant(desk, &approvers)?, meant(desk, &otherwise)?);
    Ok(json!({
        "approvers": approvers.iter().map(person).collect::<Json>(),
        "superior": superior.as_ref().map(person),
        "otherwise": otherwise.iter().map(person).collect::<Json>(),
    }))
}

fn meant(desk: &mut Desk, who: &Json) -> Result<Vec<User>, Stop> {
    match who {
        Json::Null => Ok(Vec::new()),
        Json::String(login) => Ok(active(desk, &UserId::from(login.as_str()))?.into_iter().collect()),
        Json::Array(several) => {
            let mut all = Vec::new();
            for one in several {
                all.extend(meant(desk, one)?);
            }
            Ok(all)
        }
        Json::Object(one) => match (one.len(), one.get("superior"), one.get("role")) {
            (1, Some(Json::Null), None) => Ok(Vec::new()),
            (1, Some(Json::String(login)), None) => {
                Ok(above(desk, &UserId::from(login.as_str()))?.into_iter().collect())
            }
            (1, None, Some(Json::String(role))) => {
                let members = users::with_role(desk.conn, desk.business, role)?;
                Ok(members.into_iter().filter(|user| user.active).collect())
            }
            _ => Err(nobody(who).into()),
        },
        Json::Bool(_) | Json::Number(_) => Err(nobody(who).into()),
    }
}

fn nobody(who: &Json) -> Refusal {
    let sentence = format!("{who} names nobody; write a login, superior(login), role(\"name\"), or a list of these");
    Refusal::invalid("approvers", sentence)
}

fn active(desk: &mut Desk, user: &UserId) -> Result<Option<User>, Stop> {
    Ok(users::find(desk.conn, desk.business, user)?.filter(|found| found.active))
}

/// The nearest superior; who is not active stands above nobody.
fn above(desk: &mut Desk, user: &UserId) -> Result<Option<User>, Stop> {
    match superiors::of(desk.conn, desk.business, user, desk.now)?.first() {
        Some((superior, _)) => active(desk, superior),
        None => Ok(None),
    }
}

fn person(user: &User) -> Json {
    json!({ "user": user.id, "roles": user.roles, "attributes": user.attributes })
}
