//! A position with its periods.

use crate::model::directory::{Period, Position};
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
}

/// Shows a position.
pub(in crate::api) fn position(position: Position) -> PositionView {
    let Position { id, periods, version } = position;
    PositionView { id, periods: periods.into_iter().map(period).collect(), version }
}

fn period(period: Period) -> PeriodView {
    let Period { window, unit, title, user, manager } = period;
    PeriodView {
        valid_from: window.begins().map(Timestamp::rfc3339),
        valid_to: window.ends().map(Timestamp::rfc3339),
        unit,
        title,
        user: user.map(|user| user.0),
        manager,
    }
}
