//! For random rights, people, positions and records: what is found is what can be got is what the rights say; and the
//! values of a field that the caller may not read change no answer, whatever is asked and however.

use super::world::{self, PEOPLE, WORDS, World, expect, person, unread_changed};
use crate::runtime::{actor, map, node};
use crate::support::{TestDatabase, on_both};
use kamflow::model::actor::Actor;
use kamflow::model::aggregate::{Aggregate, Grouping, Measure};
use kamflow::model::authority::Limits;
use kamflow::model::directory::{Period, Unit, UnitKind, User};
use kamflow::model::filter::{Condition, Filter, Operator};
use kamflow::model::ids::{BusinessId, RecordId};
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::page::{Page, Search};
use kamflow::model::refusal::Refusal;
use kamflow::model::seen_record::SeenRecord;
use kamflow::model::text::Text;
use kamflow::model::time::Timestamp;
use kamflow::model::window::Window;
use kamflow::runtime::request::{Change, Outcome, Request};
use kamflow::runtime::{Runtime, operator};
use kamflow::server::{first_run, folders};
use serde_json::json;

#[test]
fn what_is_found_is_what_can_be_got_is_what_the_rights_say() {
    on_both(|database| {
        let stage = Stage::on(database);
        let (mut seen, mut hidden) = (0, 0);
        for seed in 0..12 {
            let world = world::world(seed);
            let play = stage.play(&format!("w{seed}"), &world, &world.items);
            for who in 0..PEOPLE {
                let (some, less) =
                    play.agrees(&world, who).unwrap_or_else(|wrong| panic!("world {seed}, {who}: {wrong}"));
                seen += some;
                hidden += less;
            }
        }
        assert!(seen > 100 && hidden > 50, "{seen} records seen, {hidden} with something hidden");
    });
}

#[test]
fn a_field_that_may_not_be_read_changes_no_answer() {
    on_both(|database| {
        let stage = Stage::on(database);
        let (mut differ, mut asked) = (0, 0);
        for seed in 100..112 {
            let world = world::world(seed);
            let who = usize::try_from(seed).unwrap() % PEOPLE;
            let others: Vec<JsonMap> = world.items.iter().map(|item| unread_changed(&world, who, item)).collect();
            differ += world.items.iter().zip(&others).filter(|(one, other)| one != other).count();
            let one = stage.play(&format!("a{seed}"), &world, &world.items).answers(who);
            let other = stage.play(&format!("b{seed}"), &world, &others).answers(who);
            asked += one.len();
            for ((question, one), (_, other)) in one.iter().zip(&other) {
                assert_eq!(one, other, "world {seed}, {}: {question}", person(who));
            }
        }
        assert!(differ > 60, "{differ} records differ, {asked} questions");
    });
}

/// A runtime that worlds are played on, each in a business of its own.
struct Stage {
    runtime: Runtime,
    threads: tokio::runtime::Runtime,
}

/// A world on the stage.
struct Play<'s> {
    stage: &'s Stage,
    business: String,
    heads: Vec<RecordId>,
    items: Vec<RecordId>,
}

impl Stage {
    fn on(database: &TestDatabase) -> Stage {
        let threads = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Stage { runtime: node(database, 2, 1_000), threads }
    }

    fn play(&self, business: &str, world: &World, items: &[JsonMap]) -> Play<'_> {
        let id = BusinessId::from(business);
        self.threads.block_on(first_run::create_business(&self.runtime, &id, Text::same(business))).unwrap();
        for (number, roles) in world.roles.iter().enumerate() {
            let user = User {
                id: person(number).into(),
                name: person(number),
                active: true,
                roles: roles.iter().map(|role| (*role).to_owned()).collect(),
                attributes: JsonMap::new(),
                created_at: Timestamp::default(),
                version: 0,
            };
            self.change(operator(id.clone()), Change::PutUser { user, password: None }).unwrap();
        }
        self.change(
            operator(id.clone()),
            Change::PutUnit(Unit {
                id: "u".into(),
                parent: None,
                title: Text::same("U"),
                kind: UnitKind::Team,
                version: 0,
            }),
        )
        .unwrap();
        let hour_ago = Timestamp(self.runtime.now().0 - 3_600_000);
        for (number, seat) in world.hierarchy.seats.iter().enumerate() {
            let manager = seat.above.map(|above| format!("s{above}"));
            let put = |holder: &Option<String>, window: Window| {
                let user = holder.clone().map(Into::into);
                let (unit, title, manager, limits) = ("u".into(), "S".into(), manager.clone(), Limits::new());
                let period = Period { window, unit, title, user, manager, limits };
                self.change(operator(id.clone()), Change::PutPosition { id: format!("s{number}"), period }).unwrap();
            };
            put(&seat.before, Window::between(None, Some(hour_ago)));
            put(&seat.holder, Window::between(Some(hour_ago), None));
        }
        let files = world.files().into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        self.threads.block_on(folders::deploy(&self.runtime, &id, files, "test")).unwrap();
        let mut play = Play { stage: self, business: business.to_owned(), heads: Vec::new(), items: Vec::new() };
        play.heads = world.heads.iter().map(|fields| play.create("head", fields)).collect();
        play.items = items.iter().map(|fields| play.create("item", &play.with_head(fields))).collect();
        play
    }

    fn change(&self, actor: Actor, change: Change) -> Result<Outcome, Refusal> {
        let request = Request { actor, change, idempotency: None, if_match: None };
        self.threads.block_on(self.runtime.execute(request)).map(|done| done.outcome)
    }
}

impl Play<'_> {
    /// The item with the id of its head in place of the number.
    fn with_head(&self, fields: &JsonMap) -> JsonMap {
        let mut fields = fields.clone();
        let number = fields.remove("head").and_then(|number| number.as_u64());
        if let Some(head) = number.and_then(|number| self.heads.get(usize::try_from(number).unwrap())) {
            fields.insert("head".into(), json!(head));
        }
        fields
    }

    fn create(&self, record_type: &str, fields: &JsonMap) -> RecordId {
        let change = Change::CreateRecord { record_type: record_type.into(), fields: fields.clone() };
        match self.stage.change(self.who(0), change) {
            Ok(Outcome::Record(made)) => made.record.id,
            other => panic!("{other:?}"),
        }
    }

    fn who(&self, number: usize) -> Actor {
        // Roles come from the directory, as they do for a token.
        let business = BusinessId::from(self.business.as_str());
        let admin = operator(business.clone());
        let user = self.stage.threads.block_on(self.stage.runtime.user(&admin, &person(number).into())).unwrap();
        let roles: Vec<&str> = user.roles.iter().map(String::as_str).collect();
        Actor { business, ..actor(&person(number), &roles) }
    }

    fn get(&self, by: &Actor, id: &RecordId) -> Result<SeenRecord, Refusal> {
        self.stage.threads.block_on(self.stage.runtime.record(by, "item", id))
    }

    /// All pages of a search, and the total that each of them told.
    fn find(&self, by: &Actor, filter: Option<(&str, Operator, Json)>) -> Result<(Vec<SeenRecord>, Vec<i64>), Refusal> {
        let filter = filter.into_iter().map(|(field, operator, value)| {
            Filter::Where(Condition { field: field.to_owned(), operator, value, at: format!("/filter/{field}") })
        });
        let mut search = Search { filter: filter.collect(), limit: 3, ..Search::default() };
        let (mut all, mut totals) = (Vec::new(), Vec::new());
        loop {
            let page = self.stage.threads.block_on(self.stage.runtime.records(by, "item", search.clone()))?;
            all.extend(page.items);
            totals.push(page.total);
            match page.next {
                Some(next) => search.cursor = Some(next),
                None => return Ok((all, totals)),
            }
        }
    }

    /// Compares what somebody sees with the rights as they are written: how many records, and how many with less.
    fn agrees(&self, world: &World, who: usize) -> Result<(usize, usize), String> {
        let (by, rights) = (self.who(who), &world.rights["item"]);
        let expected: Vec<usize> =
            (0..self.items.len()).filter(|item| world.any(&rights.read, who, &world.items[*item])).collect();
        let got: Vec<usize> = (0..self.items.len()).filter(|item| self.get(&by, &self.items[*item]).is_ok()).collect();
        if got != expected {
            return Err(format!("{got:?} can be got and not {expected:?}; {rights:?}"));
        }
        // Without any right there is no such type.
        let found = match self.find(&by, None) {
            Ok((found, totals)) => {
                let wrong = totals.iter().find(|total| **total != i64::try_from(expected.len()).unwrap());
                if let Some(total) = wrong {
                    return Err(format!("{total} are counted and not {}", expected.len()));
                }
                found
            }
            Err(refusal) if refusal.code == "not_found" => Vec::new(),
            Err(refusal) => return Err(refusal.detail),
        };
        let ids: Vec<&RecordId> = found.iter().map(|seen| &seen.record.id).collect();
        let same: Vec<&RecordId> = expected.iter().map(|item| &self.items[*item]).collect();
        if ids != same {
            return Err(format!("{} are found and not {}", ids.len(), same.len()));
        }
        let mut less = 0;
        for (seen, item) in found.iter().zip(expected) {
            let by_itself = self.get(&by, &self.items[item]).unwrap();
            let expected = expect(world, who, &world.items[item]);
            let names = |names: &[String]| -> Vec<String> {
                let mut names = names.to_vec();
                names.sort_unstable();
                names
            };
            if *seen != by_itself || (seen.allowed.clone(), names(&seen.hidden), names(&seen.read_only)) != expected {
                return Err(format!("item {item} is {seen:?}, by itself {by_itself:?}, expected {expected:?}"));
            }
            if let Some(shown) = seen.hidden.iter().find(|name| seen.record.fields.contains_key(*name)) {
                return Err(format!("item {item} shows {shown}"));
            }
            less += usize::from(!seen.hidden.is_empty());
        }
        Ok((found.len(), less))
    }

    /// Everything that somebody can ask about items, with the answers; ids are told by the order of creation.
    fn answers(&self, who: usize) -> Vec<(String, String)> {
        let by = self.who(who);
        let mut answers = Vec::new();
        let mut told = |question: String, answer: Json| answers.push((question, self.named(&answer.to_string())));
        for (number, id) in self.items.iter().enumerate() {
            told(format!("get {number}"), json!(self.get(&by, id)));
            let history = self.stage.threads.block_on(self.stage.runtime.record_history(
                &by,
                "item",
                id,
                Search { limit: 50, ..Search::default() },
            ));
            told(format!("history of {number}"), json!(history));
        }
        told("all".into(), json!(self.find(&by, None)));
        let texts = |field: &str| -> Vec<Json> {
            let people = ["me".to_owned()].into_iter().chain((0..PEOPLE).map(person)).map(Json::from);
            match field {
                "number" | "double" => (0..10).map(Json::from).collect(),
                "echo" => WORDS.iter().map(|word| json!(format!("{word}-{word}"))).collect(),
                "owner" | "helper" => people.collect(),
                "head" => self.heads.iter().map(|id| json!(id)).collect(),
                _ => WORDS.iter().map(|word| json!(word)).collect(),
            }
        };
        for field in ["name", "label", "secret", "number", "echo", "double", "owner", "helper", "head", "crew", "team"]
        {
            for (position, value) in texts(field).into_iter().enumerate() {
                let found = self.find(&by, Some((field, Operator::Eq, value)));
                told(format!("{field} is its value {position}"), json!(found));
            }
            let found = self.find(&by, Some((field, Operator::Like, json!("a%"))));
            told(format!("{field} begins with a"), json!(found));
            for down in [false, true] {
                let search = Search { sort: Some((field.to_owned(), down)), limit: 5, ..Search::default() };
                let found = self.stage.threads.block_on(self.stage.runtime.records(&by, "item", search));
                // A cursor holds an id, which is another one in every world.
                let found = found.map(|Page { items, next, total }| (items, next.is_some(), total));
                told(format!("by {field}, {down}"), json!(found));
            }
            told(format!("has {field}"), json!(self.find(&by, Some((field, Operator::Exists, json!(true))))));
            told(format!("{field} from a on"), json!(self.find(&by, Some((field, Operator::Gte, json!("a"))))));
            told(format!("{field} from 2 on"), json!(self.find(&by, Some((field, Operator::Gte, json!(2))))));
            let either = Filter::Any(["label", field].map(|field| vec![self.asks(field, json!(WORDS[0]))]).into());
            let search = Search { filter: vec![either], limit: 50, ..Search::default() };
            let found = self.stage.threads.block_on(self.stage.runtime.records(&by, "item", search));
            told(format!("label or {field}"), json!(found));
            let count = ("n".to_owned(), Measure::Count);
            let sum = ("s".to_owned(), Measure::Max(field.to_owned()));
            for (group, measures) in [(Some(field), vec![count.clone()]), (None, vec![count, sum])] {
                told(format!("summed up by {group:?} and {}", measures.len()), self.summed(&by, group, measures));
            }
        }
        // Last, for what may be changed is changed.
        for (number, id) in self.items.iter().enumerate() {
            for fields in [
                json!({"secret": WORDS[0]}),
                json!({"secret": WORDS[1], "label": "x"}),
                json!({"number": 1}),
                json!({"label": "y"}),
            ] {
                let (record_type, id) = ("item".to_owned(), id.clone());
                let change = Change::UpdateRecord { record_type, id, fields: map(fields.clone()), reason: None };
                told(format!("{number} becomes {fields}"), json!(self.stage.change(by.clone(), change)));
            }
        }
        answers
    }

    fn asks(&self, field: &str, value: Json) -> Filter {
        Filter::Where(Condition {
            field: field.to_owned(),
            operator: Operator::Eq,
            value,
            at: format!("/filter/{field}"),
        })
    }

    fn summed(&self, by: &Actor, group: Option<&str>, measures: Vec<(String, Measure)>) -> Json {
        let group = group.map(|field| Grouping { field: field.to_owned(), by: None }).into_iter().collect();
        let asked = Aggregate { group, measures, filter: Vec::new(), sort: Vec::new(), limit: 100, as_of: None };
        let summed = self.stage.threads.block_on(self.stage.runtime.record_summaries(by, "item", asked));
        json!(summed.map(|rows| format!("{rows:?}")))
    }

    fn named(&self, answer: &str) -> String {
        let mut answer = answer.replace(&format!("\"{}\"", self.business), "\"business\"");
        let ids = self.items.iter().enumerate().map(|(number, id)| (format!("item {number}"), id));
        let heads = self.heads.iter().enumerate().map(|(number, id)| (format!("head {number}"), id));
        for (name, id) in ids.chain(heads) {
            answer = answer.replace(id.as_str(), &name);
        }
        answer
    }
}
