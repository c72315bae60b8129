//! YAML to definitions: what is read, what is refused, and with which sentence at which place.

mod approvals;
mod calls;
mod cron;
mod document;
mod folder;
mod graph;
mod handlers;
mod lists;
mod many;
mod matching;
mod meaning;
mod overlay;
mod record;
mod repeat;
mod rights;
mod scenarios;
mod soundness;
mod stages;
mod traps;
mod unset;
mod unset_levels;
mod work_access;

use kamflow::definitions::{self, Parsed};
use kamflow::model::process::Process;
use kamflow::model::revision::Files;

pub const PACK: &str = "\
pack: sales
title: {en: Sales, zh: 销售}
version: '1.0'
roles:
  sales_rep: {en: Sales, zh: 销售}
  sales_ops: {en: Operations, zh: 运营}
";

/// A project of these files beside a pack that declares two roles.
pub fn project(files: &[(&str, &str)]) -> Files {
    let mut project = Files::from([("workflows/sales/pack.yaml".to_owned(), PACK.as_bytes().to_vec())]);
    for (path, text) in files {
        let path = if path.starts_with("plugins/") || path.starts_with("workflows/") {
            (*path).to_owned()
        } else {
            format!("workflows/sales/{path}")
        };
        project.insert(path, text.as_bytes().to_vec());
    }
    project
}

/// Every finding as it is printed, without the folder of the pack.
pub fn said(parsed: &Parsed) -> Vec<String> {
    parsed.findings.iter().map(|finding| finding.to_string().replace("workflows/sales/", "")).collect()
}

/// What is said of a project of these files.
pub fn findings(files: &[(&str, &str)]) -> Vec<String> {
    said(&definitions::parse(&project(files)))
}

/// What is said of a process with these nodes, called p; the line of the first node is 4.
pub fn nodes(text: &str) -> Vec<String> {
    findings(&[("processes/p.yaml", &with_nodes(text))])
}

/// The process with these nodes, which must be without an error.
pub fn process(text: &str) -> std::sync::Arc<Process> {
    let parsed = definitions::parse(&project(&[("processes/p.yaml", &with_nodes(text))]));
    let errors: Vec<String> = parsed.findings.iter().filter(|one| one.is_error()).map(ToString::to_string).collect();
    assert_eq!(errors, Vec::<String>::new());
    parsed.definitions.unwrap().processes["p"].clone()
}

pub fn with_nodes(text: &str) -> String {
    format!("process: p\ntitle: {{en: P, zh: 流程}}\nnodes:\n{}", text.trim_start_matches('\n'))
}
