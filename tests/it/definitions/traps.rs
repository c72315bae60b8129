//! The traps of YAML: each is refused with one sentence at its place, none is guessed at.

use super::{findings, nodes, project, said};
use kamflow::definitions;

fn pack(text: &[u8]) -> Vec<String> {
    let mut files = project(&[]);
    files.insert("workflows/sales/pack.yaml".to_owned(), text.to_vec());
    said(&definitions::parse(&files))
}

#[test]
fn a_duplicate_key_names_the_line_of_the_first() {
    let text = "pack: sales\ntitle: {en: Sales, zh: 销售}\nversion: '1'\npack: sales\n";
    assert_eq!(pack(text.as_bytes()), ["pack.yaml:4:1: duplicate key \"pack\"; it stands already on line 1"]);
}

#[test]
fn an_alias_bomb_is_refused_at_every_anchor_and_alias_and_never_expanded() {
    let mut text = String::from("pack: &a0 [x, x, x]\n");
    for level in 1..40 {
        text.push_str(&format!("k{level}: &a{level} [*a{0}, *a{0}]\n", level - 1));
    }
    let said = pack(text.as_bytes());
    assert_eq!(said[0], "pack.yaml:1:7: an anchor (&name) is not allowed; write the value where it is needed");
    assert!(said.contains(&"pack.yaml:2:10: an alias (*name) is not allowed; write the value again".to_owned()));
    assert_eq!(said.len(), 100 + 1);
}

#[test]
fn a_merge_key_a_tag_and_a_second_document_are_refused() {
    let text = "pack: sales\ntitle:\n  <<: {en: Sales}\n  zh: !text 销售\nversion: '1'\n";
    assert_eq!(
        pack(text.as_bytes()),
        [
            "pack.yaml:3:3: a merge key (<<) is not allowed; write the keys again",
            "pack.yaml:4:7: a tag (!name) is not allowed; write the value alone",
        ]
    );
    assert_eq!(
        pack("pack: sales\n---\npack: other\n".as_bytes()),
        ["pack.yaml:2:1: a second document begins here; write one document a file"]
    );
}

#[test]
fn yes_no_on_and_off_are_text_and_the_sentence_says_what_to_write() {
    for word in ["yes", "no", "on", "off", "y", "n", "NO"] {
        assert_eq!(
            nodes(&format!("  - id: stop\n    type: endEvent\n    terminate: {word}\n")),
            [format!("processes/p.yaml:6:16: \"terminate\" is {word}, which is text; write true or false")]
        );
    }
}

#[test]
fn where_text_is_meant_no_and_yes_stay_what_they_are() {
    let process = super::process(
        "  - id: ask\n    type: userTask\n    outcomes: {no: end, yes: more}\n  - {id: more, type: endEvent}\n",
    );
    let kamflow::model::process::NodeKind::UserTask(task) = &process.nodes[0].kind else { panic!("a user task") };
    assert_eq!(task.outcomes, ["no", "yes"]);
}

#[test]
fn a_leading_zero_asks_for_quotes() {
    assert_eq!(
        nodes("  - id: code\n    type: scriptTask\n    set: {code: 007, rate: -01.5, day: 2026-01-31}\n"),
        [
            "processes/p.yaml:6:17: 007 begins with a zero, and readers of YAML differ on what it is; write \"007\" with quotes",
            "processes/p.yaml:6:28: -01.5 begins with a zero, and readers of YAML differ on what it is; write \"-01.5\" with quotes",
        ]
    );
}

#[test]
fn a_number_where_text_is_meant_asks_for_quotes() {
    let text = "pack: sales\ntitle: {en: 1, zh: true}\nversion: 1.10\nbusiness:\n";
    assert_eq!(
        pack(text.as_bytes()),
        [
            "pack.yaml:2:13: \"en\" must be text; write \"1\" with quotes",
            "pack.yaml:2:20: \"zh\" must be text; write \"true\" with quotes",
            "pack.yaml:3:10: \"version\" must be text; write \"1.10\" with quotes",
            "pack.yaml:4:1: \"business\" has no value; it must be text, or leave the key out",
        ]
    );
}

#[test]
fn numbers_keep_their_digits_or_are_refused() {
    let plugin = |value: &str| {
        let manifest = format!(
            "plugin: q\nversion: '1'\ntitle: {{en: Q, zh: 问}}\nsettings:\n  s: {{default: {value}, title: {{en: S, zh: 设}}}}\n"
        );
        definitions::parse(&project(&[("plugins/q/plugin.yaml", &manifest)]))
    };
    for digits in
        ["0.1", "1.50", "-3", "0.10000000000000000000000001", "123456789012345678901234567890", "1234567890123456.789"]
    {
        let parsed = plugin(digits);
        assert_eq!(said(&parsed), Vec::<String>::new());
        assert_eq!(parsed.definitions.unwrap().plugins["q"].settings["s"].value.to_string(), digits);
    }
    for (typed, sentence) in [
        ("1e3", "1e3 is written with an exponent; write all digits"),
        (".inf", ".inf is not a number that can be kept; write a decimal number"),
        ("-.INF", "-.INF is not a number that can be kept; write a decimal number"),
        (".nan", ".nan is not a number that can be kept; write a decimal number"),
        ("0x1F", "0x1F is not a plain decimal number; write 31"),
        ("+5", "+5 is not a plain decimal number; write 5"),
        (".5", ".5 is not a plain decimal number; write 0.5"),
    ] {
        assert_eq!(said(&plugin(typed)), [format!("plugins/q/plugin.yaml:5:16: {sentence}")]);
    }
}

#[test]
fn a_tab_in_the_indentation_is_shown() {
    let text = "pack: sales\ntitle:\n\ten: Sales\n";
    assert_eq!(pack(text.as_bytes()), ["pack.yaml:3:1: a tab in the indentation; write spaces"]);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
    let text = format!("\u{feff}{}", super::PACK.replace('\n', "\r\n"));
    assert_eq!(pack(text.as_bytes()), Vec::<String>::new());
    let text = "\u{feff}pack: sales\r\ntitle: {en: Sales, zh: 销售}\r\nverison: '1'\r\n";
    assert_eq!(pack(text.as_bytes()), ["pack.yaml:3:1: unknown key \"verison\"; did you mean \"version\"?"]);
}

#[test]
fn bytes_that_are_no_text_are_shown_at_their_place() {
    assert_eq!(
        pack(b"pack: sales\ntitle: {en: Sal\xe9s}\n"),
        ["pack.yaml:2:16: the byte 0xE9 is not UTF-8; save the file as UTF-8"]
    );
    assert_eq!(pack(b"\xff\xfep\0a\0"), ["pack.yaml:1:1: the file is UTF-16; save it as UTF-8"]);
    assert_eq!(pack(b"pack: sa\0les\n"), ["pack.yaml:1:9: the character U+0000 is not text; remove it"]);
    assert_eq!(pack(b"pack: \"sa\\0les\"\n"), ["pack.yaml:1:7: the character U+0000 is not text; remove it"]);
}

#[test]
fn an_empty_file_and_a_broken_one_say_so() {
    assert_eq!(pack(b""), ["pack.yaml:1:1: the file is empty"]);
    assert_eq!(pack(b"# nothing yet\n"), ["pack.yaml:1:1: the file is empty"]);
    assert_eq!(pack(b"- pack\n"), ["pack.yaml:1:1: the file must be a map of keys, not a list"]);
    let broken = pack(b"pack: sales\ntitle: {en: Sales\nversion: '1'\n");
    assert_eq!(broken.len(), 1);
    assert!(broken[0].starts_with("pack.yaml:3:") && broken[0].contains("this is not YAML"), "{broken:?}");
}

#[test]
fn endless_nesting_stops_at_the_limit() {
    let deep = format!("pack: {}{}\n", "[".repeat(100), "]".repeat(100));
    assert_eq!(pack(deep.as_bytes()), ["pack.yaml:1:71: lists and maps are nested more than 64 deep here"]);
    let unclosed = format!("pack: {}", "{a: ".repeat(100_000));
    assert_eq!(pack(unclosed.as_bytes()).len(), 1);
}

#[test]
fn a_huge_number_of_keys_stops_at_the_limit() {
    let many: String = (0..60_000).map(|key| format!("k{key}: 1\n")).collect();
    assert_eq!(pack(many.as_bytes()), ["pack.yaml:50000:9: the file has more than 100000 values; split it"]);
}

#[test]
fn many_faults_in_one_file_are_counted_rather_than_printed() {
    let many: String = (0..5_000).map(|key| format!("k{key}: 1\n")).collect();
    let said = pack(many.as_bytes());
    assert_eq!(said.len(), 101);
    assert_eq!(said[100], "pack.yaml:98:1: there are 4903 more problems in this file");
}

#[test]
fn a_file_of_fifty_megabytes_is_not_read() {
    let said = pack(&vec![b'x'; 50 * 1024 * 1024]);
    assert_eq!(said, ["pack.yaml:1:1: the file has 52428800 bytes; at most 1048576 are read, split it"]);
}

#[test]
fn a_file_of_another_kind_is_out_of_place() {
    assert_eq!(
        findings(&[
            ("proceses/x.yaml", "x: 1"),
            ("processes/x.yml", "x: 1"),
            ("processes/old/x.yaml", "x: 1"),
            ("processes/x.txt", "x"),
            ("reports/funnel.yaml", "stages: funnel"),
            ("notes.yaml", "x: 1"),
            ("demo/customers.csv", "id,name"),
            ("README.md", "# Sales"),
            ("plugins/q/plugin.yaml", "plugin: q\nversion: '1'\ntitle: {en: Q, zh: 问}\n"),
            ("plugins/q/test/a.yaml", "test: a"),
            ("plugins/q/rules.py", "x"),
            ("plugins/lost/decide.rhai", "fn decide(input) { input }"),
            ("workflows/lost/processes/y.yaml", "x: 1"),
            ("workflows/y.yaml", "x: 1"),
        ])
        .into_iter()
        .filter(|sentence| !sentence.contains("missing key") && !sentence.contains("unknown key"))
        .collect::<Vec<_>>(),
        [
            "plugins/lost/decide.rhai:1:1: the plugin \"lost\" has no plugin.yaml; add plugins/lost/plugin.yaml",
            "plugins/q/rules.py:1:1: a plugin has no file rules.py; it has plugin.yaml, *.rhai and tests/*.yaml",
            "plugins/q/test/a.yaml:1:1: a plugin has no folder test/; did you mean tests/?",
            "workflows/lost/processes/y.yaml:1:1: the pack \"lost\" has no pack.yaml; add it",
            "notes.yaml:1:1: a pack has no file notes.yaml; only pack.yaml stands beside its folders",
            "proceses/x.yaml:1:1: a pack has no folder proceses/; did you mean processes/?",
            "processes/old/x.yaml:1:1: processes/ has no folders inside",
            "processes/x.txt:1:1: x.txt has no place here; only .yaml files have",
            "processes/x.yml:1:1: the name ends in .yml; name it .yaml",
            "reports/funnel.yaml:1:1: reports/ belongs to the language but is not built yet; move its files away",
            "workflows/y.yaml:1:1: a file of a pack stands in the pack's folder, workflows/<pack>/",
        ]
    );
}
