//! import, export: bringing customers in, and getting them out again.

use super::set_up;
use crate::support::program::{Home, eventually};
use std::fs;

const CUSTOMERS: &str = "\
name,uscc,region,industry,annual_revenue,pool
株洲渊川数控机床有限公司,91430102MA883EG05W,湖南,manufacturing,86470000 CNY,default
峻屿电力设备（重庆）股份有限公司,91500103MA5HHH1G81,重庆,enery,28210000.00 CNY,default
东莞湛樵教育科技有限公司,91430102MA883EG05W,广东,education,,default
,,广东,education,,default
";

/// How many customers there are.
fn customers(home: &Home) -> usize {
    home.done(&["export", "customer", "--fields", "name", "--format", "jsonl"]).lines().count()
}

#[test]
fn customers_come_in_with_a_report_of_what_did_not() {
    let (home, _) = set_up();
    home.write("customers.csv", CUSTOMERS);
    let trial = home.run(&["import", "customer", "customers.csv", "--dry-run", "--report", "refused.csv"]);
    assert_eq!(trial.code, Some(1), "refused rows are no success: {trial:?}");
    assert_eq!(trial.out, "would be created 1, would be updated 0, unchanged 0, refused 3; up to line 5\n");
    assert_eq!(trial.err, "", "a terminal alone gets a progress bar");
    assert_eq!(
        home.read("refused.csv"),
        "line,pointer,code,detail\n\
         3,/fields/industry,wrong_value,\"\"\"enery\"\" is none of the values; did you mean \"\"energy\"\"?\"\n\
         4,/fields/uscc,not_unique,another customer already has this uscc\n\
         5,/fields/name,required,\"\"\"name\"\" is required\"\n"
    );
    assert_eq!(customers(&home), 0);

    let told = home.run(&["import", "customer", "customers.csv", "--report", "refused.jsonl"]);
    assert_eq!(
        (told.code, told.out.as_str()),
        (Some(1), "created 1, updated 0, unchanged 0, refused 3; up to line 5\n")
    );
    let report = home.read("refused.jsonl");
    assert_eq!(report.lines().count(), 3);
    assert!(report.starts_with("{\"code\":\"wrong_value\",\"detail\":") && report.contains("\"line\":3"), "{report}");

    // The same file again is the same import; mended, it is another one.
    let again = home.run(&["import", "customer", "customers.csv"]);
    assert_eq!(again.code, Some(1));
    assert!(again.out.starts_with("this file was imported before; nothing was done\ncreated 1,"), "{again:?}");
    home.edit("customers.csv", "enery", "energy");
    let mended = home.run(&["import", "customer", "customers.csv", "--update-by", "uscc"]);
    assert!(mended.out.starts_with("created 1, updated 1, unchanged 1, refused 1;"), "{mended:?}");
    assert!(mended.err.contains("line 5: name: \"name\" is required"), "{mended:?}");
    assert_eq!(customers(&home), 2);
}

#[test]
fn what_was_exported_comes_into_an_empty_business() {
    let (home, _) = set_up();
    home.write("customers.csv", CUSTOMERS);
    home.run(&["import", "customer", "customers.csv"]);
    home.done(&["business", "add", "north", "--title", "North"]);
    let exported = home.done(&["export", "customer"]);
    home.write("exported.csv", &exported);
    let told = home.run(&["import", "customer", "exported.csv", "--business", "north"]);
    assert_eq!(told.code, Some(0), "{told:?}");
    assert!(told.err.contains("not read, because rules compute them: name_norm,"), "{told:?}");
    let fields =
        ["--fields", "name,uscc,region,industry,annual_revenue,class,lifecycle,name_core", "--format", "jsonl"];
    let of = |business: &str| home.done(&[&["export", "customer", "--business", business], &fields[..]].concat());
    assert_eq!(of("north"), of("main"));
    let narrow = home.done(&["export", "customer", "--where", "class=unrated", "--fields", "region", "--bom"]);
    assert_eq!(narrow, "\u{feff}region\n湖南\n");
    // In the name of a user, only what that user sees.
    home.done(&["user", "add", "li.na", "--name", "Li Na", "--role", "sales_rep"]);
    assert_eq!(home.done(&["export", "customer", "--user", "li.na", "--fields", "name"]), "name\n");
}

#[test]
fn a_list_of_a_chinese_spreadsheet_comes_in_by_a_mapping() {
    let (home, _) = set_up();
    let list =
        "客户名称,信用代码,行业,大客户,备注\n北京新海科技有限公司,,科技,是,老客户\n上海启明电力有限公司,,能源,否,\n";
    let (bytes, _, wrong) = encoding_rs::GB18030.encode(list);
    assert!(!wrong);
    fs::write(home.path("list.csv"), &bytes).unwrap();
    let told = home.fails(&["import", "customer", "list.csv"]);
    assert!(told.contains("is not UTF-8; say its encoding, such as gb18030"), "{told}");
    let told = home.fails(&["import", "customer", "list.csv", "--encoding", "gb18030"]);
    assert!(told.contains("there is no field \"客户名称\"; did you mean \"name\"?"), "{told}");
    home.write(
        "list.yaml",
        "mapping: list\nrecord: customer\nencoding: gb18030\ncolumns:\n  客户名称: name\n  信用代码: uscc\n  \
         行业: {field: industry, values: {科技: technology, 能源: energy}}\n  大客户: {field: is_key, values: {是: true, 否: false}}\n\
         constants: {source_channel: purchased_information, pool: default}\nignore: [备注]\n",
    );
    let told = home.done(&["import", "customer", "list.csv", "--mapping", "list.yaml"]);
    assert_eq!(told, "created 2, updated 0, unchanged 0, refused 0; up to line 3\n");
    let fields = home.done(&["export", "customer", "--fields", "name,industry,is_key,source_channel"]);
    assert_eq!(
        fields,
        "name,industry,is_key,source_channel\n北京新海科技有限公司,technology,true,purchased_information\n\
         上海启明电力有限公司,energy,false,purchased_information\n"
    );
    home.write("list.yaml", "mapping: list\nrecord: customer\ncolumns: {客户名称: nmae}\n");
    let told = home.fails(&["import", "customer", "list.csv", "--mapping", "list.yaml"]);
    assert!(told.contains("list.yaml:3:17: there is no field \"nmae\"; did you mean \"name\"?"), "{told}");
}

#[test]
fn a_bought_list_goes_through_the_same_matching() {
    let (home, _) = set_up();
    home.write("customers.csv", CUSTOMERS);
    home.run(&["import", "customer", "customers.csv"]);
    home.write(
        "leads.csv",
        "name,uscc,region\n株洲渊川数控机床有限公司,91430102MA883EG05W,湖南\n北京新海科技有限公司,,北京\n北京新海科技公司,,北京\n",
    );
    let import = |more: &[&str]| {
        let arguments = ["import", "--process", "customer-intake", "leads.csv", "--channel", "purchased_information"];
        home.done(&[&arguments[..], &["--set", "event_id=leads-{line}"], more].concat())
    };
    let trial = import(&["--dry-run"]);
    assert!(trial.starts_with("would be created 3,"), "{trial}");
    for line in [
        "1  customer-match/decide decision = same",
        "1  customer-match/decide decision = new",
        "1  customer-match/decide decision = review",
        "waits at review",
    ] {
        assert!(trial.contains(line), "{line}\n{trial}");
    }
    assert_eq!(customers(&home), 1, "nothing of a dry run stays");
    let real = import(&[]);
    assert_eq!(real.lines().skip(1).collect::<Vec<_>>(), trial.lines().skip(1).collect::<Vec<_>>());
    assert_eq!(customers(&home), 2);
    assert!(import(&[]).starts_with("this file was imported before"));
    // Under another name it is looked at again, and every row is there already.
    let again = import(&["--key", "again"]);
    assert!(again.starts_with("created 0, updated 0, unchanged 3, refused 0;"), "{again}");
}

#[test]
fn an_import_that_was_killed_goes_on() {
    let (home, _) = set_up();
    let row =
        |number: usize| format!("{{\"name\": \"客户 {number} 公司\", \"region\": \"北京\", \"pool\": \"default\"}}\n");
    let rows = |from: usize, to: usize| (from..to).map(row).collect::<String>();
    let arguments = ["import", "customer", "-", "--format", "jsonl", "--key", "list"];
    let mut first = home.fed(&arguments);
    first.feed(&rows(0, 450));
    eventually("a batch is written", || (customers(&home) >= 200).then_some(()));
    drop(first);
    let written = customers(&home);
    assert_eq!(written % 50, 0, "whole batches");
    let mut second = home.fed(&arguments);
    second.feed(&rows(0, 500));
    let said = second.ended();
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(
        said.out.contains(&format!("went on after line {written}, where it had stopped\ncreated 500,")),
        "{said:?}"
    );
    let names = home.done(&["export", "customer", "--fields", "name"]);
    let expected: String = (0..500).map(|number| format!("客户 {number} 公司\n")).collect();
    assert_eq!(names, format!("name\n{expected}"), "every row once, in order");
}

#[test]
fn an_import_that_makes_no_sense_says_how_to_mend_it() {
    let (home, _) = set_up();
    home.write("a.csv", "name\na\n");
    home.write("a.txt", "name\na\n");
    for (arguments, told) in [
        (&["import", "customer", "nowhere.csv"][..], "nowhere.csv"),
        (&["import", "customer", "a.txt"], "say --format csv or --format jsonl"),
        (&["import", "customer", "-"], "say --format csv or --format jsonl"),
        (&["import", "a.csv"], "say a record type and a file, or --process and a file"),
        (&["import", "customer", "a.csv", "--process", "customer-intake"], "say a record type and a file"),
        (&["import", "custmer", "a.csv"], "there is no record type \"custmer\""),
        (&["import", "--process", "nothing", "a.csv"], "there is no process \"nothing\""),
        (&["import", "customer", "a.csv", "--set", "x"], "--set takes FIELD=VALUE"),
        (&["import", "customer", "a.csv", "--mapping", "nothing"], "there is no mapping \"nothing\""),
        (&["import", "customer", "a.csv", "--report", "report.txt"], "a report ends in .csv or .jsonl"),
        (&["import", "customer", "a.csv", "--business", "nobody"], "nobody"),
        (&["import", "customer", "a.csv", "--user", "nobody"], "nobody"),
        (&["import", "customer", "a.csv", "--update-by", "employees"], "cannot be found by \"employees\""),
        (&["export", "custmer"], "there is no record type \"custmer\""),
        (&["export", "customer", "--format", "xlsx"], "write csv or jsonl"),
        (&["export", "customer", "--fields", "nmae"], "did you mean \"name\"?"),
        (&["export", "customer", "--where", "employes=3"], "did you mean \"employees\"?"),
    ] {
        let sentence = home.fails(arguments);
        assert!(sentence.contains(told), "{arguments:?}: {sentence}");
    }
    assert_eq!(customers(&home), 0);
}
