//! The documents say what is true: commands exist, links lead somewhere, and every row of the source documents is told
//! of once.

use crate::support::program::Home;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rows of the source documents: document, and how many rows it has.
const ROWS: [(&str, u32); 4] = [("000", 100), ("001", 30), ("002", 33), ("003", 11)];

#[test]
fn every_row_of_the_source_documents_is_covered_once() {
    let text = fs::read_to_string(root().join("docs/coverage.md")).unwrap();
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for row in text.lines().filter_map(first_cell) {
        for id in expanded(row) {
            *told.entry(id).or_default() += 1;
        }
    }
    let all = ROWS.iter().flat_map(|(document, most)| (1..=*most).map(move |row| format!("{document}.{row}")));
    let wrong: Vec<String> = all
        .filter_map(|id| match told.remove(&id).unwrap_or(0) {
            1 => None,
            times => Some(format!("{id} is told of {times} times")),
        })
        .collect();
    assert!(wrong.is_empty(), "docs/coverage.md:\n{}", wrong.join("\n"));
    assert!(told.is_empty(), "docs/coverage.md tells of rows that no document has: {told:?}");
}

#[test]
fn every_path_of_the_coverage_page_is_there() {
    let text = fs::read_to_string(root().join("docs/coverage.md")).unwrap();
    let known = ["src/", "docs/", "tests/", "workflows/", "plugins/", "migrations/", "benches/", "console/"];
    let paths: BTreeSet<&str> = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|quoted| known.iter().any(|folder| quoted.starts_with(folder)))
        .collect();
    assert!(paths.len() > 10, "the page names the files that do it: {paths:?}");
    let missing: Vec<&str> = paths.into_iter().filter(|path| !root().join(path).exists()).collect();
    assert!(missing.is_empty(), "docs/coverage.md names what is not there: {missing:?}");
}

#[test]
fn every_command_of_the_documents_exists() {
    let help = Home::empty().done(&["--help"]);
    let known: BTreeSet<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(known.contains("serve") && known.contains("deploy"), "{help}");
    let mut seen = 0;
    for (file, line) in shell_lines() {
        for command in line.match_indices("kamflow ").map(|(at, name)| &line[at + name.len()..]) {
            let word = command.split_whitespace().find(|word| !word.starts_with('-')).unwrap_or_default();
            // `cd kamflow`, `cargo test -p kamflow` and comments name the project, not the program.
            let called = line.trim_start().trim_start_matches("./target/release/").starts_with("kamflow ");
            if called {
                seen += 1;
                assert!(known.contains(word), "{}: there is no command \"kamflow {word}\": {line}", file.display());
            }
        }
        if let Some((_, rest)) = line.split_once("cargo run")
            && let Some((_, arguments)) = rest.split_once(" -- ")
        {
            seen += 1;
            let word = arguments.split_whitespace().next().unwrap_or_default();
            assert!(known.contains(word), "{}: there is no command \"{word}\": {line}", file.display());
        }
    }
    assert!(seen > 3, "the documents show how the program is run");
}

#[test]
fn every_option_of_the_readme_is_one_of_the_program() {
    let help = Home::empty().done(&["serve", "--help"]);
    for readme in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root().join(readme)).unwrap();
        let table: Vec<&str> = text.lines().filter(|line| line.starts_with("| `--")).collect();
        for row in table {
            let mut quoted = row.split('`').skip(1).step_by(2);
            let option = quoted.next().unwrap().split_whitespace().next().unwrap();
            assert!(help.contains(option), "{readme}: the program has no option {option}");
            if let Some(variable) = quoted.find(|word| word.starts_with("KAMFLOW_")) {
                assert!(help.contains(variable), "{readme}: the program reads no {variable}");
            }
        }
    }
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in documents() {
        let text = without_code(&fs::read_to_string(&file).unwrap());
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            seen += 1;
            let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
            let to = if path.is_empty() { file.clone() } else { file.parent().unwrap().join(path) };
            if !to.exists() {
                wrong.push(format!("{}: {target}", file.display()));
            } else if let Some(anchor) = anchor
                && !anchors(&fs::read_to_string(&to).unwrap_or_default()).contains(anchor)
            {
                wrong.push(format!("{}: {target} has no such heading", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "links that lead nowhere:\n{}", wrong.join("\n"));
    assert!(seen > 10);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The first cell of a row of a table.
fn first_cell(line: &str) -> Option<&str> {
    line.strip_prefix("| ")?.split(" |").next().map(str::trim)
}

/// `000.61-66` as the six ids it means; `000.7, 000.9` as two; nothing for what is no row.
fn expanded(cell: &str) -> Vec<String> {
    let one = |part: &str| {
        let (document, rows) = part.trim().trim_matches('`').split_once('.')?;
        let is_document = document.len() == 3 && document.chars().all(|c| c.is_ascii_digit());
        let (from, to) = rows.split_once(['-', '–']).unwrap_or((rows, rows));
        let to = to.rsplit('.').next().unwrap_or(to);
        let (from, to): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
        is_document.then(|| (from..=to).map(|row| format!("{document}.{row}")).collect::<Vec<_>>())
    };
    cell.split(',').filter_map(one).flatten().collect()
}

/// The Markdown files of the project.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join("docs")];
    for entry in fs::read_dir(root()).unwrap().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|end| end == "md") {
            found.push(entry.path());
        }
    }
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                found.push(path);
            }
        }
    }
    assert!(found.iter().any(|path| path.ends_with("README.md")));
    found
}

/// The lines of the fenced shell blocks of all documents.
fn shell_lines() -> Vec<(PathBuf, String)> {
    let mut lines = Vec::new();
    for file in documents() {
        let text = fs::read_to_string(&file).unwrap();
        let mut inside = None;
        for line in text.lines() {
            if let Some(language) = line.trim_start().strip_prefix("```") {
                inside = match inside {
                    Some(_) => None,
                    None => Some(["sh", "bash", "shell", "console"].contains(&language.trim())),
                };
            } else if inside == Some(true) {
                lines.push((file.clone(), line.trim_start().trim_start_matches("$ ").to_owned()));
            }
        }
    }
    lines
}

/// A document without its fenced blocks and quoted words, which hold no links.
fn without_code(text: &str) -> String {
    let mut plain = String::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            plain.extend(line.split('`').step_by(2));
            plain.push('\n');
        }
    }
    plain
}

/// The anchors that the headings of a document have.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let anchor = |heading: &str| {
        let kept = heading.to_lowercase().replace(' ', "-");
        kept.chars().filter(|c| c.is_alphanumeric() || ['-', '_'].contains(c)).collect()
    };
    headings.map(anchor).collect()
}
