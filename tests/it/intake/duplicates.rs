//! Customers and contacts that are there twice: told to whoever creates one without the intake, found by a rescan, and
//! settled by a merge.

use super::{DEMO, claim_and_complete, open_task, word};
use crate::support::app::{Caller, JSON, TestApp};
use crate::support::{on_both, threads};
use kamflow::model::actor::Actor;
use kamflow::model::json::Json;
use kamflow::model::matching::Rescan;
use kamflow::runtime::operator;
use serde_json::json;
use std::sync::Mutex;

#[test]
fn whoever_creates_one_that_is_there_is_told_which() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ma_li = app.by_of(DEMO, "ma.li");
        let there = create(&ma_li, "渤砚仓储设备有限公司");
        let body = json!({"fields": customer("渤砚倉儲設備（有限公司）")});
        let problem = ma_li.post("/api/v1/records/customer", body).problem(409, "duplicate");
        assert_eq!(problem["errors"][0]["detail"], json!(format!("customer {there} is the same")));
        assert_eq!(total(&ma_li, "customer"), 1);
        assert_eq!(suspected(&ma_li), Vec::<Json>::new());
        // With codes of their own they are two.
        patch(&ma_li, "customer", &there, json!({"uscc": "91430102MA883EG05W"}));
        let mut other = customer("渤砚仓储设备有限公司");
        other["uscc"] = json!("91500103MA5HHH1G81");
        ma_li.post("/api/v1/records/customer", json!({ "fields": other })).ok(201);
    });
}

#[test]
fn of_many_writings_at_once_one_is_created() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let names =
            ["渤砚仓储设备有限公司", "渤砚倉儲設備有限公司", " 渤砚仓储设备有限公司 ", "渤砚仓储设备（有限公司）"];
        let mut statuses = threads::each(names.len(), |number| {
            let body = json!({"fields": customer(names[number])});
            app.by_of(DEMO, "ma.li").post("/api/v1/records/customer", body).status
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409]);
        assert_eq!(total(&app.by_of(DEMO, "ma.li"), "customer"), 1);
    });
}

#[test]
fn one_in_doubt_is_kept_and_told_to_sales_operations() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ma_li = app.by_of(DEMO, "ma.li");
        let ids = [create(&ma_li, "渤砚仓储设备有限公司"), create(&ma_li, "渤岩仓储设备有限公司")];
        let pair = the_pair(&ma_li, &ids);
        assert_eq!(
            (&pair["kind"], &pair["band"], &pair["status"]),
            (&json!("customer"), &json!("review"), &json!("open"))
        );
        assert!(pair["score"].as_i64().unwrap() >= 75, "{pair}");
        let codes: Vec<&str> = pair["why"].as_array().unwrap().iter().map(|reason| word(&reason["code"])).collect();
        assert!(codes.contains(&"brand_sounds") || codes.contains(&"brand_looks"), "{pair}");
        app.by_of(DEMO, "sun.yue").get("/api/v1/records/suspected_duplicate").problem(404, "not_found");
    });
}

#[test]
fn a_contact_is_always_written_down_and_the_suspicion_tells_nothing_of_the_person() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ma_li = app.by_of(DEMO, "ma.li");
        let company = create(&ma_li, "渤砚仓储设备有限公司");
        let person = |name: &str| {
            let fields = json!({"name": name, "customer": company, "phones": ["138 0013 8000"]});
            word(&ma_li.post("/api/v1/records/contact", json!({ "fields": fields })).ok(201)["id"]).to_owned()
        };
        let ids = [person("王小明"), person("王晓明")];
        let pair = the_pair(&ma_li, &ids);
        assert_eq!((&pair["kind"], &pair["band"], pair.get("why")), (&json!("contact"), &json!("same"), None));
    });
}

#[test]
fn a_rescan_finds_what_became_alike_later_and_goes_on_where_it_stopped() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ma_li = app.by_of(DEMO, "ma.li");
        // Names of three rare characters each, which nothing else shares.
        let mut ids: Vec<String> = (0..150)
            .map(|number| {
                let sign = |place: u32| char::from_u32(0x5100 + number * 7 + place * 1_500).unwrap();
                create(&ma_li, &format!("{}{}{}有限公司", sign(0), sign(1), sign(2)))
            })
            .collect();
        ids.sort_unstable();
        assert_eq!(suspected(&ma_li), Vec::<Json>::new());
        // Both of one pair come in the first piece of the look; of the other, one in each.
        for [one, other] in [[3, 4], [7, 140]] {
            patch(&ma_li, "customer", &ids[one], json!({"name": format!("渤砚仓储设备{one}号有限公司")}));
            patch(&ma_li, "customer", &ids[other], json!({"name": format!("渤岩仓储设备{one}号有限公司")}));
        }
        let looked = rescan_until(&app, Some(100));
        assert_eq!((looked.looked, looked.finished_at), (100, None));
        let looked = rescan_until(&app, None);
        assert_eq!(looked.looked, 150, "it went on");
        assert_eq!(looked.suspected, i64::try_from(suspected(&ma_li).len()).unwrap());
        let pairs = suspected(&ma_li);
        for [one, other] in [[3, 4], [7, 140]] {
            let is_it = |pair: &Json| pair["first"] == json!(ids[one]) && pair["second"] == json!(ids[other]);
            assert_eq!(pairs.iter().filter(|pair| is_it(pair)).count(), 1, "{pairs:?}");
        }
        // What is known is not told again, whatever was said of it.
        let first = one_of(&ma_li);
        patch(&ma_li, "suspected_duplicate", &first, json!({"status": "dismissed", "note": "two plants"}));
        let again = rescan_until(&app, None);
        assert_eq!((again.looked, again.suspected), (150, 0));
        assert!(again.known >= looked.suspected, "{again:?}");
        assert_eq!(suspected(&ma_li).len(), pairs.len());
    });
}

#[test]
fn a_decided_merge_settles_the_suspicion() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ma_li = app.by_of(DEMO, "ma.li");
        for (outcome, status) in [("reject", "dismissed"), ("approve", "merged")] {
            let ids = [format!("渤砚{outcome}仓储有限公司"), format!("渤岩{outcome}仓储有限公司")]
                .map(|name| create(&ma_li, &name));
            let variables = json!({"winner": ids[1], "loser": ids[0], "reason": "the same company under two names"});
            let body = json!({"process": "customer-merge", "variables": variables});
            let merging = app.by_of(DEMO, "sun.yue").post("/api/v1/process-instances", body).ok(201);
            let task = open_task(&ma_li, &merging, "review");
            claim_and_complete(&ma_li, &task, Some(outcome), json!({"review_note": "looked at"}));
            let pair = the_pair(&ma_li, &ids);
            assert_eq!((&pair["status"], &pair["note"]), (&json!(status), &json!("looked at")));
        }
    });
}

#[test]
fn only_a_process_administrator_looks_and_only_where_rules_say_how() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let nobody = Actor { roles: Default::default(), ..everything() };
        let refused = |actor: &Actor, record_type: &str| {
            app.wait(app.runtime.rescan(actor, record_type, &mut |_, _| {})).unwrap_err().code
        };
        assert_eq!(refused(&nobody, "customer"), "role_missing");
        assert_eq!(refused(&everything(), "lead"), "no_match");
        assert_eq!(refused(&everything(), "custmer"), "not_found");
    });
}

/// Looks at all customers, or until so many were looked at; then the look is given up.
fn rescan_until(app: &TestApp, stop_at: Option<i64>) -> Rescan {
    let last = Mutex::new(None);
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let mut stop = Some(stop);
    let mut tell = |rescan: &Rescan, all: i64| {
        assert!(rescan.looked <= all);
        *last.lock().unwrap() = Some(rescan.clone());
        if stop_at.is_some_and(|at| rescan.looked >= at) {
            stop.take().unwrap().send(()).unwrap();
        }
    };
    let actor = everything();
    let gone = app.wait(async {
        tokio::select! {
            biased;
            Ok(()) = stopped => None,
            done = app.runtime.rescan(&actor, "customer", &mut tell) => Some(done.unwrap()),
        }
    });
    gone.unwrap_or_else(|| last.into_inner().unwrap().unwrap())
}

fn everything() -> Actor {
    operator(DEMO.into())
}

fn customer(name: &str) -> Json {
    json!({"name": name, "pool": "general"})
}

fn create(caller: &Caller<'_>, name: &str) -> String {
    let made = caller.post("/api/v1/records/customer", json!({"fields": customer(name)})).ok(201);
    word(&made["id"]).to_owned()
}

fn patch(caller: &Caller<'_>, record_type: &str, id: &str, fields: Json) {
    let path = format!("/api/v1/records/{record_type}/{id}");
    caller.send("PATCH", &path, &[JSON], &json!({ "fields": fields }).to_string()).ok(200);
}

fn total(caller: &Caller<'_>, record_type: &str) -> i64 {
    caller.get(&format!("/api/v1/records/{record_type}")).ok(200)["total"].as_i64().unwrap()
}

/// The fields of all suspected duplicates.
fn suspected(caller: &Caller<'_>) -> Vec<Json> {
    let list = caller.get("/api/v1/records/suspected_duplicate?limit=500").ok(200);
    list["items"].as_array().unwrap().iter().map(|item| item["fields"].clone()).collect()
}

fn one_of(caller: &Caller<'_>) -> String {
    let list = caller.get("/api/v1/records/suspected_duplicate?limit=1").ok(200);
    word(&list["items"][0]["id"]).to_owned()
}

/// The one suspicion of two records.
fn the_pair(caller: &Caller<'_>, ids: &[String; 2]) -> Json {
    let mut ids: Vec<&String> = ids.iter().collect();
    ids.sort_unstable();
    let found =
        suspected(caller).into_iter().filter(|pair| pair["first"] == json!(ids[0]) && pair["second"] == json!(ids[1]));
    let found: Vec<Json> = found.collect();
    assert_eq!(found.len(), 1, "{:?}", suspected(caller));
    found[0].clone()
}
