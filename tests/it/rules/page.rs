//! The reference page says what is so: every example deploys without a finding, and every code that it names is one.

use crate::runtime::{deployment, with};
use crate::support::sqlite;
use kamflow::api;
use serde_json::json;
use std::path::Path;

const PACK: &str = "\
pack: work
title: {en: Work, zh: 工作}
version: '1.0'
roles:
  sales_rep: {en: Sales representative, zh: 销售代表}
  sales_ops: {en: Sales operations, zh: 销售运营}
";

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/records.md")).unwrap()
}

#[test]
fn every_example_of_the_page_deploys() {
    let page = page();
    let blocks = page.split("```yaml record\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    let mut files: Vec<(String, String)> = vec![("workflows/work/pack.yaml".into(), PACK.into())];
    for block in blocks {
        let name = block.lines().next().unwrap().strip_prefix("record: ").unwrap();
        files.push((format!("records/{name}.yaml"), block.to_owned()));
    }
    assert!(files.len() > 10, "a key without an example?");
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let database = sqlite();
    let app = with(&database, &[]);
    let mut files = deployment(&files)["files"].clone();
    files.as_array_mut().unwrap().remove(0); // the pack that every test has
    let found = app.by("alice").post("/api/v1/deployments/validate", json!({ "files": files })).ok(200);
    // The examples say nothing of access, of which a warning tells.
    let wrong = found["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] != "warning");
    assert_eq!((&found["valid"], wrong.collect::<Vec<_>>()), (&json!(true), vec![]));
}

#[test]
fn every_refusal_of_the_page_is_a_code() {
    let page = page();
    let known: Vec<&str> = api::codes().collect();
    let mut seen = 0;
    for status in ["409", "422"] {
        for after in page.split(&format!("{status} `")).skip(1) {
            let code = after.split('`').next().unwrap();
            assert!(known.contains(&code), "{status} `{code}` is no code");
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}
