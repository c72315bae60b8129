//! The pages tell what happens: their shell blocks are played, one page in one shell, against a server with the
//! demonstration. No command may fail, and what a block prints is what the page shows below it.

use crate::support::program::{Home, Served};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The pages that are played.
const PAGES: &[&str] = &[
    "README.md",
    "README.zh-CN.md",
    "docs/access.md",
    "docs/classification.md",
    "docs/files.md",
    "docs/how-to/approve-in-levels.md",
    "docs/identity.md",
    "docs/import-export.md",
    "docs/jobs.md",
    "docs/matching.md",
    "docs/merge.md",
    "docs/messages.md",
    "docs/operations.md",
    "docs/organisation.md",
    "docs/records.md",
    "docs/scim.md",
    "docs/type-evolution.md",
];

/// What the commands of the pages need beside kamflow.
const TOOLS: [&str; 4] = ["bash", "curl", "jq", "perl"];

/// Before the first block: every command that fails is written down, and so is every answer that refuses.
const BEFORE: &str = r#"
set -E -o pipefail
trap 'echo "failed: $BASH_COMMAND" >> refused' ERR
curl() {
    local body status=0
    body=$(command curl -sS --fail-with-body "$@") || status=$?
    [ $status = 0 ] || printf '%s\n' "refused ($status): curl $*" "$body" >> refused
    printf '%s' "$body"
}
"#;

/// A shell block, and what stands below it as its output.
#[derive(Debug, PartialEq)]
struct Block {
    line: usize,
    commands: String,
    printed: Option<String>,
}

#[test]
fn what_the_pages_tell_happens() {
    if let Some(missing) = TOOLS.iter().find(|tool| !is_there(tool)) {
        assert!(std::env::var("KAMFLOW_REQUIRE_TOOLS").is_err(), "{missing} is needed to play the pages");
        println!("the pages are not played: there is no {missing} here");
        return;
    }
    let demo = Home::with_project();
    let served = demo.serve(&["--demo"]);
    served.terminate();
    assert_eq!(served.ended().0, Some(0));
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let plays: Vec<_> = PAGES.iter().map(|page| scope.spawn(|| played(page, &demo.copied()))).collect();
        plays.into_iter().flat_map(|play| play.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_line_of_a_page_may_leave_something_out() {
    for (line, printed, fits) in [
        ("all", "all", true),
        ("all", "al", false),
        ("… files: 0 problems", "12 files: 0 problems", true),
        ("… files: 0 problems", "12 files: 1 problems", false),
        ("a … c …", "a b c d", true),
        ("a … c", "a b c d", false),
    ] {
        assert_eq!(is_as_told(line, printed), fits, "{line} / {printed}");
    }
    let blocks = blocks(
        "# A\n```sh\nls\n```\n```text\nx\n```\n```yaml\na: b\n```\nb\n```sh\ncargo run\n```\n\n```sh\ncd\n```\n",
    );
    let block = |line, commands: &str, printed: Option<&str>| Block {
        line,
        commands: commands.to_owned(),
        printed: printed.map(str::to_owned),
    };
    assert_eq!(blocks, [block(2, "ls\n", Some("x\n")), block(16, "cd\n", None)]);
}

/// What a page tells and does not happen.
fn played(page: &str, home: &Home) -> Vec<String> {
    let served = home.serve(&[]);
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
    let blocks = blocks(&text);
    assert!(!blocks.is_empty(), "{page} has nothing to play");
    let said = in_a_shell(home, &served, &blocks);
    let mut wrong = Vec::new();
    for (block, (printed, refused)) in blocks.iter().zip(said) {
        let place = format!("{page}:{}", block.line);
        if !refused.is_empty() {
            wrong.push(format!("{place}: this does not work:\n{refused}"));
        }
        let told = block.printed.as_deref().unwrap_or(&printed);
        let (told, printed): (Vec<&str>, Vec<&str>) = (told.lines().collect(), printed.lines().collect());
        if told.len() != printed.len() || !told.iter().zip(&printed).all(|(told, printed)| is_as_told(told, printed)) {
            wrong.push(format!(
                "{place}: the page tells\n{}\nbut this is printed\n{}",
                told.join("\n"),
                printed.join("\n")
            ));
        }
    }
    wrong
}

/// What each block printed, and what was refused in it.
fn in_a_shell(home: &Home, served: &Served, blocks: &[Block]) -> Vec<(String, String)> {
    let mut script = BEFORE.to_owned();
    for (number, block) in blocks.iter().enumerate() {
        let commands = block.commands.replace("http://127.0.0.1:7070", &served.url);
        script.push_str(&format!("exec > printed-{number}\n: > refused\n{commands}\nmv refused refused-{number}\n"));
    }
    let program = home.path("target/release");
    fs::create_dir_all(&program).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_kamflow"), program.join("kamflow")).unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    home.write("page.sh", &script);
    let output = home.program("bash").arg("page.sh").env("PATH", path).output().unwrap();
    let complained = String::from_utf8_lossy(&output.stderr).into_owned();
    let read = |name: String| {
        fs::read_to_string(home.path(&name)).unwrap_or_else(|_| format!("the shell ended\n{complained}"))
    };
    (0..blocks.len()).map(|number| (read(format!("printed-{number}")), read(format!("refused-{number}")))).collect()
}

/// The shell blocks of a page, but those that build the program.
fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    // Whether nothing but empty lines came since the last shell block.
    let mut below = false;
    while let Some((at, line)) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            below &= line.trim().is_empty();
            continue;
        };
        let body = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```");
        let body: String = body.flat_map(|line| [line, "\n"]).collect();
        match (language, blocks.last_mut()) {
            ("sh", _) if body.contains("cargo ") => below = false,
            ("sh", _) => {
                blocks.push(Block { line: at + 1, commands: body, printed: None });
                below = true;
            }
            ("text" | "json", Some(block)) if below => {
                block.printed = Some(body);
                below = false;
            }
            _ => below = false,
        }
    }
    blocks
}

/// Whether a line is what a page tells; `…` in it stands for anything.
fn is_as_told(told: &str, printed: &str) -> bool {
    let parts: Vec<&str> = told.split('…').collect();
    let [first, middle @ .., last] = parts.as_slice() else { return told == printed };
    let Some(mut rest) = printed.strip_prefix(first) else { return false };
    for part in middle {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

fn is_there(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}
