//! Named lists of a pack: fields and JSON Schemas use them, an overlay adds to them.

use super::{PACK, findings, project, said};
use kamflow::definitions;
use kamflow::model::field::FieldKind;
use kamflow::model::ids::BusinessId;
use serde_json::json;

const LISTS: &str = "lists: {channel: {web: {en: Web, zh: 网站}, fair: {en: Fair, zh: 展会}}}\n";

const CARD: &str = "\
record: card
title: {en: Card, zh: 卡片}
fields:
  channel: {type: enum, list: channel, default: web}
  all: {type: list, of: {type: enum, list: channel}}
";

const TAKE: &str = "\
process: take
title: {en: Take, zh: 收集}
input:
  type: object
  properties: {channel: {$ref: 'list:channel', description: from where}, all: {type: array, items: {$ref: 'list:channel'}}}
nodes: [{id: ask, type: userTask, candidateGroups: [sales_ops], form: where}]
";

const WHERE: &str = "\
form: where
title: {en: Where, zh: 来源}
schema: {type: object, properties: {from: {$ref: 'list:channel'}}}
labels: {from: {en: From, zh: 来自}}
";

#[test]
fn a_list_stands_in_one_place_and_an_overlay_adds_to_it() {
    let pack = format!("{PACK}{LISTS}");
    let overlay = "\
pack: sales-north
title: {en: North, zh: 北方}
version: '1'
extends: sales
business: north
lists: {channel: {call: {en: Call, zh: 来电}}}
";
    let files = [
        ("workflows/sales/pack.yaml", pack.as_str()),
        ("records/card.yaml", CARD),
        ("processes/take.yaml", TAKE),
        ("forms/where.yaml", WHERE),
        ("workflows/sales-north/pack.yaml", overlay),
    ];
    for (business, values) in [("south", json!(["web", "fair"])), ("north", json!(["web", "fair", "call"]))] {
        let resolved = definitions::resolve(&project(&files), &BusinessId::from(business)).unwrap();
        let parsed = definitions::parse(&resolved);
        assert_eq!(said(&parsed), Vec::<String>::new());
        let definitions = parsed.definitions.unwrap();
        let FieldKind::Enum(found) = &definitions.records["card"].fields[0].kind else { panic!("an enum") };
        assert_eq!(json!(found), values);
        let input = &definitions.processes["take"].input;
        assert_eq!(input["properties"]["channel"], json!({"description": "from where", "enum": values}));
        assert_eq!(input["properties"]["all"]["items"], json!({ "enum": values }));
        assert_eq!(definitions.forms["where"].schema["properties"]["from"], json!({ "enum": values }));
    }
}

#[test]
fn what_is_wrong_with_a_list_is_said() {
    let said = |lists: &str, card: &str| {
        findings(&[("workflows/sales/pack.yaml", &format!("{PACK}{lists}")), ("records/card.yaml", card)])
    };
    let field = |text: &str| format!("record: card\ntitle: {{en: Card, zh: 卡片}}\nfields:\n  channel: {text}\n");
    assert_eq!(
        said(LISTS, &field("{type: enum, list: chanel}")),
        ["records/card.yaml:4:31: there is no list \"chanel\"; did you mean \"channel\"?"]
    );
    assert_eq!(
        said("", &field("{type: enum, list: channel}")),
        ["records/card.yaml:4:31: there is no list \"channel\"; add it to \"lists\" of pack.yaml"]
    );
    assert_eq!(
        said(LISTS, &field("{type: enum, list: channel, values: [a]}")),
        ["records/card.yaml:4:25: an enum has \"values\" of its own or a \"list\" of the pack; keep one"]
    );
    assert_eq!(
        said(LISTS, &field("{type: enum, list: channel, default: post}")),
        ["records/card.yaml:4:49: the default of \"channel\" must be one of web, fair"]
    );
    assert_eq!(
        said("lists: {channel: {Web: {en: Web, zh: 网站}}, none: {}}\n", &field("{type: enum, list: channel}")),
        [
            "pack.yaml:7:19: \"Web\" is no value for a list; use lower-case letters, digits and underscores",
            "pack.yaml:7:50: the list \"none\" has no values",
        ]
    );
    let take = TAKE.replace("items: {$ref: 'list:channel'}", "items: {$ref: 'list:canal'}");
    let pack = format!("{PACK}{LISTS}");
    assert_eq!(
        findings(&[("workflows/sales/pack.yaml", &pack), ("processes/take.yaml", &take), ("forms/where.yaml", WHERE)]),
        ["processes/take.yaml:5:107: there is no list \"canal\"; valid here: channel"]
    );
}
