//! The reference page and the schemas say what the parser does.

use super::{PACK, project, said};
use kamflow::definitions;
use kamflow::model::revision::Files;
use std::path::Path;

/// The schemas in `docs/schemas` are those of the parser. To write them anew: `KAMFLOW_WRITE=1 cargo test schemas`.
#[test]
fn the_committed_schemas_are_the_ones_of_the_parser() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas");
    for (name, schema) in definitions::schemas() {
        let file = folder.join(format!("{name}.json"));
        let text = definitions::schema_text(&schema);
        if std::env::var_os("KAMFLOW_WRITE").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(committed == text, "docs/schemas/{name}.json is old; run the test with KAMFLOW_WRITE=1");
    }
}

#[test]
fn every_schema_is_a_json_schema_and_takes_the_shipped_examples() {
    for (name, schema) in definitions::schemas() {
        assert!(jsonschema::draft202012::meta::is_valid(&schema), "{name}");
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        for (kind, text) in examples().iter().filter(|(kind, _)| kind == name) {
            let value: serde_json::Value = serde_yaml::from_str(text).unwrap();
            assert!(validator.is_valid(&value), "{kind}: {text}");
        }
    }
}

#[test]
fn every_example_of_the_reference_is_a_whole_file_without_a_fault() {
    let examples = examples();
    let kinds: std::collections::BTreeSet<&str> = examples.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        ["form", "pack", "plugin", "plugin-test", "process", "record", "scenario", "stages"]
    );
    let mut files: Files = project(&[]);
    files.remove("workflows/sales/pack.yaml");
    for (kind, text) in &examples {
        let value: serde_json::Value = serde_yaml::from_str(text).unwrap();
        let word = if kind == "plugin-test" { "test" } else { kind };
        let key = value[word].as_str().unwrap_or_default();
        let path = match kind.as_str() {
            "pack" => format!("workflows/{key}/pack.yaml"),
            "plugin" => format!("plugins/{key}/plugin.yaml"),
            "plugin-test" => format!("plugins/customer-match/tests/{key}.yaml"),
            "process" => format!("workflows/sales/processes/{key}.yaml"),
            "stages" => format!("workflows/sales/stages/{key}.yaml"),
            kind => format!("workflows/sales/{kind}s/{key}.yaml"),
        };
        assert!(files.insert(path.clone(), text.clone().into_bytes()).is_none(), "{path} stands twice");
        for script in value["functions"].as_object().into_iter().flatten().filter_map(|(_, f)| f["script"].as_str()) {
            files.insert(format!("plugins/{key}/{script}"), b"fn f(input) { #{} }".to_vec());
        }
    }
    let parsed = definitions::parse(&files);
    assert_eq!(said(&parsed), Vec::<String>::new());
    assert!(parsed.definitions.is_some());
}

#[test]
fn what_the_schema_refuses_the_parser_refuses() {
    let (_, schema) = definitions::schemas().into_iter().find(|(name, _)| *name == "pack").unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    for (text, good) in [
        (PACK.to_owned(), true),
        (format!("{PACK}business: logistics\n"), true),
        (format!("{PACK}business:\n"), false),
        (format!("{PACK}busines: logistics\n"), false),
        (PACK.replace("'1.0'", "1.0"), false),
        (PACK.replace(", zh: 销售}", "}"), false),
    ] {
        let value: serde_json::Value = serde_yaml::from_str(&text).unwrap();
        let files = Files::from([("workflows/sales/pack.yaml".to_owned(), text.clone().into_bytes())]);
        assert_eq!(
            (validator.is_valid(&value), definitions::parse(&files).definitions.is_some()),
            (good, good),
            "{text}"
        );
    }
}

/// The fenced blocks of the reference pages that are whole files, by kind.
fn examples() -> Vec<(String, String)> {
    let read = |page| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
    let pages = ["docs/process-language.md", "docs/events.md", "docs/records.md"].map(read).concat();
    let blocks = pages.split("```yaml ").skip(1).filter_map(|rest| rest.split_once("\n```"));
    blocks
        .filter_map(|(block, _)| block.split_once('\n'))
        .map(|(kind, text)| (kind.trim().to_owned(), format!("{text}\n")))
        .collect()
}
