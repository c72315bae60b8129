//! Every key of the form in our words, those that no case at hand uses among them.

use super::format::Case;
use super::{document, render};
use kamflow::model::json::Json;
use serde_json::json;

fn case(nodes: Json, flows: Json) -> Case {
    let file = json!({ "format": "wfcase/1", "cases": [{ "id": "own", "tier": "core",
        "processes": [{ "id": "Main_P", "nodes": nodes, "flows": flows }],
        "run": [{ "start": { "process": "Main_P", "vars": { "n": 1, "list": ["a"], "who": "ann", "input": 2 } } }] }]});
    document(&file.to_string()).unwrap().unwrap().cases.remove(0)
}

/// The process of a case with these nodes.
fn process(nodes: Json, flows: Json) -> Json {
    let rendered = render::case(&case(nodes, flows)).unwrap_or_else(|wrong| panic!("{wrong}"));
    serde_json::from_slice(&rendered.files["workflows/case/processes/main_p.yaml"]).unwrap()
}

/// Node `a` alone, which begins and ends.
fn alone(node: Json) -> Json {
    let mut node = node;
    node["id"] = json!("a");
    process(json!([node]), json!([]))["nodes"][0].clone()
}

/// The keys of node `a` beside those that every node has.
fn keys(node: Json) -> Json {
    let mut keys = alone(node);
    for common in ["id", "type", "next", "form", "candidateGroups"] {
        keys.as_object_mut().unwrap().remove(common);
    }
    keys
}

#[test]
fn events_are_named_the_same_everywhere() {
    for (event, ours) in [
        (json!({ "type": "timer", "duration": "PT1H" }), json!({ "timer": { "duration": "PT1H" } })),
        (
            json!({ "type": "timer", "date": "2026-03-02T10:00:00" }),
            json!({ "timer": { "date": "\"2026-03-02T10:00:00Z\"" } }),
        ),
        (json!({ "type": "timer", "date": "who" }), json!({ "timer": { "date": "who" } })),
        (json!({ "type": "timer", "cycle": "R4/PT10S" }), json!({ "timer": { "cycle": "R4/PT10S" } })),
        (json!({ "type": "message", "ref": "m", "correlation": "n" }), json!({ "message": "m", "correlate": "n" })),
        (json!({ "type": "signal", "ref": "s" }), json!({ "signal": "s" })),
        (json!({ "type": "error", "ref": "E" }), json!({ "error": "E" })),
        (json!({ "type": "error" }), json!({ "error": "any" })),
        (json!({ "type": "escalation", "ref": "E" }), json!({ "escalation": "E" })),
        (json!({ "type": "conditional", "condition": "input > 1" }), json!({ "condition": "input_ > 1" })),
        (json!({ "type": "link", "ref": "l" }), json!({ "link": "l" })),
        (json!({ "type": "compensate" }), json!({ "compensate": "all" })),
        (json!({ "type": "compensate", "activity": "a" }), json!({ "compensate": "a" })),
        (json!({ "type": "terminate" }), json!({ "terminate": true })),
        (json!({ "type": "cancel" }), json!({ "cancel": true })),
    ] {
        for place in ["intermediateCatchEvent", "intermediateThrowEvent", "startEvent", "endEvent"] {
            assert_eq!(keys(json!({ "type": place, "event": event })), ours, "{place} {event}");
        }
        let nodes = json!([{ "id": "a", "type": "userTask" }, { "id": "b", "type": "boundaryEvent", "attached_to": "a",
            "interrupting": false, "event": event }]);
        let mut on_edge = ours.clone();
        on_edge
            .as_object_mut()
            .unwrap()
            .extend(json!({ "id": "b", "interrupting": false, "to": "end" }).as_object().unwrap().clone());
        assert_eq!(process(nodes, json!([]))["nodes"][0]["boundary"], json!([on_edge]), "{event}");
    }
    let two = json!([{ "type": "signal", "ref": "s" }, { "type": "signal", "ref": "t" }]);
    let any = json!({ "any": [{ "signal": "s" }, { "signal": "t" }] });
    assert_eq!(keys(json!({ "type": "intermediateCatchEvent", "event": two })), any);
    let all = keys(json!({ "type": "intermediateCatchEvent", "event": two, "parallel_multiple": true }));
    assert_eq!(all, json!({ "all": any["any"] }));
}

#[test]
fn activities_repeat_exclude_and_count_tokens() {
    for (key, node) in [
        (
            "forEach",
            json!({ "multi_instance": { "sequential": true, "collection": "list", "element": "input",
            "completion_condition": "nrOfCompletedInstances / nrOfInstances >= 0.5", "rest": "leave", "may_add": true,
            "output_collection": "out", "output_element": "n + 1", "behavior": "one",
            "throws": { "type": "signal", "ref": "s" } } }),
        ),
        ("loop", json!({ "loop": { "kind": "while", "condition": "n < 3", "max": 5 } })),
        ("startQuantity", json!({ "startQuantity": 2 })),
        ("completionQuantity", json!({ "completionQuantity": 2 })),
        ("mutex", json!({ "mutex": "m" })),
    ] {
        let mut node = node;
        node["type"] = json!("userTask");
        let ours = match key {
            "forEach" => json!({ "in": "list", "as": "input_", "sequential": true, "rest": "leave", "mayAdd": true,
                "until": "(1.0 * nrOfCompletedInstances / nrOfInstances) >= 0.5", "collect": { "out": "(n + 1)" },
                "behavior": "one", "throws": { "signal": "s" } }),
            "loop" => json!({ "while": "n < 3", "max": 5, "testBefore": true }),
            "mutex" => json!("m"),
            _ => json!(2),
        };
        assert_eq!(keys(node), json!({ (key): ours }));
    }
    let complex = json!({ "type": "userTask", "multi_instance": { "cardinality": 3, "behavior": "complex",
        "complex": { "condition": "nrOfCompletedInstances == 2", "throws": { "type": "signal", "ref": "s" } } } });
    let ours =
        json!({ "count": "3", "behavior": { "when": "nrOfCompletedInstances == 2" }, "throws": { "signal": "s" } });
    assert_eq!(keys(complex), json!({ "forEach": ours }));
}

#[test]
fn tasks_say_who_and_what() {
    let task = json!({ "type": "userTask", "name": "No ${n}", "assignee": "who", "candidate_roles": ["Sales Rep"],
        "not_same_as": "a", "same_as": ["a"] });
    let mut said = alone(task);
    said.as_object_mut().unwrap().retain(|key, _| !["id", "type", "next", "form"].contains(&key.as_str()));
    let ours = json!({ "title": "`No ${n}`", "assignee": "who", "candidateGroups": ["sales_rep"], "notSameAs": ["a"],
        "sameAs": ["a"] });
    assert_eq!(said, ours);
    assert_eq!(alone(json!({ "type": "userTask" }))["candidateGroups"], json!(["anybody"]));
    let message = json!({ "message": "m", "instantiate": true });
    assert_eq!(keys(json!({ "type": "receiveTask", "message": "m", "instantiate": true })), message);
    assert_eq!(keys(json!({ "type": "serviceTask", "service": { "any": "thing" } })), json!({ "set": {} }));
    let call = json!({ "type": "callActivity", "called": "Main_P", "in": { "x": "n * 2" }, "out": { "n": "input" } });
    let ours = json!({ "process": "main_p", "in": { "x": "(n * 2)" }, "out": { "n": "result.input_" } });
    assert_eq!(keys(call), ours);
    // What a call gives is declared by the process that it calls.
    let calls = json!([{ "id": "a", "type": "callActivity", "called": "Main_P", "in": { "x": "n" } }]);
    assert!(process(calls, json!([]))["input"]["properties"].get("x").is_some());
    let call = keys(json!({ "type": "callActivity", "called": "Main_P" }));
    assert_eq!(call, json!({ "process": "main_p", "in": "all", "out": "all" }));
}

#[test]
fn gateways_choose_join_and_keep_flows_apart() {
    let gateway = |kind: &str, keys: Json, flows: Json| {
        let mut node = json!({ "id": "a", "type": kind });
        node.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
        process(json!([node, { "id": "b", "type": "task" }, { "id": "c", "type": "task" }]), flows)
    };
    let two = |first: Json, second: Json| {
        let mut flows = json!([{ "from": "a", "to": "b" }, { "from": "a", "to": "c" }]);
        for (at, more) in [first, second].into_iter().enumerate() {
            flows[at].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        }
        flows
    };
    let chosen = json!([{ "if": "n > 1", "to": "c" }, { "to": "b" }]);
    for kind in ["exclusiveGateway", "inclusiveGateway", "complexGateway"] {
        let flows = two(json!({ "default": true }), json!({ "if": "n > 1" }));
        assert_eq!(gateway(kind, json!({}), flows)["nodes"][0]["flows"], chosen);
        // A flow without condition that is not the default is always true.
        let flows = gateway(kind, json!({}), two(json!({}), json!({ "default": true })))["nodes"][0]["flows"].clone();
        assert_eq!(flows, json!([{ "if": "true", "to": "b" }, { "to": "c" }]));
    }
    let forked = gateway("parallelGateway", json!({}), two(json!({}), json!({})));
    assert_eq!(forked["nodes"][0]["next"], json!(["b", "c"]));
    // A task has no default: a gateway behind it has.
    let task = gateway("task", json!({}), two(json!({ "default": true }), json!({ "if": "n > 1" })));
    assert_eq!((&task["nodes"][0]["next"], &task["nodes"][3]["flows"]), (&json!("a--choice"), &chosen));
    let twice = json!([{ "from": "a", "to": "b" }, { "from": "a", "to": "b" }, { "from": "b", "to": "c" }]);
    let twice = gateway("task", json!({}), twice);
    assert_eq!(twice["nodes"][0]["next"], json!(["b", "b--again1"]));
    assert_eq!(twice["nodes"][3], json!({ "id": "b--again1", "type": "exclusiveGateway", "next": "b" }));
    let join = json!({ "join": { "n": 2, "of": 2, "rest": "cancel" }, "activation_condition": "activationCount >= 1" });
    let joined = gateway("complexGateway", join, json!([{ "from": "b", "to": "a" }, { "from": "c", "to": "a" }]));
    let joined = joined["nodes"].as_array().unwrap().iter().find(|node| node["id"] == "a").unwrap().clone();
    assert_eq!(joined["join"], json!({ "n": 2, "rest": "cancel" }));
    assert_eq!(joined["activation"], "activationCount >= 1");
    let two_of_three = json!([{ "id": "a", "type": "complexGateway", "join": { "n": 2, "of": 3 } }]);
    assert!(render::case(&case(two_of_three, json!([]))).err().is_some_and(|wrong| wrong.contains("joins 3")));
}

#[test]
fn levels_begin_nest_and_compensate() {
    let inside = json!([{ "id": "i", "type": "task" }, { "id": "j", "type": "task" }]);
    // Without a start event everything that nothing leads to begins.
    let both = alone(json!({ "type": "subProcess", "nodes": inside }));
    assert_eq!(both["nodes"][0], json!({ "id": "i--begin", "type": "parallelGateway", "next": ["i", "j"] }));
    let transaction = alone(json!({ "type": "transaction", "nodes": inside }));
    assert_eq!((&transaction["type"], &transaction["transaction"]), (&json!("subProcess"), &json!(true)));
    let ad_hoc = alone(json!({ "type": "adHocSubProcess", "ordering": "sequential", "nodes": inside }));
    assert_eq!((&ad_hoc["adHoc"], &ad_hoc["nodes"][0]["id"]), (&json!({ "ordering": "sequential" }), &json!("i")));
    let event =
        json!([{ "id": "t", "type": "startEvent", "interrupting": false, "event": { "type": "signal", "ref": "s" } }]);
    let nodes = json!([{ "id": "a", "type": "task" },
        { "id": "e", "type": "subProcess", "triggered_by_event": true, "nodes": event },
        { "id": "u", "type": "task", "for_compensation": true },
        { "id": "b", "type": "boundaryEvent", "attached_to": "a", "event": { "type": "compensate" }, "compensation_handler": "u" }]);
    let process = process(nodes, json!([]));
    assert_eq!(process["nodes"][0]["compensation"], "u");
    let ours = json!([{ "id": "t", "type": "startEvent", "interrupting": false, "signal": "s", "next": "end" }]);
    assert_eq!(process["events"], json!([{ "id": "e", "nodes": ours }]));
}

#[test]
fn what_a_script_does_becomes_steps() {
    let one = alone(json!({ "type": "scriptTask", "do": [{ "log": "m" }, { "inc": "n" }, { "log": "m" }] }));
    assert_eq!((&one["type"], &one["set"]), (&json!("scriptTask"), &json!({ "n": "n + 1" })));
    let case = case(
        json!([{ "id": "a", "type": "scriptTask", "do": [{ "log": "m" }, { "sleep": "PT5S" },
        { "set_local": { "n": 5 } }, { "log_interval": "i" }, { "throw_error": "E" }, { "log": "never" }] }]),
        json!([]),
    );
    let rendered = render::case(&case).unwrap_or_else(|wrong| panic!("{wrong}"));
    let file: Json = serde_json::from_slice(&rendered.files["workflows/case/processes/main_p.yaml"]).unwrap();
    let steps = &file["nodes"][0]["nodes"];
    assert_eq!(steps[1]["timer"], json!({ "duration": "PT5S" }));
    assert_eq!(steps[2]["forEach"], json!({ "in": "[5]", "as": "n" }));
    assert_eq!(steps[2]["nodes"][1], json!({ "id": "a--step3--in--step2", "type": "endEvent", "error": "E" }));
    let marks: Vec<&str> = rendered.marks.values().flatten().map(String::as_str).collect();
    assert_eq!((marks, rendered.intervals.len()), (vec!["m", "i"], 1));
}
