//! A form: what a user task shows and asks for.

use super::expression::Place;
use super::json::Json;
use super::text::Text;
use std::collections::BTreeMap;

/// A form of a user task.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its name, unique in the revision.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// JSON Schema (2020-12) of what the person enters; an object.
    pub schema: Json,
    /// Labels of the properties.
    pub labels: BTreeMap<String, Text>,
    /// Order of the properties on the page; those not named follow.
    pub order: Vec<String>,
    /// Process variables shown beside the form, read-only.
    pub shows: Vec<String>,
    /// Where `form:` was written.
    pub at: Place,
}
