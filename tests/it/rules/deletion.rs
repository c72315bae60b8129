//! Deletion: what refers to a record refuses, is cleared, or goes as well.

use super::{create, delete, id, in_chinese, made, patch};
use crate::runtime::{incidents, instance, rows, with};
use crate::support::app::{JSON, TestApp};
use crate::support::on_both;
use crate::support::threads::each;
use kamflow::api::Limits;
use kamflow::model::json::Json;
use serde_json::json;

const HOUSE: &str = "\
record: house
title: {en: House, zh: 房屋}
fields:
  name:  {type: string, max: 50}
  owner: {type: user}
columns: {name: name, owner: owner}
unique: [{fields: [name]}]
access: {read: [role:clerk, role:boss], create: [role:clerk], update: [role:clerk], delete: [owner, role:boss]}
";

/// Goes with its house, and takes its lamps along.
const ROOM: &str = "\
record: room
title: {en: Room, zh: 房间}
fields:
  name:  {type: string, max: 50}
  house: {type: ref, record: house, on_delete: cascade}
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";

const LAMP: &str = "\
record: lamp
title: {en: Lamp, zh: 灯}
fields:
  room:  {type: ref, record: room, on_delete: cascade}
  state: {type: enum, values: [loose, fixed], default: loose}
immutable: {when: state == \"fixed\"}
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";

/// Loses its references.
const MAP: &str = "\
record: map
title: {en: Map, zh: 地图}
fields:
  home:   {type: ref, record: house, on_delete: clear}
  houses: {type: list, of: {type: ref, record: house, on_delete: clear}}
  marks:  {type: list, of: {type: map, fields: {house: {type: ref, record: house, on_delete: clear}, note: {type: string}}}}
  rooms:  {type: list, of: {type: ref, record: room, on_delete: clear}}
  pinned: {type: bool}
check:
  - {rule: pinned != true || home != (), message: {en: A pinned map has a home., zh: 固定的地图须有住所。}}
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";

/// Refuses, wherever it names a house; each clerk sees her own.
const BILL: &str = "\
record: bill
title: {en: Bill, zh: 账单}
fields:
  owner: {type: user}
  lines: {type: list, of: {type: map, fields: {house: {type: ref, record: house}}}}
columns: {owner: owner}
access: {read: [owner], create: [role:clerk], update: [owner]}
";

/// Nobody but bosses knows of it.
const SPY: &str = "\
record: spy
title: {en: Spy, zh: 暗访}
fields: {house: {type: ref, record: house}}
access: {read: [role:boss], create: [role:boss]}
";

const RAZE: &str = "\
process: raze
title: {en: Raze, zh: 拆除}
input: {type: object, required: [id], properties: {id: {type: string}}}
nodes:
  - {id: raze, type: serviceTask, action: records.delete, in: {type: '\"house\"', id: id, reason: '\"unsafe\"'}, out: {gone: result}}
  - {id: wait, type: userTask, candidateGroups: [clerk]}
";

const FILES: [(&str, &str); 7] = [
    ("records/house.yaml", HOUSE),
    ("records/room.yaml", ROOM),
    ("records/lamp.yaml", LAMP),
    ("records/map.yaml", MAP),
    ("records/bill.yaml", BILL),
    ("records/spy.yaml", SPY),
    ("processes/raze.yaml", RAZE),
];

fn start(database: &crate::support::TestDatabase) -> TestApp {
    let app = with(database, &FILES);
    app.user("boss", &["boss"]);
    app
}

fn house(app: &TestApp, name: &str) -> String {
    made(&app.by("ann"), "house", json!({"name": name, "owner": "ann"}))
}

#[test]
fn a_record_is_deleted_by_who_may_at_the_version_that_was_seen() {
    on_both(|database| {
        let app = start(database);
        let path = house(&app, "a");
        app.user("eve", &[]);
        app.by("eve").send("DELETE", &path, &[], "").problem(404, "not_found");
        delete(&app.by("bob"), &path).problem(403, "record_not_allowed");
        let told = in_chinese(&app.by("bob"), "DELETE", &path, json!({}));
        assert_eq!(told["detail"], "您无权删除该house");
        let ann = app.by("ann");
        patch(&ann, &path, json!({"name": "b"})).ok(200);
        let stale = ann.send("DELETE", &path, &[("If-Match", "\"1\"")], "").problem(412, "stale_record");
        assert_eq!(stale["present"]["version"], 2);
        ann.send("DELETE", &format!("{path}?reason=a&reason=b"), &[], "").problem(400, "invalid_parameter");
        let keyed = [JSON, ("If-Match", "\"2\""), ("Idempotency-Key", "raze")];
        let gone = ann.send("DELETE", &format!("{path}?reason=it%20burnt"), &keyed, "{}");
        assert_eq!(gone.ok(200)["fields"], json!({"name": "b", "owner": "ann"}));
        let again = ann.send("DELETE", &format!("{path}?reason=it%20burnt"), &keyed, "{}");
        assert_eq!((again.status, again.header("idempotency-replayed")), (200, "true"));
        delete(&ann, &path).problem(404, "not_found");
        ann.get(&path).problem(404, "not_found");
        assert_eq!(ann.get("/api/v1/records/house").ok(200)["total"], 0);
        assert_eq!(["records", "record_keys", "record_index"].map(|table| rows(database, table)), [0, 0, 0]);
        house(&app, "b");
    });
}

#[test]
fn what_refers_to_a_record_refuses_and_is_told_to_who_may_know() {
    on_both(|database| {
        let app = start(database);
        let (ann, bob, boss) = (app.by("ann"), app.by("bob"), app.by("boss"));
        let path = house(&app, "a");
        let lines = json!([{"house": id(&path)}, {"house": id(&path)}]);
        let bill =
            |by: &crate::support::app::Caller, owner: &str| made(by, "bill", json!({"owner": owner, "lines": lines}));
        let (first, second, foreign) = (bill(&ann, "ann"), bill(&ann, "ann"), bill(&bob, "bob"));
        let spy = create(&boss, "spy", json!({"house": id(&path)})).header("location").to_owned();
        let problem = delete(&ann, &path).problem(409, "referenced");
        let said = problem["detail"].as_str().unwrap();
        assert!(said.ends_with("is still referred to by 2 bill and by others that you may not see"), "{said}");
        assert_eq!(problem["present"], json!({"referring": [{"type": "bill", "number": 2}], "others": true}));
        let told = in_chinese(&ann, "DELETE", &path, json!({}))["detail"].as_str().unwrap().to_owned();
        assert!(told.ends_with("仍被引用：2 bill，以及您无权查看的记录"), "{told}");
        let said = delete(&boss, &path).problem(409, "referenced")["detail"].as_str().unwrap().to_owned();
        assert!(said.ends_with("referred to by 1 spy and by others that you may not see"), "{said}");
        let started = ann.start("raze", json!({"id": id(&path)}));
        let incident = incidents(&app, &started).remove(0);
        assert_eq!(incident["code"], "referenced");
        assert!(incident["message"].as_str().unwrap().ends_with("referred to by 3 bill, 1 spy"), "{incident}");

        // Each lets go of it; then it goes.
        for (by, bill) in [(&ann, &first), (&ann, &second), (&bob, &foreign)] {
            patch(by, bill, json!({"lines": []})).ok(200);
        }
        let said = delete(&ann, &path).problem(409, "referenced")["detail"].as_str().unwrap().to_owned();
        assert!(said.ends_with("referred to by records that you may not see"), "{said}");
        let elsewhere = house(&app, "b");
        assert_eq!(patch(&boss, &spy, json!({"house": id(&elsewhere)})).status, 403);
        super::model::sql(database, "DELETE FROM record_index WHERE record_type = 'spy'");
        delete(&ann, &path).ok(200);
    });
}

#[test]
fn references_are_cleared_wherever_they_stand() {
    on_both(|database| {
        let app = start(database);
        let ann = app.by("ann");
        let (gone, stays) = (house(&app, "a"), house(&app, "b"));
        let room = made(&ann, "room", json!({"house": id(&gone)}));
        let map = made(
            &ann,
            "map",
            json!({"home": id(&gone), "houses": [id(&stays), id(&gone), id(&gone)], "rooms": [id(&room)],
                "marks": [{"house": id(&gone), "note": "x"}, {"house": id(&stays)}, {"note": "y"}]}),
        );
        ann.send("DELETE", &format!("{gone}?reason=burnt"), &[], "").ok(200);
        let now = ann.get(&map).ok(200);
        let expected = json!({"houses": [id(&stays)], "marks": [{"note": "x"}, {"house": id(&stays)}, {"note": "y"}], "rooms": []});
        assert_eq!((&now["version"], &now["fields"]), (&json!(2), &expected));
        let history = ann.get(&format!("{map}/history")).ok(200);
        let second: Vec<&Json> =
            history["items"].as_array().unwrap().iter().filter(|one| one["version"] == 2).collect();
        assert_eq!(second.len(), 4, "home, houses, marks, and the rooms that went with the house");
        assert!(second.iter().all(|one| one["reason"] == "burnt" && one["by"] == "ann"), "{history}");
        // Nothing that is left names it.
        assert_eq!(rows(database, &format!("record_index WHERE value = '{}'", id(&gone))), 0);

        // Not against a rule of what is cleared.
        let pinned = made(&ann, "map", json!({"home": id(&stays), "pinned": true}));
        delete(&ann, &stays).problem(422, "check_failed");
        assert_eq!(ann.get(&pinned).ok(200)["version"], 1);
        patch(&ann, &pinned, json!({"pinned": null})).ok(200);
        delete(&ann, &stays).ok(200);
    });
}

#[test]
fn what_goes_with_it_goes_under_its_own_rules() {
    on_both(|database| {
        let app = start(database);
        let ann = app.by("ann");
        let path = house(&app, "a");
        let rooms: Vec<String> = (0..3).map(|_| made(&ann, "room", json!({"house": id(&path), "name": "r"}))).collect();
        let lamp = |room: &String, state: &str| made(&ann, "lamp", json!({"room": id(room), "state": state}));
        let (loose, fixed) = (lamp(&rooms[0], "loose"), lamp(&rooms[1], "fixed"));
        let before = rows(database, "record_history");
        let problem = delete(&ann, &path).problem(409, "immutable");
        assert!(problem["detail"].as_str().unwrap().contains(id(&fixed)), "{problem}");
        assert_eq!(problem["present"], json!({"type": "lamp", "id": id(&fixed)}));
        let problem = delete(&app.by("boss"), &path).problem(409, "immutable");
        assert!(!problem.to_string().contains("lamp"), "a boss knows nothing of lamps: {problem}");
        assert_eq!((rows(database, "records"), rows(database, "record_history")), (6, before));

        super::model::sql(
            database,
            "UPDATE records SET fields = REPLACE(fields, 'fixed', 'loose') WHERE record_type = 'lamp'",
        );
        let started = ann.start("raze", json!({"id": id(&path)}));
        assert_eq!(instance(&app, &started)["variables"]["gone"]["fields"]["name"], "a");
        assert_eq!(rows(database, "records"), 0);
        ann.get(&loose).problem(404, "not_found");
        // The last change of each clears every field; it says who, why, and by which instance.
        let last = "record_history WHERE new = 'null' AND reason = 'unsafe' AND actor = 'ann' AND version = 2";
        assert_eq!(rows(database, &format!("{last} AND instance = '{started}'")), 2 + 3 * 2 + 2 * 2);
    });
}

#[test]
fn a_record_that_is_deleted_is_never_referred_to_anew() {
    on_both(|database| {
        let app = start(database);
        let other = TestApp::open(database, Limits::default());
        let nodes = [&app, &other];
        for round in 0..12 {
            let path = house(&app, &format!("h{round}"));
            let status = each(2, |n| {
                let ann = nodes[(n + round) % 2].by("ann");
                match n {
                    0 => delete(&ann, &path).status,
                    _ => create(&ann, "bill", json!({"owner": "ann", "lines": [{"house": id(&path)}]})).status,
                }
            });
            assert!(status == [200, 422] || status == [409, 201], "{status:?}");
        }
    });
}
