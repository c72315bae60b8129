//! A process for every row: the same start as over REST, counted by what it led to.

use super::*;
use crate::support::on_both;
use serde_json::json;

const DELIVERIES: &str = "/api/v1/process-definitions/delivery/import";
const LIST: &str = "id,name,amount,colour,price,maker.name,maker.phones\n\
    d1,bolt,3,red,12.50 CNY,Hua,1|2\n\
    d2,nut,12,,,,\n\
    d3,ring,40,green,,,\n\
    d4,,1,,,,\n\
    d5,nail,many,,,,\n\
    d6,screw,1,blue,,,\n";

fn send(by: &Caller, query: &str, file: &str) -> Imported {
    imported(&by.send("POST", &format!("{DELIVERIES}{query}"), &[CSV], file))
}

/// What rows led to, and how many.
fn led_to(done: &Imported) -> Vec<(Json, i64)> {
    let groups = done.summary()["ledTo"].as_array().unwrap();
    let group = |group: &Json| {
        let mut what = group.as_object().unwrap().clone();
        let rows = what.remove("rows").unwrap().as_i64().unwrap();
        (Json::Object(what), rows)
    };
    groups.iter().map(group).collect()
}

fn sized(value: &str) -> Json {
    json!({"decided": {"function": "text/size", "output": "size", "value": value}})
}

#[test]
fn every_row_starts_a_process_and_the_summary_says_where_they_are() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let done = send(&ann, "?name=list.csv", LIST);
        assert_eq!(done.counts(), [3, 0, 0, 3], "{:?}", done.refused());
        let expected = vec![
            (sized("large"), 2),
            (sized("small"), 1),
            (json!({"waitsAt": "look"}), 2),
            (json!({"endsAt": "done"}), 1),
        ];
        assert_eq!(led_to(&done), expected);
        let refused = done.refused();
        assert_eq!((refused[0].0, refused[0].1.as_str(), refused[0].2.as_str()), (5, "/variables/name", "required"));
        assert_eq!((refused[1].0, refused[1].1.as_str()), (6, "/variables/amount"));
        assert!(refused[2].3.contains("none of the values; valid here: green, red"), "{}", refused[2].3);
        assert_eq!(names(&ann), ["bolt", "nut", "ring"]);
        let found = ann.get("/api/v1/process-instances?process=delivery&businessKey=d1").ok(200);
        let id = found["items"][0]["id"].as_str().unwrap();
        let variables = &ann.get(&format!("/api/v1/process-instances/{id}")).ok(200)["variables"];
        assert_eq!(variables["price"], json!({"amount": "12.50", "currency": "CNY"}));
        assert_eq!(variables["maker"], json!({"name": "Hua", "phones": ["1", "2"]}));
        assert_eq!(app.by("bea").get("/api/v1/user-tasks").ok(200)["total"], 2);
    });
}

#[test]
fn the_same_rows_again_are_there_already_and_other_data_is_refused() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        send(&ann, "", "id,name,amount\nd1,bolt,3\n");
        // In one file too: the second row of d2 is the same, the second one of d3 is not.
        let file = "id,name,amount\nd1,bolt,3\nd1,bolt,4\nd2,nut,1\nd2,nut,1\nd3,ring,1\nd3,ring,2\n";
        for query in ["?dryRun=true", "", "?name=once-more.csv"] {
            let done = send(&ann, query, file);
            let created = if query.starts_with("?name") { 0 } else { 2 };
            assert_eq!(done.counts(), [created, 0, 4 - created, 2], "{query}: {:?}", done.refused());
            let codes =
                [(3, String::new(), "business_key_reused".into()), (7, String::new(), "business_key_reused".into())];
            assert_eq!(done.codes(), codes, "{query}");
        }
        assert_eq!(names(&ann), ["bolt", "nut", "ring"]);
    });
}

#[test]
fn a_dry_run_plays_every_start_and_leaves_nothing() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let mut file = "id,name,amount\n".to_owned();
        // Three batches; line 102 brings the key of line 2 again, with other data.
        (0..120).for_each(|row| file.push_str(&format!("d{},part {row},{}\n", row % 100, row % 20)));
        let trial = send(&ann, "?dryRun=true", &file);
        assert_eq!(trial.summary()["trial"], true);
        assert_eq!(trial.counts(), [100, 0, 0, 20], "{:?}", trial.refused());
        let large = (sized("large"), 50);
        assert!(led_to(&trial).contains(&large) && led_to(&trial).contains(&(json!({"waitsAt": "look"}), 50)));
        assert!(
            trial.refused()[0].3.contains("line 2 starts a process under this business key"),
            "{:?}",
            trial.refused()
        );
        for path in ["/api/v1/process-instances", "/api/v1/user-tasks", "/api/v1/decisions", PARTS] {
            assert!(!app.by("alice").get(path).text.contains("part 1"), "{path}");
        }
        assert_eq!(app.by("alice").get("/api/v1/process-instances").ok(200)["total"], 0);
        let real = send(&ann, "", &file);
        assert_eq!((real.counts(), led_to(&real)), (trial.counts(), led_to(&trial)), "what was foretold came true");
    });
}

#[test]
fn what_fails_in_a_process_is_an_incident_and_told_as_one() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        import(&ann, "", "name,code\ntaken,d1\n");
        let done = send(&ann, "", "id,name,amount\nd1,bolt,3\nd2,nut,3\n");
        assert_eq!(done.counts(), [2, 0, 0, 0]);
        assert!(led_to(&done).contains(&(json!({"failsAt": "keep"}), 1)), "{:?}", led_to(&done));
        assert_eq!(app.by("alice").get("/api/v1/incidents").ok(200)["total"], 1);
    });
}

#[test]
fn who_may_not_start_it_may_not_import_it() {
    on_both(|database| {
        let app = desk(database);
        let post = |by: &Caller, path: &str| by.send("POST", path, &[CSV], "id,name,amount\na,b,1\n");
        post(&app.by("tom"), DELIVERIES).problem(403, "not_starter");
        post(&app.by("ann"), "/api/v1/process-definitions/nothing/import").problem(404, "not_found");
        let bearer = format!("Bearer {}", app.token(BUSINESS, "ann", Some(&["processes:read", "records:write"])));
        post(&app.with_authorization(&bearer), DELIVERIES).problem(403, "scope_missing");
        second_business(&app, "north");
        let other = app.by_of("north", "ann");
        assert_eq!(send(&other, "", "id,name,amount\nd1,bolt,3\n").counts(), [1, 0, 0, 0]);
        assert_eq!(send(&app.by("ann"), "", "id,name,amount\nd1,nut,4\n").counts(), [1, 0, 0, 0]);
        assert_eq!((names(&other), names(&app.by("ann"))), (vec!["bolt".to_owned()], vec!["nut".to_owned()]));
    });
}
