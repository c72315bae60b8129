//! A pack: a folder of definitions, or an overlay that changes another one for a business.

use super::expression::Place;
use super::json::Json;
use super::text::Text;
use std::collections::BTreeMap;

/// The head of a pack, from `pack.yaml`.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Its name, the folder's.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Its version, free text such as `1.2.0`.
    pub version: String,
    /// The pack that it overlays.
    pub extends: Option<String>,
    /// The business that it is for; none: every business without an overlay.
    pub business: Option<String>,
    /// Core steps that a process must keep, by process key.
    pub requires: BTreeMap<String, Vec<String>>,
    /// Roles that its processes, records and people use, with their titles.
    pub roles: BTreeMap<String, Text>,
    /// Plugin settings that it changes: plugin, setting, value.
    pub settings: BTreeMap<String, BTreeMap<String, Json>>,
    /// Where `pack:` was written.
    pub at: Place,
}
