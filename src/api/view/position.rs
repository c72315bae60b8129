//! A position with its periods, and what came of moving several.

use crate::api::authority;
use crate::model::directory::{Affected, Period, Position, Reorganised};
use crate::model::ids::UserId;
use crate::model::json::JsonMap;
use crate::model::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// A position.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Position)]
pub(in crate::api) struct PositionView {
    /// Its id.
    id: String,
    /// What it is when, by time. Between them, before and after, it is not valid.
    periods: Vec<PeriodView>,
    /// Counts its changes; also its ETag.
    version: i64,
}

/// What a position is for a time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Period)]
pub(in crate::api) struct PeriodView {
    /// Holds from this instant on; none: always did.
    valid_from: Option<String>,
    /// Holds until before this instant; none: for good.
    valid_to: Option<String>,
    /// The unit that it belongs to.
    unit: String,
    /// Its title.
    title: String,
    /// Who holds it; none: vacant.
    user: Option<String>,
    /// The position above it.
    manager: Option<String>,
    /// How far who holds it may go, by name: a number, or money.
    #[schema(value_type = Object)]
    limits: JsonMap,
}

/// What came of a re-organisation, or would come of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Reorganised)]
pub(in crate::api) struct ReorganisedView {
    /// The positions as they are now, or would be.
    positions: Vec<PositionView>,
    /// Whose superiors change, by login; at most 500 of them.
    affected: Vec<AffectedView>,
    /// How many are affected in all.
    affected_total: i64,
}

/// Somebody whose superiors change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Affected)]
pub(in crate::api) struct AffectedView {
    /// Who.
    user: String,
    /// From when on.
    from: String,
    /// The superiors without the change, the nearest first.
    before: Vec<SuperiorView>,
    /// The superiors with it.
    after: Vec<SuperiorView>,
}

/// A superior.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Superior)]
pub(in crate::api) struct SuperiorView {
    /// The login.
    user: String,
    /// How many persons up; 1: the direct superior.
    depth: i64,
}

/// Shows a position.
pub(in crate::api) fn position(position: Position) -> PositionView {
    let Position { id, periods, version } = position;
    PositionView { id, periods: periods.into_iter().map(period).collect(), version }
}

/// Shows what came of a re-organisation.
pub(in crate::api) fn reorganised(done: Reorganised) -> ReorganisedView {
    let Reorganised { positions, affected, total } = done;
    ReorganisedView {
        positions: positions.into_iter().map(position).collect(),
        affected: affected.into_iter().map(shown).collect(),
        affected_total: total,
    }
}

fn shown(affected: Affected) -> AffectedView {
    let Affected { user, from, before, after } = affected;
    let superiors =
        |all: Vec<(UserId, i64)>| all.into_iter().map(|(user, depth)| SuperiorView { user: user.0, depth }).collect();
    AffectedView { user: user.0, from: from.rfc3339(), before: superiors(before), after: superiors(after) }
}

fn period(period: Period) -> PeriodView {
    let Period { window, unit, title, user, manager, limits } = period;
    PeriodView {
        valid_from: window.begins().map(Timestamp::rfc3339),
        valid_to: window.ends().map(Timestamp::rfc3339),
        unit,
        title,
        user: user.map(|user| user.0),
        manager,
        limits: authority::shown(limits),
    }
}
