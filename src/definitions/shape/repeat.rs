//! `forEach` and `loop`: how often an activity is done.

use super::event::EventShape;
use super::scalar::{Source, Sources};
use crate::model::json::Json;
use crate::model::loop_characteristics::Rest;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;

/// Once for each: of a list (`in`), or this many times (`count`).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "ForEach")]
pub struct ForEachShape {
    /// Gives the list.
    #[serde(rename = "in")]
    pub list: Option<Source>,
    /// Gives how many times.
    pub count: Option<Source>,
    /// The variable that holds the item inside each.
    #[serde(rename = "as")]
    pub item: Option<String>,
    /// One after the other; all at once when not said.
    #[serde(default)]
    pub sequential: bool,
    /// Enough is done when this is true; asked after each, over its variables and nrOfInstances, nrOfActiveInstances,
    /// nrOfCompletedInstances, loopCounter.
    pub until: Option<Source>,
    /// Variable: the list of what this expression gives for each that was done, in the order of the items.
    #[serde(default)]
    pub collect: Sources,
    /// What becomes of those still open when enough is done.
    pub rest: Option<Rest>,
    /// Whether more may be added while it is at work.
    #[serde(default)]
    pub may_add: bool,
    /// After which of them `throws` happens: none of them excepted (`none`), the first (`one`), no single one (`all`), or
    /// `when` is true.
    pub behavior: Option<BehaviorShape>,
    /// The event that happens then.
    pub throws: Option<EventShape>,
}

/// After which of many instances something happens (BPMN: behavior).
#[derive(Debug)]
pub enum BehaviorShape {
    /// `none`: after each.
    Each,
    /// `one`: after the first.
    First,
    /// `all`: after no single one.
    Never,
    /// After each for which this is true.
    When(Vec<ComplexBehaviorShape>),
}

/// When something happens after an instance, and what.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ComplexBehavior")]
pub struct ComplexBehaviorShape {
    /// Asked after each.
    pub when: Source,
    /// What happens; what `throws` of the activity says when not said.
    pub throws: Option<EventShape>,
}

impl<'de> Deserialize<'de> for BehaviorShape {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<BehaviorShape, D::Error> {
        use serde::de::Error;
        match Json::deserialize(from)? {
            Json::String(word) => match word.as_str() {
                "none" => Ok(BehaviorShape::Each),
                "one" => Ok(BehaviorShape::First),
                "all" => Ok(BehaviorShape::Never),
                _ => Err(D::Error::custom(format!(
                    "\"{word}\" is no behavior; write none, one, all or when: expression"
                ))),
            },
            Json::Array(list) => {
                serde_json::from_value(Json::Array(list)).map(BehaviorShape::When).map_err(D::Error::custom)
            }
            one => serde_json::from_value(one).map(|one| BehaviorShape::When(vec![one])).map_err(D::Error::custom),
        }
    }
}

impl JsonSchema for BehaviorShape {
    fn schema_name() -> Cow<'static, str> {
        "Behavior".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<ComplexBehaviorShape>();
        let list = generator.subschema_for::<Vec<ComplexBehaviorShape>>();
        json_schema!({"description": "After which instances `throws` happens.",
            "anyOf": [{"enum": ["none", "one", "all"]}, one, list]})
    }
}

/// Again and again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "Loop")]
pub struct LoopShape {
    /// Goes on as long as this is true; loopCounter is the number of the round that would come, from 0.
    #[serde(rename = "while")]
    pub condition: Source,
    /// Asked before the first round too; when not said, it is done at least once.
    #[serde(default)]
    pub test_before: bool,
    /// Rounds at most.
    #[schemars(range(min = 1))]
    pub max: Option<u32>,
}
