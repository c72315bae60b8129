//! Reading files: every kind of cell, line numbers, and files that are not what they seem.

use super::*;
use crate::support::on_both;
use serde_json::json;

#[test]
fn a_row_becomes_a_record_as_if_it_had_been_sent_alone() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let file = "\u{feff}name,code,colour,amount,price,share,weight,fragile,made_on,seen_at,tags,sizes,maker.name,maker.phones,owner,extra,_id\r\n\
            \"Bolt, \"\"M8\"\"\nlong\",B-1,green,-12,1234.50 CNY,12.5,0.1000000000000000000000000001,TRUE,2026-02-28,\
            2026-01-31T16:00:00+08:00,a|b\\|c|,1|2,华新,\"[\"\"x\"\"]\",bea,\"{\"\"a\"\":[1.50,null]}\",\r\n\
            Nut,,,,,,,,,,,,,,,,\r\n";
        let done = import(&ann, "?name=parts.csv", file);
        assert_eq!(done.counts(), [2, 0, 0, 0], "{:?}", done.refused());
        let all = parts(&ann);
        let expected = r#"{"name": "Bolt, \"M8\"\nlong", "code": "B-1", "colour": "green", "amount": -12,
            "price": {"amount": "1234.50", "currency": "CNY"}, "share": 12.5, "weight": 0.1000000000000000000000000001,
            "fragile": true, "made_on": "2026-02-28", "seen_at": "2026-01-31T08:00:00Z", "tags": ["a", "b|c", ""],
            "sizes": [1, 2], "maker": {"name": "华新", "phones": ["x"]}, "owner": "bea", "extra": {"a": [1.50, null]},
            "upper": "BOLT, \"M8\"\nLONG"}"#;
        assert_eq!(all[0], serde_json::from_str::<Json>(expected).unwrap());
        // An empty cell is no value, so the default of a new record holds.
        assert_eq!(all[1], json!({"name": "Nut", "colour": "red", "upper": "NUT"}));

        let id = ann.get(&format!("{PARTS}?limit=1")).ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let history = ann.get(&format!("{PARTS}/{id}/history")).ok(200);
        let entries = history["items"].as_array().unwrap();
        assert!(entries.len() > 10, "{history}");
        assert!(entries.iter().all(|entry| entry["reason"] == "import parts.csv" && entry["by"] == "ann"), "{history}");
    });
}

#[test]
fn every_refused_row_is_told_with_its_line_and_leaves_its_neighbours_alone() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let file = "name,code,colour,amount,fragile,price,owner,parent\n\
            one,A,,,,,,\n\
            \"a name\nof two lines\",B,,,,,,\n\
            ,C,,,,,,\n\
            two,A,,,,,,\n\
            three,D,gren,x,yes,12.5,,\n\
            four,E,,,,,nobody,no-part\n\
            five,F\n\
            six,G,,,,,bea,\n";
        let done = import(&ann, "", file);
        assert_eq!(done.counts(), [3, 0, 0, 5]);
        let expected = [
            (5, "/fields/name", "required"),
            (6, "/fields/code", "not_unique"),
            (7, "/fields/colour", "wrong_value"),
            (7, "/fields/amount", "wrong_value"),
            (7, "/fields/fragile", "wrong_value"),
            (7, "/fields/price", "wrong_value"),
            (8, "/fields/owner", "not_there"),
            (8, "/fields/parent", "not_there"),
            (9, "", "wrong_length"),
        ];
        let expected = expected.map(|(line, pointer, code)| (line, pointer.to_owned(), code.to_owned()));
        assert_eq!(done.codes(), expected);
        let sentences: Vec<String> = done.refused().into_iter().map(|(.., sentence)| sentence).collect();
        assert!(sentences[2].contains("did you mean \"green\"?"), "{}", sentences[2]);
        assert!(sentences[4].contains("true or false") && sentences[5].contains("1234.50 CNY"), "{sentences:?}");
        assert_eq!(sentences[8], "the row has 2 cells, the header has 8");
        assert_eq!(names(&ann), ["one", "a name\nof two lines", "six"]);
    });
}

#[test]
fn rows_keep_the_order_of_the_file_over_many_batches() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let mut file = "name,code\n".to_owned();
        (0..450).for_each(|row| file.push_str(&format!("part {row},{row}\n")));
        let done = import(&ann, "", &file);
        assert_eq!(done.counts(), [450, 0, 0, 0]);
        assert_eq!(names(&ann), (0..450).map(|row| format!("part {row}")).collect::<Vec<_>>());
        let moved: Vec<i64> = done.lines.iter().filter_map(|line| line["moved"]["line"].as_i64()).collect();
        assert_eq!(moved, [51, 101, 151, 201, 251, 301, 351, 401, 451, 451], "told batch by batch");
    });
}

#[test]
fn unknown_columns_are_refused_all_at_once_before_anything_is_written() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let send = |file: &str| ann.send("POST", &format!("{PARTS}/import"), &[CSV], file);
        let refused = send("nmae,编码,supplier_name,whatever,maker.street,name,name\na,b,c,d,e,f,g\n")
            .problem(422, "wrong_columns");
        let errors: Vec<(&str, &str, &str)> = refused["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| (e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap(), e["detail"].as_str().unwrap()))
            .collect();
        assert_eq!(
            errors,
            [
                ("/nmae", "unknown_column", "there is no field \"nmae\"; did you mean \"name\"?"),
                ("/编码", "unknown_column", "there is no field \"编码\"; did you mean \"code\"?"),
                ("/supplier_name", "unknown_column", "there is no field \"supplier_name\"; did you mean \"name\"?"),
                (
                    "/whatever",
                    "unknown_column",
                    "there is no field \"whatever\"; map it to one, or ignore it in a mapping"
                ),
                (
                    "/maker.street",
                    "unknown_column",
                    "there is no field \"maker.street\"; map it to one, or ignore it in a mapping"
                ),
                (
                    "/name",
                    "duplicate_column",
                    "\"name\" comes twice: from two columns, or from a column and a constant"
                ),
            ]
        );
        let one = send("name;code\na;b\n").problem(422, "wrong_columns");
        assert!(one["errors"][0]["detail"].as_str().unwrap().contains("delimiter"), "{one}");
        send("").problem(422, "no_header");
        assert!(names(&ann).is_empty());
        // Fields that rules compute are not read, and that is told.
        let done = import(&ann, "", "name,upper\na,whatever\n");
        assert_eq!(done.lines[0], json!({"begun": {"computed": ["upper"]}}));
        assert_eq!(parts(&ann)[0]["upper"], "A");
    });
}

#[test]
fn a_file_in_another_encoding_is_never_guessed() {
    let database = crate::support::databases().remove(0);
    let app = desk(&database);
    let ann = app.by("ann");
    // 名称 in GB18030, as Chinese spreadsheets write it.
    let bytes: &[u8] = b"name,code\nok,1\n\xbb\xaa\xd0\xc2,2\n";
    let send = |query: &str| {
        let request = ureq::http::Request::builder()
            .method("POST")
            .uri(format!("{}{PARTS}/import{query}", app.url))
            .header("Content-Type", "text/csv")
            .header("Authorization", format!("Bearer {}", app.token(BUSINESS, "ann", None)));
        let mut answer = ureq::Agent::new_with_defaults().run(request.body(bytes).unwrap()).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        Imported { lines: text.lines().map(|line| serde_json::from_str(line).unwrap()).collect() }
    };
    let stopped = send("");
    let detail = stopped.stopped()["detail"].as_str().unwrap();
    assert_eq!(detail, "line 3: the byte 0xBB is not UTF-8; say its encoding, such as gb18030");
    assert_eq!(stopped.stopped()["code"], "wrong_encoding");
    assert!(names(&ann).is_empty(), "nothing of a batch that cannot be read is written");
    assert_eq!(send("?encoding=gbk").counts(), [2, 0, 0, 0]);
    assert_eq!(names(&ann), ["ok", "华新"]);
    let wrong = ann.send("POST", &format!("{PARTS}/import?encoding=klingon"), &[CSV], "name\na\n");
    wrong.problem(422, "unknown_encoding");
}

#[test]
fn json_lines_are_read_strictly() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let file = "{\"name\": \"one\", \"price\": {\"amount\": \"1\", \"currency\": \"CNY\"}, \"maker\": {\"name\": \"x\"}, \"upper\": \"no\"}\n\
            \n\
            {\"name\": \"two\", \"name\": \"three\"}\n\
            [\"four\"]\n\
            {\"name\": \"fi\\u0000ve\"}\n\
            {\"nmae\": \"six\"}\n\
            {name: seven}\n\
            {\"name\": \"eight\", \"colour\": null}\n\
            {\"name\": 9}";
        let done = imported(&ann.send("POST", &format!("{PARTS}/import"), &[LINES], file));
        assert_eq!(done.counts(), [2, 0, 0, 6]);
        let codes: Vec<(i64, String)> = done.refused().into_iter().map(|(line, _, code, _)| (line, code)).collect();
        let expected = [
            (3, "duplicate_key"),
            (4, "malformed_json"),
            (5, "nul_character"),
            (6, "unknown_field"),
            (7, "malformed_json"),
            (9, "wrong_value"),
        ];
        assert_eq!(codes, expected.map(|(line, code)| (line, code.to_owned())));
        // Null says that there is no value, and no default either.
        assert_eq!(parts(&ann)[1], json!({"name": "eight", "upper": "EIGHT"}));
    });
}

#[test]
fn a_quote_that_is_never_closed_does_not_eat_the_memory() {
    let database = crate::support::databases().remove(0);
    let app = desk(&database);
    let mut file = "name,code\na,1\n\"b,2\n".to_owned();
    (0..200_000).for_each(|row| file.push_str(&format!("part {row},{row}\n")));
    let stopped = import(&app.by("ann"), "", &file);
    assert_eq!(stopped.stopped()["code"], "row_too_large");
    assert!(stopped.stopped()["detail"].as_str().unwrap().contains("is a quote not closed?"));
}

#[test]
fn a_nul_character_refuses_its_row_alone() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let done = import(&ann, "", "name,extra\na\0b,\nc,\"\"\"\\u0000\"\"\"\nd,\n");
        assert_eq!(done.counts(), [1, 0, 0, 2], "{:?}", done.refused());
        assert_eq!(names(&ann), ["d"]);
    });
}
