//! What is written: SVG that any XML parser reads, Mermaid that says the same, and no title that becomes markup.

use super::{all, process, svg};
use kamflow::diagram::{self, Format};
use kamflow::model::process::Process;
use kamflow::model::text::Language;
use roxmltree::{Document, Node};

/// A title that wants to be markup, in each of the texts.
const EVIL: &str = "</title><script>alert(\"1\")</script>&lt; ]]> '\"`|{end} #quot; \u{7}";

#[test]
fn every_process_is_svg_without_script_and_names_its_nodes_and_flows() {
    for (name, process) in all() {
        for language in [Language::En, Language::Zh] {
            let text = svg(&process, language);
            assert_eq!(text, svg(&process, language), "{name}: the same again");
            let document = Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(document.root_element().attribute("data-process"), Some(process.key.as_str()));
            let nodes: Vec<&str> = document.descendants().filter_map(|one| one.attribute("data-node")).collect();
            assert_eq!(nodes.len(), process.nodes.len(), "{name}");
            for node in &process.nodes {
                assert!(nodes.contains(&node.id.as_str()), "{name}: {}", node.id);
                let title = node.title.get(language);
                let tips = document.descendants().filter(|one| one.has_tag_name("title")).filter_map(|one| one.text());
                assert!(tips.into_iter().any(|tip| tip.contains(title)), "{name}: {title} is told in full");
            }
            let flows = document.descendants().filter(|one| one.has_attribute("data-from")).count();
            assert_eq!(flows, process.flows.len(), "{name}");
            harmless(&document);
        }
    }
}

#[test]
fn titles_and_conditions_never_become_markup() {
    let evil = evil();
    let text = svg(&evil, Language::En);
    let document = Document::parse(&text).unwrap();
    harmless(&document);
    let told: Vec<&str> = document.descendants().filter(Node::is_text).filter_map(|one| one.text()).collect();
    assert!(told.iter().any(|told| told.contains("<script>alert(\"1\")</script>")), "it is text: {told:?}");

    let mermaid = diagram::write(&evil, None, Format::Mermaid, Language::En);
    for line in mermaid.lines() {
        assert!(!line.contains('<') && !line.contains('`'), "{line}");
        assert!(
            line.matches('"').count() % 2 == 0 && line.matches('"').count() <= 2,
            "quotes only around texts: {line}"
        );
    }
    assert!(mermaid.contains("#60;script#62;alert(#34;1#34;)#60;/script#62;"), "{mermaid}");
}

#[test]
fn a_diagram_speaks_both_languages() {
    let process = process(
        "
  - id: ask
    name: {en: Ask the customer, zh: 询问客户}
    type: userTask
    candidateGroups: [sales_rep]
    outcomes: {yes: which, no: end}
  - {id: which, type: exclusiveGateway, flows: [{if: 1 == 1, to: ask}, {to: end}]}
",
    );
    let (en, zh) = (svg(&process, Language::En), svg(&process, Language::Zh));
    assert!(en.contains(">Ask the<") && en.contains(">customer<") || en.contains(">Ask the customer<"), "{en}");
    assert!(zh.contains(">询问客户<") && zh.contains(">流程<"), "{zh}");
    assert!(en.contains(">else<") && zh.contains(">否则<"));
    assert!(en.contains(">yes<") && zh.contains(">yes<"), "outcomes are codes in both");
}

#[test]
fn long_titles_are_wrapped_inside_their_task_and_cut_with_an_ellipsis() {
    let zh = "很长的标题".repeat(30);
    let en = "Incomprehensibilities_without_an_end ".repeat(20);
    let text = format!("\n  - {{id: a, name: {{en: {en}, zh: {zh}}}, type: scriptTask, set: {{a: 1}}}}\n");
    let process = process(&text);
    for language in [Language::En, Language::Zh] {
        let drawing = diagram::draw(&process, language);
        let task = drawing.figures.iter().find(|figure| figure.node.is_some()).unwrap();
        let caption = task.caption.as_ref().unwrap();
        assert!(caption.lines.len() == 4 && caption.lines[3].ends_with('…'), "{:?}", caption.lines);
        assert!(caption.frame.x >= task.frame.x && caption.frame.right() <= task.frame.right());
        assert!(caption.frame.y >= task.frame.y && caption.frame.bottom() <= task.frame.bottom());
        let widest = caption.lines.iter().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= if language == Language::Zh { 10 } else { 22 }, "{:?}", caption.lines);
    }
}

#[test]
fn mermaid_says_the_same_in_its_own_words() {
    let process = process(
        "
  - id: sub
    name: {en: Together, zh: 一起}
    type: subProcess
    nodes:
      - {id: style, name: {en: Do it, zh: 做}, type: userTask, candidateGroups: [sales_rep]}
    boundary: [{id: late, timer: {duration: P1D}, to: which}]
    next: which
  - {id: which, name: {en: Which?, zh: 哪个}, type: exclusiveGateway, flows: [{if: 1 == 1, to: sub}, {to: end}]}
",
    );
    let said = diagram::write(&process, None, Format::Mermaid, Language::En);
    let name = |id: &str| format!("n{}", process.index[&id.into()]);
    let expected = [
        format!("  subgraph {} [\"Together\"]", name("sub")),
        format!("    {}[\"Do it\"]", name("style")),
        format!("  {}((\"timer P1D\"))", name("late")),
        format!("  {} -.- {}", name("sub"), name("late")),
        format!("  {}{{\"Which?\"}}", name("which")),
        format!("  {} -->|\"1 == 1\"| {}", name("which"), name("sub")).replace("==", "=="),
        format!("  {} -->|\"else\"| {}", name("which"), name("end")),
    ];
    for line in expected {
        assert!(said.lines().any(|one| one == line), "{line:?} is not in\n{said}");
    }
    assert_eq!(said.lines().next(), Some("flowchart LR"));
    assert_eq!(said.matches("subgraph").count(), said.lines().filter(|line| line.trim() == "end").count());
}

/// Nothing that could run or load anything.
fn harmless(document: &Document) {
    let known = ["svg", "style", "rect", "text", "g", "title", "path", "circle"];
    for element in document.descendants().filter(Node::is_element) {
        assert!(known.contains(&element.tag_name().name()), "{:?}", element.tag_name());
        let names = element.attributes().map(|attribute| attribute.name());
        names.into_iter().for_each(|name| assert!(!name.starts_with("on") && name != "href", "{name}"));
    }
}

/// Says the worst wherever a person may say something.
fn evil() -> Process {
    let mut process = (*process(
        "
  - {id: a, type: userTask, candidateGroups: [sales_rep], outcomes: {good: b, bad: end}, boundary: [{id: late, error: x, to: b}]}
  - {id: b, type: exclusiveGateway, flows: [{if: 1 == 1, to: s}, {to: end}]}
  - {id: s, type: subProcess, nodes: [{id: t, type: scriptTask, set: {a: 1}}]}
",
    ))
    .clone();
    process.title.en = EVIL.to_owned();
    process.nodes.iter_mut().for_each(|node| node.title.en = EVIL.to_owned());
    for flow in &mut process.flows {
        flow.outcome = flow.outcome.as_ref().map(|_| EVIL.to_owned());
        if let Some(condition) = &mut flow.condition {
            condition.source = EVIL.into();
        }
    }
    process
}
