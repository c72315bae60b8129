//! A naive model of one record type with all rules, in memory: what each command must answer, and what is kept after.

use crate::support::TestDatabase;
use kamflow::model::json::Json;
use serde_json::json;
use std::collections::BTreeMap;

/// The type that the model is of. Its checks, in words: a gift has no price, and parts add up to 10.
pub const NODE: &str = "\
record: node
title: {en: Node, zh: 节点}
fields:
  number: {type: string}
  name:   {type: string, max: 50}
  state:  {type: enum, values: [open, closed], default: open}
  price:  {type: int}
  gift:   {type: bool}
  secret: {type: int, reason: true}
  parts:  {type: list, of: {type: map, fields: {n: {type: int}}}}
  parent: {type: ref, record: node, acyclic: true, on_delete: cascade}
  friend: {type: ref, record: node, on_delete: clear}
  needs:  {type: ref, record: node}
number: 'N-{0}'
unique: [{fields: [name], where: state == \"open\"}]
check:
  - {rule: gift != true || price == (), message: {en: A gift has no price., zh: 赠品没有价格。}}
sum: [{of: parts.n, is: 10}]
immutable: {when: state == \"closed\", except: [friend]}
columns: {name: name, parent: parent, status: state}
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk], delete: [role:clerk]}
";

/// What was asked.
#[derive(Debug, Clone)]
pub enum Asked {
    Create(Json),
    Change(usize, Json, bool),
    Delete(usize, bool),
}

/// The records by their number in the test, with their versions.
#[derive(Debug, Default, Clone)]
pub struct Model {
    pub kept: BTreeMap<usize, (i64, BTreeMap<String, Json>)>,
    next: usize,
}

type Fields = BTreeMap<String, Json>;

impl Model {
    /// Carries out what was asked: the code of the refusal, or nothing.
    pub fn carry_out(&mut self, asked: &Asked) -> &'static str {
        let mut after = self.clone();
        let code = match asked {
            Asked::Create(fields) => after.create(fields),
            Asked::Change(node, patch, reason) => after.change(*node, patch, *reason),
            Asked::Delete(node, reason) => after.delete(*node, *reason),
        };
        if code.is_empty() {
            *self = after;
        }
        code
    }

    fn create(&mut self, given: &Json) -> &'static str {
        let mut fields = Fields::new();
        merge(&mut fields, given);
        fields.entry("state".into()).or_insert(json!("open"));
        if self.names_nobody(&fields) {
            return "invalid_record";
        }
        self.next += 1;
        fields.insert("number".into(), json!(format!("N-{}", self.next)));
        let node = self.next;
        self.kept.insert(node, (1, fields));
        self.meets_rules(node)
    }

    fn change(&mut self, node: usize, patch: &Json, reason: bool) -> &'static str {
        let Some((version, before)) = self.kept.get(&node).cloned() else { return "not_found" };
        let mut fields = before.clone();
        merge(&mut fields, patch);
        let changed = |name: &str| before.get(name) != fields.get(name);
        let names = before.keys().chain(fields.keys());
        if before["state"] == "closed" && names.clone().any(|name| name != "friend" && changed(name)) {
            return "immutable";
        }
        let mut given = Fields::new();
        merge(&mut given, patch);
        if self.names_nobody(&given) {
            return "invalid_record";
        }
        if changed("secret") && !reason {
            return "reason_required";
        }
        if !names.clone().any(|name| changed(name)) {
            return "";
        }
        let moved = changed("parent");
        self.kept.insert(node, (version + 1, fields));
        let code = self.meets_rules(node);
        if code.is_empty() && moved && self.above(node).contains(&node) { "cycle" } else { code }
    }

    fn delete(&mut self, node: usize, reason: bool) -> &'static str {
        if !self.kept.contains_key(&node) {
            return "not_found";
        }
        let mut going = vec![node];
        let mut looked = 0;
        while looked < going.len() {
            let level = going[looked..].to_vec();
            looked = going.len();
            if level.iter().any(|gone| self.kept[gone].1["state"] == "closed") {
                return "immutable";
            }
            if !reason && level.iter().any(|gone| self.kept[gone].1.contains_key("secret")) {
                return "reason_required";
            }
            for (other, (_, fields)) in &self.kept {
                if level.iter().any(|gone| names(fields, "parent", *gone)) && !going.contains(other) {
                    going.push(*other);
                }
            }
        }
        let kept: Vec<usize> = self.kept.keys().copied().filter(|node| !going.contains(node)).collect();
        let refers = |node: &usize, field: &str| going.iter().any(|gone| names(&self.kept[node].1, field, *gone));
        if kept.iter().any(|node| refers(node, "needs")) {
            return "referenced";
        }
        let cleared: Vec<usize> = kept.into_iter().filter(|node| refers(node, "friend")).collect();
        for node in cleared {
            let (version, fields) = self.kept.get_mut(&node).unwrap();
            (*version, _) = (*version + 1, fields.remove("friend"));
        }
        self.kept.retain(|node, _| !going.contains(node));
        ""
    }

    /// Whether it refers to what is not there.
    fn names_nobody(&self, fields: &Fields) -> bool {
        ["parent", "friend", "needs"].iter().filter_map(|field| fields.get(*field)).any(|node| {
            let node = node.as_u64().unwrap() as usize;
            !self.kept.contains_key(&node)
        })
    }

    fn meets_rules(&self, node: usize) -> &'static str {
        let (_, fields) = &self.kept[&node];
        let gift = fields.get("gift") == Some(&json!(true)) && fields.contains_key("price");
        let parts = fields.get("parts").and_then(Json::as_array).filter(|parts| !parts.is_empty());
        let sum = parts.map(|parts| parts.iter().filter_map(|part| part["n"].as_i64()).sum::<i64>());
        if gift || sum.is_some_and(|sum| sum != 10) {
            return "check_failed";
        }
        let same = |other: &Fields| other["state"] == "open" && other.get("name") == fields.get("name");
        let taken = self.kept.iter().any(|(other, (_, found))| *other != node && same(found));
        if fields["state"] == "open" && fields.contains_key("name") && taken { "not_unique" } else { "" }
    }

    fn above(&self, node: usize) -> Vec<usize> {
        let (mut way, mut next) = (Vec::new(), node);
        while let Some(parent) = self.kept[&next].1.get("parent") {
            next = parent.as_u64().unwrap() as usize;
            way.push(next);
            if next == node {
                break;
            }
        }
        way
    }
}

fn merge(fields: &mut Fields, patch: &Json) {
    for (name, value) in patch.as_object().unwrap() {
        match value {
            Json::Null => drop(fields.remove(name)),
            value => drop(fields.insert(name.clone(), value.clone())),
        }
    }
}

fn names(fields: &Fields, field: &str, node: usize) -> bool {
    fields.get(field) == Some(&json!(node))
}

/// Runs SQL on a database: for states that no request can make.
pub fn sql(database: &TestDatabase, text: &str) {
    use diesel::connection::SimpleConnection;
    database.connect().batch_execute(text).unwrap();
}
