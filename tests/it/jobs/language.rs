//! What a job may look like in a process file, and what is refused with which sentence.

use crate::runtime::deployment;
use crate::support::app::TestApp;
use crate::support::databases;

fn sentences(app: &TestApp, node: &str) -> Vec<String> {
    let process = format!("process: p\ntitle: {{en: P, zh: 流程}}\nnodes:\n{node}\n");
    let files = deployment(&[("processes/p.yaml", &process)])["files"].clone();
    let found = app.by("alice").post("/api/v1/deployments/validate", serde_json::json!({"files": files})).ok(200);
    let findings = found["findings"].as_array().unwrap_or_else(|| panic!("{found}"));
    findings.iter().map(|finding| finding["sentence"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn nonsense_is_refused_with_a_sentence() {
    let databases = databases();
    let app = TestApp::start(&databases[0]);
    for (node, sentence) in [
        ("  - {id: a, type: serviceTask}", "a service task has \"action\" or \"job\"; this one has neither"),
        (
            "  - {id: a, type: serviceTask, job: x, action: org.superior}",
            "a service task has \"action\" or \"job\"; this one has both",
        ),
        ("  - {id: a, type: serviceTask, job: Send Mail}", "is no type of a job"),
        (
            "  - {id: a, type: serviceTask, action: org.superior, in: {user: '\"x\"'}, retry: {times: 2}}",
            "\"retry\" belongs to \"job\"",
        ),
        (
            "  - {id: a, type: serviceTask, action: org.superior, in: {user: '\"x\"'}, timeout: PT1H}",
            "\"timeout\" belongs to \"job\"",
        ),
        ("  - {id: a, type: serviceTask, job: x, timeout: PT0S}", "is no time at all"),
        ("  - {id: a, type: serviceTask, job: x, timeout: soon}", "is not an ISO 8601 duration"),
        (
            "  - {id: a, type: serviceTask, job: x, retry: {every: PT2H}}",
            "the first wait, PT2H, is longer than the longest one, PT1H",
        ),
        ("  - {id: a, type: serviceTask, job: x, retry: {times: 101}}", "100"),
        ("  - {id: a, type: serviceTask, job: x, retry: {factor: 0}}", "1"),
        ("  - {id: a, type: serviceTask, job: x, retry: {often: 3}}", "often"),
        ("  - {id: a, type: serviceTask, job: x, priority: 101}", "100"),
        (
            "  - id: a\n    type: subProcess\n    atomic: true\n    nodes: [{id: b, type: serviceTask, job: x}]",
            "a job waits for a worker, and \"a\" is atomic; move it out of the block",
        ),
    ] {
        let said = sentences(&app, node);
        assert!(said.iter().any(|said| said.contains(sentence)), "{node}: {said:?}");
    }
    let fine = "  - {id: a, type: serviceTask, job: mail.send-2, retry: {times: 0, every: PT1S, factor: 1, most: P1D}, timeout: P3D, priority: 0}";
    assert_eq!(sentences(&app, fine), Vec::<String>::new());
}
