//! `kamflow bench`: every workload runs, says figures that can be read, and leaves nothing behind but what it was told to.

use crate::support::on_both;
use crate::support::program::Home;
use kamflow::bench::Usage;
use kamflow::model::json::Json;
use kamflow::store::{connect, databases};
use serde_json::json;
use std::collections::BTreeSet;

/// The lines of JSON that were said.
fn lines(said: &str) -> Vec<Json> {
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn files(home: &Home) -> BTreeSet<String> {
    let entries = std::fs::read_dir(home.path("")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_workload_is_measured_beside_its_limit_and_leaves_no_database_behind() {
    on_both(|database| {
        let home = Home::empty();
        let before = files(&home);
        let asked = ["bench", "w1", "--clients", "1,2", "--seconds", "2", "--json", "--database", database.url()];
        let found = lines(&home.done(&asked));
        let (limits, found): (Vec<Json>, Vec<Json>) = found.into_iter().partition(|line| line["limit"] == true);
        let clients: Vec<&Json> = found.iter().map(|figures| &figures["clients"]).collect();
        assert_eq!(clients, [1, 2]);
        let batches: Vec<&Json> = limits.iter().map(|limit| &limit["commands_per_transaction"]).collect();
        assert_eq!(batches, [1, 32, 128]);
        for limit in &limits {
            assert_eq!((&limit["workload"], &limit["store"]), (&"w1".into(), &database.name().into()));
            for name in ["per_second", "p50_ms", "p99_ms", "p999_ms", "connections"] {
                assert!(limit[name].as_f64().is_some_and(|value| value > 0.0), "{name} of {limit}");
            }
            let batch = limit["commands_per_transaction"].as_f64().unwrap();
            let forced = limit["fsyncs_per_op"].as_f64().unwrap();
            assert!(database.name() != "sqlite" || (forced - 1.0 / batch).abs() < 0.001, "{limit}");
        }
        for figures in &found {
            assert_eq!((&figures["workload"], &figures["store"]), (&"w1".into(), &database.name().into()));
            let known = ["per_second", "p50_ms", "p99_ms", "p999_ms", "empty_p50_ms", "start_s"];
            let compared = ["limit_per_second", "limit_p50_ms", "ratio_to_limit", "bytes_per_round"];
            for name in known.iter().chain(&compared) {
                assert!(figures[name].as_f64().is_some_and(|value| value > 0.0), "{name} of {figures}");
            }
            // A server that was told not to wait for its disk forces nothing.
            assert!(figures["fsyncs_per_op"].as_f64().is_some_and(|value| value >= 0.0), "{figures}");
            assert_eq!((&figures["put_off"], &figures["size"]), (&0.into(), &0.into()));
            let (per_second, limit) = (figures["per_second"].as_f64(), figures["limit_per_second"].as_f64());
            let ratio = per_second.unwrap() / limit.unwrap();
            assert!((ratio - figures["ratio_to_limit"].as_f64().unwrap()).abs() < 0.001, "{figures}");
        }
        assert_eq!(files(&home), before, "the database of the measurement is gone");
        // Nothing is in the way of another run.
        let table = home.done(&["bench", "w1", "--clients", "1", "--seconds", "1", "--database", database.url()]);
        let heads: Vec<&str> = table.lines().filter_map(|row| row.get(..8)).collect();
        assert_eq!(heads[..2], ["workload", "w1      "], "{table}");
        for batch in ["×1 ", "×32 ", "×128"] {
            assert!(table.lines().any(|row| row.starts_with(&format!("limit {batch}"))), "{batch} of {table}");
        }
    });
}

#[test]
fn what_waits_is_prepared_once_and_kept_when_it_is_asked_for() {
    let home = Home::empty();
    let asked = ["bench", "waiting", "--sizes", "0,30", "--clients", "2", "--seconds", "1", "--json", "--keep"];
    let first = home.run(&asked);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert!(first.err.contains("30 prepared"), "{}", first.err);
    let sizes: Vec<Json> = lines(&first.out).iter().map(|figures| figures["size"].clone()).collect();
    assert_eq!(sizes, [0, 30]);
    let imported = |home: &Home| {
        let saved = home.done(&["backup", "-", "--database", "sqlite:kamflow-bench-waiting.db"]);
        let end: Json = serde_json::from_str(saved.lines().last().unwrap()).unwrap();
        let instances = end["end"]["instances"]["rows"].as_i64().unwrap();
        (
            saved.lines().filter(|line| line.contains("instance_started") && line.contains("\"kamflow\"")).count(),
            instances,
        )
    };
    let (prepared, all) = imported(&home);
    assert!(prepared == 30 && all >= 30, "{prepared} of {all}");
    let again = home.run(&asked);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert_eq!(imported(&home).0, 30, "what was prepared is not prepared again");
}

#[test]
fn customers_are_taken_in_beside_others() {
    let home = Home::with_project();
    let asked = ["bench", "intake", "--sizes", "0,60", "--seconds", "2", "--json"];
    let found = lines(&home.done(&asked));
    let sizes: Vec<&Json> = found.iter().map(|figures| &figures["size"]).collect();
    assert_eq!(sizes, [0, 60]);
    assert!(found.iter().all(|figures| figures["limit_per_second"].is_null()), "{found:?}");
}

#[test]
fn sums_over_a_hierarchy_are_those_of_a_statement_that_a_person_wrote() {
    on_both(|database| {
        let home = Home::with_project();
        home.edit("workflows/sales/bench/rollup.yaml", "count: 1365", "count: 85");
        home.edit("workflows/sales/bench/data/opportunities.rhai", "FIRST_SELLER = 341", "FIRST_SELLER = 21");
        home.edit("workflows/sales/bench/data/opportunities.rhai", "SELLERS = 1024", "SELLERS = 64");
        let asked = ["bench", "rollup", "--sizes", "250", "--seconds", "1", "--json", "--keep"];
        let found = lines(&home.done(&[&asked[..], &["--database", database.url()]].concat()));
        let told: Vec<(&str, &str)> =
            found.iter().map(|line| (line["user"].as_str().unwrap(), line["step"].as_str().unwrap())).collect();
        assert_eq!(told, [("p0", "funnel"), ("p0", "forecast"), ("p5", "funnel"), ("p5", "forecast")]);
        for figures in &found {
            for name in ["per_second", "p50_ms", "limit_p50_ms", "limit_per_second", "ratio_to_limit"] {
                assert!(figures[name].as_f64().is_some_and(|value| value > 0.0), "{name} of {figures}");
            }
        }
        let there = databases::beside(&database.parsed_url(), "rollup").unwrap();
        let address = there.with_secrets();
        let of = ["--database", address.as_str()];
        let mut conn = connect(&there).unwrap();
        let file: Json = serde_yaml::from_str(&home.read("workflows/sales/bench/rollup.yaml")).unwrap();
        let served = home.serve(&of);
        let mut all = Vec::new();
        for user in ["p0", "p5"] {
            let token = home.done(&[&["token", user, "--business", "demo"][..], &of].concat());
            let client = served.client(token.trim());
            for step in file["each"].as_array().unwrap() {
                let step = &step["post"];
                let now = jiff::Timestamp::now().as_millisecond().to_string();
                let sql = step["sql"][database.name()].as_str().unwrap().replace("{business}", "'demo'");
                let sql = sql.replace("{user}", &format!("'{user}'")).replace("{now}", &now);
                let by_hand = databases::texts(&mut conn, &sql).unwrap();
                let by_hand: BTreeSet<String> =
                    by_hand.iter().map(|row| serde_json::from_str::<Json>(row).unwrap().to_string()).collect();
                let path = format!("/api/v1{}", step["path"].as_str().unwrap());
                let answer = client.post(&path, step["body"].clone()).ok(200);
                let sums: BTreeSet<String> = answer["rows"].as_array().unwrap().iter().map(row).collect();
                assert_eq!(sums, by_hand, "{} of {user}", step["name"]);
                all.push(answer["rows"].as_array().unwrap().iter().map(count).sum::<i64>());
            }
        }
        served.terminate();
        assert!((150..250).contains(&all[0]), "four of five are open, and the top sees all: {all:?}");
        assert!(all[0] > all[2] && all[1] > all[3] && all[3] > 0, "{all:?}");
    });
}

/// A row of a summary as the statement gives it: the group, the currency, how many, the sum in minor units.
fn row(row: &Json) -> String {
    let group = row["group"].as_object().unwrap().values().next().unwrap();
    let minor = row["measures"]["total"]["amount"].as_str().unwrap().replace('.', "");
    json!([group, row["currency"], count(row), minor.parse::<i64>().unwrap()]).to_string()
}

fn count(row: &Json) -> i64 {
    row["measures"]["n"].as_i64().unwrap()
}

#[test]
fn what_needs_no_server_is_measured_without_one() {
    let home = Home::with_project();
    let before = files(&home);
    let found = lines(&home.done(&["bench", "script", "engine", "--seconds", "1", "--json"]));
    for (figures, name) in found.iter().zip(["script", "engine"]) {
        assert_eq!((&figures["workload"], &figures["clients"]), (&name.into(), &1.into()));
        for name in ["per_second", "p50_ms", "p99_ms", "p999_ms"] {
            assert!(figures[name].as_f64().is_some_and(|value| value > 0.0), "{name} of {figures}");
        }
    }
    assert_eq!(found.len(), 2);
    assert_eq!(files(&home), before, "no database was made");
    home.edit("workflows/sales/bench/script.yaml", "opportunity-value/assess", "opportunity-value/asses");
    assert!(home.fails(&["bench", "script"]).contains("asses"));
}

#[test]
fn what_can_be_measured_is_said() {
    let home = Home::with_project();
    let said = home.done(&["bench"]);
    for (name, zh) in [("intake", "在已有客户中收集新客户"), ("w1", "启动流程并完成两项任务"), ("waiting", "同一负载")]
    {
        assert!(said.lines().any(|line| line.starts_with(name) && line.contains(zh)), "{name} of {said}");
    }
    assert!(home.fails(&["bench", "intakes"]).contains("did you mean \"intake\"?"));
    assert!(home.fails(&["bench", "w1", "--clients", "0"]).contains("from 1 to 1024"));
    assert!(home.fails(&["bench", "w1", "--sizes", "5,1"]).contains("from the smallest to the largest"));
}

#[test]
fn a_database_of_another_run_is_not_touched() {
    let home = Home::empty();
    home.write("kamflow-bench-w1.db", "something of somebody");
    let refused = home.fails(&["bench", "w1", "--seconds", "1"]);
    assert!(refused.contains("kamflow-bench-w1.db") && refused.contains("--keep"), "{refused}");
    assert_eq!(home.read("kamflow-bench-w1.db"), "something of somebody");
}

#[test]
fn a_workload_with_a_mistake_is_refused_with_its_place() {
    let home = Home::with_project();
    home.edit("workflows/sales/bench/intake.yaml", "clients: [1]", "clients: [1]\nseconds: 3");
    let refused = home.fails(&["bench", "intake"]);
    assert!(refused.contains("intake.yaml") && refused.contains("seconds"), "{refused}");
    home.edit("workflows/sales/bench/intake.yaml", "\nseconds: 3", "");
    for (with, said) in [(", count: 3, per: 2", "count or per"), (", instances: {process: p, variables: v}", "people")]
    {
        let (whole, end) =
            ("{type: customer, fields: data/customer}", "records: {type: customer, fields: data/customer}");
        home.edit("workflows/sales/bench/intake.yaml", &format!("  {end}"), &format!("  - {{records: {whole}{with}}}"));
        let refused = home.fails(&["bench", "intake"]);
        assert!(refused.contains("intake.yaml") && refused.contains(said), "{refused}");
        home.edit("workflows/sales/bench/intake.yaml", &format!("  - {{records: {whole}{with}}}"), &format!("  {end}"));
    }
    home.edit("workflows/sales/bench/data/companies.rhai", "fn intake(input) {", "fn intake(input) { let = 3;");
    let refused = home.fails(&["bench", "intake"]);
    assert!(refused.contains("companies.rhai"), "{refused}");
}

#[test]
fn what_a_process_uses_is_read_where_the_system_tells() {
    let usage = Usage::of(std::process::id());
    if cfg!(target_os = "linux") {
        assert!(usage.resident.is_some_and(|bytes| bytes > 1_000_000), "{usage:?}");
        assert!(usage.processor.is_some(), "{usage:?}");
    }
    assert_eq!(Usage::of(u32::MAX), Usage::default());
}
