//! Records above and below one another: a merge never makes a circle.

use super::*;
use crate::support::on_both;

#[test]
fn a_winner_below_the_loser_takes_its_place() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let top = make(&boss, "company", json!({"name": "Top"}));
        let loser = make(&boss, "company", json!({"name": "Loser", "parent": top}));
        let between = make(&boss, "company", json!({"name": "Between", "parent": loser}));
        for above in [&loser, &between] {
            let winner = make(&boss, "company", json!({"name": "Winner", "parent": above}));
            let start = snapshot(database);
            let merged = merge(&boss, &winner, &loser, json!({}));
            assert_eq!(merged.ok(200)["record"]["fields"]["parent"], json!(top));
            assert_eq!(get(&boss, "company", &between)["fields"]["parent"], json!(winner));
            undo(&boss, &winner, &id_of(&merged)).ok(200);
            assert_eq!(snapshot(database), start);
        }
    });
}

#[test]
fn a_loser_below_the_winner_leaves_it_where_it_is() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let winner = make(&boss, "company", json!({"name": "Winner"}));
        let between = make(&boss, "company", json!({"name": "Between", "parent": winner}));
        let loser = make(&boss, "company", json!({"name": "Loser", "parent": between, "partners": [winner, between]}));
        // Its own parent would lead back to it, and so is not taken over; chosen, it is refused.
        merge(&boss, &winner, &loser, json!({"parent": "loser"})).problem(422, "cycle");
        let itself = json!({"parent": {"value": loser}});
        merge(&boss, &winner, &loser, itself).problem(422, "cycle");
        let merged = merge(&boss, &winner, &loser, json!({})).ok(200);
        assert_eq!(merged["record"]["fields"].get("parent"), None);
        assert_eq!(merged["record"]["fields"]["partners"], json!([between]), "nobody is a partner of itself");
        assert_eq!(get(&boss, "company", &between)["fields"]["parent"], json!(winner));
    });
}

#[test]
fn parents_that_are_no_relations_are_taken_over() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let top = make(&boss, "company", json!({"name": "Top"}));
        let winner = make(&boss, "company", json!({"name": "Winner"}));
        let loser = make(&boss, "company", json!({"name": "Loser", "parent": top}));
        let child = make(&boss, "company", json!({"name": "Child", "parent": loser}));
        let merged = merge(&boss, &winner, &loser, json!({})).ok(200);
        assert_eq!(merged["record"]["fields"]["parent"], json!(top));
        assert_eq!(get(&boss, "company", &child)["fields"]["parent"], json!(winner));
        assert_eq!(boss.get(&format!("/api/v1/records/company?parent={winner}")).ok(200)["total"], 1);
    });
}
