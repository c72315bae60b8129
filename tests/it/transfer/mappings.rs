//! Mappings: somebody else's columns, words, dates and encodings.

use super::*;
use crate::support::on_both;
use kamflow::model::ids::BusinessId;
use kamflow::model::mapping::Target;
use kamflow::runtime::operator;
use kamflow::runtime::transfer::{Blanks, Cells, Format, MappingSource, Mode, Order, Summary};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const LIST: &str = "零件;编码;颜色;易碎;日期;时间;金额;标签;备注\n\
     螺栓 ;B1;红;是;2026/01/31;2026/01/31 16:00;1234.5;甲、乙;随便\n\
     螺母;B2;blue;否;;;;;\n\
     垫圈;B3;蓝;也许;31.01.2026;;;;\n";

fn gb18030(text: &str) -> Vec<u8> {
    // The reverse of what is tested, by the standard's own library.
    let (bytes, _, wrong) = encoding_rs::GB18030.encode(text);
    assert!(!wrong);
    bytes.into_owned()
}

/// Imports bytes through the runtime, as the command line does.
fn run(app: &TestApp, mapping: MappingSource, bytes: &[u8]) -> Result<Summary, String> {
    let order = Order {
        target: Target::Records("part".into()),
        name: "list.csv".into(),
        format: Format::Csv,
        encoding: None,
        mapping: Some(mapping),
        set: BTreeMap::new(),
        update_by: None,
        blanks: Blanks::Keep,
        cells: Cells::Protected,
        from_line: 0,
        mode: Mode::Write,
        key: None,
    };
    let mut actor = operator(BusinessId::from(BUSINESS));
    actor.roles = BTreeSet::from(["clerk".to_owned()]);
    let told = |refusal: kamflow::model::refusal::Refusal| {
        let errors: Vec<String> = refusal.errors.into_iter().map(|error| error.detail).collect();
        format!("{}\n{}", refusal.detail, errors.join("\n"))
    };
    let import = app.wait(app.runtime.import(&actor, order)).map_err(told)?;
    let bytes = bytes.to_vec();
    let done = std::thread::spawn(move || import.run(bytes.as_slice(), &mut |_| {})).join().unwrap();
    done.map_err(|stopped| told(stopped.why))
}

#[test]
fn a_mapping_of_the_revision_reads_a_foreign_list() {
    on_both(|database| {
        let app = desk(database);
        let done = run(&app, MappingSource::Deployed("store-list".into()), &gb18030(LIST)).unwrap();
        assert_eq!((done.counts.created, done.counts.refused), (2, 1));
        assert_eq!(
            parts(&app.by("ann")),
            [
                json!({"name": "螺栓", "code": "B1", "colour": "red", "fragile": true, "made_on": "2026-01-31",
                    "seen_at": "2026-01-31T08:00:00Z", "price": {"amount": "1234.50", "currency": "CNY"},
                    "tags": ["甲", "乙"], "maker": {"city": "上海"}, "upper": "螺栓"}),
                // A currency without an amount is no price.
                json!({"name": "螺母", "code": "B2", "colour": "blue", "fragile": false, "maker": {"city": "上海"},
                    "upper": "螺母"}),
            ]
        );
    });
}

#[test]
fn over_http_a_mapping_is_named_and_says_what_is_wrong_with_a_row() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let done = import(&ann, "?mapping=store-list&encoding=utf-8&dryRun=true", LIST);
        assert_eq!(done.counts(), [2, 0, 0, 1]);
        let refused = done.refused();
        let [colour, fragile, made_on] = refused.as_slice() else { panic!("{refused:?}") };
        assert_eq!((colour.0, colour.1.as_str()), (4, "/fields/colour"));
        assert_eq!(fragile.3, "expected true or false, found the text \"也许\"; name other words in a mapping");
        assert_eq!(made_on.3, "expected a date written %Y/%m/%d, found the text \"31.01.2026\"");
        let send = |query: &str, file: &str| ann.send("POST", &format!("{PARTS}/import{query}"), &[CSV], file);
        send("?mapping=nobody", "name\na\n").problem(404, "not_found");
        let missing = send("?mapping=store-list&encoding=utf-8", "零件;数量\na;1\n").problem(422, "wrong_columns");
        let details: Vec<&str> =
            missing["errors"].as_array().unwrap().iter().map(|e| e["detail"].as_str().unwrap()).collect();
        assert!(details[0].contains("there is no field \"数量\""), "{details:?}");
        assert!(details.iter().any(|detail| detail.contains("names the column \"编码\"")), "{details:?}");
        let other = ann.send("POST", "/api/v1/records/person/import?mapping=store-list", &[CSV], "name\na\n");
        other.problem(422, "wrong_mapping");
        // A constant of the query, and one that a column has already.
        let done = import(&ann, "?set.colour=blue&set.code=C-{line}&name=x.csv&set.tags={file}|{hash}", "name\na\nb\n");
        assert_eq!(done.counts(), [2, 0, 0, 0], "{:?}", done.refused());
        let all = parts(&ann);
        assert_eq!(
            (&all[1]["code"], &all[1]["colour"], &all[1]["tags"][0]),
            (&json!("C-3"), &json!("blue"), &json!("x.csv"))
        );
        assert_eq!(all[1]["tags"][1].as_str().unwrap().len(), 16);
        send("?set.name=x", "name\na\n").problem(422, "wrong_columns");
        send("?set.nmae=x", "name\na\n").problem(422, "wrong_columns");
    });
}

#[test]
fn a_mapping_is_parsed_strictly_with_its_places() {
    let database = crate::support::databases().remove(0);
    let app = desk(&database);
    let file = |text: &str| MappingSource::File { path: "m.yaml".into(), bytes: text.as_bytes().to_vec() };
    let wrong = "mapping: m\nrecord: part\nencoding: klingon\ncolums: {x: y}\ncolumns:\n  A: nmae\n  \
                 B: {field: colour, values: {x: gren}, separator: ';'}\n  C: {field: name, format: '%Y'}\n  \
                 D: {field: made_on, format: '%Q%'}\nconstants: {cod: 1}\nignore: [A]\n";
    let told = run(&app, file(wrong), b"").unwrap_err();
    for expected in [
        "m.yaml:3:11: \"klingon\" is not the name of an encoding",
        "m.yaml:4:1: unknown key \"colums\"; did you mean \"columns\"?",
    ] {
        assert!(told.contains(expected), "{expected}\n{told}");
    }
    let wrong = wrong.replace("colums: {x: y}\n", "");
    let told = run(&app, file(&wrong), b"").unwrap_err();
    for expected in [
        "m.yaml:5:6: there is no field \"nmae\"; did you mean \"name\"?",
        "there is no value \"gren\"; did you mean \"green\"?",
        "\"separator\" belongs to a list",
        "\"format\" belongs to a date",
        "\"%Q%\" is no format such as \"%Y/%m/%d\"",
        "m.yaml:9:13: there is no field \"cod\"; did you mean \"code\"?",
        "the column \"A\" is read and ignored; keep one",
    ] {
        assert!(told.contains(expected), "{expected}\n{told}");
    }
    let told = run(&app, file("mapping: m\nrecord: part\nprocess: delivery\n"), b"").unwrap_err();
    assert!(told.contains("for one \"record\" or for one \"process\""), "{told}");
    let told = run(&app, file("mapping: m\nprocess: delivery\ncolumns: {a: id}\n"), b"").unwrap_err();
    assert!(told.contains("the mapping \"m\" is for process \"delivery\", not for record type \"part\""), "{told}");
}

#[test]
fn a_mapping_that_names_no_field_is_not_deployed() {
    let database = crate::support::databases().remove(0);
    let app = desk(&database);
    let mut files = FILES.to_vec();
    files[4].1 = "mapping: store-list\nrecord: prat\ncolumns: {a: name}\n";
    let answer = app.by("alice").post(
        "/api/v1/deployments/validate",
        json!({"files": files.iter().map(|(path, text)| json!({"path": path, "content": text})).collect::<Vec<_>>()}),
    );
    assert!(
        answer.text.contains("there is no record type \\\"prat\\\"; did you mean \\\"part\\\"?"),
        "{}",
        answer.text
    );
}
