//! What processes leave behind: decisions, incidents, variables and history are masked for who may not read the fields.

use super::*;
use crate::runtime::{finish, incidents};
use crate::support::on_both;

/// Bosses read every card and its number; nobody reads every account.
const CARD: &str = "\
record: card
title: {en: Card, zh: 卡}
fields:
  owner: {type: user}
  number: {type: string}
  people: {type: list, of: {type: map, fields: {nickname: {type: string, personal: true}, floor: {type: int}}}}
columns: {owner: owner}
access:
  read: [owner, 'role:boss']
  create: ['role:clerk']
  fields: {number: {read: ['role:boss']}}
";

const JUDGE: &str = "\
plugin: judge
version: 1.0.0
title: {en: Judge, zh: 评判}
functions:
  judge:
    script: judge.rhai
    input: {type: object}
    output: {type: object, required: [explain]}
reasons:
  seen: {en: 'The {secret} of {who} is worth {score}; {hint}.', zh: '{who}的{secret}值{score}；{hint}。'}
";

const JUDGE_SCRIPT: &str = "\
//! Tells all that it hears.
fn judge(input) {
    #{
        verdict: `has ${input.secret}`,
        explain: [#{code: \"seen\", params: #{secret: input.secret, score: input.score, who: \"ann\", hint: input.secret + \"!\"}}]
    }
}
";

const PROCESS: &str = "\
process: judging
title: {en: Judging, zh: 评判}
input: {type: object, properties: {secret: {type: string}, score: {type: integer}, number: {type: string}, nickname: {type: string}, plain: {type: string}}}
search: [secret, plain]
nodes:
  - id: judge
    type: businessRuleTask
    decision: judge/judge
    in: {secret: secret, score: score, list: '[#{number: number}, plain]'}
    out: {verdict: result.verdict, nested: '#{people: [#{nickname: nickname, floor: 3}]}'}
  - {id: look, type: userTask, candidateGroups: [clerk], form: look}
  - {id: fail, type: serviceTask, action: records.update, in: {type: '\"account\"', id: '\"none of \" + secret', fields: '#{secret: secret, note: plain}'}}
";

const FORM: &str = "\
form: look
title: {en: Look, zh: 查看}
shows: [secret, plain]
schema: {type: object, properties: {}}
";

fn judged(app: &TestApp) -> String {
    let variables =
        json!({"secret": "tulip bulbs", "score": 70, "number": "4711-0815", "nickname": "Bo", "plain": "daisy"});
    app.by("ann").start("judging", variables)
}

fn files() -> Vec<(&'static str, &'static str)> {
    vec![
        ("records/card.yaml", CARD),
        ("plugins/judge/plugin.yaml", JUDGE),
        ("plugins/judge/judge.rhai", JUDGE_SCRIPT),
        ("processes/judging.yaml", PROCESS),
        ("forms/look.yaml", FORM),
    ]
}

#[test]
fn a_decision_is_masked_in_input_output_and_words() {
    on_both(|database| {
        let app = app(database, &files());
        let id = judged(&app);
        let alice = app.by("alice");
        let list = alice.get(&format!("/api/v1/decisions?instance={id}")).ok(200);
        let path = format!("/api/v1/decisions/{}", list["items"][0]["id"].as_str().unwrap());
        let shown = alice.get(&path);
        let one = shown.ok(200);
        assert_eq!(one["input"], json!({"secret": "***", "score": "***", "list": [{"number": "***"}, "daisy"]}));
        assert_eq!(one["output"]["verdict"], "has ***");
        assert_eq!(one["explanation"], json!(["The *** of ann is worth ***; ***!."]));
        assert_eq!((&list["items"][0]["input"], &list["items"][0]["output"]), (&one["input"], &one["output"]));
        assert!(!shown.text.contains("tulip") && !shown.text.contains("4711"));

        // A boss reads the number of every card, and so he reads it here; administrators are not above that.
        app.user("chief", &["boss", "process_admin"]);
        let chief = app.by("chief").get(&path).ok(200);
        assert_eq!(
            chief["input"],
            json!({"secret": "***", "score": "***", "list": [{"number": "4711-0815"}, "daisy"]})
        );
        // Even who started it: the process does not say whose account it was about.
        assert_eq!(app.by("ann").get(&path).ok(200)["input"], one["input"]);
    });
}

#[test]
fn variables_history_and_incidents_are_masked_alike() {
    on_both(|database| {
        let app = app(database, &files());
        let id = judged(&app);
        finish(&app.by("ann"), &id, json!({}));
        let alice = app.by("alice");
        let instance = alice.get(&format!("/api/v1/process-instances/{id}"));
        let variables = instance.ok(200)["variables"].clone();
        assert_eq!(
            (&variables["secret"], &variables["score"], &variables["number"]),
            (&json!("***"), &json!("***"), &json!("***"))
        );
        assert_eq!((&variables["plain"], &variables["verdict"]), (&json!("daisy"), &json!("has ***")));
        // Personal fields count wherever they stand in a type, and wherever they stand in a variable.
        assert_eq!(variables["nested"], json!({"people": [{"nickname": "***", "floor": 3}]}));
        assert_eq!(instance.json()["search"], json!({"secret": "***", "plain": "daisy"}));
        let list = alice.get("/api/v1/process-instances").ok(200);
        assert_eq!(list["items"][0]["search"], json!({"secret": "***", "plain": "daisy"}));

        let history = alice.get(&format!("/api/v1/process-instances/{id}/history"));
        assert!(!history.text.contains("tulip") && !history.text.contains("4711") && history.text.contains("daisy"));
        assert_eq!(history.ok(200)["items"][0]["data"]["variables"]["secret"], "***");

        let found = incidents(&app, &id);
        assert_eq!(found[0]["input"]["fields"], json!({"secret": "***", "note": "daisy"}));
        assert_eq!(found[0]["input"]["id"], "none of ***");
        assert_eq!(found[0]["message"], "there is no account \"none of ***\"");
        let path = format!("/api/v1/incidents/{}", found[0]["id"].as_str().unwrap());
        assert_eq!(alice.get(&path).ok(200)["message"], found[0]["message"]);
        let retried = alice.post(&format!("{path}/retry"), json!({}));
        assert_eq!(retried.ok(200)["search"]["secret"], "***");
    });
}

#[test]
fn a_task_is_shown_whole_to_who_is_to_do_it_and_masked_to_who_looks_on() {
    on_both(|database| {
        let app = app(database, &files());
        let id = judged(&app);
        let task = crate::runtime::task(&app.by("ann"), &id);
        let path = format!("/api/v1/user-tasks/{task}");
        let whole = json!({"secret": "tulip bulbs", "plain": "daisy"});
        let masked = json!({"secret": "***", "plain": "daisy"});
        for (login, search) in [("ann", &whole), ("bob", &whole), ("alice", &masked), ("mia", &masked)] {
            let by = app.by(login);
            assert_eq!(by.get(&path).ok(200)["search"], *search, "{login}");
            assert_eq!(by.get(&format!("{path}/form")).ok(200)["shown"], *search, "{login}");
            assert_eq!(by.get("/api/v1/user-tasks").ok(200)["items"][0]["search"], *search, "{login}");
        }
        // Nobody finds out by asking.
        for login in ["ann", "alice"] {
            for list in ["user-tasks", "process-instances"] {
                let ask = |name: &str| app.by(login).get(&format!("/api/v1/{list}?process=judging&variables.{name}=x"));
                let refused = ask("secret").problem(422, "field_not_readable");
                assert_eq!(pointers(&refused), ["?variables.secret"]);
                assert_eq!(ask("plain").ok(200)["total"], 0);
            }
        }
        let stale = app.by("alice").send("POST", &format!("{path}/claim"), &[JSON, ("If-Match", "\"9\"")], "{}");
        assert!(!stale.text.contains("tulip"), "{}", stale.text);
    });
}

#[test]
fn what_became_limited_later_is_masked_in_what_was_left_before() {
    on_both(|database| {
        let open = ACCOUNT
            .replace("    secret: {read: [owner, superior(owner)]}\n", "")
            .replace("score: {read", "note: {read");
        let mut before = files();
        before.extend([("plugins/text/plugin.yaml", TEXT), ("plugins/text/text.rhai", TEXT_SCRIPT)]);
        let mut after = before.clone();
        before.push(("records/account.yaml", &open));
        after.push(("records/account.yaml", ACCOUNT));
        let app = with(database, &before);
        let id = judged(&app);
        let secret = |by: &str| {
            app.by(by).get(&format!("/api/v1/process-instances/{id}")).ok(200)["variables"]["secret"].clone()
        };
        assert_eq!(secret("alice"), "tulip bulbs");
        crate::runtime::deploy(&app, &after);
        assert_eq!(secret("alice"), "***");
        // And what is open now stays masked where it was not open then.
        let closed = judged(&app);
        crate::runtime::deploy(&app, &before);
        let of = |id: &str| {
            app.by("alice").get(&format!("/api/v1/process-instances/{id}")).ok(200)["variables"]["secret"].clone()
        };
        assert_eq!((of(&id), of(&closed)), (json!("tulip bulbs"), json!("***")));
    });
}
