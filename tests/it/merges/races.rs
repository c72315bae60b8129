//! Merges on two servers at once: one wins, and nothing is left pointing nowhere.

use super::*;
use crate::support::on_both;
use crate::support::threads::each;
use kamflow::api::Limits;

#[test]
fn of_two_merges_of_the_same_two_records_one_wins() {
    on_both(|database| {
        let app = app(database);
        let other = TestApp::open(database, Limits::default());
        let nodes = [&app, &other];
        for round in 0..6 {
            let boss = app.by("boss");
            let two = ["x", "y"].map(|name| make(&boss, "company", json!({"name": format!("{name}{round}")})));
            let answers = each(4, |n| merge(&nodes[n % 2].by("boss"), &two[n % 2], &two[1 - n % 2], json!({})));
            assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
            for lost in answers.iter().filter(|answer| answer.status != 200) {
                lost.problem(409, "merged_already");
            }
        }
        assert_eq!(app.by("boss").get("/api/v1/records/company").ok(200)["total"], 6);
    });
}

#[test]
fn what_is_written_while_two_records_are_merged_refers_to_the_winner() {
    on_both(|database| {
        let app = app(database);
        let other = TestApp::open(database, Limits::default());
        let nodes = [&app, &other];
        for round in 0..6 {
            let boss = app.by("boss");
            let [a, b] = ["a", "b"].map(|name| make(&boss, "company", json!({"name": format!("{name}{round}")})));
            let answers = each(6, |n| match n {
                2 => merge(&nodes[0].by("boss"), &a, &b, json!({})),
                n => nodes[n % 2]
                    .by("boss")
                    .post("/api/v1/records/contact", json!({"fields": {"name": format!("c{n}"), "company": b}})),
            });
            answers.iter().for_each(|answer| assert!(answer.status < 300, "{}", answer.text));
            assert_eq!(boss.get(&format!("/api/v1/records/contact?company={a}")).ok(200)["total"], 5);
            assert_eq!(boss.get(&format!("/api/v1/records/contact?company={b}")).ok(200)["total"], 0);
        }
    });
}

#[test]
fn a_merge_is_undone_once() {
    on_both(|database| {
        let app = app(database);
        let other = TestApp::open(database, Limits::default());
        let nodes = [&app, &other];
        let boss = app.by("boss");
        let [a, b] = ["A", "B"].map(|name| make(&boss, "company", json!({ "name": name })));
        let start = snapshot(database);
        let merged = id_of(&merge(&boss, &a, &b, json!({})));
        let answers = each(4, |n| undo(&nodes[n % 2].by("boss"), &a, &merged));
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        answers.iter().filter(|answer| answer.status != 200).for_each(|lost| drop(lost.problem(409, "merge_undone")));
        assert_eq!(snapshot(database), start);
    });
}
