//! What a value is told that does not fit a schema: a sentence of its own for every keyword, in both languages.

use super::{PACK, field};
use crate::support::app::{CHINESE, JSON};
use kamflow::model::schema_sentences::SENTENCES;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const ALL: &str = "\
process: all
title: {en: All, zh: 全部}
input:
  type: object
  properties:
    type: {type: integer}
    several: {type: [string, 'null']}
    enum: {enum: [a, 1]}
    const: {const: yes}
    minimum: {minimum: 1}
    maximum: {maximum: 1}
    exclusiveMinimum: {exclusiveMinimum: 1}
    exclusiveMaximum: {exclusiveMaximum: 1}
    multipleOf: {multipleOf: 5}
    minLength: {minLength: 2}
    maxLength: {maxLength: 2}
    pattern: {pattern: '^[0-9]+$'}
    format: {format: date}
    minItems: {minItems: 2}
    maxItems: {maxItems: 1}
    uniqueItems: {uniqueItems: true}
    contains: {contains: {const: 1}}
    minProperties: {minProperties: 1}
    maxProperties: {maxProperties: 0}
    propertyNames: {propertyNames: {maxLength: 1}}
    not: {not: {type: string}}
    anyOf: {anyOf: [{type: integer}, {type: boolean}]}
    oneOf: {oneOf: [{type: integer}, {type: number}]}
    falseSchema: false
nodes: [{id: a, type: userTask, candidateGroups: [clerk]}]
";

#[test]
fn every_keyword_has_its_sentence() {
    let database = crate::support::sqlite();
    let app = field(&database);
    app.deploy(&[("workflows/field/pack.yaml", PACK), ("workflows/field/processes/all.yaml", ALL)]);
    let wrong = json!({
        "type": "x", "several": 1, "enum": "b", "const": "no", "minimum": 0, "maximum": 2, "exclusiveMinimum": 1,
        "exclusiveMaximum": 1, "multipleOf": 7, "minLength": "x", "maxLength": "长长长", "pattern": "abc", "format": "soon",
        "minItems": [1], "maxItems": [1, 2], "uniqueItems": [1, 1], "contains": [2], "minProperties": {},
        "maxProperties": {"a": 1}, "propertyNames": {"abc": 1}, "not": "x", "anyOf": "x", "oneOf": 1, "falseSchema": 1,
    });
    let told = |headers: &[(&str, &str)]| -> Vec<(String, String)> {
        let body = json!({"process": "all", "variables": wrong}).to_string();
        let refused = app.by("ann").send("POST", "/api/v1/process-instances", headers, &body);
        let refused = refused.problem(422, "invalid_variables");
        let word = |error: &Value, name: &str| error[name].as_str().unwrap().to_owned();
        let errors = refused["errors"].as_array().unwrap().iter();
        errors.map(|error| (word(error, "pointer"), word(error, "detail"))).collect()
    };
    let (english, chinese) = (told(&[JSON]), told(&[JSON, CHINESE]));
    let places: BTreeSet<&str> = english.iter().map(|(at, _)| at.trim_start_matches("/variables/")).collect();
    let wanted: BTreeSet<&str> = wrong.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(places, wanted, "every wrong place at once");
    for ((at, english), (_, chinese)) in english.iter().zip(&chinese) {
        assert!(!english.starts_with("this does not fit: "), "{at} has no sentence of its own: {english}");
        assert!(chinese.chars().any(|c| ('一'..='龥').contains(&c)), "{at} in Chinese: {chinese}");
    }
    let of = |all: &[(String, String)], name: &str| {
        all.iter().find(|(at, _)| *at == format!("/variables/{name}")).unwrap().1.clone()
    };
    assert_eq!(of(&english, "several"), "expected nothing or text, found the number 1");
    assert_eq!(of(&chinese, "several"), "应为空值或文本，实际为数字 1");
    assert_eq!(of(&english, "enum"), "expected one of a, 1, found the text \"b\"");
    assert_eq!(of(&chinese, "maxLength"), "共 3 个字符，最多 2 个");
}

#[test]
fn a_record_is_told_so_in_the_same_words() {
    let database = crate::support::sqlite();
    let app = field(&database);
    let body = json!({"fields": {"name": "长".repeat(101), "class": "Z", "secret": 7, "more": 1}}).to_string();
    let told = |headers: &[(&str, &str)]| -> Vec<String> {
        let refused =
            app.by("ann").send("POST", "/api/v1/records/customer", headers, &body).problem(422, "invalid_record");
        let errors = refused["errors"].as_array().unwrap().iter();
        errors.map(|error| error["detail"].as_str().unwrap().to_owned()).collect()
    };
    let chinese = told(&[JSON, CHINESE]);
    for sentence in ["应为以下之一：A, B，实际为文本 \"Z\"", "共 101 个字符，最多 100 个", "应为文本，实际为数字 7"]
    {
        assert!(chinese.iter().any(|told| told == sentence), "{sentence}: {chinese:?}");
    }
    let english = told(&[JSON]);
    assert!(english.contains(&"expected one of A, B, found the text \"Z\"".to_owned()), "{english:?}");
}

#[test]
fn a_keyword_stands_once_and_says_the_same_in_both_languages() {
    let keywords: BTreeSet<&str> = SENTENCES.iter().map(|(keyword, ..)| *keyword).collect();
    assert_eq!(keywords.len(), SENTENCES.len());
    for (keyword, english, chinese) in SENTENCES {
        let names = |text: &str| -> BTreeSet<String> {
            text.split('{').skip(1).map(|piece| piece.split('}').next().unwrap().to_owned()).collect()
        };
        assert_eq!(names(english), names(chinese), "{keyword}");
    }
}
