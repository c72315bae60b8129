//! Where an edit is made: `active`, `name.givenName`, `emails[type eq "work"].value`, each also behind the URN of its
//! schema (RFC 7644 3.5.2).

use super::filter::{Filter, Reader};
use super::{ENTERPRISE, GROUP, USER};
use crate::model::refusal::Refusal;

/// A place in a user or group. Names are in lower case and without the URN of their schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The attribute.
    pub attribute: String,
    /// Which of its entries.
    pub filter: Option<Filter>,
    /// The part of it.
    pub part: Option<String>,
}

/// Reads a path.
pub fn parse(text: &str) -> Result<Path, Refusal> {
    let wrong = |_: Refusal| {
        invalid(format!("\"{text}\" is not a path such as name.givenName or emails[type eq \"work\"].value"))
    };
    let mut reader = Reader::new(text);
    let name = reader.attribute().map_err(wrong)?;
    let (attribute, mut part) = match name.split_once('.') {
        // The rest of an unknown schema's URN has dots of its own, and is of no use here.
        Some((attribute, part)) if !attribute.starts_with("urn:") => (attribute.to_owned(), Some(part.to_owned())),
        _ => (name, None),
    };
    let mut filter = None;
    if part.is_none() && reader.eat('[') {
        filter = Some(reader.filter().and_then(|found| reader.need(']').map(|()| found)).map_err(wrong)?);
        if reader.eat('.') {
            part = Some(reader.attribute().map_err(wrong)?);
        }
    }
    match reader.rest.is_empty() {
        true => Ok(Path { attribute, filter, part }),
        false => Err(wrong(reader.expected("the end"))),
    }
}

/// A name in lower case, without the URN of a schema that is known here.
pub(super) fn plain(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    let rest = |urn: &str| name.strip_prefix(&urn.to_ascii_lowercase()).and_then(|rest| rest.strip_prefix(':'));
    let plain = [USER, GROUP, ENTERPRISE].into_iter().find_map(rest).map(str::to_owned);
    plain.unwrap_or(name)
}

/// A path that cannot be edited (`invalidPath`).
pub(super) fn invalid(sentence: impl Into<String>) -> Refusal {
    Refusal::invalid("scim_path", sentence)
}
