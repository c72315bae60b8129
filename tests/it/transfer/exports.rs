//! What goes out: what the caller may see, in pages, safe for spreadsheets.

use super::*;
use crate::support::on_both;
use serde_json::json;

const PEOPLE: &str = "/api/v1/records/person";

#[test]
fn an_export_is_a_file_with_all_that_the_caller_may_see() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let mut file = "name,code,colour\n".to_owned();
        (0..1_100).for_each(|row| {
            file.push_str(&format!("part {row},{row},{}\n", if row % 2 == 0 { "red" } else { "blue" }))
        });
        import(&ann, "", &file);
        let answer = ann.get(&format!("{PARTS}/export?fields=name,code,colour"));
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv; charset=utf-8"));
        assert_eq!(answer.header("content-disposition"), "attachment; filename=\"part.csv\"");
        assert_eq!(answer.header("transfer-encoding"), "chunked");
        assert_eq!(answer.text, file, "three pages, every record once, in order");
        let blue = ann.get(&format!("{PARTS}/export?format=jsonl&fields=name&colour=blue"));
        assert_eq!(blue.header("content-type"), "application/x-ndjson");
        assert_eq!(blue.text.lines().count(), 550);
        assert_eq!(blue.text.lines().next(), Some("{\"name\":\"part 1\"}"));
        assert!(ann.get(&format!("{PARTS}/export?fields=name&bom=true")).text.starts_with('\u{feff}'));
        assert_eq!(ann.get(&format!("{PARTS}/export?fields=name&colour=green")).text, "name\n");
        let head = ann.send("HEAD", &format!("{PARTS}/export"), &[], "");
        assert_eq!((head.status, head.text.as_str()), (200, ""));
    });
}

#[test]
fn all_fields_go_out_with_what_the_record_itself_is() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let one = json!({"name": "bolt", "maker": {"name": "Hua", "phones": ["1", "2"]}, "price": {"amount": "1", "currency": "CNY"}});
        let made = ann.post(PARTS, json!({ "fields": one })).ok(201);
        let text = ann.get(&format!("{PARTS}/export")).text;
        let id = made["id"].as_str().unwrap();
        assert_eq!(
            text,
            format!(
                "_id,_version,name,code,colour,amount,price,share,weight,fragile,made_on,seen_at,tags,sizes,maker.name,\
                 maker.city,maker.phones,owner,parent,extra,upper,attachments,_created_at,_created_by,_updated_at,_updated_by\n\
                 {id},1,bolt,,red,,1.00 CNY,,,,,,,,Hua,,1|2,,,,BOLT,,2026-03-02T00:00:00Z,ann,2026-03-02T00:00:00Z,ann\n"
            )
        );
        let line: Json = serde_json::from_str(&ann.get(&format!("{PARTS}/export?format=jsonl")).text).unwrap();
        assert_eq!(
            (&line["maker"], &line["_version"], &line["_created_by"]),
            (&one["maker"], &json!(1), &json!("ann"))
        );
    });
}

#[test]
fn everybody_exports_what_they_see_and_no_more() {
    on_both(|database| {
        let app = desk(database);
        let bea = app.by("bea");
        let file = "name,phone,owner,grade\nHers,+86 10 1,bea,A\nHis,,ann,B\n";
        imported(&bea.send("POST", &format!("{PEOPLE}/import"), &[CSV], file));
        let all = "/api/v1/records/person/export?fields=name,phone,owner";
        // Personal data is masked where there is any.
        assert_eq!(bea.get(all).text, "name,phone,owner\nHers,***,bea\nHis,,ann\n");
        assert_eq!(app.by("ann").get(all).text, "name,phone,owner\nHis,,ann\n");
        assert!(bea.get(&format!("{PEOPLE}/export")).text.lines().next().unwrap().contains("grade"));
        // A field that the caller may not read is left out, and refused when it is asked for.
        assert!(!app.by("ann").get(&format!("{PEOPLE}/export")).text.contains("grade"));
        let asked = app.by("ann").get(&format!("{PEOPLE}/export?fields=name,grade,nmae"));
        let problem = asked.problem(422, "wrong_fields");
        assert_eq!(problem["errors"][0]["code"], "field_not_readable");
        assert_eq!(problem["errors"][1]["detail"], "there is no field \"nmae\"; did you mean \"name\"?");
        // Anybody could be an owner; what tom may do nothing with at all is not there.
        assert_eq!(app.by("tom").get(all).text, "name,phone,owner\n");
        app.by("tom").get(&format!("{PARTS}/export")).problem(404, "not_found");
        let bearer = format!("Bearer {}", app.token(BUSINESS, "bea", Some(&["records:write"])));
        app.with_authorization(&bearer).get(all).problem(403, "scope_missing");
        app.with_authorization("Bearer x").get(all).problem(401, "unauthenticated");
        second_business(&app, "north");
        assert_eq!(app.by_of("north", "ann").get(all).text, "name,phone,owner\n");
        // What was masked does not overwrite what it hides.
        let back = bea.get(&format!("{PEOPLE}/export?fields=_id,name,phone")).text.replace("Hers", "Theirs");
        imported(&bea.send("POST", &format!("{PEOPLE}/import?updateBy=_id"), &[CSV], &back));
        let kept = bea.get(PEOPLE).ok(200);
        assert_eq!(
            kept["items"][0]["fields"],
            json!({"name": "Theirs", "phone": "+86 10 1", "owner": "bea", "grade": "A"})
        );
    });
}

#[test]
fn a_cell_is_no_formula() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let texts = ["=1+1", "+86 10", "-x", "@sum", "\tx", "＝1", "'=1", "'", "''x", "-12.50", "plain", "\\N"];
        for text in texts {
            ann.post(PARTS, json!({"fields": {"name": text, "tags": [text]}})).ok(201);
        }
        let answer = ann.get(&format!("{PARTS}/export?fields=name"));
        let cells: Vec<&str> = answer.text.lines().skip(1).collect();
        let protected =
            ["'=1+1", "'+86 10", "'-x", "'@sum", "'\tx", "'＝1", "''=1", "''", "''x", "-12.50", "plain", "'\\N"];
        assert_eq!(cells, protected);
        let raw = ann.get(&format!("{PARTS}/export?fields=name&raw=true")).text;
        assert_eq!(raw.lines().skip(1).collect::<Vec<_>>(), texts);
        // Both come back, each in its way.
        second_business(&app, "north");
        let other = app.by_of("north", "ann");
        import(&other, "", &ann.get(&format!("{PARTS}/export?fields=name,tags")).text);
        assert_eq!(names(&other), texts);
        second_business(&app, "south");
        let other = app.by_of("south", "ann");
        import(&other, "?raw=true", &raw);
        assert_eq!(names(&other), texts);
    });
}

#[test]
fn an_export_that_makes_no_sense_says_so_before_it_begins() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let get = |query: &str| ann.get(&format!("{PARTS}/export?{query}"));
        get("format=xlsx").problem(400, "invalid_parameter");
        get("raw=maybe").problem(400, "invalid_parameter");
        get("weight=heavy").problem(422, "wrong_filter");
        let unknown = get("coluor=red").problem(422, "wrong_filter");
        assert_eq!(unknown["errors"][0]["pointer"], "?coluor");
        get("fields=").problem(422, "wrong_fields");
    });
}
