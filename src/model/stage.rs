//! A stage list: the stages that a record goes through, declared in the pack. Moving a record from one stage to another
//! is left to the node that will do so; here stands what a stage is.

use super::expression::Place;
use super::text::Text;

/// The outcome that a record may have before the end, where its list says so.
pub const LOST: &str = "lost";

/// A list of stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageList {
    /// Its name, the name of its file.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// How its stages follow one another.
    pub kind: StageKind,
    /// Where a record may begin.
    pub enter: Enter,
    /// How a record moves on, and back.
    pub advance: Advance,
    /// Its stages, in their order.
    pub stages: Vec<Stage>,
    /// The moves that a nonlinear list allows; empty for the others.
    pub transitions: Vec<Transition>,
    /// Where `stages:` was written.
    pub at: Place,
}

/// How the stages of a list follow one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// One after the other.
    Linear,
    /// By the transitions.
    Nonlinear,
    /// One after the other, each shared by several roles.
    RoleBased,
    /// One after the other, each in a phase of the buyer's journey.
    Journey,
}

/// Some stages of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stages {
    /// Only the first.
    First,
    /// Every one that is not terminal.
    Any,
    /// These codes.
    These(Vec<String>),
}

/// Where a record may begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enter {
    /// In which stages.
    pub at: Stages,
    /// Whether who begins elsewhere than in the first stage says why.
    pub reason: bool,
}

/// How a record moves on, and back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advance {
    /// Whether stages may be left out.
    pub skip: bool,
    /// Who may take it back to an earlier stage.
    pub back: Back,
    /// From where it may be lost before the last stage; none: from nowhere.
    pub lost_from: Option<Stages>,
    /// How often it may be taken back; none: without an end.
    pub max_returns: Option<u32>,
}

/// Who may take a record back to an earlier stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Back {
    /// Nobody.
    #[default]
    Nobody,
    /// Who stands above its owner.
    Superior,
    /// Whoever may advance it.
    Anyone,
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// What records keep of it.
    pub code: String,
    /// Its title.
    pub title: Text,
    /// Days that a record should stay in it at most.
    pub max_days: Option<u32>,
    /// The phase of the buyer's journey that it belongs to.
    pub phase: Option<String>,
    /// How a record ends here; empty where it goes on.
    pub outcomes: Vec<StageOutcome>,
}

/// A way to end in a terminal stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageOutcome {
    /// Its name, `won`.
    pub name: String,
    /// The field of the record that must then have a value.
    pub require: Option<String>,
}

/// A move that a nonlinear list allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// From this stage.
    pub from: String,
    /// To that one.
    pub to: String,
    /// Whether who moves says why.
    pub reason: bool,
}

impl StageList {
    /// The codes, in their order: what a record may hold.
    pub fn codes(&self) -> impl Iterator<Item = &str> + Clone {
        self.stages.iter().map(|stage| stage.code.as_str())
    }

    /// The place of a code in the list, from 0; none when the list has it no more.
    pub fn position(&self, code: &str) -> Option<usize> {
        self.codes().position(|known| known == code)
    }

    /// The codes of some stages, in the order of the list.
    pub fn some(&self, stages: &Stages) -> Vec<&str> {
        let are = |stage: &Stage, position: usize| match stages {
            Stages::First => position == 0,
            Stages::Any => !stage.is_terminal(),
            Stages::These(codes) => codes.contains(&stage.code),
        };
        let some = self.stages.iter().enumerate().filter(|(position, stage)| are(stage, *position));
        some.map(|(_, stage)| stage.code.as_str()).collect()
    }

    /// The code that a person means by it or by its title in either language.
    pub fn meant(&self, text: &str) -> Option<&str> {
        let titled = |stage: &&Stage| stage.title.en == text || stage.title.zh == text;
        let coded = self.stages.iter().find(|stage| stage.code == text);
        coded.or_else(|| self.stages.iter().find(titled)).map(|stage| stage.code.as_str())
    }
}

impl Stage {
    /// Whether a record ends here.
    pub fn is_terminal(&self) -> bool {
        !self.outcomes.is_empty()
    }
}
