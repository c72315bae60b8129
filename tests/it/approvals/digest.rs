//! The digest of what is approved: canonical JSON (RFC 8785), and amounts with all their digits.

use kamflow::model::digest::digest;
use serde_json::{Value, from_str, json};
use sha2::{Digest, Sha256};

fn sha256(text: &str) -> String {
    format!("{:x}", Sha256::digest(text.as_bytes()))
}

#[test]
fn keys_are_sorted_by_their_utf_16_units_and_texts_escaped_as_the_scheme_says() {
    let value = json!({"\u{20ac}": 1, "\r": 2, "1": "\u{f}\n\"\\/", "\u{1f600}": [true, null], "\u{fb33}": {}});
    let canonical =
        "{\"\\r\":2,\"1\":\"\\u000f\\n\\\"\\\\/\",\"\u{20ac}\":1,\"\u{1f600}\":[true,null],\"\u{fb33}\":{}}";
    assert_eq!(digest(&value), sha256(canonical));
}

#[test]
fn an_amount_keeps_its_digits() {
    let of = |number: &str| digest(&from_str::<Value>(number).expect("a number"));
    assert_eq!(of("1.50"), sha256("\"1.5\""));
    assert_eq!(of("1.50"), of("1.5"));
    assert_ne!(of("0.1"), of("0.10000000000000001"));
    assert_ne!(of("9007199254740993"), of("9007199254740992"));
    assert_ne!(of("1"), digest(&json!("1")));
}
