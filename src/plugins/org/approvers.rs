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
    /// Whether everybody above each of them is wanted, too.
    #[serde(default)]
    above: bool,
}

/// `{approvers, superior, otherwise}`: active people as `{user, roles, attributes}`, in the order in which they are named,
/// members of a role by login; `superior` is the nearest one above the submitter, or null. With `above` each has those who
/// stand above, the nearest first.
pub fn approvers(desk: &mut Desk, arguments: Arguments) -> Result<Json, Stop> {
    let Arguments { approvers, submitter, otherwise, above: with_above } = arguments;
    let superior = above(desk, &submitter)?;
    let (approvers, otherwise) = (meant(desk, &approvers)?, meant(desk, &otherwise)?);
    let mut told = |all: &[User]| -> Result<Vec<Json>, Stop> {
        all.iter().map(|user| if with_above { with_those_above(desk, user) } else { Ok(person(user)) }).collect()
    };
    Ok(json!({
        "approvers": told(&approvers)?,
        "superior": told(superior.as_slice())?.pop(),
        "otherwise": told(&otherwise)?,
    }))
}

/// Somebody, with those who stand above.
fn with_those_above(desk: &mut Desk, user: &User) -> Result<Json, Stop> {
    let mut above = Vec::new();
    for (superior, _) in superiors::of(desk.conn, desk.business, &user.id, desk.now)? {
        above.extend(active(desk, &superior)?.as_ref().map(person));
    }
    let mut told = person(user);
    told["above"] = Json::Array(above);
    Ok(told)
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
