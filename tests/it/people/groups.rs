//! Roles that an expression gives: those of the business as it is now, and an incident when there is no such role.

use super::*;
use crate::runtime::incidents;
use crate::support::on_both;

const TEAM: &str = "\
process: team
title: {en: Team, zh: 团队}
input: {type: object, properties: {team: {}, about: {}}}
nodes:
  - {id: do, type: userTask, candidateGroups: team, description: about}
";

#[test]
fn roles_come_from_the_variables() {
    on_both(|database| {
        let app = with(database, &[("processes/team.yaml", TEAM)]);
        let instance = app.by("ann").start("team", json!({"team": ["clerk", "clerk"], "about": "count them"}));
        let task = open(&app, "do");
        assert_eq!((&task["candidateGroups"], &task["description"]), (&json!(["clerk"]), &json!("count them")));
        let path = format!("/api/v1/user-tasks/{}", task["id"].as_str().unwrap());
        app.by("bob").post(&format!("{path}/claim"), json!({})).ok(200);
        app.by("bob").post(&format!("{path}/complete"), json!({})).ok(200);
        let ended = app.by("ann").get(&format!("/api/v1/process-instances/{instance}")).ok(200);
        assert_eq!(ended["state"], "completed");
    });
}

#[test]
fn what_is_no_role_is_an_incident_that_says_so() {
    on_both(|database| {
        let app = with(database, &[("processes/team.yaml", TEAM)]);
        for (team, about, sentence) in [
            (
                json!(["clerk", "chief"]),
                json!(null),
                "there is no role \"chief\"; pack.yaml declares them under \"roles\"",
            ),
            (json!("clerk"), json!(null), "\"clerk\" is not a list of roles"),
            (json!([7]), json!(null), "7 is not the name of a role"),
            (json!(["clerk"]), json!(7), "7 is not text"),
            (json!(["clerk"]), json!("x".repeat(10_001)), "a description has at most 10000 characters"),
            (json!([]), json!(null), "is for nobody"),
        ] {
            let instance = app.by("ann").start("team", json!({"team": team, "about": about}));
            let incident = incidents(&app, &instance).remove(0);
            assert!(incident["message"].as_str().unwrap().contains(sentence), "{incident}");
            // A person mends it.
            let path = format!("/api/v1/incidents/{}/retry", incident["id"].as_str().unwrap());
            let body = json!({"variables": {"team": ["clerk"], "about": null}, "reason": "mistyped"});
            app.by("alice").post(&path, body).ok(200);
            assert_eq!(incidents(&app, &instance).len(), 0);
        }
    });
}
