//! A company for stories: carl leads it, bo and dora lead a region each, anna and ed work in the north.

use crate::support::TestDatabase;
use crate::support::app::{Answer, BUSINESS, TestApp};
use kamflow::model::json::Json;
use serde_json::json;

/// A running company.
pub struct Company {
    pub app: TestApp,
}

/// When the stories begin.
pub const NOW: &str = "2026-03-02T00:00:00Z";

impl Company {
    pub fn start(database: &TestDatabase) -> Company {
        let app = TestApp::start(database);
        for login in ["anna", "bo", "carl", "dora", "ed", "fay"] {
            app.user(login, &["sales"]);
        }
        let company = Company { app };
        company.unit("company", "company", None).ok(200);
        for region in ["north", "south"] {
            company.unit(region, "region", Some("company")).ok(200);
        }
        for (id, unit, user, manager) in [
            ("head", "company", "carl", None),
            ("lead-north", "north", "bo", Some("head")),
            ("lead-south", "south", "dora", Some("head")),
            ("rep-1", "north", "anna", Some("lead-north")),
            ("rep-2", "north", "ed", Some("lead-north")),
        ] {
            let body = json!({"unit": unit, "title": id, "user": user, "manager": manager});
            company.seat(id, body).ok(200);
        }
        company
    }

    /// Puts a unit.
    pub fn unit(&self, id: &str, kind: &str, parent: Option<&str>) -> Answer {
        let body = json!({"title": {"en": id, "zh": id}, "kind": kind, "parent": parent});
        self.app.by("alice").put(&format!("/api/v1/org-units/{id}"), body)
    }

    /// Puts a position.
    pub fn seat(&self, id: &str, body: Json) -> Answer {
        self.app.by("alice").put(&format!("/api/v1/positions/{id}"), body)
    }

    /// The superiors of a user as the API tells them to alice, the nearest first.
    pub fn above(&self, user: &str, at: &str) -> Vec<String> {
        logins(&self.app.by("alice").get(&format!("/api/v1/users/{user}/superiors?at={at}")))
    }

    /// Those below a user.
    pub fn below(&self, user: &str, at: &str) -> Vec<String> {
        logins(&self.app.by("alice").get(&format!("/api/v1/users/{user}/subordinates?at={at}")))
    }

    /// A token of somebody, for a client that outlives this company.
    pub fn business(&self) -> &'static str {
        BUSINESS
    }
}

/// The logins on a page.
pub fn logins(answer: &Answer) -> Vec<String> {
    let page = answer.ok(200);
    page["items"].as_array().unwrap().iter().map(|item| item["user"].as_str().unwrap().to_owned()).collect()
}
