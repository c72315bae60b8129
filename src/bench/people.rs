//! People who stand in the database before: users, and the positions that say who stands above whom, taken in together as
//! by `kamflow org import`.

use super::project::Data;
use super::workload::People;
use crate::model::actor::Actor;
use crate::model::authority::Limits;
use crate::model::directory::Period;
use crate::model::json::Json;
use crate::model::org_import::{Line, OrgImport, Person};
use crate::model::window::Window;
use crate::runtime::Runtime;
use crate::runtime::request::{Change, Request};
use crate::server::Failed;
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    id: String,
    name: String,
    roles: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seat {
    id: String,
    unit: String,
    title: String,
    user: Option<String>,
    manager: Option<String>,
}

/// Takes the first so many in. Those who are there so already stay as they are.
pub async fn take_in(
    runtime: &Runtime,
    actor: &Actor,
    people: &People,
    data: &Data,
    number: u64,
) -> Result<(), Failed> {
    let mut import = OrgImport::default();
    for n in 0..number {
        let Login { id, name, roles } = read(&people.user, n, data.made(&people.user, n)?)?;
        let value = Person { id: id.into(), name, active: None, roles: Some(roles), attributes: None };
        import.users.push(Line { at: format!("{} of {n}", people.user), value });
        let Seat { id, unit, title, user, manager } = read(&people.position, n, data.made(&people.position, n)?)?;
        let user = user.map(Into::into);
        let period = Period { window: Window::ALWAYS, unit, title, user, manager, limits: Limits::default() };
        import.positions.push(Line { at: format!("{} of {n}", people.position), value: (id, period) });
    }
    let change = Change::ImportOrganisation(Box::new(import));
    runtime.execute(Request { actor: actor.clone(), change, idempotency: None, if_match: None }).await?;
    Ok(())
}

fn read<T: DeserializeOwned>(function: &str, n: u64, made: Json) -> Result<T, Failed> {
    serde_json::from_value(made).map_err(|error| Failed(format!("{function} of {n}: {error}")))
}
