//! Names that break careless software: taken byte for byte or refused, never an error of ours.

use super::{DEMO, event_of, send};
use crate::support::app::TestApp;
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;
use std::path::Path;

/// The public list of naughty strings (MIT), when it lies beside the checkout.
const LIST: &str = "../shared/data/naughty-strings/blns.json";

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
            println!("{LIST} is not there: only the names of this file are tried");
            Vec::new()
        }
    };
    let names: Vec<String> = OWN.iter().map(|name| (*name).to_owned()).chain(listed).collect();
    on_both(|database| {
        let app = TestApp::sales(database);
        let (gateway, ma_li) = (app.by_of(DEMO, "intake-gateway"), app.by_of(DEMO, "ma.li"));
        let mut taken = 0;
        for (number, name) in names.iter().enumerate() {
            let request = json!({"source_channel": "other", "event_id": format!("N-{number}"), "name": name});
            let answer = send(&gateway, &request);
            if answer.status == 201 {
                taken += 1;
                let intake = answer.json();
                assert_eq!(intake["search"]["name"], **name, "{intake}");
                let event = event_of(&app, &intake);
                assert_eq!(event["fields"]["name"], **name);
                assert_eq!(event["fields"]["payload"]["name"], **name);
            } else {
                assert!((400..500).contains(&answer.status), "{name:?}: {} {}", answer.status, answer.text);
            }
            let direct = ma_li.post("/api/v1/records/contact", json!({"fields": {"name": name}}));
            match direct.status {
                201 => assert_eq!(direct.json()["fields"]["name"], **name),
                status => assert!((400..500).contains(&status), "{name:?}: {status} {}", direct.text),
            }
        }
        assert!(taken > 10, "most names are taken, {taken} were");
        let incidents: Json = app.by_of(DEMO, "gao.peng").get("/api/v1/incidents").ok(200);
        assert_eq!(incidents["total"], 0, "{incidents}");
    });
}
