//! The program is killed while records are brought to new rules: the next one goes on where it stopped.

use super::*;
use crate::support::on_both;
use crate::support::program::{Client, Home, eventually};

const MANY: usize = 5_000;

#[test]
fn a_kill_in_the_middle_is_made_good_by_the_next_start() {
    on_both(|database| {
        let app = first(database);
        fill(&app, (0..MANY).map(|number| format!("Hua Xin {number}")));
        drop(app);
        let home = Home::empty();
        for (path, text) in crate::runtime::project(&files(FIRST, SMALL)) {
            home.write(&path, &text);
        }
        let all = ["--database", database.url()];
        let token = |user: &str| home.done(&[&["token", user], &all[..]].concat()).trim().to_owned();
        let (alice, ann) = (token("alice"), token("ann"));

        let served = home.serve(&all);
        let by = served.client(&alice);
        by.post("/api/v1/deployments", deployment(&files(FIRST, CLOSE))).ok(201);
        let done = |by: &Client| by.get("/api/v1/deployments/2/progress")["types"][0]["done"].as_i64().unwrap();
        eventually("some are there", || (done(&by) > 0).then_some(()));
        served.kill();

        let served = home.serve(&all);
        let by = served.client(&alice);
        eventually("the rest follows", || {
            by.get("/api/v1/deployments/2/progress")["finished"].as_bool().filter(|done| *done)
        });
        assert_eq!(done(&by), MANY as i64);
        let kept = [
            ("records WHERE fields LIKE '%\"core\":\"huaxin%'", MANY),
            ("record_history WHERE reason = 'rederived by revision 2'", MANY),
            ("record_index WHERE field = 'core' AND value LIKE 'huaxin%'", MANY),
            ("record_index WHERE field = 'core'", MANY),
            ("record_keys", MANY),
            ("record_lenses", 0),
        ];
        for (table, number) in kept {
            assert_eq!(rows(database, table), number as i64, "{table}");
        }
        let ann = served.client(&ann);
        let found =
            ann.post("/api/v1/process-instances", json!({"process": "find", "variables": {"core": "huaxin4999"}}));
        let found = ann.get(&format!("/api/v1/process-instances/{}", found.ok(201)["id"].as_str().unwrap()));
        let found = &found["variables"]["found"];
        assert_eq!((found["records"].as_array().unwrap().len(), &found["deriving"]), (1, &json!(false)));
    });
}
