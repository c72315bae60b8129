//! Random companies that refer to one another, merged and unmerged at random: nothing ever points to a record that is
//! merged, and undone in reverse everything is as it was.

use super::*;
use crate::support::on_both;
use std::collections::{BTreeMap, BTreeSet};

/// The same numbers every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

#[test]
fn random_merges_and_undos_keep_what_must_hold() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let (mut merged, mut refused) = (0, 0);
        for seed in 1..=6 {
            let mut dice = Dice(seed);
            let companies = forest(&boss, &mut dice, seed);
            let start = snapshot(database);
            let mut open: Vec<(String, String)> = Vec::new();
            for _ in 0..14 {
                if dice.roll(4) == 0 && !open.is_empty() {
                    let chosen = dice.roll(open.len());
                    let answer = undo(&boss, &open[chosen].0, &open[chosen].1);
                    match answer.status {
                        200 => drop(open.remove(chosen)),
                        _ => refused += 1,
                    }
                } else {
                    let (one, two) = (dice.roll(companies.len()), dice.roll(companies.len()));
                    let sides = ["winner", "loser"];
                    let choices = match dice.roll(3) {
                        0 => json!({"name": sides[dice.roll(2)], "parent": sides[dice.roll(2)]}),
                        1 => json!({"code": sides[dice.roll(2)], "partners": "loser"}),
                        _ => json!({}),
                    };
                    let answer = merge(&boss, &companies[one], &companies[two], choices);
                    match answer.status {
                        200 => open.push((companies[one].clone(), id_of(&answer))),
                        409 | 422 => refused += 1,
                        _ => panic!("{}", answer.text),
                    }
                }
                holds(database);
            }
            merged += open.len();
            while let Some((winner, merge)) = open.pop() {
                undo(&boss, &winner, &merge).ok(200);
                holds(database);
            }
            assert_eq!(snapshot(database), start, "seed {seed}");
        }
        assert!(merged > 15 && refused > 5, "{merged} merged, {refused} refused");
    });
}

fn forest(boss: &Caller, dice: &mut Dice, seed: u64) -> Vec<String> {
    let mut companies: Vec<String> = Vec::new();
    for number in 0..8 {
        let mut fields = json!({"name": format!("C{seed}-{number}")});
        if dice.roll(2) == 0 {
            fields["code"] = json!(format!("K{seed}-{number}"));
        }
        if !companies.is_empty() && dice.roll(3) > 0 {
            fields["parent"] = json!(companies[dice.roll(companies.len())]);
            fields["partners"] = json!([companies[dice.roll(companies.len())]]);
        }
        companies.push(make(boss, "company", fields));
    }
    for number in 0..6 {
        let company = &companies[dice.roll(companies.len())];
        let name = ["Li", "Wu"][number % 2].repeat(1 + number / 2);
        make(boss, "contact", json!({"name": name, "company": company}));
        let parties = [0, 1].map(|_| json!({"company": companies[dice.roll(companies.len())]}));
        make(boss, "deal", json!({"name": "D", "payer": company, "parties": parties}));
    }
    // Partners of those that came later.
    for _ in 0..4 {
        let (one, two) = (dice.roll(8), dice.roll(8));
        if one != two {
            patch(boss, "company", &companies[one], json!({"partners": [companies[two]]})).ok(200);
        }
    }
    companies
}

/// What must hold after every step.
fn holds(database: &TestDatabase) {
    let (mut live, mut gone) = (BTreeMap::new(), BTreeSet::new());
    let mut conn = database.connect();
    let query = "SELECT id || ' ' || COALESCE(merged_into, '-') || ' ' || fields AS line FROM records";
    for Line { line } in diesel::sql_query(query).load::<Line>(&mut conn).unwrap() {
        let mut parts = line.splitn(3, ' ');
        let (id, into) = (parts.next().unwrap().to_owned(), parts.next().unwrap());
        let fields: Json = serde_json::from_str(parts.next().unwrap()).unwrap();
        match into {
            "-" => drop(live.insert(id, fields)),
            _ => drop(gone.insert(id)),
        }
    }
    for (id, fields) in &live {
        let text = fields.to_string();
        assert!(!gone.iter().any(|gone| text.contains(gone)), "{id} refers to a merged one: {text}");
        let (mut above, mut seen) = (fields["parent"].as_str(), BTreeSet::from([id.as_str()]));
        while let Some(parent) = above {
            assert!(seen.insert(parent), "{id} stands above itself");
            above = live[parent]["parent"].as_str();
        }
    }
    let count = |query: &str| diesel::sql_query(query).load::<Line>(&mut database.connect()).unwrap().len();
    let coded = live.values().filter(|fields| fields.get("code").is_some()).count();
    assert_eq!(count("SELECT record AS line FROM record_keys WHERE rule = 'code'"), coded, "every code is held once");
    let lost = "SELECT x.record AS line FROM record_index AS x JOIN records AS r ON r.id = x.record WHERE r.merged_into IS NOT NULL";
    assert_eq!(count(lost), 0, "a redirect stands in no index");
}
