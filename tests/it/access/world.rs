//! Random worlds: people with roles and positions, two record types with random rights, and records.

use super::naive::{Hierarchy, Word};
use crate::support::random::Random;
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::seen_record::RecordVerb;
use serde_json::json;
use std::collections::BTreeMap;

pub const PEOPLE: usize = 7;
pub const HEADS: usize = 4;
pub const ITEMS: usize = 12;
/// Values of the fields that are limited, and of one that is not.
pub const WORDS: [&str; 4] = ["ash", "birch", "cedar", "dogwood"];
/// Fields of an item that may be limited, with the field that is computed from them.
pub const LIMITED: [(&str, &str); 2] = [("secret", "echo"), ("number", "double")];

/// A world: what it is made of, and the rights as the test reads them.
pub struct World {
    pub roles: Vec<Vec<&'static str>>,
    pub hierarchy: Hierarchy,
    pub rights: BTreeMap<&'static str, Rights>,
    pub heads: Vec<JsonMap>,
    pub items: Vec<JsonMap>,
    columns: Vec<String>,
    /// What `owner` means in the rights of an item: the field of that column, or else the field of that name.
    owner: &'static str,
}

/// The rights of a type.
#[derive(Debug, Default)]
pub struct Rights {
    pub read: Vec<Word>,
    pub update: Vec<Word>,
    pub delete: Vec<Word>,
    /// Who reads a limited field.
    pub fields: BTreeMap<&'static str, Vec<Word>>,
    /// Who changes the label.
    pub label: Option<Vec<Word>>,
}

pub fn person(number: usize) -> String {
    format!("p{number}")
}

/// The world of a seed.
pub fn world(seed: u64) -> World {
    let random = &mut Random::new(seed);
    let head = Rights { read: words(random, &HEAD, 1), ..Rights::default() };
    let item = Rights {
        read: words(random, &ITEM, 1),
        update: words(random, &ITEM, 0),
        delete: words(random, &ITEM, 0),
        fields: LIMITED.into_iter().map(|(name, _)| (name, words(random, &ITEM, 0))).collect(),
        label: (random.below(2) == 0).then(|| words(random, &ITEM, 0)),
    };
    let owner = ["owner", "helper"].get(random.below(3)).copied();
    let columns = [
        ("owner", owner),
        ("parent", (random.below(2) == 0).then_some("head")),
        ("status", ["label", "secret"].get(random.below(3)).copied()),
    ];
    let columns = columns.into_iter().filter_map(|(column, field)| Some(format!("{column}: {}", field?)));
    World {
        roles: (0..PEOPLE).map(|_| ["clerk", "boss"].into_iter().filter(|_| random.below(4) == 0).collect()).collect(),
        hierarchy: Hierarchy::grown(random),
        rights: BTreeMap::from([("head", head), ("item", item)]),
        heads: (0..HEADS).map(|number| fields(random, &format!("h{number}"), None)).collect(),
        items: (0..ITEMS).map(|number| fields(random, &format!("i{number}"), Some(HEADS))).collect(),
        columns: columns.collect(),
        owner: owner.unwrap_or("owner"),
    }
}

const HEAD: [&str; 7] =
    ["anyone", "role:clerk", "role:boss", "owner", "superior(owner)", "direct_superior(owner)", "member(crew)"];
const ITEM: [&str; 11] = [
    "anyone",
    "role:clerk",
    "role:boss",
    "owner",
    "helper",
    "superior(owner)",
    "superior(helper)",
    "direct_superior(owner)",
    "member(crew)",
    "member(team)",
    "reader(head)",
];

/// Up to three words; `anyone` is rare, for it leaves nothing to look at.
fn words(random: &mut Random, of: &[&'static str], least: usize) -> Vec<Word> {
    let from = usize::from(random.below(8) > 0);
    (0..least + random.below(3)).map(|_| Word::parse(of[from + random.below(of.len() - from)])).collect()
}

fn fields(random: &mut Random, name: &str, heads: Option<usize>) -> JsonMap {
    let mut fields = json!({"name": name, "label": WORDS[random.below(2)]});
    let some = |random: &mut Random| (random.below(5) > 0).then(|| person(random.below(PEOPLE)));
    for field in ["owner", "helper"] {
        if let (Some(user), true) = (some(random), heads.is_some() || field == "owner") {
            fields[field] = json!(user);
        }
    }
    fields["crew"] = (0..random.below(3)).map(|_| Json::from(person(random.below(PEOPLE)))).collect();
    if let Some(heads) = heads {
        let team = (0..random.below(3)).map(|_| json!({"user": person(random.below(PEOPLE)), "part": "x"}));
        fields["team"] = team.collect();
        // The number of the head; it becomes its id.
        fields["head"] = json!(random.below(heads + 1));
        fields["secret"] = json!(WORDS[random.below(WORDS.len())]);
        fields["number"] = json!(random.below(4));
    }
    fields.as_object().unwrap().clone()
}

impl World {
    /// The files of the world.
    pub fn files(&self) -> Vec<(String, String)> {
        let list = |words: &[Word]| {
            let words: Vec<String> = words.iter().map(|word| format!("'{}'", word.text())).collect();
            format!("[{}]", words.join(", "))
        };
        let (head, item) = (&self.rights["head"], &self.rights["item"]);
        let mut limits = String::new();
        for (name, words) in &item.fields {
            limits.push_str(&format!("    {name}: {{read: {}}}\n", list(words)));
        }
        if let Some(words) = &item.label {
            limits.push_str(&format!("    label: {{update: {}}}\n", list(words)));
        }
        let head = format!(
            "record: head\ntitle: {{en: Head, zh: 头}}\nfields:\n  name: {{type: string}}\n  label: {{type: string}}\n  \
             owner: {{type: user}}\n  crew: {{type: list, of: {{type: user}}}}\n\
             access: {{read: {}, create: [anyone]}}\n",
            list(&head.read)
        );
        let item = format!(
            "record: item\ntitle: {{en: Item, zh: 项}}\nfields:\n  name: {{type: string}}\n  label: {{type: string}}\n  \
             owner: {{type: user}}\n  helper: {{type: user}}\n  crew: {{type: list, of: {{type: user}}}}\n  \
             team: {{type: list, of: {{type: map, fields: {{user: {{type: user}}, part: {{type: string}}}}}}}}\n  \
             head: {{type: ref, record: head}}\n  secret: {{type: string}}\n  number: {{type: int}}\n  \
             echo: {{type: string}}\n  double: {{type: int}}\nderive:\n  \
             echo: {{function: text/echo, in: {{of: secret}}, value: result.text}}\n  \
             double: {{function: text/double, in: {{of: number}}, value: result.number}}\n\
             keys: [secret]\nindexes: [[label], [number], [echo], [double], [owner], [helper], [head]]\n\
             columns: {{name: name{}}}\naccess:\n  read: {}\n  create: [anyone]\n  update: {}\n  delete: {}\n  fields:\n{limits}",
            self.columns.iter().map(|column| format!(", {column}")).collect::<String>(),
            list(&item.read),
            list(&item.update),
            list(&item.delete),
        );
        let plugin = "plugin: text\nversion: 1.0.0\ntitle: {en: Text, zh: 文本}\nfunctions:\n  \
            echo: {script: text.rhai, input: {type: object}, output: {type: object}}\n  \
            double: {script: text.rhai, input: {type: object}, output: {type: object}}\n";
        let script = "//! Says it again.\nfn echo(input) { #{text: `${input.of}-${input.of}`} }\n\
            fn double(input) { #{number: input.of * 2} }\n";
        let files = [
            ("records/head.yaml", head.as_str()),
            ("records/item.yaml", item.as_str()),
            ("plugins/text/plugin.yaml", plugin),
            ("plugins/text/text.rhai", script),
        ];
        crate::runtime::project(&files)
    }

    /// Whether somebody has one of these relations to an item, read as they are written.
    pub fn any(&self, words: &[Word], who: usize, item: &JsonMap) -> bool {
        words.iter().any(|word| self.holds(word, who, item, self.owner))
    }

    fn holds(&self, word: &Word, who: usize, fields: &JsonMap, owner: &str) -> bool {
        let of = |field: &str| fields.get(if field == "owner" { owner } else { field }).and_then(Json::as_str);
        match word {
            Word::Anyone => true,
            Word::Role(role) => self.roles[who].contains(role),
            Word::Person(field) => of(field) == Some(&person(who)),
            Word::Superior(field) => of(field).is_some_and(|user| self.hierarchy.above(user).contains(&person(who))),
            Word::Direct(field) => of(field).is_some_and(|user| self.hierarchy.next_above(user).contains(&person(who))),
            Word::Member(field) => fields.get(*field).and_then(Json::as_array).is_some_and(|people| {
                people.iter().any(|one| one.get("user").unwrap_or(one).as_str() == Some(&person(who)))
            }),
            Word::Reader(field) => {
                let head = fields.get(*field).and_then(Json::as_u64).and_then(|number| usize::try_from(number).ok());
                let head = head.and_then(|number| self.heads.get(number));
                let read = &self.rights["head"].read;
                head.is_some_and(|head| read.iter().any(|word| self.holds(word, who, head, "owner")))
            }
        }
    }
}

/// The item with other values in the limited fields that somebody may not read.
pub fn unread_changed(world: &World, who: usize, item: &JsonMap) -> JsonMap {
    let (mut changed, rights) = (item.clone(), &world.rights["item"]);
    let reads = |field: &str| world.any(&rights.read, who, item) && world.any(&rights.fields[field], who, item);
    if !reads("secret") {
        let at = WORDS.iter().position(|word| item["secret"] == *word).unwrap();
        changed.insert("secret".into(), json!(WORDS[(at + 1) % WORDS.len()]));
    }
    if !reads("number") {
        changed.insert("number".into(), json!(item["number"].as_i64().unwrap() + 1));
    }
    changed
}

/// What may be done with an item, what is hidden of it, and what of it is fixed.
pub fn expect(world: &World, who: usize, item: &JsonMap) -> (Vec<RecordVerb>, Vec<String>, Vec<String>) {
    let rights = &world.rights["item"];
    let computed: BTreeMap<&str, &str> = LIMITED.into_iter().map(|(field, computed)| (computed, field)).collect();
    let hidden = |field: &str| {
        let of = computed.get(field).copied().unwrap_or(field);
        rights.fields.get(of).is_some_and(|words| !world.any(words, who, item))
    };
    let update = world.any(&rights.update, who, item);
    let may = |field: &str| match &rights.label {
        Some(words) if field == "label" => world.any(words, who, item),
        _ => update && !hidden(field),
    };
    let all = [
        "attachments",
        "crew",
        "double",
        "echo",
        "head",
        "helper",
        "label",
        "name",
        "number",
        "owner",
        "secret",
        "team",
    ];
    let any = update || may("label");
    let mut verbs = Vec::new();
    if any {
        verbs.push(RecordVerb::Update);
    }
    if world.any(&rights.delete, who, item) {
        verbs.push(RecordVerb::Delete);
    }
    let own = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    let fixed = all.into_iter().filter(|field| any && (computed.contains_key(field) || !may(field)));
    (verbs, own(all.into_iter().filter(|field| hidden(field)).collect()), own(fixed.collect()))
}
