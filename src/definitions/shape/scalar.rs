//! Values with a spelling of their own: expressions, targets, JSON Schemas.

use crate::model::json::Json;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A rhai expression: its source, also when it was typed as a plain number or `true`.
#[derive(Debug, Clone)]
pub struct Source(pub String);

/// Named expressions.
pub type Sources = BTreeMap<String, Source>;

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Source, D::Error> {
        match Json::deserialize(from)? {
            Json::String(text) => Ok(Source(text)),
            Json::Number(number) => Ok(Source(number.to_string())),
            Json::Bool(truth) => Ok(Source(truth.to_string())),
            _ => Err(serde::de::Error::custom("an expression is text, a number, true or false")),
        }
    }
}

impl JsonSchema for Source {
    fn schema_name() -> Cow<'static, str> {
        "Expression".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"description": "A rhai expression.", "type": ["string", "number", "boolean"], "minLength": 1})
    }
}

/// One target or a list of them.
#[derive(Debug, Clone)]
pub struct Targets(pub Vec<String>);

impl<'de> Deserialize<'de> for Targets {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Targets, D::Error> {
        match Json::deserialize(from)? {
            Json::String(target) => Ok(Targets(vec![target])),
            list => serde_json::from_value(list).map(Targets).map_err(serde::de::Error::custom),
        }
    }
}

impl JsonSchema for Targets {
    fn schema_name() -> Cow<'static, str> {
        "Targets".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The node that comes next, or a list of them; `end` ends the path.",
            "type": ["string", "array"],
            "items": {"type": "string"},
            "minItems": 1
        })
    }
}

/// Roles by name, or an expression that gives them.
#[derive(Debug, Clone)]
pub enum Groups {
    /// These.
    Named(Vec<String>),
    /// What this gives.
    Given(Source),
}

impl Default for Groups {
    fn default() -> Groups {
        Groups::Named(Vec::new())
    }
}

impl Groups {
    /// The roles that are named.
    pub fn named(&self) -> &[String] {
        match self {
            Groups::Named(roles) => roles,
            Groups::Given(_) => &[],
        }
    }
}

impl<'de> Deserialize<'de> for Groups {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Groups, D::Error> {
        match Json::deserialize(from)? {
            Json::String(text) => Ok(Groups::Given(Source(text))),
            list => serde_json::from_value(list).map(Groups::Named).map_err(serde::de::Error::custom),
        }
    }
}

impl JsonSchema for Groups {
    fn schema_name() -> Cow<'static, str> {
        "Groups".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "Roles by name, or an expression that gives a list of them.",
            "type": ["array", "string"],
            "items": {"type": "string"},
            "minLength": 1
        })
    }
}

/// What a call passes on: named expressions, or `all`.
#[derive(Debug, Clone)]
pub enum PassedShape {
    /// These.
    Some(Sources),
    /// All variables, under their names.
    All,
}

impl Default for PassedShape {
    fn default() -> PassedShape {
        PassedShape::Some(Sources::new())
    }
}

impl<'de> Deserialize<'de> for PassedShape {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<PassedShape, D::Error> {
        match Json::deserialize(from)? {
            Json::String(word) if word == "all" => Ok(PassedShape::All),
            Json::String(word) => Err(serde::de::Error::custom(format!(
                "\"{word}\" means nothing here; write \"all\", or name: expression"
            ))),
            map => serde_json::from_value(map).map(PassedShape::Some).map_err(serde::de::Error::custom),
        }
    }
}

impl JsonSchema for PassedShape {
    fn schema_name() -> Cow<'static, str> {
        "Passed".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let sources = generator.subschema_for::<Sources>();
        json_schema!({"description": "Named expressions, or `all`: all variables under their names.",
            "anyOf": [sources, {"const": "all"}]})
    }
}

/// A word that means some codes, or the codes themselves as a list.
#[derive(Debug, Clone)]
pub enum Codes {
    /// A word.
    Word(String),
    /// The codes.
    List(Vec<String>),
}

impl<'de> Deserialize<'de> for Codes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Codes, D::Error> {
        match Json::deserialize(from)? {
            Json::String(word) => Ok(Codes::Word(word)),
            list => serde_json::from_value(list).map(Codes::List).map_err(serde::de::Error::custom),
        }
    }
}

impl JsonSchema for Codes {
    fn schema_name() -> Cow<'static, str> {
        "Codes".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A word that means some stages, or a list of their codes.",
            "type": ["string", "array"],
            "items": {"type": "string"},
            "minItems": 1,
            "uniqueItems": true
        })
    }
}

/// A JSON Schema (2020-12) written by the author of a definition.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct SchemaShape(pub Json);

impl JsonSchema for SchemaShape {
    fn schema_name() -> Cow<'static, str> {
        "JsonSchema".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"description": "A JSON Schema (2020-12) of type object.", "type": "object"})
    }
}
