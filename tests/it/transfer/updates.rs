//! Changing what is there: by a unique field, by a key, by the id of an export.

use super::*;
use crate::support::on_both;
use serde_json::json;

#[test]
fn a_record_with_the_same_unique_value_is_changed_and_others_are_created() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        import(
            &ann,
            "",
            "name,code,colour,amount,maker.name,maker.city\nbolt,B,green,1,Hua,Shanghai\nnut,N,blue,2,,\n",
        );
        let file = "name,code,amount,maker.city\nbolt,B,7,\nnut,N,2,\nring,R,3,\n,B,,Beijing\nno code,,,\n";
        let done = import(&ann, "?updateBy=code&name=again.csv", file);
        assert_eq!(done.counts(), [2, 2, 1, 0], "{:?}", done.refused());
        let all = parts(&ann);
        // An empty cell changes nothing, and a part of a map leaves the other parts.
        let maker = json!({"name": "Hua", "city": "Beijing"});
        assert_eq!((&all[0]["amount"], &all[0]["colour"], &all[0]["maker"]), (&json!(7), &json!("green"), &maker));
        assert_eq!(names(&ann), ["bolt", "nut", "ring", "no code"]);
        // Once more, and nothing changes.
        let again = import(&ann, "?updateBy=code", "name,code,amount\nbolt,B,7\nnut,N,2\n");
        assert_eq!(again.counts(), [0, 0, 2, 0]);
        let id = ann.get(&format!("{PARTS}?limit=1")).ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let history = ann.get(&format!("{PARTS}/{id}/history")).ok(200);
        let last = history["items"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["reason"], &last["version"]), (&json!("import again.csv"), &json!(3)));
    });
}

#[test]
fn empty_cells_clear_only_when_they_are_told_to() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        import(&ann, "", "name,code,colour,maker.name,maker.city,tags\nbolt,B,green,Hua,Shanghai,a|b\n");
        let done =
            import(&ann, "?updateBy=code&clearBlank=true", "name,code,colour,maker.name,tags\nbolt,B,,,\nnut,N,,,\n");
        assert_eq!(done.counts(), [1, 1, 0, 0], "{:?}", done.refused());
        let all = parts(&ann);
        assert_eq!(all[0], json!({"name": "bolt", "code": "B", "maker": {"city": "Shanghai"}, "upper": "BOLT"}));
        assert_eq!(all[1]["colour"], "red", "a new record has its default all the same");
        // A required field cannot be cleared.
        let done = import(&ann, "?updateBy=code&clearBlank=true", "name,code\n,B\n");
        assert_eq!(done.codes(), [(2, "/fields/name".to_owned(), "required".to_owned())]);
        let by_marker = import(&ann, "?updateBy=code", "code,maker.city\nB,\\N\n");
        assert_eq!(by_marker.counts(), [0, 1, 0, 0]);
        assert_eq!(parts(&ann)[0]["maker"], json!({}));
    });
}

#[test]
fn a_key_finds_one_record_or_none() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        import(&ann, "", "name,code\nbolt,1\nnut,2\nnut,3\n");
        let done = import(&ann, "?updateBy=name", "name,amount\nbolt,5\nnut,6\nring,7\n");
        assert_eq!(done.counts(), [1, 1, 0, 1]);
        assert_eq!(done.codes(), [(3, String::new(), "not_one".to_owned())]);
        let send = |query: &str| ann.send("POST", &format!("{PARTS}/import{query}"), &[CSV], "name\na\n");
        send("?updateBy=weight").problem(422, "no_index");
        send("?updateBy=nmae").problem(422, "no_index");
        let person = ann.send("POST", "/api/v1/process-definitions/delivery/import?updateBy=id", &[CSV], "id\na\n");
        person.problem(422, "wrong_import");
    });
}

#[test]
fn an_export_that_was_edited_comes_back_to_its_records() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        import(&ann, "", "name,code\nbolt,1\nnut,2\nring,3\n");
        let exported = ann.get(&format!("{PARTS}/export?fields=_id,_version,name,code")).text;
        let edited = exported.replace("bolt", "big bolt");
        // Somebody else changes the nut in the meantime.
        import(&ann, "?updateBy=code", "code,amount\n2,5\n");
        let done = import(&ann, "?updateBy=_id", &edited);
        assert_eq!(done.counts(), [0, 1, 1, 1], "{:?}", done.refused());
        assert_eq!(done.codes(), [(3, String::new(), "stale_record".to_owned())]);
        assert_eq!(names(&ann), ["big bolt", "nut", "ring"]);
        let gone = import(&ann, "?updateBy=_id", "_id,name\nno-such-id,x\n,new\n");
        assert_eq!(gone.codes(), [(2, String::new(), "not_found".to_owned())]);
        assert_eq!(gone.counts(), [1, 0, 0, 1]);
    });
}

#[test]
fn what_the_caller_may_not_do_is_refused_row_by_row() {
    on_both(|database| {
        let app = desk(database);
        let people = "/api/v1/records/person/import";
        let bea = app.by("bea");
        imported(&bea.send("POST", people, &[CSV], "name,owner\nHers,bea\nHis,ann\n"));
        let rows = bea.get("/api/v1/records/person?limit=10").ok(200);
        let id = |at: usize| rows["items"][at]["id"].as_str().unwrap().to_owned();
        // To the clerk a person of somebody else is not there.
        let file = format!("_id,name\n{},Changed\n{},Changed\n", id(0), id(1));
        let done = imported(&app.by("ann").send("POST", &format!("{people}?updateBy=_id"), &[CSV], &file));
        assert_eq!(done.counts(), [0, 1, 0, 1]);
        assert_eq!(done.codes(), [(2, String::new(), "not_found".to_owned())]);
        // Who may do nothing with the type does not learn that it is there.
        app.by("tom").send("POST", &format!("{PARTS}/import"), &[CSV], "name\na\n").problem(404, "not_found");
        let done = imported(&app.by("tom").send("POST", people, &[CSV], "name\na\n"));
        assert_eq!(done.codes(), [(2, String::new(), "record_not_allowed".to_owned())]);
    });
}
