//! Stage lists: codes, titles, ends and policies; in what order they stand; and record types that use them.

use super::{PACK, findings, project, said};
use kamflow::definitions;
use kamflow::model::field::FieldKind;
use kamflow::model::ids::BusinessId;
use kamflow::model::record_type::Column;
use kamflow::model::stage::{Back, StageKind, Stages};

const FUNNEL: &str = "\
stages: funnel
title: {en: Funnel, zh: 漏斗}
kind: linear
enter: {at: any, requires: reason}
advance: {skip: true, back: superior, lostFrom: [need], maxReturns: 5}
list:
  - {code: need, title: {en: Need, zh: 需求}, maxDays: 30}
  - {code: offer, title: {en: Offer, zh: 报价}}
  - code: done
    title: {en: Done, zh: 成交}
    terminal: {won: {}, lost: {require: lost_reason}}
";

const DEAL: &str = "\
record: deal
title: {en: Deal, zh: 商机}
fields:
  stage: {type: stage, list: funnel, default: need}
  lost_reason: {type: string}
columns: {stage: stage}
indexes: [[stage]]
";

fn list(text: &str) -> Vec<String> {
    findings(&[("stages/funnel.yaml", text)])
}

/// A nonlinear list of need, offer and done with these further lines.
fn nonlinear(lines: &str) -> Vec<String> {
    let text = FUNNEL.replace("kind: linear", "kind: nonlinear").replace("skip: true, back: superior, ", "");
    list(&format!("{text}{lines}"))
}

#[test]
fn a_whole_stage_list_is_read_and_a_field_holds_its_codes() {
    let parsed = definitions::parse(&project(&[("stages/funnel.yaml", FUNNEL), ("records/deal.yaml", DEAL)]));
    assert_eq!(said(&parsed), Vec::<String>::new());
    let definitions = parsed.definitions.unwrap();
    let funnel = &definitions.stages["funnel"];
    assert_eq!((funnel.kind, funnel.title.zh.as_str()), (StageKind::Linear, "漏斗"));
    assert_eq!((&funnel.enter.at, funnel.enter.reason), (&Stages::Any, true));
    assert_eq!((funnel.advance.skip, funnel.advance.back, funnel.advance.max_returns), (true, Back::Superior, Some(5)));
    assert_eq!(funnel.advance.lost_from, Some(Stages::These(vec!["need".to_owned()])));
    assert_eq!(funnel.codes().collect::<Vec<_>>(), ["need", "offer", "done"]);
    assert_eq!((funnel.stages[0].max_days, funnel.stages[2].is_terminal()), (Some(30), true));
    let outcomes: Vec<_> = funnel.stages[2].outcomes.iter().map(|o| (o.name.as_str(), o.require.as_deref())).collect();
    assert_eq!(outcomes, [("won", None), ("lost", Some("lost_reason"))], "in the order of the file");
    assert_eq!(
        (funnel.meant("offer"), funnel.meant("报价"), funnel.meant("Offer")),
        (Some("offer"), Some("offer"), Some("offer"))
    );
    assert_eq!((funnel.meant("offers"), funnel.position("done")), (None, Some(2)));
    let deal = &definitions.records["deal"];
    assert_eq!(deal.fields[0].kind, FieldKind::Stage(funnel.clone()));
    assert_eq!(deal.columns[&Column::Stage], "stage");
}

#[test]
fn what_is_left_out_is_the_strict_reading() {
    let text = FUNNEL.lines().filter(|line| !line.starts_with("enter") && !line.starts_with("advance"));
    let text = text.collect::<Vec<_>>().join("\n");
    let parsed = definitions::parse(&project(&[("stages/funnel.yaml", &text)]));
    assert_eq!(said(&parsed), Vec::<String>::new());
    let funnel = parsed.definitions.unwrap().stages["funnel"].clone();
    assert_eq!((&funnel.enter.at, funnel.enter.reason), (&Stages::First, false));
    assert_eq!((funnel.advance.skip, funnel.advance.back, &funnel.advance.lost_from), (false, Back::Nobody, &None));
}

#[test]
fn codes_titles_and_policies_mean_one_thing() {
    let text = "\
stages: funel
title: {en: Funnel, zh: 漏斗}
kind: linear
enter: {at: somewhere}
advance: {lostFrom: [ned, done], maxReturns: 2, back: nobody}
list:
  - {code: need, title: {en: Need, zh: 需求}, phase: early}
  - {code: need, title: {en: Offer, zh: 报价}}
  - {code: S-3, title: {en: Need, zh: need}}
  - {code: done, title: {en: Done, zh: 成交}, maxDays: 3, terminal: {Won: {}}}
";
    assert_eq!(
        list(text),
        [
            "stages/funnel.yaml:1:9: the stage list is called \"funel\" here and \"funnel\" by its path; make them the same",
            "stages/funnel.yaml:4:13: \"somewhere\" says no stages; valid here: any, first",
            "stages/funnel.yaml:5:11: \"lostFrom\" needs a terminal stage with the outcome \"lost\"",
            "stages/funnel.yaml:5:22: there is no stage \"ned\"; did you mean \"need\"?",
            "stages/funnel.yaml:5:27: \"done\" is terminal: a record ends there",
            "stages/funnel.yaml:5:34: nobody takes a record back; say who under \"back\", or take \"maxReturns\" away",
            "stages/funnel.yaml:7:45: \"phase\" belongs to kind: journey",
            "stages/funnel.yaml:8:12: the code \"need\" is another stage's too; a stage is known by either",
            "stages/funnel.yaml:9:12: \"S-3\" is no code for a stage; use lower-case letters, digits and underscores",
            "stages/funnel.yaml:9:29: the title \"Need\" is another stage's too; a stage is known by either",
            "stages/funnel.yaml:9:39: the title \"need\" is another stage's too; a stage is known by either",
            "stages/funnel.yaml:10:45: nothing leaves a terminal stage; take \"maxDays\" away",
            "stages/funnel.yaml:10:68: \"Won\" is no name for an outcome; use lower-case letters, digits and underscores",
        ]
    );
    let word = FUNNEL.replace("at: any", "at: need");
    assert_eq!(list(&word), ["stages/funnel.yaml:4:13: \"need\" says no stages; write codes as a list"]);
}

#[test]
fn the_shape_is_strict_and_planned_keys_are_told_apart_from_unknown_ones() {
    let text = FUNNEL
        .replace("kind: linear", "kind: lineer")
        .replace("maxDays: 30", "maxDay: 30")
        .replace("zh: 报价}", "zh: 报价}, tasks: [], gate: {script: a/b}, foo: 1")
        .replace("lost: {", "lost: {requires: x, ");
    let text = format!("{text}segments: []\n");
    assert_eq!(
        list(&text),
        [
            "stages/funnel.yaml:3:7: unknown value \"lineer\" of \"kind\"; did you mean \"linear\"?",
            "stages/funnel.yaml:7:45: unknown key \"maxDay\"; did you mean \"maxDays\"?",
            "stages/funnel.yaml:8:47: \"tasks\" belongs to the language but is not built yet; take it away",
            "stages/funnel.yaml:8:58: \"gate\" belongs to the language but is not built yet; take it away",
            "stages/funnel.yaml:8:79: unknown key \"foo\"; valid here: code, maxDays, phase, terminal, title",
            "stages/funnel.yaml:11:32: unknown key \"requires\"; did you mean \"require\"?",
            "stages/funnel.yaml:12:1: \"segments\" belongs to the language but is not built yet; take it away",
        ]
    );
    let empty = FUNNEL.split("list:").next().unwrap();
    assert_eq!(list(&format!("{empty}list: []\n")), ["stages/funnel.yaml:6:7: \"list\" needs at least 1 entry"]);
}

#[test]
fn a_row_ends_with_its_terminal_stage() {
    let early = FUNNEL.replace("maxDays: 30", "terminal: {gone: {}}").replace("lostFrom: [need]", "lostFrom: any");
    assert_eq!(
        list(&early),
        ["stages/funnel.yaml:7:45: \"need\" is terminal, but stages follow it; move it to the end"]
    );
    let endless = FUNNEL.split("  - code: done").next().unwrap().replace("lostFrom: [need], ", "");
    assert_eq!(
        list(&endless),
        ["stages/funnel.yaml:8:12: nothing ends in \"offer\", the last stage; say how under \"terminal\""]
    );
    let moves = format!("{FUNNEL}transitions: [{{from: need, to: offer}}]\n");
    assert_eq!(
        list(&moves),
        [
            "stages/funnel.yaml:12:1: \"transitions\" belong to kind: nonlinear; here stages follow in the order of the list"
        ]
    );
}

#[test]
fn transitions_lead_everywhere_and_out_of_everything() {
    let at = |lines: &str| nonlinear(&format!("transitions:\n{lines}"));
    assert_eq!(
        at("  - {from: need, to: offer}\n  - {from: offer, to: need, reason: true}\n  - {from: offer, to: done}\n"),
        [""; 0]
    );
    assert_eq!(nonlinear(""), ["stages/funnel.yaml:3:7: a nonlinear list needs \"transitions\""]);
    assert_eq!(
        at(
            "  - {from: ned, to: offer}\n  - {from: need, to: need}\n  - {from: done, to: need}\n  - {from: need, to: offer}\n  - {from: need, to: offer}\n"
        ),
        [
            "stages/funnel.yaml:13:12: there is no stage \"ned\"; did you mean \"need\"?",
            "stages/funnel.yaml:14:5: \"need\" leads to itself; take the transition away",
            "stages/funnel.yaml:15:5: \"done\" is terminal: nothing leaves it",
            "stages/funnel.yaml:17:5: the transition from \"need\" to \"offer\" stands twice",
        ]
    );
    let text = FUNNEL
        .replace("kind: linear", "kind: nonlinear")
        .replace("at: any", "at: first")
        .replace("lostFrom: [need], maxReturns: 5", "maxReturns: 5");
    assert_eq!(
        list(&format!("{text}transitions: [{{from: offer, to: done}}]\n")),
        [
            "stages/funnel.yaml:5:11: the transitions of a nonlinear list say where it goes; take \"skip\" away",
            "stages/funnel.yaml:5:23: the transitions of a nonlinear list say where it goes; take \"back\" away",
            "stages/funnel.yaml:7:12: no transition leaves \"need\"; add one, or say how it ends under \"terminal\"",
            "stages/funnel.yaml:8:12: no transition leads to \"offer\"; add one, or take the stage away",
            "stages/funnel.yaml:9:11: no transition leads to \"done\"; add one, or take the stage away",
        ]
    );
}

#[test]
fn every_stage_of_a_journey_has_its_phase() {
    let text = FUNNEL.replace("kind: linear", "kind: journey").replace("maxDays: 30", "phase: Early");
    assert_eq!(
        list(&text),
        [
            "stages/funnel.yaml:7:52: \"Early\" is no code for a phase; use lower-case letters, digits and underscores",
            "stages/funnel.yaml:8:12: the stage \"offer\" of a journey needs \"phase\"",
            "stages/funnel.yaml:9:11: the stage \"done\" of a journey needs \"phase\"",
        ]
    );
}

#[test]
fn a_record_type_names_a_list_that_is_there_and_has_what_its_ends_require() {
    let told = |deal: &str| findings(&[("stages/funnel.yaml", FUNNEL), ("records/deal.yaml", deal)]);
    assert_eq!(
        told(&DEAL.replace("list: funnel", "list: funel")),
        ["records/deal.yaml:4:30: there is no stage list \"funel\"; did you mean \"funnel\"?"]
    );
    assert_eq!(
        told(&DEAL.replace("default: need", "default: ned")),
        ["records/deal.yaml:4:47: the default of \"stage\" must be a stage of \"funnel\": need, offer, done"]
    );
    assert_eq!(
        told(&DEAL.replace("list: funnel, default: need", "search: true")),
        [
            "records/deal.yaml:4:17: a field of type stage needs \"list\"",
            "records/deal.yaml:4:24: only a field that holds text can be searched",
        ]
    );
    assert_eq!(
        told(&DEAL.replace("lost_reason: {type: string}", "lost_reasn: {type: string, list: funnel}")),
        [
            "records/deal.yaml:5:30: \"list\" belongs to a field of type stage or enum",
            "records/deal.yaml:6:18: the outcome \"lost\" of \"funnel\" requires the field \"lost_reason\", which is not here; did you mean \"lost_reasn\"?",
        ]
    );
    // A list with a fault of its own is told of once.
    let faulty = [("stages/funnel.yaml", "stages: [\n"), ("records/deal.yaml", DEAL)];
    assert_eq!(findings(&faulty).len(), 1);
}

#[test]
fn a_business_changes_its_stages_in_its_overlay() {
    let overlay = "\
pack: sales-logistics
title: {en: Logistics, zh: 物流}
version: '1'
extends: sales
business: logistics
";
    let own = FUNNEL.replace("code: offer", "code: route");
    let files = [
        ("workflows/sales/pack.yaml", PACK),
        ("workflows/sales/stages/funnel.yaml", FUNNEL),
        ("workflows/sales/records/deal.yaml", DEAL),
        ("workflows/sales-logistics/pack.yaml", overlay),
        ("workflows/sales-logistics/stages/funnel.yaml", own.as_str()),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into();
    let codes = |business: &str| {
        let parsed = definitions::parse(&definitions::resolve(&files, &BusinessId::from(business)).unwrap());
        assert_eq!(said(&parsed), Vec::<String>::new());
        let FieldKind::Stage(list) = &parsed.definitions.unwrap().records["deal"].fields[0].kind else {
            panic!("a stage")
        };
        list.codes().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(codes("logistics"), ["need", "route", "done"]);
    assert_eq!(codes("main"), ["need", "offer", "done"]);
}
