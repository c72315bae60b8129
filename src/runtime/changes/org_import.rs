//! Taking an organisation over from files: every row is looked at, every wrong one is told with its place, and either all
//! of it is kept or nothing.

use super::people::named;
use super::{positions as hierarchy, provision, units as tree};
use crate::model::directory::{Period, Position, Unit, User};
use crate::model::ids::UserId;
use crate::model::org_import::{Line, OrgImport, OrgImported, Person, Tally};
use crate::model::refusal::{FieldError, Refusal};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::store::{Connection, clients, positions, superiors, units, users};
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong, by where it stands.
#[derive(Default)]
struct Wrong(Vec<FieldError>);

/// Carries the import out, or says what would come of it.
pub(super) fn import(conn: &mut Connection, job: &Job, import: &OrgImport, now: Timestamp) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    superiors::lock(conn, business)?;
    let mut wrong = Wrong::default();
    let mut done = OrgImported::default();
    let people = people(conn, job, &import.users, now, &mut wrong, &mut done.users)?;
    let new_units = branches(conn, job, &import.units, &mut wrong, &mut done.units)?;
    let seats = seats(conn, job, import, &mut wrong, &mut done.positions)?;
    for (id, refusal) in provision::lacking(conn, business, &people.saved)? {
        let at = import.users.iter().find(|row| row.value.id == id).map_or("users", |row| row.at.as_str());
        wrong.note(at, Err(refusal));
    }
    wrong.refused()?;
    if !import.dry_run {
        users::save(conn, business, &people.saved)?;
        units::save(conn, business, &new_units)?;
        for (ids, since) in [(&people.left, Some(now)), (&people.back, None)] {
            let ids: Vec<&str> = ids.iter().map(UserId::as_str).collect();
            if !ids.is_empty() {
                users::set_inactive_since(conn, business, &ids, since)?;
            }
        }
        positions::save(conn, business, &seats)?;
    }
    Ok(Outcome::OrgImported(done))
}

/// Users to be written, and those who leave or come back.
#[derive(Default)]
struct People {
    saved: Vec<User>,
    left: Vec<UserId>,
    back: Vec<UserId>,
}

fn people(
    conn: &mut Connection,
    job: &Job,
    rows: &[Line<Person>],
    now: Timestamp,
    wrong: &mut Wrong,
    counts: &mut Tally,
) -> Result<People, Stop> {
    let business = &job.actor.business;
    let ids: Vec<&str> = rows.iter().map(|row| row.value.id.as_str()).collect();
    let present = users::among(conn, business, &ids)?;
    let present: BTreeMap<&UserId, &User> = present.iter().map(|user| (&user.id, user)).collect();
    let services: BTreeSet<String> =
        clients::list(conn, business, None, i64::MAX)?.into_iter().map(|account| account.client.id).collect();
    let mut first = BTreeMap::new();
    let mut people = People::default();
    for Line { at, value: new } in rows {
        wrong.note(at, named(new.id.as_str(), "login"));
        if services.contains(new.id.as_str()) {
            wrong.add(at, "id_taken", format!("\"{}\" is the id of a service account already", new.id));
        }
        if let Some(before) = first.insert(&new.id, at) {
            wrong.add(at, "twice", format!("user \"{}\" is there twice, in {before} too", new.id));
        }
        let old = present.get(&new.id).copied();
        let new = user(new, old, now);
        if !count(counts, old, &new) {
            continue;
        }
        match (old.is_none_or(|old| old.active), new.active) {
            (true, false) => people.left.push(new.id.clone()),
            (false, true) => people.back.push(new.id.clone()),
            (true, true) | (false, false) => {}
        }
        people.saved.push(User { version: new.version + 1, ..new });
    }
    Ok(people)
}

/// The user as the file and what is there say together.
fn user(new: &Person, old: Option<&User>, now: Timestamp) -> User {
    let Person { id, name, active, roles, attributes } = new.clone();
    User {
        id,
        name,
        active: active.unwrap_or(old.is_none_or(|old| old.active)),
        roles: roles.or(old.map(|old| old.roles.clone())).unwrap_or_default(),
        attributes: attributes.or(old.map(|old| old.attributes.clone())).unwrap_or_default(),
        created_at: old.map_or(now, |old| old.created_at),
        version: old.map_or(0, |old| old.version),
    }
}

fn branches(
    conn: &mut Connection,
    job: &Job,
    rows: &[Line<Unit>],
    wrong: &mut Wrong,
    counts: &mut Tally,
) -> Result<Vec<Unit>, Stop> {
    let present = units::list(conn, &job.actor.business)?;
    let mut all: BTreeMap<String, Unit> = present.into_iter().map(|unit| (unit.id.clone(), unit)).collect();
    let mut places = BTreeMap::new();
    let mut saved = Vec::new();
    for Line { at, value: new } in rows {
        wrong.note(at, named(&new.id, "unit"));
        if let Some(before) = places.insert(new.id.as_str(), at) {
            wrong.add(at, "twice", format!("unit \"{}\" is there twice, in {before} too", new.id));
        }
        let old = all.get(&new.id);
        let version = old.map_or(0, |old| old.version);
        let same = Unit { version, ..new.clone() };
        if count(counts, old, &same) {
            let new = Unit { version: version + 1, ..same };
            saved.push(new.clone());
            all.insert(new.id.clone(), new);
        }
    }
    let all: Vec<Unit> = all.into_values().collect();
    if let Some((id, refusal)) = tree::wrong(&all) {
        let at = places.get(id).map_or("units", |at| at.as_str());
        wrong.note(at, Err(refusal));
    }
    Ok(saved)
}

fn seats(
    conn: &mut Connection,
    job: &Job,
    import: &OrgImport,
    wrong: &mut Wrong,
    counts: &mut Tally,
) -> Result<Vec<Position>, Stop> {
    let business = &job.actor.business;
    let present = positions::list(conn, business)?;
    let inside = units::list(conn, business)?;
    let inside: BTreeSet<&str> = inside
        .iter()
        .map(|unit| unit.id.as_str())
        .chain(import.units.iter().map(|row| row.value.id.as_str()))
        .collect();
    let held = import.positions.iter().filter_map(|row| row.value.1.user.as_ref().map(UserId::as_str));
    let held: BTreeSet<&str> = held.collect();
    let held: Vec<&str> = held.into_iter().collect();
    let there = users::among(conn, business, &held)?;
    let there: BTreeSet<&str> =
        there.iter().map(|user| user.id.as_str()).chain(import.users.iter().map(|row| row.value.id.as_str())).collect();
    let before: BTreeMap<String, Position> =
        present.into_iter().map(|position| (position.id.clone(), position)).collect();
    let mut all = before.clone();
    let mut places: BTreeMap<&str, Vec<&Line<(String, Period)>>> = BTreeMap::new();
    for row in &import.positions {
        let (at, (id, period)) = (&row.at, &row.value);
        wrong.note(at, named(id, "position"));
        if period.window.is_empty() {
            wrong.add(at, "empty_time", "it ends before it begins".to_owned());
            continue;
        }
        if !inside.contains(period.unit.as_str()) {
            wrong.add(at, "not_there", format!("there is no unit \"{}\"", period.unit));
        }
        if let Some(missing) = period.user.as_ref().filter(|user| !there.contains(user.as_str())) {
            wrong.add(at, "not_there", format!("there is no user \"{missing}\""));
        }
        let rows = places.entry(id).or_default();
        if let Some(same) = rows.iter().find(|one| one.value.1.window.overlap(period.window).is_some()) {
            wrong.add(at, "twice", format!("position \"{id}\" is there twice for the same time, in {} too", same.at));
        }
        rows.push(row);
        let new = || Position { id: id.clone(), periods: Vec::new(), version: 0 };
        let position = all.entry(id.clone()).or_insert_with(new);
        // The files do not tell of limits: those that are there stay.
        let there = position.periods.iter().find(|old| old.window.overlap(period.window).is_some());
        let limits = there.map(|old| old.limits.clone()).unwrap_or_default();
        position.set(Period { limits, ..period.clone() });
    }
    let mut saved = Vec::new();
    for id in places.keys() {
        let Some(new) = all.get_mut(*id) else { continue };
        if count(counts, before.get(*id), new) {
            new.version += 1;
            saved.push(new.clone());
        }
    }
    let all: Vec<Position> = all.into_values().collect();
    if let Some((id, refusal)) = hierarchy::flaw(&all) {
        let at = places.get(id.as_str()).and_then(|rows| rows.first()).map_or("positions", |row| row.at.as_str());
        wrong.note(at, Err(refusal));
    }
    Ok(saved)
}

/// Tally it; whether it is to be written.
fn count<T: PartialEq>(counts: &mut Tally, old: Option<&T>, new: &T) -> bool {
    match old {
        Some(old) if old == new => counts.same += 1,
        Some(_) => counts.changed += 1,
        None => counts.created += 1,
    }
    old != Some(new)
}

impl Wrong {
    fn add(&mut self, at: &str, code: &str, detail: String) {
        self.0.push(FieldError { pointer: at.to_owned(), code: code.to_owned(), detail });
    }

    fn note(&mut self, at: &str, looked: Result<(), Refusal>) {
        if let Err(refusal) = looked {
            self.add(at, &refusal.code, refusal.detail);
        }
    }

    fn refused(self) -> Result<(), Refusal> {
        if self.0.is_empty() {
            return Ok(());
        }
        let sentence = format!("{} places are wrong, and nothing was taken over; see errors", self.0.len());
        Err(Refusal::invalid("import_refused", sentence).with_errors(self.0))
    }
}
