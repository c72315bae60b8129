//! The program is killed in the middle of its work, or asked to stop: what was answered is there exactly once, what was
//! not answered is there wholly or not at all.

use crate::support::app::TestApp;
use crate::support::on_both;
use crate::support::program::{Client, Home, Served, eventually};
use crate::support::random::Random;
use kamflow::model::json::Json;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Threads that send intakes.
const SENDERS: usize = 4;
/// How often the program is killed.
const KILLS: usize = 3;
/// Intakes that must be answered before it is.
const BEFORE_A_KILL: usize = 15;

/// A process that waits for a second of real time.
const REMINDER: &str = "\
process: reminder
title: {en: Reminder, zh: 提醒}
nodes:
  - id: ask
    name: {en: Anybody there?, zh: 有人吗?}
    type: userTask
    candidateGroups: [manager]
    boundary:
      - {id: soon, timer: {duration: PT1S}, to: over}
    next: over
  - {id: over, name: {en: Over, zh: 结束}, type: endEvent}
";

/// Begins another process and does not wait for it.
const CALLER: &str = "\
process: caller
title: {en: Caller, zh: 发起}
input: {type: object, required: [number], properties: {number: {type: integer}}}
nodes:
  - {id: begin, name: {en: Begin, zh: 发起}, type: callActivity, process: called, in: {number: number}, wait: false}
";

const CALLED: &str = "\
process: called
title: {en: Called, zh: 被发起}
input: {type: object, required: [number], properties: {number: {type: integer}}}
nodes:
  - {id: work, name: {en: Work, zh: 办理}, type: userTask, candidateGroups: [manager]}
";

fn caller(number: usize) -> Json {
    json!({"process": "caller", "variables": {"number": number}})
}

#[test]
fn a_kill_loses_nothing_that_was_answered_and_leaves_nothing_half() {
    on_both(|database| {
        // The people of the demonstration, so that every customer gets an owner.
        drop(TestApp::sales(database));
        let home = home();
        let all = ["--database", database.url()];
        home.done(&[&["deploy", "--business", "demo"][..], &all].concat());
        let gateway = token(&home, &all, "intake-gateway");
        let admin = token(&home, &all, "gao.peng");
        let ma_li = token(&home, &all, "ma.li");

        let (mut answered, mut unanswered, mut reminders) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..KILLS {
            let served = home.serve(&all);
            let started = served.client(&gateway).post(STARTS, json!({"process": "reminder"})).ok(201);
            reminders.push(started["id"].as_str().unwrap().to_owned());
            let (more, open) = hammer_and_kill(served, &gateway, round, intake);
            answered.extend(more);
            unanswered.extend(open);
        }

        let served = home.serve(&all);
        let (gateway, admin, ma_li) = (served.client(&gateway), served.client(&admin), served.client(&ma_li));
        assert!(answered.len() >= KILLS * BEFORE_A_KILL);
        let found = intakes(&admin, &ma_li);
        for (number, id) in &answered {
            assert_eq!(found.get(number), Some(id), "intake {number} was answered");
        }
        let asked: BTreeSet<usize> = answered.iter().map(|(number, _)| *number).chain(unanswered.clone()).collect();
        assert!(found.keys().all(|number| asked.contains(number)), "nobody asked for another");

        // Who got no answer asks again, and gets the one instance.
        for number in &unanswered {
            let before = found.get(number);
            let again = gateway.post(STARTS, intake(*number)).ok(if before.is_some() { 200 } else { 201 });
            assert!(before.is_none_or(|before| *before == again["id"]), "intake {number} is one instance");
        }
        assert_eq!(intakes(&admin, &ma_li).into_keys().collect::<BTreeSet<_>>(), asked);
        assert_eq!(admin.get("/api/v1/incidents")["total"], 0);

        // The timers that were set before the kills fire once.
        for id in &reminders {
            eventually("the reminder is over", || {
                let found = admin.get(&format!("/api/v1/process-instances/{id}"));
                (found["state"] == "completed").then_some(())
            });
            let fired = history(&admin, id).iter().filter(|kind| *kind == "timer_fired").count();
            assert_eq!(fired, 1, "reminder {id}");
        }
    });
}

#[test]
fn a_kill_leaves_nobody_begun_without_a_caller_or_twice() {
    on_both(|database| {
        drop(TestApp::sales(database));
        let home = home();
        home.write("workflows/sales/processes/caller.yaml", CALLER);
        home.write("workflows/sales/processes/called.yaml", CALLED);
        let all_of = ["--database", database.url()];
        home.done(&[&["deploy", "--business", "demo"][..], &all_of].concat());
        let (gateway, admin) = (token(&home, &all_of, "intake-gateway"), token(&home, &all_of, "gao.peng"));
        let mut answered = Vec::new();
        for round in 0..KILLS {
            answered.extend(hammer_and_kill(home.serve(&all_of), &gateway, round, caller).0);
        }
        let served = home.serve(&all_of);
        let admin = served.client(&admin);
        let callers = all(&admin, &format!("{STARTS}?process=caller"));
        let ids: BTreeSet<&str> = callers.iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert!(answered.iter().all(|(_, id)| ids.contains(id.as_str())));
        let begun = all(&admin, &format!("{STARTS}?process=called"));
        let mut begun: BTreeSet<&str> = begun.iter().map(|one| one["id"].as_str().unwrap()).collect();
        for id in ids {
            let history = admin.get(&format!("{STARTS}/{id}/history?limit=1000"));
            let told = history["items"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "process_begun");
            let told: Vec<&str> = told.map(|entry| entry["data"]["instance"].as_str().unwrap()).collect();
            assert_eq!(told.len(), 1, "{history}");
            assert!(begun.remove(told[0]), "{id} began {told:?}");
        }
        assert!(begun.is_empty(), "nobody began {begun:?}");
    });
}

#[test]
fn a_stop_answers_everything_that_was_accepted() {
    on_both(|database| {
        drop(TestApp::sales(database));
        let home = home();
        let all = ["--database", database.url()];
        let gateway = token(&home, &all, "intake-gateway");
        let mut served = home.serve(&all);
        // All requests run: their handlers wait for the body. Then the stop comes, and then the bodies.
        let mut running: Vec<(usize, TcpStream)> =
            (0..12).map(|number| (number, begun(&served, &gateway, number))).collect();
        served.terminate();
        assert!(served.wait_for("stopping: running requests are finished first").is_some());
        for (number, connection) in &mut running {
            connection.write_all(intake(*number).to_string().as_bytes()).unwrap();
        }
        for (_, connection) in &mut running {
            let answer = answer(connection);
            assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        }
        drop(running);
        let (code, said) = served.ended();
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("stopped; everything that was answered is stored"), "{said}");

        let served = home.serve(&all);
        let (admin, ma_li) =
            (served.client(&token(&home, &all, "gao.peng")), served.client(&token(&home, &all, "ma.li")));
        let there: Vec<usize> = intakes(&admin, &ma_li).into_keys().collect();
        assert_eq!(there, (0..12).collect::<Vec<_>>());
        served.terminate();
        assert_eq!(served.ended().0, Some(0));
    });
}

/// The route of instances.
pub const STARTS: &str = "/api/v1/process-instances";

fn home() -> Home {
    let home = Home::with_project();
    home.write("workflows/sales/processes/reminder.yaml", REMINDER);
    home
}

fn token(home: &Home, all: &[&str], user: &str) -> String {
    home.done(&[&["token", user, "--business", "demo"][..], all].concat()).trim().to_owned()
}

/// Several clients send such requests; in the middle the program is killed. Answered ones with their instance, and the others.
fn hammer_and_kill(
    served: Served,
    token: &str,
    round: usize,
    request: fn(usize) -> Json,
) -> (Vec<(usize, String)>, Vec<usize>) {
    let count = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| {
                let (client, count) = (served.client(token), &count);
                scope.spawn(move || send_until_it_dies(&client, (round * SENDERS + sender) * 10_000, count, request))
            })
            .collect();
        eventually("enough is answered", || (count.load(Ordering::Relaxed) >= BEFORE_A_KILL).then_some(()));
        served.kill();
        let all: Vec<_> = senders.into_iter().map(|sender| sender.join().unwrap()).collect();
        let open = all.iter().map(|(_, open)| *open).collect();
        (all.into_iter().flat_map(|(answered, _)| answered).collect(), open)
    })
}

/// Sends requests one after the other until one is not answered.
fn send_until_it_dies(
    client: &Client,
    first: usize,
    count: &AtomicUsize,
    request: fn(usize) -> Json,
) -> (Vec<(usize, String)>, usize) {
    let mut answered = Vec::new();
    for number in first.. {
        match client.send("POST", STARTS, Some(&request(number))) {
            Ok(answer) => {
                answered.push((number, answer.ok(201)["id"].as_str().unwrap().to_owned()));
                count.fetch_add(1, Ordering::Relaxed);
            }
            Err(_) => return (answered, number),
        }
    }
    unreachable!("the numbers do not end")
}

fn intake(number: usize) -> Json {
    json!({"process": "customer-intake", "variables": {
        "source_channel": "online_sales", "event_id": format!("K-{number}"), "name": name(number),
        "region": "浙江", "industry": "manufacturing", "contact": {"name": "沈一帆"}}})
}

/// A name that is like no other: six characters by chance, the same ones for the same number.
fn name(number: usize) -> String {
    let mut random = Random::new(u64::try_from(number).unwrap());
    let mut sign = || char::from_u32(0x4E00 + u32::try_from(random.below(20_000)).unwrap()).unwrap();
    format!("{}铸造有限公司", (0..6).map(|_| sign()).collect::<String>())
}

/// Every intake that is there, by its number: there once, and with everything that belongs to it.
fn intakes(admin: &Client, ma_li: &Client) -> BTreeMap<usize, String> {
    let instances = all(admin, &format!("{STARTS}?process=customer-intake"));
    let mut customers = by(all(ma_li, "/api/v1/records/customer"), |one| one["fields"]["name"].clone());
    let mut contacts = by(all(ma_li, "/api/v1/records/contact"), |one| one["fields"]["customer"].clone());
    let mut events = by(all(ma_li, "/api/v1/records/intake_event"), |one| one["fields"]["event_id"].clone());
    let mut decisions = by(all(admin, "/api/v1/decisions"), |one| one["instance"].clone());
    let mut found = BTreeMap::new();
    for instance in instances {
        let key = instance["businessKey"].as_str().unwrap();
        let number: usize = key.strip_prefix("online_sales:K-").unwrap().parse().unwrap();
        let id = instance["id"].as_str().unwrap().to_owned();
        assert_eq!((&instance["state"], &instance["search"]["outcome"]), (&json!("completed"), &json!("created")));
        let customer = one(customers.remove(&json!(name(number)).to_string()));
        assert!(customer["fields"]["owner"].is_string(), "{customer}");
        one(contacts.remove(&customer["id"].to_string()));
        let event = one(events.remove(&json!(format!("K-{number}")).to_string()));
        let told = (&event["fields"]["status"], &event["fields"]["customer"]);
        assert_eq!(told, (&json!("created"), &customer["id"]));
        assert_eq!(decisions.remove(&instance["id"].to_string()).map(|all| all.len()), Some(3));
        let history = history(admin, &id);
        let ends = (history.first().map(String::as_str), history.last().map(String::as_str));
        assert_eq!(ends, (Some("instance_started"), Some("instance_ended")), "{history:?}");
        assert!(found.insert(number, id).is_none(), "intake {number} is there once");
    }
    let rest = [customers.len(), contacts.len(), events.len(), decisions.len()];
    assert_eq!(rest, [0; 4], "nothing is there without its instance");
    found
}

fn by(items: Vec<Json>, key: impl Fn(&Json) -> Json) -> BTreeMap<String, Vec<Json>> {
    let mut sorted: BTreeMap<String, Vec<Json>> = BTreeMap::new();
    for item in items {
        sorted.entry(key(&item).to_string()).or_default().push(item);
    }
    sorted
}

fn one(found: Option<Vec<Json>>) -> Json {
    let mut found = found.unwrap_or_default();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// Every page of a list.
pub fn all(client: &Client, path: &str) -> Vec<Json> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let sign = if path.contains('?') { '&' } else { '?' };
        let page = client.get(&format!("{path}{sign}limit=100{cursor}"));
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return items,
        }
    }
}

/// The kinds of a history, which has nothing twice.
pub fn history(client: &Client, id: &str) -> Vec<String> {
    let history = client.get(&format!("{STARTS}/{id}/history?limit=1000"));
    let entries = history["items"].as_array().unwrap();
    let numbers: Vec<u64> = entries.iter().map(|entry| entry["sequence"].as_u64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|a, b| a < b), "{numbers:?}");
    entries.iter().map(|entry| entry["kind"].as_str().unwrap().to_owned()).collect()
}

/// A connection with a request that has begun: its head is read, the server asks for the body.
fn begun(served: &Served, token: &str, number: usize) -> TcpStream {
    let mut connection = TcpStream::connect(served.url.trim_start_matches("http://")).unwrap();
    let head = format!(
        "POST {STARTS} HTTP/1.1\r\nHost: kamflow\r\nAuthorization: Bearer {token}\r\nExpect: 100-continue\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        intake(number).to_string().len()
    );
    connection.write_all(head.as_bytes()).unwrap();
    let mut go_on = [0; 25];
    connection.read_exact(&mut go_on).unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    connection
}

/// Reads one answer: its head, and as many bytes as the head says.
fn answer(connection: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut some = [0; 4096];
        let read = connection.read(&mut some).unwrap();
        bytes.extend(&some[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            length.is_some_and(|length: usize| body.len() >= length)
        });
        if whole || read == 0 {
            return text;
        }
    }
}
