//! Searching and summing up over HTTP.

use super::DEAL;
use crate::runtime::with;
use crate::support::app::{Answer, CHINESE, JSON, TestApp};
use crate::support::on_both;
use serde_json::{Value as Json, json};

const PATH: &str = "/api/v1/records/deal";

/// A deal that only its owner, the team and bosses see.
fn app(database: &crate::support::TestDatabase) -> TestApp {
    let declared = DEAL.replace("read: [anyone]", "read: [owner, member(team), role:boss]");
    let app = with(database, &[("records/deal.yaml", &declared)]);
    app.user("carl", &["boss"]);
    app
}

fn ids(answer: &Answer) -> Vec<String> {
    let page = answer.ok(200);
    page["items"].as_array().unwrap().iter().map(|item| item["fields"]["name"].as_str().unwrap().to_owned()).collect()
}

fn fill(app: &TestApp) {
    for (name, owner, status, amount, currency, close) in [
        ("华新重工 Line 4", "ann", "open", "1200.00", "CNY", "2026-03-31"),
        ("华新机械", "ann", "open", "800.00", "CNY", "2026-04-02"),
        ("Boreal steel", "bob", "won", "50.00", "USD", "2026-02-01"),
        ("Boreal line", "bob", "open", "70.00", "USD", "2026-04-30"),
    ] {
        let fields = json!({"name": name, "owner": owner, "status": status, "close": close,
            "amount": {"amount": amount, "currency": currency}, "team": [{"user": "bob"}]});
        app.clock.advance(1_000);
        app.by("carl").post(PATH, json!({ "fields": fields })).ok(201);
    }
}

#[test]
fn a_list_is_narrowed_by_its_query_and_by_a_search_alike() {
    on_both(|database| {
        let app = app(database);
        fill(&app);
        let carl = app.by("carl");
        for (query, filter) in [
            ("status=open&sort=-close", json!({"filter": {"status": "open"}, "sort": ["-close"]})),
            (
                "status=open&status=won&sort=name",
                json!({"filter": {"status": {"$in": ["open", "won"]}}, "sort": ["name"]}),
            ),
            (
                "amount[gte]=800+CNY&amount[lt]=1200.00+CNY",
                json!({"filter": {"amount": {"$gte": {"amount": "800.00", "currency": "CNY"}, "$lt": {"amount": "1200.00", "currency": "CNY"}}}}),
            ),
            ("close%5Bgte%5D=2026-04-01", json!({"filter": {"close": {"$gte": "2026-04-01"}}})),
            ("name[like]=%E5%8D%8E%E6%96%B0%25", json!({"filter": {"name": {"$like": "华新%"}}})),
            ("$text=line+%E5%8D%8E%E6%96%B0", json!({"filter": {"$text": "华新 LINE"}})),
            (
                "score[exists]=false&status[nin]=won",
                json!({"filter": {"score": {"$exists": false}, "status": {"$nin": ["won"]}}}),
            ),
            ("team.user=bob&owner[neq]=ann", json!({"filter": {"team.user": "bob", "owner": {"$neq": "ann"}}})),
        ] {
            let listed = ids(&carl.get(&format!("{PATH}?{query}")));
            assert_eq!(listed, ids(&carl.post(&format!("{PATH}/search"), filter)), "{query}");
            assert!(!listed.is_empty() && listed.len() <= 4, "{query}: {listed:?}");
        }
        for (query, status, code, pointer) in [
            ("amount[gte]=800", 422, "wrong_filter", "?amount[gte]"),
            ("amount[near]=800", 400, "unknown_operator", "?amount[near]"),
            ("score[exists]=maybe", 400, "invalid_operand", "?score[exists]"),
            ("sort=raw", 422, "wrong_sort", "?sort"),
            ("sort=-", 400, "invalid_sort", "?sort"),
            ("%24or=1", 422, "wrong_filter", "?$or"),
        ] {
            let problem = carl.get(&format!("{PATH}?{query}")).problem(status, code);
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
    });
}

#[test]
fn everybody_finds_and_sums_up_only_what_they_see() {
    on_both(|database| {
        let app = app(database);
        fill(&app);
        app.user("dora", &["clerk"]);
        let count = json!({"measures": {"n": "count"}, "group": ["status"]});
        let sums = |who: &str| app.by(who).post(&format!("{PATH}/aggregate"), count.clone()).ok(200)["rows"].clone();
        let row = |status: &str, n: i64| json!({"group": {"status": status}, "measures": {"n": n}});
        assert_eq!(sums("carl"), json!([row("open", 3), row("won", 1)]));
        assert_eq!(sums("ann"), json!([row("open", 2)]));
        assert_eq!(sums("bob"), json!([row("open", 3), row("won", 1)]), "bob is on every team");
        assert_eq!(sums("dora"), json!([]));
        let mine = json!({"filter": {"owner": "me"}});
        assert_eq!(ids(&app.by("bob").post(&format!("{PATH}/search"), mine.clone())), ["Boreal steel", "Boreal line"]);
        assert_eq!(ids(&app.by("carl").post(&format!("{PATH}/search"), mine)), [""; 0]);
        let text = json!({"filter": {"$text": "boreal"}});
        assert_eq!(ids(&app.by("ann").post(&format!("{PATH}/search"), text)), [""; 0]);
        app.by("dora").post("/api/v1/records/nothing/aggregate", count.clone()).problem(404, "not_found");
        let past = json!({"measures": {"n": "count"}, "asOf": "2026-03-31"});
        let seen = |who: &str| {
            app.by(who).post(&format!("{PATH}/aggregate"), past.clone()).ok(200)["rows"][0]["measures"]["n"].clone()
        };
        assert_eq!((seen("ann"), seen("carl")), (json!(2), json!(4)), "access is that of now");
    });
}

#[test]
fn a_forecast_by_month_and_currency_is_one_request() {
    on_both(|database| {
        let app = app(database);
        fill(&app);
        let body = json!({
            "group": ["status", {"field": "close", "by": "quarter"}],
            "measures": {"n": "count", "total": {"sum": "amount"}, "first": {"min": "close"}},
            "filter": {"status": "open"}, "sort": ["-total"],
        });
        let got = app.by("carl").post(&format!("{PATH}/aggregate"), body).ok(200);
        let row = |quarter: &str, currency: &str, n: i64, total: &str, first: &str| {
            json!({"group": {"status": "open", "close": quarter}, "currency": currency,
                "measures": {"n": n, "total": {"amount": total, "currency": currency}, "first": first}})
        };
        let rows = json!([
            row("2026-Q2", "USD", 1, "70.00", "2026-04-30"),
            row("2026-Q1", "CNY", 1, "1200.00", "2026-03-31"),
            row("2026-Q2", "CNY", 1, "800.00", "2026-04-02"),
        ]);
        assert_eq!(got["rows"], rows);
        for (body, status, code, pointer) in [
            (json!({"measures": {"n": "median"}}), 400, "invalid_body", "/measures/n"),
            (json!({"measures": {"n": "count"}, "group": [{"field": "close"}]}), 400, "invalid_body", "/group/0"),
            (json!({"measures": {"n": "count"}, "limit": 0}), 400, "invalid_limit", "/limit"),
            (json!({"measures": {"n": "count"}, "asOf": "yesterday"}), 422, "wrong_as_of", "/asOf"),
            (json!({"measures": {"n": "count"}, "filter": {"a": {"$x": 1}}}), 400, "unknown_operator", "/filter/a/$x"),
        ] {
            let problem = app.by("carl").post(&format!("{PATH}/aggregate"), body).problem(status, code);
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
        let past = json!({"filter": {}, "asOf": "2026-03-31"});
        let problem = app.by("carl").post(&format!("{PATH}/search"), past).problem(422, "past_not_kept");
        assert!(problem["detail"].as_str().unwrap().contains("aggregate"), "{problem}");
    });
}

#[test]
fn a_cursor_belongs_to_its_search() {
    on_both(|database| {
        let app = app(database);
        fill(&app);
        let carl = app.by("carl");
        let search = |filter: Json, sort: &str, cursor: &Json| {
            let body = json!({"filter": filter, "sort": [sort], "page": {"limit": 1, "cursor": cursor}});
            carl.post(&format!("{PATH}/search"), body)
        };
        let first = search(json!({"status": "open"}), "-amount", &Json::Null).ok(200);
        assert_eq!((&first["items"][0]["fields"]["name"], &first["total"]), (&json!("Boreal line"), &json!(3)));
        let next = &first["next"];
        let second = search(json!({"status": "open"}), "-amount", next).ok(200);
        assert_eq!(second["items"][0]["fields"]["name"], "华新重工 Line 4");
        for (filter, sort) in
            [(json!({"status": "won"}), "-amount"), (json!({"status": "open"}), "amount"), (json!({}), "-amount")]
        {
            let problem = search(filter, sort, next).problem(422, "wrong_cursor");
            assert_eq!(problem["errors"][0]["pointer"], "/page/cursor");
        }
        search(json!({}), "name", &json!("nonsense")).problem(422, "wrong_cursor");
        // A forged place is refused before any database sees it.
        use base64::Engine;
        let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
        let read: Json = serde_json::from_slice(&engine.decode(next.as_str().unwrap()).unwrap()).unwrap();
        for key in [json!(["x", "y"]), json!(["x"]), json!([1, 2]), json!([null, 1])] {
            let forged = engine.encode(json!([read[0], "id", key]).to_string());
            let answer = search(json!({"status": "open"}), "-amount", &json!(forged));
            assert!([200, 422].contains(&answer.status), "{}", answer.text);
        }
    });
}

#[test]
fn refusals_are_said_in_chinese() {
    on_both(|database| {
        let app = app(database);
        fill(&app);
        let carl = app.by("carl");
        let han = |text: &Json| text.as_str().unwrap().chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
        let cny = |amount: &str| json!({"amount": amount, "currency": "CNY"});
        for (path, body) in [
            ("search", json!({"filter": {"size": "x"}})),
            ("search", json!({"filter": {"size": null}})),
            (
                "search",
                json!({"filter": {"amount": {"$gte": cny("1.00"), "$lt": {"amount": "1.00", "currency": "USD"}}}}),
            ),
            ("search", json!({"filter": {"raw": 1}})),
            ("search", json!({"filter": {"industry": {"$gt": "bank"}}})),
            ("search", json!({"filter": {"size": {"$like": "x%"}}})),
            ("search", json!({"filter": {"owner": {"$under": "x"}}})),
            ("search", json!({"filter": {"$text": "，"}})),
            ("search", json!({"filter": {"a": {"$near": 1}}})),
            ("search", json!({"filter": {"$or": 1}})),
            ("search", json!({"filter": {"$or": (0..101).map(|n| json!({"a": n})).collect::<Vec<_>>()}})),
            ("search", json!({"filter": {"size": {"$nin": 1}}})),
            ("search", json!({"filter": {"size": {"$exists": 1}}})),
            ("search", json!({"sort": ["raw"]})),
            ("search", json!({"page": {"cursor": "x"}})),
            ("search", json!({"asOf": "2026-03-31"})),
            ("aggregate", json!({"measures": {}})),
            ("aggregate", json!({"measures": {"n": "count"}, "group": ["raw"]})),
            ("aggregate", json!({"measures": {"n": "count"}, "group": ["status", "status"]})),
            ("aggregate", json!({"measures": {"n": "count"}, "group": [{"field": "size", "by": "day"}]})),
            ("aggregate", json!({"measures": {"n": {"sum": "name"}}})),
            ("aggregate", json!({"measures": {"n": {"sum": "amount"}, "m": {"sum": "price"}}})),
            ("aggregate", json!({"measures": {"n": "count"}, "sort": ["m"]})),
            ("aggregate", json!({"measures": {"n": "count"}, "asOf": "soon"})),
            ("aggregate", json!({"measures": {"n": "count"}, "asOf": "2026-03-31", "filter": {"size": 1}})),
            ("aggregate", json!({"measures": {"n": "count"}, "limit": 0})),
        ] {
            let answer = carl.send("POST", &format!("{PATH}/{path}"), &[JSON, CHINESE], &body.to_string());
            let problem = answer.json();
            assert!(answer.status >= 400 && han(&problem["title"]) && han(&problem["detail"]), "{body}: {problem}");
            assert!(problem["errors"].as_array().unwrap().iter().all(|error| han(&error["detail"])), "{problem}");
        }
    });
}
