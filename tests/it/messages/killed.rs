//! The program is killed while messages between instances are on their way: when it runs again, each arrives once.

use super::{on_the_way, with};
use crate::kill::{STARTS, all, history};
use crate::support::app::BUSINESS;
use crate::support::on_both;
use crate::support::program::{Client, Home, Served, eventually};
use kamflow::model::json::Json;
use serde_json::json;
use std::collections::BTreeMap;

/// Threads that start orders.
const SENDERS: usize = 4;
/// Orders that must be answered before the program is killed.
const BEFORE_A_KILL: usize = 6;
/// Kills that must find messages on their way.
const MEANT: usize = 2;
/// Kills at most: that none finds a message on its way would be a wonder.
const MOST: usize = 30;

/// Asks, waits for the answer, thanks, and waits for the last word.
const ORDER: &str = "\
process: order
title: {en: Order, zh: 订单}
input: {type: object, required: [number], properties: {number: {type: string}}}
businessKey: number
nodes:
  - {id: ask, type: sendTask, message: price wanted, correlate: number, in: {number: number}, ttl: P1D}
  - {id: answered, type: receiveTask, message: price told, correlate: number, out: {price: result.price}}
  - {id: thank, type: sendTask, message: thanks, correlate: number, ttl: P1D}
  - {id: last, type: receiveTask, message: goodbye, correlate: number}
";

/// Begun by the question; whoever is begun twice is there twice.
const SHOP: &str = "\
process: shop
title: {en: Shop, zh: 商店}
input: {type: object, required: [number], properties: {number: {type: string}}}
businessKey: number
nodes:
  - {id: asked, type: startEvent, message: price wanted}
  - {id: tell, type: sendTask, message: price told, correlate: number, in: {price: 7}, ttl: P1D}
  - {id: thanked, type: receiveTask, message: thanks, correlate: number}
  - {id: wave, type: endEvent, message: goodbye, correlate: number, ttl: P1D}
";

#[test]
fn messages_that_were_on_their_way_at_a_kill_arrive_once() {
    on_both(|database| {
        drop(with(database, &[("order", ORDER), ("shop", SHOP)]));
        let (home, args) = (Home::empty(), ["--database", database.url()]);
        let token = |login| home.done(&[&["token", login, "--business", BUSINESS][..], &args].concat());
        let (ann, admin) = (token("ann").trim().to_owned(), token("alice").trim().to_owned());

        let (mut answered, mut meant) = (BTreeMap::new(), Vec::new());
        for round in 0..MOST {
            answered.extend(start_and_kill(home.serve(&args), &ann, round));
            if on_the_way(database) > 0 {
                meant.push(format!("{round}-"));
            }
            if meant.len() == MEANT {
                break;
            }
        }
        assert_eq!(meant.len(), MEANT, "the program is killed while messages are on their way");

        let served = home.serve(&args);
        let admin = served.client(&admin);
        eventually("nothing is on its way", || (on_the_way(database) == 0).then_some(()));
        let (orders, shops) = (by_key(&admin, "order"), by_key(&admin, "shop"));
        for (number, id) in &answered {
            assert_eq!(orders.get(number), Some(&vec![(id.clone(), "completed".to_owned())]), "{number} was answered");
        }
        assert_eq!(orders.keys().collect::<Vec<_>>(), shops.keys().collect::<Vec<_>>());
        for (number, found) in orders.iter().chain(&shops) {
            assert!(matches!(&found[..], [(_, state)] if state == "completed"), "{number} is there once: {found:?}");
            if meant.iter().any(|round| number.starts_with(round)) {
                let happened = history(&admin, &found[0].0).iter().filter(|kind| *kind == "event_happened").count();
                assert_eq!(happened, 2, "each of the two messages to {found:?} came once");
            }
        }
        assert_eq!(admin.get("/api/v1/incidents")["total"], 0);
    });
}

/// Several clients start orders; in the middle the program is killed. The orders that were answered, by their numbers.
fn start_and_kill(served: Served, token: &str, round: usize) -> Vec<(String, String)> {
    let count = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| {
                let (client, count) = (served.client(token), &count);
                scope.spawn(move || {
                    let (mut answered, mut number) = (Vec::new(), 0);
                    loop {
                        number += 1;
                        let key = format!("{round}-{sender}-{number}");
                        let body = json!({"process": "order", "variables": {"number": key}});
                        let Ok(answer) = client.send("POST", STARTS, Some(&body)) else { return answered };
                        answered.push((key, answer.ok(201)["id"].as_str().unwrap().to_owned()));
                        count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    }
                })
            })
            .collect();
        let enough = || (count.load(std::sync::atomic::Ordering::Relaxed) >= BEFORE_A_KILL).then_some(());
        eventually("enough is answered", enough);
        served.kill();
        senders.into_iter().flat_map(|sender| sender.join().unwrap()).collect()
    })
}

/// The instances of a process with their states, by business key.
fn by_key(admin: &Client, process: &str) -> BTreeMap<String, Vec<(String, String)>> {
    let mut found: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let text = |value: &Json| value.as_str().unwrap().to_owned();
    for instance in all(admin, &format!("{STARTS}?process={process}")) {
        found
            .entry(text(&instance["businessKey"]))
            .or_default()
            .push((text(&instance["id"]), text(&instance["state"])));
    }
    found
}
