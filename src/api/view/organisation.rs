//! Units and roles.

use super::text::TextView;
use crate::api::authority;
use crate::model::directory::{Role, Unit, UnitKind};
use crate::model::json::JsonMap;
use crate::model::text::Text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a unit of the organisation is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = UnitKind)]
pub(in crate::api) enum UnitKindView {
    /// 公司
    Company,
    /// 事业部
    BusinessUnit,
    /// 大区
    Region,
    /// 团队
    Team,
    /// 渠道
    Channel,
    /// Anything else.
    Other,
}

/// A unit of the organisation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Unit)]
pub(in crate::api) struct UnitView {
    /// Its id.
    id: String,
    /// The unit it belongs to.
    parent: Option<String>,
    /// Its title.
    title: TextView,
    /// What it is.
    kind: UnitKindView,
    /// Counts its changes; also its ETag.
    version: i64,
}

/// A role.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Role)]
pub(in crate::api) struct RoleView {
    /// Its name.
    name: String,
    /// Its title, as the pack declares it; not there when the pack does not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = TextView, required = false)]
    title: Option<TextView>,
    /// How far who has it may go, by name: a number, or money.
    #[schema(value_type = Object)]
    limits: JsonMap,
    /// Counts its changes; also its ETag. 0 as long as nothing was said.
    version: i64,
}

/// Shows a unit.
pub(in crate::api) fn unit(unit: Unit) -> UnitView {
    let Unit { id, parent, title, kind, version } = unit;
    let kind = match kind {
        UnitKind::Company => UnitKindView::Company,
        UnitKind::BusinessUnit => UnitKindView::BusinessUnit,
        UnitKind::Region => UnitKindView::Region,
        UnitKind::Team => UnitKindView::Team,
        UnitKind::Channel => UnitKindView::Channel,
        UnitKind::Other => UnitKindView::Other,
    };
    UnitView { id, parent, title: TextView::from(&title), kind, version }
}

/// Shows a role.
pub(in crate::api) fn role(role: Role, title: Option<&Text>) -> RoleView {
    let Role { name, limits, version } = role;
    RoleView { name, title: title.map(TextView::from), limits: authority::shown(limits), version }
}

impl From<UnitKindView> for UnitKind {
    fn from(kind: UnitKindView) -> UnitKind {
        match kind {
            UnitKindView::Company => UnitKind::Company,
            UnitKindView::BusinessUnit => UnitKind::BusinessUnit,
            UnitKindView::Region => UnitKind::Region,
            UnitKindView::Team => UnitKind::Team,
            UnitKindView::Channel => UnitKind::Channel,
            UnitKindView::Other => UnitKind::Other,
        }
    }
}
