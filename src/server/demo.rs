//! `serve --demo`: a business of its own with people, an integration client and some hundred customers to play with.

use super::Failed;
use super::config::Config;
use super::first_run::{create_business, execute};
use super::folders;
use super::say::say;
use crate::model::actor::Actor;
use crate::model::directory::{Position, Unit, User};
use crate::model::ids::BusinessId;
use crate::model::json::{Json, JsonMap};
use crate::model::scope::Scope;
use crate::model::text::Text;
use crate::model::time::Timestamp;
use crate::runtime::request::{Change, Request};
use crate::runtime::{Runtime, operator};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::Path;
use tokio::task::JoinSet;

/// The business of the demonstration.
pub const BUSINESS: &str = "demo";
/// The password of everybody in it.
pub const PASSWORD: &str = "demo-2026";
/// The service account of the demonstration, with the same secret.
pub const CLIENT: &str = "integration";
/// Where its data lie in the project folder.
const DATA: &str = "workflows/sales/demo";

#[derive(Deserialize)]
struct Person {
    id: String,
    name: String,
    roles: Vec<String>,
    attributes: JsonMap,
}

#[derive(Deserialize)]
struct Place {
    id: String,
    parent: Option<String>,
    title: Text,
}

#[derive(Deserialize)]
struct Seat {
    id: String,
    unit: String,
    title: String,
    user: Option<String>,
    manager: Option<String>,
}

/// Makes the demonstration business, once.
pub async fn demo(runtime: &Runtime, config: &Config) -> Result<(), Failed> {
    let business = BusinessId::from(BUSINESS);
    if !runtime.has_business(&business).await? {
        let customers = lines::<JsonMap>(&config.folder.join(DATA), "customers")?;
        let number = customers.len();
        people(runtime, config).await?;
        take_in(runtime, &business, customers).await?;
        say(format_args!("created business \"{BUSINESS}\" with {number} customers"));
    }
    say(format_args!(
        "demonstration: business {BUSINESS}, password of everybody (and secret of client {CLIENT}): {PASSWORD}"
    ));
    Ok(())
}

/// Makes the demonstration business with its definitions, people, hierarchy and client, without customers.
pub async fn people(runtime: &Runtime, config: &Config) -> Result<(), Failed> {
    let business = BusinessId::from(BUSINESS);
    let folder = config.folder.join(DATA);
    let (people, places) = (lines::<Person>(&folder, "users")?, lines::<Place>(&folder, "org_units")?);
    let seats = lines::<Seat>(&folder, "positions")?;
    create_business(runtime, &business, Text { en: "Demonstration".into(), zh: "演示业务".into() }).await?;
    folders::deploy(runtime, &business, folders::read(config)?, "demonstration").await?;
    for person in people {
        let user = user(person);
        execute(runtime, &business, Change::PutUser { user, password: Some(PASSWORD.into()) }).await?;
    }
    for Place { id, parent, title } in places {
        execute(runtime, &business, Change::PutUnit(Unit { id, parent, title })).await?;
    }
    for Seat { id, unit, title, user, manager } in seats {
        let user = user.map(Into::into);
        let position = Position { id, unit, title, user, manager, valid_from: None, valid_to: None };
        execute(runtime, &business, Change::PutPosition(position)).await?;
    }
    execute(runtime, &business, client()).await
}

fn user(person: Person) -> User {
    User {
        id: person.id.into(),
        name: person.name,
        active: true,
        roles: person.roles,
        attributes: person.attributes,
        created_at: Timestamp::default(),
        version: 0,
    }
}

fn client() -> Change {
    Change::PutClient {
        id: CLIENT.into(),
        name: "The channels of the demonstration".into(),
        secret: PASSWORD.into(),
        scopes: Scope::all().iter().map(|scope| scope.name().to_owned()).collect(),
        roles: vec!["integration".into()],
    }
}

/// All customers at once; the writer takes them in batches.
async fn take_in(runtime: &Runtime, business: &BusinessId, customers: Vec<JsonMap>) -> Result<(), Failed> {
    let actor = Actor { roles: ["sales_ops".to_owned()].into(), ..operator(business.clone()) };
    let mut waiting = JoinSet::new();
    for fields in customers {
        let (runtime, actor) = (runtime.clone(), actor.clone());
        let change = Change::CreateRecord { record_type: "customer".into(), fields };
        let request = Request { actor, change, idempotency: None, if_match: None };
        waiting.spawn(async move { runtime.execute(request).await });
    }
    for result in waiting.join_all().await {
        result?;
    }
    Ok(())
}

/// The JSON lines of a file of the demonstration.
fn lines<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Vec<T>, Failed> {
    let file = folder.join(format!("{name}.jsonl"));
    let text = std::fs::read_to_string(&file).map_err(|error| Failed(format!("{}: {error}", file.display())))?;
    let read = |(number, line): (usize, &str)| {
        let value = serde_json::from_str::<Json>(line).and_then(serde_json::from_value);
        value.map_err(|error| Failed(format!("{}:{}: {error}", file.display(), number + 1)))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(read).collect()
}
