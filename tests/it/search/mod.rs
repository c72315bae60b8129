//! Searching and summing up records, on both databases.

mod aggregates;
mod naive;
mod orders;
mod past;
mod plans;
mod random;
mod refusals;
mod stories;
mod texts;

use crate::support::on_both_connected;
use kamflow::model::filter;
use kamflow::model::ids::{BusinessId, UserId};
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::record::Record;
use kamflow::model::record_type::RecordType;
use kamflow::model::refusal::Refusal;
use kamflow::model::time::Timestamp;
use kamflow::plugins::records::{Asking, insert, lookup};
use kamflow::plugins::{Desk, Stop};
use kamflow::runtime::library::{self, Library};
use kamflow::store::page::Count;
use kamflow::store::records::{After, FEW, Sight};
use kamflow::store::{Connection, users};
use serde_json::json;

/// Every kind of field, with columns, indexes, a key, text search, and fields that have none of these.
pub const DEAL: &str = "\
record: deal
title: {en: Deal, zh: 商机}
fields:
  name:     {type: string, required: true, max: 200, search: true}
  note:     {type: text, search: true}
  owner:    {type: user}
  status:   {type: enum, values: [open, won, lost]}
  stage:    {type: string, max: 500}
  amount:   {type: money}
  close:    {type: date}
  parent:   {type: ref, record: deal}
  region:   {type: string}
  industry: {type: enum, values: [bank, steel, energy]}
  size:     {type: int}
  rate:     {type: decimal}
  seen:     {type: datetime}
  listed:   {type: bool}
  tags:     {type: list, of: {type: string}}
  team:     {type: list, of: {type: map, fields: {user: {type: user}, share: {type: percent}}}}
  price:    {type: money}
  score:    {type: int}
  area:     {type: string}
  due:      {type: date}
  raw:      {type: json}
keys: [tags]
indexes: [[region], [size], [rate], [seen], [listed], [price], [industry, size], [status, close], [region, rate]]
columns: {name: name, owner: owner, status: status, stage: stage, amount: amount, due: close, parent: parent}
access: {read: [anyone], create: [anyone], update: [anyone]}
";

/// What records are put into and looked up from.
pub struct Place<'a> {
    pub conn: &'a mut Connection,
    pub library: Library,
    pub now: Timestamp,
    next: usize,
}

pub fn acme() -> BusinessId {
    BusinessId::from("acme")
}

/// Runs a test on each back end, with people and no deals.
pub fn with_deals(test: impl Fn(&mut Place)) {
    with_type(DEAL, test);
}

/// The same with another declaration of the type.
pub fn with_type(declared: &str, test: impl Fn(&mut Place)) {
    on_both_connected(|conn| {
        let pack = "pack: work\ntitle: {en: Work, zh: 工作}\nversion: '1.0'\nroles: {clerk: {en: Clerk, zh: 文员}}\n";
        let files = [("workflows/work/pack.yaml", pack), ("workflows/work/records/deal.yaml", declared)];
        let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into();
        let checked = library::check(&files, &acme());
        let library = checked.library.unwrap_or_else(|| panic!("{:?}", checked.findings));
        for login in ["ann", "bob", "李"] {
            users::upsert(conn, &acme(), &user(login)).unwrap();
        }
        test(&mut Place { conn, library, now: Timestamp(1_000_000), next: 0 });
    });
}

fn user(login: &str) -> kamflow::model::directory::User {
    kamflow::model::directory::User {
        id: login.into(),
        name: login.to_owned(),
        active: true,
        roles: Vec::new(),
        attributes: JsonMap::new(),
        created_at: Timestamp(0),
        version: 1,
    }
}

impl Place<'_> {
    pub fn record_type(&self) -> &RecordType {
        &self.library.definitions.records["deal"]
    }

    /// Puts a deal in; every one a second later than the one before.
    pub fn put(&mut self, fields: Json) -> Record {
        self.next += 1;
        self.now = Timestamp(self.now.0 + 1_000);
        let id = format!("r{:05}", self.next);
        self.at_desk(|desk| insert(desk, "deal", fields.as_object().unwrap()), id).unwrap()
    }

    /// Changes a deal.
    pub fn change(&mut self, record: &Record, fields: Json) -> Record {
        self.now = Timestamp(self.now.0 + 1_000);
        let change = |desk: &mut Desk| {
            kamflow::plugins::records::change(desk, record.clone(), fields.as_object().unwrap(), None)
        };
        self.at_desk(change, String::new()).unwrap()
    }

    pub fn at_desk<T>(&mut self, work: impl FnOnce(&mut Desk) -> T, id: String) -> T {
        let (business, actor) = (acme(), UserId::from("ann"));
        work(&mut Desk {
            conn: self.conn,
            business: &business,
            actor: &actor,
            now: self.now,
            instance: None,
            reason: None,
            through: None,
            definitions: &self.library.definitions,
            pinned: None,
            scripts: &self.library.scripts,
            new_id: &mut || id.clone(),
        })
    }

    /// What a search for all records finds, in pages of this size, and how many there are.
    pub fn find(&mut self, search: &Search) -> Result<(Vec<String>, Count), Refusal> {
        let (mut ids, mut after) = (Vec::new(), None);
        loop {
            let (items, next, count) = self.page(search, after)?;
            assert!(items.len() <= search.limit, "{search:?}");
            ids.extend(items.into_iter().map(|record| record.id.0));
            let Some(next) = next else { return Ok((ids, count)) };
            after = Some(next);
        }
    }

    /// A page of a search.
    pub fn page(
        &mut self,
        search: &Search,
        after: Option<After>,
    ) -> Result<(Vec<Record>, Option<After>, Count), Refusal> {
        let Json::Object(map) = search.filter.clone() else { panic!("a filter is an object") };
        let filter = filter::parse(map, "/filter").unwrap_or_else(|error| panic!("{error:?}"));
        let definitions = &self.library.definitions;
        let asking = Asking {
            definitions,
            record_type: &definitions.records["deal"],
            readable: &|field| !search.hidden.contains(&field),
            me: Some("ann"),
            past: false,
            few: search.few,
        };
        let lookup = lookup(asking, &acme(), search.sight.clone(), &filter, search.sort.as_ref())?;
        let limit = i64::try_from(search.limit).unwrap();
        let (page, count) = lookup.page_and_count(self.conn, after, limit).map_err(refusal)?;
        assert_eq!(lookup.count(self.conn).map_err(refusal)?, count, "{search:?}");
        Ok((page.items, page.next, count))
    }

    /// The ids that a filter finds.
    pub fn ids(&mut self, filter: Json) -> Vec<String> {
        self.find(&Search::of(filter)).unwrap().0
    }
}

/// The refusal that stopped something.
pub fn refusal(stop: Stop) -> Refusal {
    match stop {
        Stop::Refused(refusal) => refusal,
        Stop::Store(error) => panic!("{error}"),
    }
}

/// A search of a test.
#[derive(Debug, Clone)]
pub struct Search {
    pub filter: Json,
    pub sort: Option<(String, bool)>,
    pub sight: Sight,
    pub limit: usize,
    pub few: i64,
    pub hidden: Vec<&'static str>,
}

impl Search {
    pub fn of(filter: Json) -> Search {
        Search { filter, sort: None, sight: Sight::All, limit: 50, few: FEW, hidden: Vec::new() }
    }

    pub fn by(filter: Json, sort: &str) -> Search {
        Search { sort: kamflow::model::page::order(sort), ..Search::of(filter) }
    }
}

/// An amount.
pub fn money(amount: &str, currency: &str) -> Json {
    json!({ "amount": amount, "currency": currency })
}
