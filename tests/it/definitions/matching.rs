//! `match:` of a record type: functions that are there, names that their arguments may read, and a record that can keep a
//! suspicion.

use super::{findings, project, said};
use kamflow::definitions;
use kamflow::model::matching::Band;

const PLUGIN: &str = "\
plugin: match
version: '1.0'
title: {en: Match, zh: 匹配}
functions:
  find:
    script: match.rhai
    input: {type: object, required: [name], properties: {name: {type: string}}, additionalProperties: false}
    output: {type: object}
  decide:
    script: match.rhai
    input: {type: object, required: [candidates], properties: {candidates: {type: array}, name: {}, cut: {}}}
    output: {type: object}
";

const COMPANY: &str = "\
record: company
title: {en: Company, zh: 公司}
fields: {name: {type: string}}
keys: [name]
match:
  find: {function: match/find, in: {name: name}}
  decide: {function: match/decide, in: {candidates: candidates, cut: cut, name: name}}
  suspect: {record: twin, fields: {one: first, other: second, band: found.band}}
";

const TWIN: &str = "\
record: twin
title: {en: Twin, zh: 疑似}
fields: {one: {type: string}, other: {type: string}, band: {type: string}}
unique: [{fields: [one, other]}]
";

const SCRIPT: &str = "fn find(input) { #{keys: #{name: [input.name]}} }\nfn decide(input) { #{candidates: []} }";

fn files(company: &str, twin: &str) -> Vec<String> {
    findings(&[
        ("records/company.yaml", company),
        ("records/twin.yaml", twin),
        ("plugins/match/plugin.yaml", PLUGIN),
        ("plugins/match/match.rhai", SCRIPT),
    ])
}

#[test]
fn a_match_is_read_and_refuses_what_is_the_same_when_not_said() {
    let text = [
        ("records/company.yaml", COMPANY),
        ("records/twin.yaml", TWIN),
        ("plugins/match/plugin.yaml", PLUGIN),
        ("plugins/match/match.rhai", SCRIPT),
    ];
    let parsed = definitions::parse(&project(&text));
    assert_eq!(said(&parsed), Vec::<String>::new());
    let definitions = parsed.definitions.unwrap();
    let matching = definitions.records["company"].matching.as_ref().unwrap();
    assert_eq!(matching.find.function.to_string(), "match/find");
    assert_eq!((matching.refuse.as_slice(), matching.suspect.record.as_str()), (&[Band::Same][..], "twin"));
    assert_eq!(matching.suspect.fields.keys().map(String::as_str).collect::<Vec<_>>(), ["band", "one", "other"]);
}

#[test]
fn what_a_match_names_must_be_there() {
    for (wrong, right, sentence) in [
        ("match/fid", "match/find", "there is no function in plugin \"match\" called \"fid\"; did you mean \"find\"?"),
        ("record: twn", "record: twin", "there is no record type \"twn\"; did you mean \"twin\"?"),
        ("{on: first,", "{one: first,", "there is no field of twin called \"on\"; did you mean \"one\"?"),
        ("{nam: name}", "{name: name}", "function \"match/find\" takes no \"nam\"; did you mean \"name\"?"),
    ] {
        let said = files(&COMPANY.replacen(right, wrong, 1), TWIN);
        assert!(said.iter().any(|line| line.ends_with(sentence)), "{wrong}: {said:?}");
    }
}

#[test]
fn a_suspicion_is_kept_once_and_not_suspected_itself() {
    let said = files(COMPANY, &TWIN.replace("unique: [{fields: [one, other]}]\n", ""));
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].ends_with("\"twin\" needs a \"unique\" over fields that are given here: a pair is kept once"),
        "{said:?}"
    );

    let (_, matching) = COMPANY.split_at(COMPANY.find("match:").unwrap());
    let itself = format!("{TWIN}{}", matching.replace("name: name", "name: one"));
    let said = files(COMPANY, &itself);
    let sentence = "\"twin\" has a \"match\" itself; a suspicion is kept as a record that has none";
    assert!(said.iter().all(|line| line.ends_with(sentence)) && said.len() == 2, "{said:?}");
}
