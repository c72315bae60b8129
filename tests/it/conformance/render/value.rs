//! Values that a case writes loosely: a text may be an expression, a template with `${…}`, or just itself.

use super::expression::{quoted, read, translate};
use super::names::{BY_ENGINE, Names};
use kamflow::model::json::Json;

/// A value to be set: an expression over variables of the case, a template, or the value itself.
pub fn value(value: &Json, names: &Names) -> Result<String, String> {
    let Json::String(text) = value else { return Ok(literal(value)) };
    if text.contains("${") {
        return template(text, names);
    }
    match read(text, names) {
        // One word that nothing gives a value is a text; a longer expression with such a word is meant to fail.
        Ok(read) if is_word(text) && !read.variables.iter().all(|name| known(name, names)) => Ok(quoted(text)),
        Ok(read) => Ok(read.text),
        Err(_) => Ok(quoted(text)),
    }
}

/// Who does it: a variable that holds text, a template, an expression, or the name itself.
pub fn person(text: &str, names: &Names) -> Result<String, String> {
    if text.contains("${") {
        return template(text, names);
    }
    match read(text, names) {
        Ok(read) if is_word(text) => {
            let holds_text = read.variables.iter().any(|name| names.textual.contains(name));
            Ok(if holds_text { read.text } else { quoted(text) })
        }
        Ok(read) if !read.variables.is_empty() && read.variables.iter().all(|name| known(name, names)) => Ok(read.text),
        Ok(read) if text.starts_with(['"', '\'']) => Ok(read.text),
        _ => Ok(quoted(text)),
    }
}

/// A text with expressions in `${…}`; the whole value when there is nothing else.
pub fn template(text: &str, names: &Names) -> Result<String, String> {
    if let Some(inside) = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'))
        && !inside.contains(['{', '}'])
    {
        return translate(inside, names);
    }
    let mut found = String::from("`");
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (inside, behind) = after.split_once('}').ok_or_else(|| format!("\"${{\" has no end in {text}"))?;
        found += &before.replace('`', "``");
        found += &format!("${{{}}}", translate(inside, names)?);
        rest = behind;
    }
    found += &rest.replace('`', "``");
    found.push('`');
    Ok(found)
}

/// A value of JSON as an expression that gives it.
pub fn literal(value: &Json) -> String {
    match value {
        Json::Null => "()".to_owned(),
        Json::Bool(_) | Json::Number(_) => value.to_string(),
        Json::String(text) => quoted(text),
        Json::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Json::Object(map) => {
            let fields = map.iter().map(|(name, value)| format!("{}: {}", quoted(name), literal(value)));
            format!("#{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Whether the text is one word: `kermit`, and not `a + b` or `12`.
fn is_word(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !["true", "false", "null"].contains(&text)
}

/// What something gives a value: the case, or the engine inside a repeated activity.
fn known(name: &str, names: &Names) -> bool {
    names.is_variable(name) || BY_ENGINE.contains(&name)
}
