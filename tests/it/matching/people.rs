//! People: records of febrl, an old and public test of record linkage with known truth. It is no part of the project: the
//! folder of data stands beside the checkout (`../shared/data`) or where `KAMFLOW_DATA_DIR` says.

use super::{Tally, app, asking, create, root, verdict};
use crate::support::{TestDatabase, databases};
use kamflow::model::json::Json;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Field of a contact to the columns that it is put together from.
type Mapping = BTreeMap<String, Vec<String>>;

#[test]
fn people_are_recognised_however_they_were_typed() {
    let file = data().join("febrl/dataset1.csv");
    if !file.is_file() {
        println!("skipped: {} is not there; set KAMFLOW_DATA_DIR to the folder of test data", file.display());
        return;
    }
    let mapping = std::fs::read_to_string(root().join("tests/data/matching/febrl.yaml")).unwrap();
    let mapping: Mapping = serde_yaml::from_str(&mapping).unwrap();
    for database in databases() {
        let tally = play(&database, &rows(&file), &mapping);
        let (precision, recall) = tally.of("same");
        let report = tally.report("febrl dataset1");
        println!("{report}");
        assert!(recall >= 950, "too many people were not recognised\n{report}");
        assert!(precision >= 980, "people were taken for others\n{report}");
    }
}

/// Writes the 500 originals, and asks for their duplicates, and for the originals of others as people nobody knows.
fn play(database: &TestDatabase, rows: &[BTreeMap<String, String>], mapping: &Mapping) -> Tally {
    let person = ["name", "given_name", "family_name", "phones", "emails", "id_no", "birth_date", "address"];
    let app = app(database, &[asking("contact-match", "contact", &person)]);
    let customer = create(&app, "customer", &json!({"name": "febrl", "pool": "list"}));
    // one in ten originals is left out: nobody knows them, so their duplicates are new
    let unknown = |key: &str| key.ends_with('7');
    let (mut known, mut tally) = (BTreeMap::new(), Tally::default());
    for (key, row) in rows.iter().filter_map(|row| Some((row["rec_id"].strip_suffix("-org")?, row))) {
        if !unknown(key) {
            let mut fields = contact(row, mapping);
            fields["customer"] = json!(customer);
            known.insert(key.to_owned(), create(&app, "contact", &fields));
        }
    }
    for row in rows {
        let Some((key, _)) = row["rec_id"].split_once("-dup") else { continue };
        let verdict = verdict(&app, "contact", &contact(row, mapping));
        let got = match (verdict["decision"].as_str().unwrap(), known.get(key)) {
            ("same", Some(id)) if verdict["best_id"] == *id => "same",
            ("same", _) => "another",
            (other, _) => other,
        };
        let expected = if known.contains_key(key) { "same" } else { "new" };
        tally.add(expected, got, || format!("{row:?} {}", verdict["explain"]));
    }
    tally
}

/// A row as a contact: `a.b` is the part b of the map a; what is blank is left out.
fn contact(row: &BTreeMap<String, String>, mapping: &Mapping) -> Json {
    let mut fields = json!({});
    for (field, columns) in mapping {
        let cells: Vec<&str> =
            columns.iter().map(|column| row[column].trim()).filter(|cell| !cell.is_empty()).collect();
        if cells.is_empty() {
            continue;
        }
        match field.split_once('.') {
            Some((map, part)) => fields[map][part] = json!(cells.join(" ")),
            None => fields[field] = json!(cells.join(" ")),
        }
    }
    if fields["name"].is_null() {
        fields["name"] = json!("?");
    }
    fields
}

fn rows(file: &PathBuf) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(file).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
    let head = lines.next().unwrap();
    lines.map(|cells| head.iter().cloned().zip(cells).collect()).collect()
}

fn data() -> PathBuf {
    std::env::var_os("KAMFLOW_DATA_DIR").map_or_else(|| root().join("../shared/data"), PathBuf::from)
}
