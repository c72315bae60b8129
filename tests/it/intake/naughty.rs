//! Names that break careless software: taken byte for byte or refused, never an error of ours.

use super::{DEMO, know, send};
use crate::support::app::{Answer, Caller, TestApp};
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

/// The public list of naughty strings (MIT), when it lies beside the checkout.
const LIST: &str = "../shared/data/naughty-strings/blns.json";

/// Threads that send, so that the writer has batches to commit.
const SENDERS: usize = 8;

/// Some that are always tried.
const OWN: [&str; 22] = [
    " ",
    "\u{feff}宁波",
    "\u{202e}gnorw",
    "e\u{301}\u{301}\u{301}\u{301}",
    "👩‍👩‍👧‍👦 有限公司",
    "'; DROP TABLE records; --",
    "100% _\\%",
    "${7*7} #{now} `id`",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "null",
    "true",
    "0x7fffffff",
    "1e400",
    "\r\nX-Header: 1",
    "\u{1}\u{7f}\u{80}",
    "ﬀ ﬁ Ⅷ ㈱",
    "有限公司",
    "公司",
    "（）()",
    "İıŞş",
    "\u{10ffff}",
];

#[test]
fn naughty_names_come_back_byte_for_byte_or_are_refused() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join(LIST);
    let listed: Vec<String> = match std::fs::read_to_string(&list) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(_) => {
            eprintln!("{LIST} is not there: only the names of this file are tried");
            Vec::new()
        }
    };
    let names: Vec<String> = OWN.iter().map(|name| (*name).to_owned()).chain(listed).collect();
    on_both(|database| {
        let app = TestApp::sales(database);
        let (gateway, ma_li) = (app.by_of(DEMO, "intake-gateway"), app.by_of(DEMO, "ma.li"));
        let known = know(&app, "昀衢").remove(0);
        let numbered: Vec<(usize, &String)> = names.iter().enumerate().collect();
        let taken: Vec<Taken> = std::thread::scope(|scope| {
            let parts = numbered.chunks(numbered.len().div_ceil(SENDERS));
            let senders: Vec<_> = parts.map(|part| scope.spawn(|| send_all(&gateway, &ma_li, &known, part))).collect();
            senders.into_iter().map(|sender| sender.join().unwrap()).collect()
        });
        let (events, contacts): (Vec<_>, Vec<_>) = taken.into_iter().unzip();
        let mut events: BTreeMap<String, String> = events.into_iter().flatten().collect();
        let mut contacts: BTreeMap<String, String> = contacts.into_iter().flatten().collect();
        assert!(events.len() > 10 && contacts.len() > 10, "most names are taken");

        // Byte for byte, from the database.
        for event in every(&ma_li, "/api/v1/records/intake_event") {
            let name = events.remove(event["fields"]["event_id"].as_str().unwrap());
            let name = name.expect("every delivery was answered");
            assert_eq!(event["fields"]["name"], *name);
            assert_eq!(event["fields"]["payload"]["name"], *name);
        }
        assert_eq!(events.len(), 0);
        for contact in every(&ma_li, "/api/v1/records/contact") {
            let name = contacts.remove(contact["id"].as_str().unwrap()).expect("every contact was answered");
            assert_eq!(contact["fields"]["name"], *name);
            assert_eq!(contact["fields"]["job_title"], *name);
        }
        assert_eq!(contacts.len(), 0);
        let incidents = app.by_of(DEMO, "gao.peng").get("/api/v1/incidents").ok(200);
        assert_eq!(incidents["total"], 0, "{incidents}");
    });
}

/// What was taken: deliveries and contacts, each with its name.
type Taken = (BTreeMap<String, String>, BTreeMap<String, String>);

fn send_all(gateway: &Caller<'_>, ma_li: &Caller<'_>, known: &str, names: &[(usize, &String)]) -> Taken {
    let (mut events, mut contacts) = Taken::default();
    for (number, name) in names {
        let event = format!("N-{number}");
        let answer = send(gateway, &json!({"source_channel": "other", "event_id": event, "name": name}));
        if accepted(name, &answer) {
            assert_eq!(answer.json()["search"]["name"], **name);
            events.insert(event, (*name).clone());
        }
        let fields = json!({"customer": known, "name": name, "job_title": name});
        let answer = ma_li.post("/api/v1/records/contact", json!({ "fields": fields }));
        if accepted(name, &answer) {
            contacts.insert(answer.json()["id"].as_str().unwrap().to_owned(), (*name).clone());
        }
    }
    (events, contacts)
}

/// Taken, or refused with a reason; anything else is a mistake of ours.
fn accepted(name: &str, answer: &Answer) -> bool {
    assert!(answer.status == 201 || (400..500).contains(&answer.status), "{name:?}: {} {}", answer.status, answer.text);
    answer.status == 201
}

/// Every page of a list.
fn every(caller: &Caller<'_>, path: &str) -> Vec<Json> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = caller.get(&format!("{path}?limit=200{cursor}")).ok(200);
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}
