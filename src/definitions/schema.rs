//! The JSON Schemas of the files, made from the shapes: the parser checks with them and editors complete from them.

use super::shape::form::FormShape;
use super::shape::mapping::MappingShape;
use super::shape::pack::PackShape;
use super::shape::plugin::{PluginShape, PluginTestShape};
use super::shape::process::ProcessShape;
use super::shape::record::RecordShape;
use super::shape::scenario::ScenarioShape;
use super::shape::stages::StagesShape;
use crate::model::json::Json;
use jsonschema::Validator;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use std::sync::LazyLock;

/// The schemas by the name of the kind of file: JSON Schema 2020-12 for the YAML language server.
pub fn schemas() -> Vec<(&'static str, Json)> {
    Kind::ALL.into_iter().map(|kind| (kind.name(), kind.checked().schema.clone())).collect()
}

/// A schema as it is written to a file: indented, with a line end.
pub fn schema_text(schema: &Json) -> String {
    format!("{schema:#}\n")
}

/// The kinds of YAML files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `pack.yaml`.
    Pack,
    /// `processes/<key>.yaml`.
    Process,
    /// `records/<type>.yaml`.
    Record,
    /// `stages/<list>.yaml`.
    Stages,
    /// `forms/<form>.yaml`.
    Form,
    /// `mappings/<mapping>.yaml`.
    Mapping,
    /// `scenarios/<scenario>.yaml`.
    Scenario,
    /// `plugins/<plugin>/plugin.yaml`.
    Plugin,
    /// `plugins/<plugin>/tests/*.yaml`.
    PluginTest,
}

/// A schema that is ready to check with.
pub struct Checked {
    /// The schema.
    pub schema: Json,
    /// Its validator.
    pub validator: Validator,
}

impl Kind {
    const ALL: [Kind; 9] = [
        Kind::Pack,
        Kind::Process,
        Kind::Record,
        Kind::Stages,
        Kind::Form,
        Kind::Mapping,
        Kind::Scenario,
        Kind::Plugin,
        Kind::PluginTest,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Pack => "pack",
            Kind::Process => "process",
            Kind::Record => "record",
            Kind::Stages => "stages",
            Kind::Form => "form",
            Kind::Mapping => "mapping",
            Kind::Scenario => "scenario",
            Kind::Plugin => "plugin",
            Kind::PluginTest => "plugin-test",
        }
    }

    /// Its schema, made once.
    pub fn checked(self) -> &'static Checked {
        static CHECKED: LazyLock<[Checked; 9]> = LazyLock::new(|| Kind::ALL.map(make));
        &CHECKED[self as usize]
    }
}

fn make(kind: Kind) -> Checked {
    let schema = match kind {
        Kind::Pack => generate::<PackShape>(kind),
        Kind::Process => generate::<ProcessShape>(kind),
        Kind::Record => generate::<RecordShape>(kind),
        Kind::Stages => generate::<StagesShape>(kind),
        Kind::Form => generate::<FormShape>(kind),
        Kind::Mapping => generate::<MappingShape>(kind),
        Kind::Scenario => generate::<ScenarioShape>(kind),
        Kind::Plugin => generate::<PluginShape>(kind),
        Kind::PluginTest => generate::<PluginTestShape>(kind),
    };
    let validator = jsonschema::draft202012::new(&schema).expect("a schema made from our own types is valid");
    Checked { schema, validator }
}

fn generate<T: JsonSchema>(kind: Kind) -> Json {
    let settings = SchemaSettings::draft2020_12().with_transform(RecursiveTransform(Plain));
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), format!("kamflow {}", kind.name()).into());
    schema.to_value()
}

/// A key that may be left out is left out, never written without a value: takes `null` and the Rust names of number
/// formats away.
#[derive(Clone)]
struct Plain;

impl Transform for Plain {
    fn transform(&mut self, schema: &mut Schema) {
        let Some(object) = schema.as_object_mut() else { return };
        object.remove("format");
        if object.get("default").is_some_and(Json::is_null) {
            object.remove("default");
        }
        if let Some(types) = object.get_mut("type").and_then(Json::as_array_mut) {
            types.retain(|name| name != "null");
            if let [one] = types.as_slice() {
                let one = one.clone();
                object.insert("type".to_owned(), one);
            }
        }
        if let Some(Json::Array(mut choices)) = object.remove("anyOf") {
            choices.retain(|choice| choice != &serde_json::json!({"type": "null"}));
            match choices.as_mut_slice() {
                [Json::Object(one)] => object.append(one),
                _ => {
                    object.insert("anyOf".to_owned(), Json::Array(choices));
                }
            }
        }
    }
}
