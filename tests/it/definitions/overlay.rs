//! An overlay changes what one business does differently, and nothing else.

use super::{PACK, said};
use kamflow::definitions;
use kamflow::model::ids::BusinessId;
use kamflow::model::plugin::SettingSource;
use kamflow::model::revision::Files;

fn process(key: &str, title: &str) -> String {
    format!("process: {key}\ntitle: {{en: {title}, zh: 流程}}\nnodes: [{{id: a, type: endEvent}}]\n")
}

fn project() -> Files {
    let overlay = "\
pack: sales-logistics
title: {en: Logistics, zh: 物流}
version: '1'
extends: sales
business: logistics
roles: {driver: {en: Driver, zh: 司机}}
settings: {rating: {most: 70}}
";
    let foreign = "pack: sales-retail\ntitle: {en: R, zh: 零售}\nversion: '1'\nextends: sales\nbusiness: retail\n";
    let rating = "\
plugin: rating
version: '1'
title: {en: Rating, zh: 评级}
functions:
  rate: {script: rate.rhai, input: {type: object}, output: {type: object}}
settings: {most: {default: 50, title: {en: Most, zh: 最多}}}
";
    [
        ("workflows/sales/pack.yaml", PACK.to_owned()),
        ("workflows/sales/processes/intake.yaml", process("intake", "Base")),
        ("workflows/sales/processes/close.yaml", process("close", "Close")),
        ("workflows/sales-logistics/pack.yaml", overlay.to_owned()),
        ("workflows/sales-logistics/processes/intake.yaml", process("intake", "Logistics")),
        ("workflows/sales-logistics/processes/route.yaml", process("route", "Route")),
        ("workflows/sales-logistics/plugins/rating/rate.rhai", "fn rate(input) { #{better: true} }".to_owned()),
        ("workflows/sales-retail/pack.yaml", foreign.to_owned()),
        ("workflows/sales-retail/processes/intake.yaml", "broken: [".to_owned()),
        ("plugins/rating/plugin.yaml", rating.to_owned()),
        ("plugins/rating/rate.rhai", "fn rate(input) { #{} }".to_owned()),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.into_bytes()))
    .collect()
}

fn refused(change: impl Fn(&mut Files)) -> Vec<String> {
    let mut files = project();
    change(&mut files);
    let findings = definitions::resolve(&files, &BusinessId::from("logistics")).unwrap_err();
    findings.iter().map(ToString::to_string).collect()
}

fn put(files: &mut Files, path: &str, text: &str) {
    files.insert(path.to_owned(), text.as_bytes().to_vec());
}

#[test]
fn a_business_gets_its_own_files_in_place_of_the_common_ones() {
    let resolved = definitions::resolve(&project(), &BusinessId::from("logistics")).unwrap();
    assert_eq!(
        resolved.keys().collect::<Vec<_>>(),
        [
            "plugins/rating/plugin.yaml",
            "workflows/sales-logistics/pack.yaml",
            "workflows/sales-logistics/plugins/rating/rate.rhai",
            "workflows/sales-logistics/processes/intake.yaml",
            "workflows/sales-logistics/processes/route.yaml",
            "workflows/sales/pack.yaml",
            "workflows/sales/processes/close.yaml",
        ]
    );
    let parsed = definitions::parse(&resolved);
    assert_eq!(said(&parsed), Vec::<String>::new());
    let definitions = parsed.definitions.unwrap();
    assert_eq!(definitions.processes.keys().collect::<Vec<_>>(), ["close", "intake", "route"]);
    assert_eq!(definitions.processes["intake"].title.en, "Logistics");
    assert_eq!(definitions.pack.name, "sales");
    assert_eq!(definitions.pack.business.as_deref(), Some("logistics"));
    assert_eq!(definitions.pack.roles.keys().collect::<Vec<_>>(), ["driver", "sales_ops", "sales_rep"]);
    let rating = &definitions.plugins["rating"];
    assert_eq!(rating.functions["rate"].script.as_ref(), "workflows/sales-logistics/plugins/rating/rate.rhai");
    assert_eq!(
        (rating.settings["most"].value.to_string(), rating.settings["most"].source),
        ("70".to_owned(), SettingSource::Pack)
    );
}

#[test]
fn every_other_business_gets_the_common_files() {
    let resolved = definitions::resolve(&project(), &BusinessId::from("default")).unwrap();
    assert!(resolved.keys().all(|path| path.starts_with("plugins/") || path.starts_with("workflows/sales/")));
    let definitions = definitions::parse(&resolved).definitions.unwrap();
    assert_eq!(definitions.processes["intake"].title.en, "Base");
    assert_eq!(definitions.plugins["rating"].settings["most"].source, SettingSource::Default);
}

#[test]
fn an_overlay_that_cannot_be_laid_is_refused() {
    let head = |extra: &str| format!("pack: x\ntitle: {{en: X, zh: 某}}\nversion: '1'\n{extra}");
    assert_eq!(
        refused(|files| put(files, "workflows/x/pack.yaml", &head("extends: sales\n"))),
        ["workflows/x/pack.yaml:4:10: an overlay says which business it is for; add \"business\""]
    );
    assert_eq!(
        refused(|files| put(files, "workflows/x/pack.yaml", &head("extends: sale\nbusiness: logistics\n"))),
        ["workflows/x/pack.yaml:4:10: there is no base pack \"sale\" for this business; did you mean \"sales\"?"]
    );
    assert_eq!(
        refused(|files| put(files, "workflows/x/pack.yaml", &head("extends: sales\nbusiness: logistics\n"))),
        ["workflows/x/pack.yaml:4:10: \"sales-logistics\" is an overlay of \"sales\" for this business too; keep one"]
    );
    assert_eq!(
        refused(|files| put(files, "workflows/x/pack.yaml", &head("extends: sales-logistics\nbusiness: logistics\n"))),
        ["workflows/x/pack.yaml:4:10: \"sales-logistics\" is an overlay itself; extend \"sales\""]
    );
    assert_eq!(
        refused(|files| put(files, "workflows/sales-logistics/plugins/rating/rat.rhai", "")),
        [
            "workflows/sales-logistics/plugins/rating/rat.rhai:1:1: plugin \"rating\" has no rat.rhai to replace; did you mean \"rate.rhai\"?"
        ]
    );
    assert_eq!(refused(|files| put(files, "workflows/x/pack.yaml", "pack: [")).len(), 1);
}

#[test]
fn packs_side_by_side_are_joined_and_may_not_clash() {
    let mut files = project();
    let second = "pack: finance\ntitle: {en: Finance, zh: 财务}\nversion: '2'\nroles: {cfo: {en: CFO, zh: 财务总监}}\n";
    put(&mut files, "workflows/finance/pack.yaml", second);
    put(&mut files, "workflows/finance/processes/budget.yaml", &process("budget", "Budget"));
    let business = BusinessId::from("default");
    let definitions = definitions::parse(&definitions::resolve(&files, &business).unwrap()).definitions.unwrap();
    assert_eq!(definitions.pack.name, "finance");
    assert_eq!(definitions.pack.roles.keys().collect::<Vec<_>>(), ["cfo", "sales_ops", "sales_rep"]);
    assert_eq!(definitions.processes.keys().collect::<Vec<_>>(), ["budget", "close", "intake"]);

    put(&mut files, "workflows/finance/processes/intake.yaml", &process("intake", "Mine"));
    let parsed = definitions::parse(&definitions::resolve(&files, &business).unwrap());
    assert_eq!(
        said(&parsed),
        [
            "processes/intake.yaml:1:1: the process \"intake\" is declared in workflows/finance/processes/intake.yaml too; keep one"
        ]
    );
    assert!(parsed.definitions.is_none());
}

#[test]
fn a_pack_of_another_business_is_left_out() {
    let mut files = project();
    put(&mut files, "workflows/bank/pack.yaml", "pack: bank\ntitle: {en: B, zh: 银行}\nversion: '1'\nbusiness: bank\n");
    let resolved = definitions::resolve(&files, &BusinessId::from("logistics")).unwrap();
    assert!(!resolved.contains_key("workflows/bank/pack.yaml"));
    let resolved = definitions::resolve(&files, &BusinessId::from("bank")).unwrap();
    assert!(resolved.contains_key("workflows/bank/pack.yaml"));
}

#[test]
fn the_hash_is_of_paths_and_contents() {
    let files = project();
    let hash = definitions::hash(&files);
    assert_eq!(hash.len(), 64);
    assert_eq!(hash, definitions::hash(&project()));
    let mut moved = files.clone();
    let content = moved.remove("plugins/rating/rate.rhai").unwrap();
    moved.insert("plugins/rating/rate2.rhai".to_owned(), content);
    assert_ne!(hash, definitions::hash(&moved));
    let one = Files::from([("ab".to_owned(), b"c".to_vec())]);
    let other = Files::from([("a".to_owned(), b"bc".to_vec())]);
    assert_ne!(definitions::hash(&one), definitions::hash(&other));
}
