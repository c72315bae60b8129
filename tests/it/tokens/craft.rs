//! Tokens made by hand: any header, any claims, any signature.

use super::opened;
use crate::support::TestDatabase;
use crate::support::app::TestApp;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signer, SigningKey};
use kamflow::model::json::Json;
use kamflow::store::keys as kept_keys;
use serde_json::json;

/// The `Authorization` header of a token with the changes of a recipe, signed with `key` after all that is said of header
/// and claims.
pub fn cooked(app: &TestApp, token: &str, key: &str, recipe: &Json) -> String {
    let (mut header, mut claims) = opened(token);
    let now = app.runtime.now().0 / 1_000;
    let mut texts = (None, None);
    let mut after = Vec::new();
    for (name, value) in recipe.as_object().unwrap() {
        match name.as_str() {
            "header_value" => return value.as_str().unwrap().to_owned(),
            "alg" => header["alg"] = value.clone(),
            "header" => header.as_object_mut().unwrap().extend(value.as_object().unwrap().clone()),
            "claims" => claims.as_object_mut().unwrap().extend(value.as_object().unwrap().clone()),
            "without" => drop(claims.as_object_mut().unwrap().remove(value.as_str().unwrap()).unwrap()),
            "exp" | "nbf" | "iat" => {
                let offset: i64 = value.as_str().unwrap().strip_prefix("now").unwrap().parse().unwrap();
                claims[name] = json!(now + offset);
            }
            "iss" | "aud" => claims[name] = value.clone(),
            "header_begins" => texts.0 = value.as_str(),
            "claims_begin" => texts.1 = value.as_str(),
            "sig" | "parts" | "tamper" | "encoding" | "grow" => after.push((name.as_str(), value)),
            other => panic!("the recipe has an unknown step \"{other}\""),
        }
    }
    // What a JSON object of a test cannot hold, such as a name twice, stands before the rest as text.
    let text = |begin: Option<&str>, json: &Json| {
        let json = json.to_string();
        begin.map_or(json.clone(), |begin| format!("{{{begin},{}", &json[1..]))
    };
    let signed_text = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(text(texts.0, &header)),
        URL_SAFE_NO_PAD.encode(text(texts.1, &claims))
    );
    let mut parts: Vec<String> = sealed(&signed_text, key).split('.').map(str::to_owned).collect();
    for (name, value) in after {
        match name {
            "sig" => parts[2] = value.as_str().unwrap().to_owned(),
            "parts" => parts.truncate(usize::try_from(value.as_u64().unwrap()).unwrap()),
            "tamper" => {
                claims["roles"] = json!(["admin"]);
                parts[1] = encoded(&claims);
            }
            "encoding" => parts = parts.iter().map(|part| re_encoded(part, value.as_str().unwrap())).collect(),
            _ => parts[1].push_str(&"A".repeat(usize::try_from(value.as_u64().unwrap()).unwrap())),
        }
    }
    format!("Bearer {}", parts.join("."))
}

/// Another spelling of the same bytes.
fn re_encoded(part: &str, how: &str) -> String {
    match how {
        "padded" => format!("{part}="),
        "spaced" => format!("{part} "),
        "trailing bits" => {
            // The last character has bits that stand for nothing, unless the length is a multiple of four.
            let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let last = letters.find(part.chars().last().unwrap()).unwrap();
            format!("{}{}", &part[..part.len() - 1], letters.chars().nth(last ^ 1).unwrap())
        }
        other => panic!("no spelling \"{other}\""),
    }
}

/// A token with any header and claims, signed with Ed25519.
pub fn signed(header: &Json, claims: &Json, private_key: &str) -> String {
    sealed(&format!("{}.{}", encoded(header), encoded(claims)), private_key)
}

fn sealed(text: &str, private_key: &str) -> String {
    let key = pair(private_key);
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(key.sign(text.as_bytes()).to_bytes()))
}

/// JSON as a part of a token.
pub fn encoded(json: &Json) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

/// The key that signs, as the database keeps it.
pub fn private_key(database: &TestDatabase) -> String {
    kept_keys::list(&mut database.connect()).unwrap()[0].private_key.clone()
}

/// The public part of a private key, base64url.
pub fn public_of(private_key: &str) -> String {
    URL_SAFE_NO_PAD.encode(pair(private_key).verifying_key().as_bytes())
}

fn pair(private_key: &str) -> SigningKey {
    SigningKey::from_pkcs8_der(&STANDARD.decode(private_key).unwrap()).unwrap()
}
