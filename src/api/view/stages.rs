//! A stage list of the active revision.

use super::text::TextView;
use crate::model::stage::{Back, Stage, StageKind, StageList, Stages};
use serde::Serialize;
use utoipa::ToSchema;

/// A stage list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StageList)]
pub(in crate::api) struct StagesView {
    /// Its name.
    name: String,
    /// The revision.
    revision: i64,
    /// Its title.
    title: TextView,
    /// How its stages follow one another: `linear`, `nonlinear`, `role_based` or `journey`.
    #[schema(value_type = String)]
    kind: StageKind,
    /// Where a record may begin.
    enter: EnterView,
    /// How a record moves on, and back.
    advance: AdvanceView,
    /// Its stages, in their order.
    stages: Vec<StageView>,
    /// The moves that a nonlinear list allows.
    transitions: Vec<TransitionView>,
}

/// Where a record may begin.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StageEnter)]
struct EnterView {
    /// The codes of the stages.
    at: Vec<String>,
    /// Whether who begins elsewhere than in the first stage says why.
    reason: bool,
}

/// How a record moves on, and back.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StageAdvance)]
struct AdvanceView {
    /// Whether stages may be left out.
    skip: bool,
    /// Who may take it back to an earlier stage: `nobody`, `superior` or `anyone`.
    #[schema(value_type = String)]
    back: Back,
    /// The codes of the stages from which it may be lost before the end.
    lost_from: Vec<String>,
    /// How often it may be taken back; null: without an end.
    max_returns: Option<u32>,
}

/// A stage.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Stage)]
struct StageView {
    /// What records keep of it.
    #[schema(example = "s05")]
    code: String,
    /// Its title.
    title: TextView,
    /// Days that a record should stay in it at most.
    max_days: Option<u32>,
    /// The phase of the buyer's journey that it belongs to.
    phase: Option<String>,
    /// Whether a record ends here.
    terminal: bool,
    /// How it ends here; empty where it goes on.
    outcomes: Vec<StageOutcomeView>,
}

/// A way to end.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StageOutcome)]
struct StageOutcomeView {
    /// Its name.
    #[schema(example = "won")]
    name: String,
    /// The field of the record that must then have a value.
    require: Option<String>,
}

/// A move that is allowed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StageTransition)]
struct TransitionView {
    /// From this stage.
    from: String,
    /// To that one.
    to: String,
    /// Whether who moves says why.
    reason: bool,
}

/// Shows a stage list of a revision.
pub(in crate::api) fn stages(list: &StageList, revision: i64) -> StagesView {
    let codes = |some: &Stages| list.some(some).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let transitions = list.transitions.iter().map(|transition| TransitionView {
        from: transition.from.clone(),
        to: transition.to.clone(),
        reason: transition.reason,
    });
    StagesView {
        name: list.name.clone(),
        revision,
        title: TextView::from(&list.title),
        kind: list.kind,
        enter: EnterView { at: codes(&list.enter.at), reason: list.enter.reason },
        advance: AdvanceView {
            skip: list.advance.skip,
            back: list.advance.back,
            lost_from: list.advance.lost_from.as_ref().map(codes).unwrap_or_default(),
            max_returns: list.advance.max_returns,
        },
        stages: list.stages.iter().map(stage).collect(),
        transitions: transitions.collect(),
    }
}

fn stage(stage: &Stage) -> StageView {
    let outcomes = stage
        .outcomes
        .iter()
        .map(|outcome| StageOutcomeView { name: outcome.name.clone(), require: outcome.require.clone() });
    StageView {
        code: stage.code.clone(),
        title: TextView::from(&stage.title),
        max_days: stage.max_days,
        phase: stage.phase.clone(),
        terminal: stage.is_terminal(),
        outcomes: outcomes.collect(),
    }
}
