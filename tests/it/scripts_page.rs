//! The functions of the host, and the page for authors: it says what the code does.

use super::scripts::*;
use kamflow::scripts;
use serde_json::json;

#[test]
fn every_function_of_the_host_does_what_its_table_says() {
    let values = [
        (r#"nfkc("ＡＢＣ１２３（株）")"#, r#""ABC123(株)""#),
        (r#"strip_invisible("a\u200bb\ufeff\tc\u0007")"#, r#""ab c""#),
        (r#"strip_invisible("甲\u00ad\u2060\u3164\ufe0f乙")"#, r#""甲乙""#),
        (r#"[unaccented("Müller & Søn, Łódź, Weiß"), unaccented("が한")]"#, r#"["Muller & Son, Lodz, Weiss","が한"]"#),
        (r#"[simplified("龍騰國際"), simplified("乾坤餅乾"), simplified("ABC")]"#, r#"["龙腾国际","乾坤饼干","ABC"]"#),
        (r#"pinyin("银行A")"#, r#"[["yin"],["xing","hang","heng"],["A"]]"#),
        (
            r#"[sounds_alike("宏远", "鸿源"), sounds_alike("银行", "银航"), sounds_alike("宏远", "宏达"), sounds_alike("宏远", "宏")]"#,
            "[true,true,false,false]",
        ),
        (r#"bigrams("上海明")"#, r#"["上海","海明"]"#),
        (r#"[bigrams("a"), bigrams("")]"#, r#"[["a"],[]]"#),
        (
            r#"[similarity("night", "nacht"), similarity("a", "a"), similarity("", "a"), similarity("", "")]"#,
            "[0.25,1.0,0.0,1.0]",
        ),
        (r#"similarity("上海明辰科技", "上海明晨科技")"#, "0.6"),
        (r#"similarity("aaab", "aab")"#, "0.8"),
        (r#"levenshtein("明辰科技", "明晨科技集团")"#, "3"),
        (r#"sha256("abc")"#, r#""ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad""#),
        (r#"stable_hash("abc")"#, "6718257250126850037"),
        (r#"[decimal("1.50"), decimal(3), decimal(2.5)]"#, "[1.5,3.0,2.5]"),
        (r#"[parse_decimal(" 1.5 "), parse_int(" -7 ")]"#, "[1.5,-7]"),
        (
            "[round(2.5, 0), round(3.5, 0), round(1.005, 2), round(2.345, 2), round(7, 2), round(2.5)]",
            "[2.0,4.0,1.0,2.34,7,2.0]",
        ),
        ("[floor(2.5), floor(2), ceil(2.1), ceil(2), ceiling(-2.5), abs(-2), abs(-2.5)]", "[2.0,2,3.0,2,-2.0,2,2.5]"),
        (r#"[min(1, 2), max(1, 2.5), min(2.5, 1), max(1.0, 2.0), max("a", "b")]"#, r#"[1,2.5,1.0,2.0,"b"]"#),
        (
            r#"[money_minor(150, "CNY"), money(12, "JPY"), money(1.5, "CNY")]"#,
            r#"[{"amount":"1.50","currency":"CNY"},{"amount":"12","currency":"JPY"},{"amount":"1.50","currency":"CNY"}]"#,
        ),
        (r#"[days_between("2024-02-28", "2024-03-01"), days_between("2024-03-01", "2024-02-28")]"#, "[2,-2]"),
        (r#"[date_add_days("2024-02-28", 2), date_add_days("2024-01-01", -1)]"#, r#"["2024-03-01","2023-12-31"]"#),
        (
            r#"[date_of("2026-01-31T16:30:00Z", "Asia/Shanghai"), date_of("2026-01-31T16:30:00Z", "UTC")]"#,
            r#"["2026-02-01","2026-01-31"]"#,
        ),
        (r#"let l = [3, 1.5, 2]; l.sort(); l"#, "[1.5,2,3]"),
        (r#"let l = ["b1", "a1", "b0"]; l.sort(|a, b| a[0] < b[0]); l"#, r#"["a1","b1","b0"]"#),
        (r#"let l = [1, 2, 3]; l.sort_by(|a, b| b - a); l"#, "[3,2,1]"),
        (r#"let s = "a-b-c"; s.replace("-", "+"); s"#, r#""a+b+c""#),
        (
            r#"[" x ".to_upper(), "A".to_lower(), "abc".starts_with("ab"), "abc".contains("c")]"#,
            r#"[" X ","a",true,true]"#,
        ),
        (r#"let l = []; for c in "明辰".chars() { l.push(c); } l"#, r#"["明","辰"]"#),
        (r#"[1, 2, 3].filter(Fn("is_odd"))"#, "[1,3]"),
    ];
    for (body, expected) in values {
        let value = run(body, json!({})).unwrap_or_else(|failure| panic!("{body}: {}", failure.message));
        assert_eq!(value.to_string(), expected, "{body}");
    }
    for wrong in [
        r#"days_between("2024-02-30", "2024-03-01")"#,
        r#"date_add_days("2024-1-1", 1)"#,
        r#"date_add_days("2024-01-01", 99999999)"#,
        r#"date_of("yesterday", "UTC")"#,
        r#"date_of("2026-01-31T16:30:00Z", "Mars/Olympus")"#,
        r#"parse_int("1.5")"#,
        r#"parse_decimal("0.12345678901234567890123456789")"#,
        r#"decimal([])"#,
        r#"let l = [1, "a"]; l.sort()"#,
        r#"let l = [1, 2]; l.sort(|a, b| "x"); l"#,
        r#"let l = [1, 2]; l.sort(|a, b| throw "no"); l"#,
        r#"#{a: 1}.map(|x| x)"#,
    ] {
        assert_eq!(run(wrong, json!({})).unwrap_err().code, "script", "{wrong}");
    }
}

#[test]
fn the_page_for_authors_shows_the_table_of_the_code() {
    let page = include_str!("../../docs/scripts.md");
    for function in scripts::functions::table() {
        let row = format!("| `{}` | {} |", function.signature.replace('|', "\\|"), function.text);
        assert!(page.contains(&row), "docs/scripts.md lacks the row\n{row}");
    }
    for (subject, names) in scripts::functions::BUILT_IN {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let row = format!("- {subject}: {}", names.join(" "));
        assert!(page.contains(&row), "docs/scripts.md lacks the line\n{row}");
    }
}

/// The code blocks of one kind on the page for authors.
fn blocks(kind: &str) -> Vec<&'static str> {
    let page = include_str!("../../docs/scripts.md");
    let fence = format!("```{kind}\n");
    page.split(fence.as_str()).skip(1).map(|rest| rest.split_once("```").unwrap().0).collect()
}

#[test]
fn the_examples_of_the_page_for_authors_run() {
    for line in blocks("rhai-values").into_iter().flat_map(str::lines) {
        let (body, expected) = line.split_once(" // ").unwrap();
        assert_eq!(run(body, json!({})).unwrap().to_string(), expected.trim(), "{body}");
    }
    let scripts = compiled(&with(plugin(&[("decide.rhai", blocks("rhai")[0])], &["decide"])));
    let candidate = |score: &str| {
        exact(&format!(
            r#"{{"candidates": [{{"id": "c1", "name": "明辰", "score": {score}}}, {{"id": "c2", "name": "x", "score": 0.1}}]}}"#
        ))
    };
    assert_eq!(call(&scripts, "decide", candidate("0.95")).unwrap()["decision"], json!("same"));
    assert_eq!(call(&scripts, "decide", candidate("0.949")).unwrap()["decision"], json!("review"));
    assert_eq!(call(&scripts, "decide", json!({"candidates": []})).unwrap()["decision"], json!("new"));
}

#[test]
fn the_page_for_authors_tells_the_limits_of_the_code() {
    use kamflow::scripts::limits::*;
    let page = include_str!("../../docs/scripts.md").replace(',', "");
    let limits = [
        ("operations of one call callbacks included", MAX_OPERATIONS as usize),
        ("wall-clock time of one call (only a guard)", DEADLINE.as_secs() as usize),
        ("functions that wait for one another", MAX_CALL_LEVELS),
        ("depth of an expression", MAX_EXPRESSION_DEPTH),
        ("bytes of a text or of all texts inside one value", MAX_STRING_SIZE),
        ("elements of a list nested ones included", MAX_ARRAY_SIZE),
        ("entries of a map nested ones included", MAX_MAP_SIZE),
        ("variables at the same time in a function", MAX_VARIABLES),
        ("functions and closures of a file", MAX_FUNCTIONS),
        ("depth of a value that goes in or comes out", MAX_VALUE_DEPTH),
        ("characters that `similarity` and `levenshtein` compare", MAX_COMPARED_CHARS),
    ];
    for (limit, value) in limits {
        assert!(page.contains(&format!("| {limit} | {value}")), "{limit}: {value}");
    }
}
