//! Counts of several lists at once, whole and by what tasks have in common.

use super::{field, open};
use crate::support::on_both;
use serde_json::json;

#[test]
fn an_inbox_gets_its_badges_in_one_request() {
    on_both(|database| {
        let app = field(database);
        let ann = app.by("ann");
        for city in ["a", "b", "c"] {
            ann.start("visit", json!({"city": city, "ref": city}));
        }
        let call = open(&ann, &ann.start("call", json!({})));
        ann.post(&format!("/api/v1/user-tasks/{call}/claim"), json!({})).ok(200);
        app.clock.advance(25 * 3_600_000);
        // Their tokens have run out by now.
        let (ann, cleo) = (app.by("ann"), app.by("cleo"));
        ann.start("visit", json!({"city": "d", "ref": "d"}));
        let asked = json!({"counts": {
            "mine": {"filter": {"assignee": "me"}},
            "inbox": {"filter": {"actionable": true}, "groupBy": "due"},
            "process": {"filter": {"actionable": true}, "groupBy": "process"},
            "node": {"filter": {"state": {"$in": ["created", "claimed"]}}, "groupBy": "node"},
            "who": {"groupBy": "assignee"},
            "groups": {"groupBy": "candidateGroup"},
        }});
        let counts = ann.post("/api/v1/user-tasks/count", asked.clone()).ok(200)["counts"].clone();
        assert_eq!(counts["mine"], json!({"total": 1}));
        // In Shanghai it is the third of March in the morning: what was due an hour ago, what is due tomorrow.
        let due =
            json!([{"kind": "later", "total": 1}, {"kind": "never", "total": 1}, {"kind": "overdue", "total": 3}]);
        assert_eq!(counts["inbox"], json!({"total": 5, "groups": due}));
        assert_eq!(counts["process"]["groups"], json!([{"kind": "call", "total": 1}, {"kind": "visit", "total": 4}]));
        assert_eq!(
            counts["node"]["groups"],
            json!([{"kind": "call/ring", "total": 1}, {"kind": "visit/plan", "total": 4}])
        );
        assert_eq!(counts["groups"]["groups"], json!([{"kind": "boss", "total": 1}, {"kind": "clerk", "total": 5}]));
        let who = counts["who"]["groups"].as_array().unwrap();
        assert!(who.contains(&json!({"kind": "ann", "total": 1})) && who.contains(&json!({"kind": null, "total": 4})));
        let of_cleo = cleo.post("/api/v1/user-tasks/count", asked).ok(200)["counts"].clone();
        assert_eq!((&of_cleo["mine"]["total"], &of_cleo["node"]["total"]), (&json!(0), &json!(1)), "what cleo sees");

        let wrong = json!({"counts": {"x": {"filter": {"colour": "red"}}}});
        let problem = ann.post("/api/v1/user-tasks/count", wrong).problem(422, "wrong_filter");
        assert_eq!(problem["errors"][0]["pointer"], "/counts/x/filter/colour");
        ann.post("/api/v1/user-tasks/count", json!({"counts": {}})).problem(400, "invalid_body");
        let wrong = json!({"counts": {"x": {"groupBy": "colour"}}});
        ann.post("/api/v1/user-tasks/count", wrong).problem(400, "invalid_body");
    });
}
