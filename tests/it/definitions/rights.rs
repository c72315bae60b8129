//! Rights: words that name what is there, chains that end, and fields that are computed from limited ones.

use super::{findings, project, said};
use kamflow::definitions;
use kamflow::model::break_glass::Right;
use kamflow::model::record_access::Relation;
use std::collections::BTreeSet;

fn file(name: &str, fields: &str, access: &str) -> (String, String) {
    let text =
        format!("record: {name}\ntitle: {{en: A, zh: 甲}}\nfields:\n  own: {{type: user}}\n{fields}access: {access}\n");
    (format!("records/{name}.yaml"), text)
}

fn refused(files: &[(String, String)]) -> Vec<String> {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    findings(&files)
}

#[test]
fn words_name_fields_roles_and_kinds_that_are_there() {
    let fields = "  team: {type: list, of: {type: user}}\n  up: {type: ref, record: a}\n";
    let access = "{read: [on, member(own), reader(team), superior(tem), role:sales_reps], fields: {owm: {read: [own]}, team: {update: [direct_superior(up)]}}}";
    assert_eq!(
        refused(&[file("a", fields, access)]),
        [
            "records/a.yaml:7:17: \"on\" says nobody; write anyone, role:NAME, a user field, superior(FIELD), direct_superior(FIELD), member(FIELD) or reader(FIELD)",
            "records/a.yaml:7:21: \"member(own)\" needs a list of users, or of maps with a field \"user\"; \"own\" is another",
            "records/a.yaml:7:34: \"reader(team)\" needs a field of type ref; \"team\" is another",
            "records/a.yaml:7:48: there is no field \"tem\"; did you mean \"team\"?",
            "records/a.yaml:7:63: there is no role \"sales_reps\"; did you mean \"sales_rep\"?",
            "records/a.yaml:7:95: there is no field \"owm\"; did you mean \"own\"?",
            "records/a.yaml:7:126: \"direct_superior(up)\" needs a field of type user; \"up\" is another",
        ]
    );
}

#[test]
fn a_chain_of_readers_comes_to_an_end() {
    let link =
        |name: &str, to: &str| file(name, &format!("  up: {{type: ref, record: {to}}}\n"), "{read: [own, reader(up)]}");
    assert_eq!(refused(&[link("a", "a")]), ["records/a.yaml:6:22: who may read what leads in a circle: a → a"]);
    let circle = [link("a", "b"), link("b", "c"), link("c", "b")];
    assert_eq!(
        refused(&circle),
        [
            "records/b.yaml:6:22: who may read what leads in a circle: b → c → b",
            "records/c.yaml:6:22: who may read what leads in a circle: c → b → c",
        ]
    );
    let far = [link("a", "b"), link("b", "c"), link("c", "d"), link("d", "e"), file("e", "", "{read: [own]}")];
    assert_eq!(
        refused(&far),
        ["records/a.yaml:6:22: who may read what goes through more than 4 types: a → b → c → d → e"]
    );
    assert_eq!(refused(&far[1..]), Vec::<String>::new());
    // The rights of fields and of changes lead the same way.
    let other = file(
        "z",
        "  up: {type: ref, record: a}\n",
        "{read: [own], update: [reader(up)], fields: {own: {read: [reader(up)]}}}",
    );
    let far = [far[..4].to_vec(), vec![file("e", "", "{read: [own]}"), other]].concat();
    assert_eq!(refused(&far).len(), 3);
}

#[test]
fn what_is_computed_from_a_limited_field_is_limited() {
    let plugin = "plugin: p\nversion: '1.0'\ntitle: {en: P, zh: 插件}\nfunctions:\n  f: {script: f.rhai, input: {type: object}, output: {type: object}}\n";
    let text = "\
record: a
title: {en: A, zh: 甲}
fields:
  own: {type: user}
  secret: {type: string}
  phone: {type: string, personal: true}
  plain: {type: string}
  one: {type: string}
  two: {type: string}
  three: {type: string}
  open: {type: string}
  called: {type: string}
  area: {type: string, personal: false}
derive:
  one: {function: p/f, in: {x: secret}, value: result}
  two: {function: p/f, in: {x: '`${one}!`'}, value: result}
  three: {function: p/f, in: {x: plain}, value: 'result + plain'}
  open: {function: p/f, in: {x: secret}, value: result}
  called: {function: p/f, in: {x: plain}, value: '`${phone}`'}
  area: {function: p/f, in: {x: phone}, value: result}
access:
  read: [own, 'role:sales_ops', 'role:sales_rep']
  fields:
    secret: {read: [own]}
    open: {read: [anyone]}
    plain: {read: [own]}
    phone: {read: ['role:sales_ops']}
    two: {update: [own]}
";
    let parsed = definitions::parse(&project(&[
        ("records/a.yaml", text),
        ("plugins/p/plugin.yaml", plugin),
        ("plugins/p/f.rhai", "fn f(input) { #{} }"),
    ]));
    assert_eq!(said(&parsed), Vec::<String>::new());
    let a = parsed.definitions.unwrap().records["a"].clone();
    let limit = |relation: Relation| -> BTreeSet<&str> {
        let limits =
            a.access.limits.iter().filter(|limit| limit.read == [relation.clone(), Relation::LetIn(Right::Read)]);
        limits.flat_map(|limit| limit.fields.iter().map(String::as_str)).collect()
    };
    assert_eq!(
        limit(Relation::Person("own".into())),
        BTreeSet::from(["secret", "one", "two", "plain", "three", "called"])
    );
    assert_eq!(limit(Relation::Role("sales_ops".into())), BTreeSet::from(["phone", "called", "area"]));
    assert_eq!(limit(Relation::Anyone), BTreeSet::from(["open"]));
    let personal: Vec<&str> = a.fields.iter().filter(|field| field.personal).map(|field| field.name.as_str()).collect();
    assert_eq!(personal, ["phone", "called"]);
}
