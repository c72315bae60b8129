//! `serve --demo`: a business of its own with the demonstration data that packs bring along.
//!
//! A pack's folder `demo/` may hold `users.jsonl`, `org_units.jsonl`, `positions.jsonl`, `clients.jsonl`,
//! `absences.jsonl`, `substitutions.jsonl` and `records/<type>.jsonl`, one JSON object a line.

use super::Failed;
use super::config::Config;
use super::first_run::{create_business, execute};
use super::folders;
use super::say::say;
use crate::model::absence::{Absence, Substitution};
use crate::model::actor::Actor;
use crate::model::authority::Limits;
use crate::model::directory::{Client, Period, Unit, UnitKind, User};
use crate::model::ids::BusinessId;
use crate::model::json::{Json, JsonMap};
use crate::model::scope::Scope;
use crate::model::text::Text;
use crate::model::time::{Duration, Timestamp};
use crate::model::window::Window;
use crate::runtime::request::{Change, Request};
use crate::runtime::{Runtime, operator};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fs;
use std::path::{Path, PathBuf};
use tokio::task::JoinSet;

/// The business of the demonstration.
pub const BUSINESS: &str = "demo";
/// The password of everybody in it, and the secret of its clients.
pub const PASSWORD: &str = "demo-2026";

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
    kind: UnitKind,
}

#[derive(Deserialize)]
struct Seat {
    id: String,
    unit: String,
    title: String,
    user: Option<String>,
    manager: Option<String>,
    #[serde(default)]
    limits: Limits,
}

/// Times are told from the moment at which the demonstration is made.
#[derive(Deserialize)]
struct Away {
    user: String,
    from: Duration,
    to: Duration,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StandIn {
    user: String,
    for_user: String,
    from: Duration,
    to: Duration,
    #[serde(default)]
    limits: Limits,
}

#[derive(Deserialize)]
struct Service {
    id: String,
    name: String,
    roles: Vec<String>,
}

/// Makes the demonstration business, once.
pub async fn demo(runtime: &Runtime, config: &Config) -> Result<(), Failed> {
    let business = BusinessId::from(BUSINESS);
    if !runtime.has_business(&business).await? {
        people(runtime, config).await?;
        for folder in folders_of(config)? {
            for (record_type, records) in records(&folder)? {
                let number = records.len();
                take_in(runtime, &business, &record_type, records).await?;
                say(format_args!("took {number} records of type \"{record_type}\" into business \"{BUSINESS}\""));
            }
        }
    }
    say(format_args!(
        "demonstration: business {BUSINESS}, password of everybody and secret of every client: {PASSWORD}"
    ));
    Ok(())
}

/// Makes the business with its definitions, people, hierarchy and clients, without records.
pub async fn people(runtime: &Runtime, config: &Config) -> Result<(), Failed> {
    let business = BusinessId::from(BUSINESS);
    let folders = folders_of(config)?;
    create_business(runtime, &business, Text { en: "Demonstration".into(), zh: "演示业务".into() }).await?;
    folders::deploy(runtime, &business, folders::read(config)?, "demonstration").await?;
    for change in folders
        .iter()
        .map(|folder| directory(folder, runtime.now()))
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .flatten()
    {
        execute(runtime, &business, change).await?;
    }
    Ok(())
}

/// The `demo/` folders of the packs.
fn folders_of(config: &Config) -> Result<Vec<PathBuf>, Failed> {
    let packs = fs::read_dir(config.folder.join("workflows")).map_err(Failed::because)?;
    let mut folders: Vec<PathBuf> = packs.filter_map(|pack| Some(pack.ok()?.path().join("demo"))).collect();
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    if folders.is_empty() {
        return Err(Failed("no pack brings demonstration data: there is no workflows/*/demo".into()));
    }
    Ok(folders)
}

/// Users before the positions they hold, units and positions from the top down as the files have them.
fn directory(folder: &Path, now: Timestamp) -> Result<Vec<Change>, Failed> {
    let users = lines::<Person>(&folder.join("users.jsonl"))?.into_iter().map(|person| {
        let user = User {
            id: person.id.into(),
            name: person.name,
            active: true,
            roles: person.roles,
            attributes: person.attributes,
            created_at: Timestamp::default(),
            version: 0,
        };
        Change::PutUser { user, password: Some(PASSWORD.into()) }
    });
    let units = lines::<Place>(&folder.join("org_units.jsonl"))?.into_iter();
    let units =
        units.map(|Place { id, parent, title, kind }| Change::PutUnit(Unit { id, parent, title, kind, version: 0 }));
    let positions = lines::<Seat>(&folder.join("positions.jsonl"))?.into_iter().map(|seat| {
        let Seat { id, unit, title, user, manager, limits } = seat;
        let user = user.map(Into::into);
        Change::PutPosition { id, period: Period { window: Window::ALWAYS, unit, title, user, manager, limits } }
    });
    let clients = lines::<Service>(&folder.join("clients.jsonl"))?.into_iter().map(|service| {
        let client = Client {
            id: service.id,
            name: service.name,
            scopes: Scope::all().iter().map(|scope| scope.name().to_owned()).collect(),
            roles: service.roles,
            act_as: Vec::new(),
            old_secret_until: None,
            created_at: Timestamp::default(),
            version: 0,
        };
        Change::PutClient { client, secret: Some(PASSWORD.into()) }
    });
    let absences = lines::<Away>(&folder.join("absences.jsonl"))?.into_iter().map(|Away { user, from, to, note }| {
        let window = Window { from: from.after(now), to: to.after(now) };
        Change::CreateAbsence(Absence { id: String::new(), user: user.into(), window, note, version: 0 })
    });
    let substitutions = lines::<StandIn>(&folder.join("substitutions.jsonl"))?.into_iter().map(|one| {
        let StandIn { user, for_user, from, to, limits } = one;
        Change::CreateSubstitution(Substitution {
            id: String::new(),
            user: user.into(),
            for_user: for_user.into(),
            window: Window { from: from.after(now), to: to.after(now) },
            limits,
            processes: None,
            version: 0,
        })
    });
    Ok(users.chain(units).chain(positions).chain(clients).chain(absences).chain(substitutions).collect())
}

/// The records of each type, types by file name.
fn records(folder: &Path) -> Result<Vec<(String, Vec<JsonMap>)>, Failed> {
    let folder = folder.join("records");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).map_err(Failed::because)?.filter_map(|file| Some(file.ok()?.path())).collect();
    files.sort();
    let read = |file: PathBuf| {
        let record_type = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Ok((record_type, lines(&file)?))
    };
    files.into_iter().map(read).collect()
}

/// All records of a type at once, on behalf of somebody with every role of the pack; the writer takes them in batches.
async fn take_in(
    runtime: &Runtime,
    business: &BusinessId,
    record_type: &str,
    records: Vec<JsonMap>,
) -> Result<(), Failed> {
    let roles =
        runtime.definitions(&operator(business.clone())).await?.definitions.pack.roles.keys().cloned().collect();
    let actor = Actor { roles, ..operator(business.clone()) };
    let mut waiting = JoinSet::new();
    for fields in records {
        let (runtime, actor) = (runtime.clone(), actor.clone());
        let change = Change::CreateRecord { record_type: record_type.to_owned(), fields };
        let request = Request { actor, change, idempotency: None, if_match: None };
        waiting.spawn(async move { runtime.execute(request).await });
    }
    for result in waiting.join_all().await {
        result?;
    }
    Ok(())
}

/// The JSON lines of a file; none when the file is not there.
fn lines<T: DeserializeOwned>(file: &Path) -> Result<Vec<T>, Failed> {
    if !file.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(file).map_err(|error| Failed(format!("{}: {error}", file.display())))?;
    let read = |(number, line): (usize, &str)| {
        let value = serde_json::from_str::<Json>(line).and_then(serde_json::from_value);
        value.map_err(|error| Failed(format!("{}:{}: {error}", file.display(), number + 1)))
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(read).collect()
}
