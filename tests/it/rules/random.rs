//! Random commands on a type with all rules answer as the naive model says, and leave what it keeps.

use super::model::{Asked, Model, NODE};
use crate::runtime::{ann, map, request, rows, with};
use crate::support::app::{BUSINESS, TestApp};
use crate::support::on_both;
use kamflow::model::ids::RecordId;
use kamflow::model::json::Json;
use kamflow::runtime::request::{Change, Outcome};
use kamflow::store::records;
use serde_json::json;
use std::collections::BTreeMap;

/// Commands of one run.
const STEPS: usize = 400;

#[test]
fn random_commands_do_what_the_model_says() {
    on_both(|database| {
        let app = with(database, &[("records/node.yaml", NODE)]);
        for seed in [1, 2, 3] {
            super::model::sql(database, "DELETE FROM records; DELETE FROM record_keys; DELETE FROM record_index");
            super::model::sql(database, "DELETE FROM record_numbers; DELETE FROM record_history");
            run(database, &app, seed);
        }
    });
}

fn run(database: &crate::support::TestDatabase, app: &TestApp, seed: u64) {
    let (mut dice, mut model) = (Dice(seed), Model::default());
    let (mut ids, mut done): (BTreeMap<usize, RecordId>, usize) = Default::default();
    for step in 0..STEPS {
        let asked = dice.command(ids.len());
        let expected = model.carry_out(&asked);
        let change = change(&asked, &ids);
        let answer = app.wait(app.runtime.execute(request(ann(), change)));
        let code = answer.as_ref().err().map_or("", |refusal| refusal.code.as_str());
        assert_eq!(code, expected, "seed {seed}, step {step}: {asked:?} {answer:?}");
        if let (Asked::Create(_), Ok(answer)) = (&asked, &answer) {
            let Outcome::Record(record) = &answer.outcome else { panic!("{answer:?}") };
            ids.insert(ids.len() + 1, record.record.id.clone());
        }
        done += usize::from(code.is_empty());
    }
    assert!(done > STEPS / 8 && done < STEPS, "{done} of {STEPS} were carried out");
    // What is kept, record by record.
    let conn = &mut database.connect();
    for (node, (version, fields)) in &model.kept {
        let found = records::find(conn, &BUSINESS.into(), "node", &ids[node]).unwrap().unwrap();
        let expected = with_ids(&json!(fields), &ids);
        assert_eq!((found.version, Json::Object(found.fields)), (*version, expected), "seed {seed}, node {node}");
    }
    assert_eq!(rows(database, "records"), model.kept.len() as i64);
    let open = model.kept.values().filter(|(_, fields)| fields["state"] == "open" && fields.contains_key("name"));
    assert_eq!(rows(database, "record_keys"), open.count() as i64);
    let named = model.kept.values().flat_map(|(_, fields)| REFS.iter().filter(|field| fields.contains_key(**field)));
    assert_eq!(rows(database, "record_index"), named.count() as i64);
    // Every version is told of: the last change of each field is what it has now.
    for id in ids.values() {
        let kept = records::find(conn, &BUSINESS.into(), "node", id).unwrap().map(|record| record.fields);
        let told = records::history(conn, &BUSINESS.into(), "node", id, &[], None, 1_000).unwrap().items;
        let mut fields = kamflow::model::json::JsonMap::new();
        for change in told {
            assert_eq!(fields.get(&change.field).unwrap_or(&Json::Null), &change.old);
            fields.insert(change.field, change.new);
        }
        fields.retain(|_, value| !value.is_null());
        assert_eq!(fields, kept.unwrap_or_default());
    }
}

const REFS: [&str; 3] = ["parent", "friend", "needs"];

fn change(asked: &Asked, ids: &BTreeMap<usize, RecordId>) -> Change {
    let nobody = || RecordId::from("nobody");
    let of = |node: &usize| ids.get(node).cloned().unwrap_or_else(nobody);
    let why = |reason: &bool| reason.then(|| "because".to_owned());
    let record_type = "node".to_owned();
    match asked {
        Asked::Create(fields) => Change::CreateRecord { record_type, fields: map(with_ids(fields, ids)) },
        Asked::Change(node, patch, reason) => {
            let fields = map(with_ids(patch, ids));
            Change::UpdateRecord { record_type, id: of(node), fields, reason: why(reason) }
        }
        Asked::Delete(node, reason) => Change::DeleteRecord { record_type, id: of(node), reason: why(reason) },
    }
}

/// The same fields with the ids of records in place of their numbers.
fn with_ids(fields: &Json, ids: &BTreeMap<usize, RecordId>) -> Json {
    let mut fields = fields.clone();
    for field in REFS {
        if let Some(node) = fields.get(field).and_then(Json::as_u64) {
            let id = ids.get(&(node as usize)).map_or("nobody", |id| id.as_str());
            fields[field] = json!(id);
        }
    }
    fields
}

/// A generator of numbers that is the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % sides
    }

    fn command(&mut self, created: usize) -> Asked {
        match self.roll(10) {
            0..3 => Asked::Create(self.fields(created)),
            3..8 => Asked::Change(1 + self.roll(created + 1), self.fields(created), self.roll(2) == 0),
            _ => Asked::Delete(1 + self.roll(created + 1), self.roll(3) > 0),
        }
    }

    fn fields(&mut self, created: usize) -> Json {
        let mut fields = json!({});
        for _ in 0..self.roll(4) {
            let (name, value) = match self.roll(11) {
                0 | 1 => ("name", json!(format!("n{}", self.roll(12)))),
                2 => ("state", json!(if self.roll(4) == 0 { "closed" } else { "open" })),
                3 => ("price", json!(self.roll(3))),
                4 => ("gift", json!(self.roll(2) == 0)),
                5 => ("secret", json!(self.roll(2))),
                6 => ("parts", [json!([]), json!([{"n": 4}, {"n": 6}]), json!([{"n": 9}])][self.roll(3)].clone()),
                7 | 8 => ("parent", json!(1 + self.roll(created + 1))),
                9 => ("friend", json!(1 + self.roll(created + 1))),
                _ => ("needs", json!(1 + self.roll(created + 1))),
            };
            let clear = name != "state" && self.roll(4) == 0;
            fields[name] = if clear { Json::Null } else { value };
        }
        fields
    }
}
