//! Record types: fields in the author's order, and rules that name fields which are there and fit.

use super::{findings, project, said};
use kamflow::definitions;
use kamflow::model::break_glass::Right;
use kamflow::model::field::FieldKind;
use kamflow::model::record_access::Relation;
use kamflow::model::record_type::Column;

const NORMALISE: &str = "\
plugin: customer-match
version: '1.0'
title: {en: Customer match, zh: 客户匹配}
functions:
  normalise:
    script: normalise.rhai
    input: {type: object, required: [name], properties: {name: {type: string}}}
    output: {type: object}
";

fn record(text: &str) -> Vec<String> {
    findings(&[
        ("records/customer.yaml", text),
        ("plugins/customer-match/plugin.yaml", NORMALISE),
        ("plugins/customer-match/normalise.rhai", "fn normalise(input) { #{} }"),
    ])
}

#[test]
fn a_whole_record_type_is_read() {
    let text = "\
record: customer
title: {en: Customer, zh: 客户}
fields:
  name: {type: string, title: {en: Name, zh: 名称}, required: true, max: 200, search: true}
  core: {type: string}
  aliases: {type: list, of: {type: string, max: 50}}
  owner: {type: user, required: true}
  parent: {type: ref, record: customer}
  grade: {type: enum, values: [a, b, no], default: no}
  revenue: {type: money, default: {amount: '0.00', currency: CNY}}
  share: {type: percent, default: 12.50}
  since: {type: date, default: 2026-01-31}
  address: {type: map, fields: {city: {type: string}, code: {type: string, max: 6}}}
  raw: {type: json}
derive:
  core: {function: customer-match/normalise, in: {name: name}, value: result.core}
keys: [core, aliases]
unique: [{fields: [name, owner], where: grade != \"no\"}]
indexes: [[grade, owner], [since]]
columns: {owner: owner, status: grade, parent: parent, due: since, name: name}
access: {read: [owner, 'role:sales_ops'], create: ['role:sales_rep'], update: [owner]}
";
    let parsed = definitions::parse(&project(&[
        ("records/customer.yaml", text),
        ("plugins/customer-match/plugin.yaml", NORMALISE),
        ("plugins/customer-match/normalise.rhai", "fn normalise(input) { #{} }"),
    ]));
    assert_eq!(said(&parsed), Vec::<String>::new());
    let customer = parsed.definitions.unwrap().records["customer"].clone();
    let names: Vec<&str> = customer.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "name",
            "core",
            "aliases",
            "owner",
            "parent",
            "grade",
            "revenue",
            "share",
            "since",
            "address",
            "raw",
            "attachments"
        ]
    );
    assert_eq!(customer.fields[0].kind, FieldKind::String { max: 200 });
    assert_eq!(customer.fields[2].kind, FieldKind::List(Box::new(FieldKind::String { max: 50 })));
    assert_eq!(customer.fields[5].kind, FieldKind::Enum(["a", "b", "no"].map(str::to_owned).to_vec()));
    assert_eq!(customer.fields[7].default.as_ref().unwrap().to_string(), "12.50");
    let FieldKind::Map(address) = &customer.fields[9].kind else { panic!("a map") };
    assert_eq!(address[1].at.to_string(), "workflows/sales/records/customer.yaml:13:55");
    assert_eq!(customer.derive[0].value.source.as_ref(), "result.core");
    assert_eq!(customer.unique[0].condition.as_ref().unwrap().source.as_ref(), "grade != \"no\"");
    assert_eq!(customer.columns[&Column::Due], "since");
    // Whoever is let in beyond the rules reads it, too.
    let let_in = Relation::LetIn(Right::Read);
    let read = [Relation::Person("owner".to_owned()), Relation::Role("sales_ops".to_owned()), let_in];
    assert_eq!(customer.access.read, read);
}

#[test]
fn rules_name_fields_that_are_there_and_fit() {
    let text = "\
record: customer
title: {en: Customer, zh: 客户}
fields:
  name: {type: string, required: true}
  note: {type: text}
  head: {type: ref, record: custommer}
derive:
  nmae: {function: customer-match/normalize, value: result}
  name: {function: customer-match/normalise, value: result.core}
keys: [nam, note]
unique: [{fields: [naem]}, {fields: [note]}]
indexes: [[name, nte], [note], []]
columns: {owner: name, status: note, due: name, parent: name, name: note}
access: {read: [owner, 'role:sales_opps', superior(owner), everybody]}
";
    assert_eq!(
        record(text),
        [
            "records/customer.yaml:6:29: there is no record type \"custommer\"; did you mean \"customer\"?",
            "records/customer.yaml:8:3: there is no field \"nmae\"; did you mean \"name\"?",
            "records/customer.yaml:8:20: there is no function in plugin \"customer-match\" called \"normalize\"; did you mean \"normalise\"?",
            "records/customer.yaml:9:3: \"name\" is computed, so nobody can be required to give it; take \"required\" away",
            "records/customer.yaml:9:3: function \"customer-match/normalise\" needs \"name\" under \"in\"",
            "records/customer.yaml:10:8: there is no field \"nam\"; did you mean \"name\"?",
            "records/customer.yaml:10:13: \"note\" cannot be a key: its values cannot be compared",
            "records/customer.yaml:11:20: there is no field \"naem\"; did you mean \"name\"?",
            "records/customer.yaml:11:38: \"note\" cannot be unique: its values cannot be compared",
            "records/customer.yaml:12:18: there is no field \"nte\"; did you mean \"note\"?",
            "records/customer.yaml:12:25: \"note\" cannot be filtered on: its values cannot be compared",
            "records/customer.yaml:12:32: an index names at least one field",
            "records/customer.yaml:13:18: the column \"owner\" needs a field of type user; \"name\" is another",
            "records/customer.yaml:13:32: the column \"status\" needs a field of type enum or string; \"note\" is another",
            "records/customer.yaml:13:43: the column \"due\" needs a field of type date or datetime; \"name\" is another",
            "records/customer.yaml:13:57: the column \"parent\" needs a field of type ref; \"name\" is another",
            "records/customer.yaml:13:69: the column \"name\" needs a field of type string; \"note\" is another",
            "records/customer.yaml:14:17: \"owner\" needs a field of type user; \"name\" is another",
            "records/customer.yaml:14:24: there is no role \"sales_opps\"; did you mean \"sales_ops\"?",
            "records/customer.yaml:14:43: \"superior(owner)\" needs a field of type user; \"name\" is another",
            "records/customer.yaml:14:60: \"everybody\" says nobody; write anyone, role:NAME, a user field, superior(FIELD), direct_superior(FIELD), member(FIELD) or reader(FIELD)",
        ]
    );
    let ownerless = "record: customer\ntitle: {en: C, zh: 客}\nfields:\n  n: {type: int}\naccess: {update: [owner]}\n";
    assert_eq!(
        record(ownerless),
        ["records/customer.yaml:5:19: \"owner\" needs the column that says who that is; add \"columns: {owner: …}\""]
    );
}

#[test]
fn a_field_says_what_its_type_needs_and_nothing_else() {
    let text = "\
record: customer
title: {en: Customer, zh: 客户}
fields:
  Name: {type: strng}
  a: {type: enum}
  b: {type: ref}
  c: {type: list}
  d: {type: map}
  e: {type: int, max: 5, values: [x], search: true}
  f: {type: list, of: {type: string, required: true}}
  g: {type: enum, values: [x, y, x]}
";
    assert_eq!(
        record(text),
        [
            "records/customer.yaml:4:3: \"Name\" is no name for a field; use lower-case letters, digits and underscores",
            "records/customer.yaml:4:16: unknown value \"strng\" of \"type\"; did you mean \"string\"?",
            "records/customer.yaml:5:13: a field of type enum needs \"values\" or \"list\"",
            "records/customer.yaml:6:13: a field of type ref needs \"record\"",
            "records/customer.yaml:7:13: a field of type list needs \"of\"",
            "records/customer.yaml:8:13: a field of type map needs \"fields\"",
            "records/customer.yaml:9:18: \"max\" belongs to a field of type string",
            "records/customer.yaml:9:26: \"values\" belongs to a field of type enum",
            "records/customer.yaml:9:39: only a field that holds text can be searched",
            "records/customer.yaml:10:38: \"required\" belongs to the list, not to its entries",
            "records/customer.yaml:11:34: the value \"x\" stands twice",
        ]
    );
}

#[test]
fn a_default_fits_its_field() {
    let text = "\
record: customer
title: {en: Customer, zh: 客户}
fields:
  a: {type: string, max: 2, default: abc}
  b: {type: int, default: 1.5}
  c: {type: money, default: 10}
  d: {type: money, default: {amount: '1.005', currency: CNY}}
  e: {type: date, default: 2026-02-30}
  f: {type: datetime, default: 2026-01-31}
  g: {type: enum, values: [x, y], default: z}
  h: {type: list, of: {type: bool}, default: [true, 1]}
  i: {type: map, fields: {j: {type: int}}, default: {k: 1}}
  l: {type: decimal, default: one}
  m: {type: bool, default: 'true'}
";
    assert_eq!(
        record(text),
        [
            "records/customer.yaml:4:38: the default of \"a\" has more than 2 characters",
            "records/customer.yaml:5:27: the default of \"b\" must be a whole number",
            "records/customer.yaml:6:29: the default of \"c\" must be money: {amount: \"1234.50\", currency: CNY}",
            "records/customer.yaml:7:29: the default of \"d\" is no money: 1.005 CNY has more than 2 digits after the point",
            "records/customer.yaml:8:28: the default of \"e\" must be a date such as 2026-01-31",
            "records/customer.yaml:9:32: the default of \"f\" must be an instant such as 2026-01-31T08:00:00Z",
            "records/customer.yaml:10:44: the default of \"g\" must be one of x, y",
            "records/customer.yaml:11:46: the default of \"h\" must be true or false",
            "records/customer.yaml:12:53: the default of \"i\" has the unknown key \"k\"",
            "records/customer.yaml:13:31: the default of \"l\" must be a decimal number",
            "records/customer.yaml:14:28: the default of \"m\" must be true or false",
        ]
    );
}
