//! The invariants of the house, each with the mend in its message. `docs/architecture.md` says why they hold.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each floor may name of the others: those below it.
const FLOORS: [(&str, &[&str]); 12] = [
    ("model", &[]),
    ("definitions", &["model"]),
    ("diagram", &["model"]),
    ("engine", &["model"]),
    ("store", &["model"]),
    ("scripts", &["model", "engine"]),
    ("plugins", &["model", "engine", "definitions", "store", "scripts"]),
    ("runtime", &["model", "diagram", "engine", "definitions", "store", "scripts", "plugins"]),
    ("api", &["model", "diagram", "engine", "runtime"]),
    ("server", &["model", "definitions", "store", "runtime", "api"]),
    ("bench", &["model", "engine", "store", "scripts", "runtime", "server"]),
    ("cli", &["model", "diagram", "definitions", "store", "runtime", "server", "bench"]),
];

/// Libraries that are known in a few places only.
const KNOWN_IN: [(&str, &[&str]); 6] = [
    ("diesel", &["store"]),
    ("rhai", &["scripts"]),
    ("actix_web", &["api", "server"]),
    ("utoipa", &["api"]),
    ("serde_yaml", &["definitions", "server/config.rs", "bench"]),
    ("std::fs", &["definitions/folder.rs", "store/log.rs", "server", "bench", "cli"]),
];

#[test]
fn imports_go_down_the_floors() {
    let allowed: BTreeMap<&str, &[&str]> = FLOORS.into_iter().collect();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let floor = path.split('/').next().unwrap();
        let Some(below) = allowed.get(floor) else { continue };
        for (number, line) in code(&text) {
            for named in line.match_indices("crate::").map(|(at, _)| &line[at + 7..]) {
                let other: String = named.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if allowed.contains_key(other.as_str()) && other != floor && !below.contains(&other.as_str()) {
                    wrong.push(format!("src/{path}:{number} names {other}"));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nA floor names only those below it; move the wall, or hand the thing in from above.",
        list(&wrong)
    );
}

#[test]
fn every_source_belongs_to_a_floor() {
    let known: Vec<&str> = FLOORS.iter().map(|(floor, _)| *floor).collect();
    let strange: Vec<String> = sources()
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| {
            !["lib.rs", "main.rs"].contains(&path.as_str()) && !known.contains(&path.split('/').next().unwrap())
        })
        .collect();
    assert!(
        strange.is_empty(),
        "{}\nPut it on a floor, or add the floor to this test and to docs/architecture.md.",
        list(&strange)
    );
}

#[test]
fn libraries_are_known_where_they_belong() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        for (library, places) in KNOWN_IN {
            let at_home = places.iter().any(|place| path == *place || path.starts_with(&format!("{place}/")));
            let names = |line: &str| line.contains(&format!("{library}::")) || line.contains(&format!("use {library}"));
            if !at_home && let Some((number, _)) = code(&text).find(|(_, line)| names(line)) {
                wrong.push(format!("src/{path}:{number} names {library}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\nAsk the floor that knows the library for what you need.", list(&wrong));
}

#[test]
fn time_and_ids_come_in_from_the_runtime() {
    let above = ["runtime", "api", "server", "bench", "cli"];
    let sources_of_time =
        ["SystemTime", "Instant::now", "Timestamp::now", "Zoned::now", "Uuid::", "uuid::", "getrandom::"];
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        // The deadline of a script only guards against a hanging interpreter; operations decide.
        if above.contains(&path.split('/').next().unwrap()) || path == "scripts/limits.rs" {
            continue;
        }
        for (number, line) in code(&text) {
            if let Some(source) = sources_of_time.iter().find(|source| line.contains(**source)) {
                wrong.push(format!("src/{path}:{number} uses {source}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nTake time and ids as arguments: the same input must give the same output.",
        list(&wrong)
    );
}

#[test]
fn only_the_runtime_writes_process_state() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if path.starts_with("runtime/") || path.starts_with("store/") {
            continue;
        }
        if let Some((number, _)) =
            code(&text).find(|(_, line)| line.contains("store::writes") || line.contains("writes::flush"))
        {
            wrong.push(format!("src/{path}:{number}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nSend a change to Runtime::execute; the batch writer is the only one that writes.",
        list(&wrong)
    );
}

#[test]
fn the_engine_is_pure() {
    let foreign = ["async ", "tokio", "std::fs", "std::net", "std::thread", "println", "tracing", "HashMap::iter"];
    let mut wrong = Vec::new();
    for (path, text) in sources().into_iter().filter(|(path, _)| path.starts_with("engine/")) {
        for (number, line) in code(&text) {
            if let Some(word) = foreign.iter().find(|word| line.contains(**word)) {
                wrong.push(format!("src/{path}:{number} uses {word}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nThe engine decides; what must be done outside is an ask or an effect.",
        list(&wrong)
    );
}

#[test]
fn every_file_says_what_it_is_and_stays_small() {
    const MOST: usize = 350;
    let mut wrong = Vec::new();
    for (path, text) in sources().into_iter().chain(under("tests")) {
        if !text.starts_with("//!") {
            wrong.push(format!("{path} does not begin with //!"));
        }
        if text.lines().count() > MOST {
            wrong.push(format!("{path} has {} lines", text.lines().count()));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nBegin with what the file is for; more than {MOST} lines are two nouns.",
        list(&wrong)
    );
}

#[test]
fn no_word_of_sales_stands_in_the_code() {
    let words = ["customer", "opportunity", "forecast", "incentive", "quota", "territory", "commission", "sales"];
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        // Examples of the API documentation may tell of what people do with it.
        let mut example = false;
        for (number, line) in code(&text) {
            example |= line.contains("example = json!(");
            let inside = example;
            example &= !line.trim_end().ends_with(")]");
            if inside {
                continue;
            }
            let lower = line.to_lowercase();
            if let Some(word) = words.iter().find(|word| lower.contains(**word)) {
                wrong.push(format!("src/{path}:{number} says {word}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nSales rules live in workflows/ and plugins/; build the general mechanism here.",
        list(&wrong)
    );
}

#[test]
fn no_rule_hides_in_yaml() {
    let words = ["weight", "threshold", "probability", "cutoff", "cut_off"];
    let mut wrong = Vec::new();
    for (path, text) in under("workflows").into_iter().filter(|(path, _)| path.ends_with(".yaml")) {
        for (number, line) in text.lines().enumerate() {
            let content = line.split('#').next().unwrap_or_default();
            for word in words {
                let value =
                    content.split_once(word).and_then(|(_, rest)| rest.split_once(':')).map(|(_, value)| value.trim());
                if value.is_some_and(|value| value.starts_with(|c: char| c.is_ascii_digit() || c == '-')) {
                    wrong.push(format!("{path}:{} gives a {word}", number + 1));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nRules are constants at the top of a rhai file, where they can be tested.",
        list(&wrong)
    );
}

#[test]
fn tests_wait_for_conditions_and_not_for_time() {
    let mut wrong = Vec::new();
    for (path, text) in under("tests").into_iter().filter(|(path, _)| path != "tests/it/tidy.rs") {
        for (number, line) in code(&text) {
            if line.contains("#[ignore") || line.contains("assert!(true") {
                wrong.push(format!("{path}:{number}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\nA test that does not run or cannot fail is no test.", list(&wrong));
}

/// Sources below `src/`: path inside it and text.
fn sources() -> Vec<(String, String)> {
    under("src")
        .into_iter()
        .map(|(path, text)| (path["src/".len()..].to_owned(), text))
        .filter(|(path, _)| path.ends_with(".rs"))
        .collect()
}

/// Text files below a folder of the project, by path.
fn under(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open = vec![root.join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs" || end == "yaml" || end == "rhai") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                if name.ends_with(".rs") || !name.starts_with("tests") {
                    found.push((name, fs::read_to_string(&path).unwrap()));
                }
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "nothing was found below the folder: this check would check nothing");
    found
}

/// Lines of code with their numbers, comments left out.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn list(found: &[String]) -> String {
    found.join("\n")
}
