//! A business.

use super::text::TextView;
use crate::model::directory::Business;
use serde::Serialize;
use utoipa::ToSchema;

/// A business.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Business)]
pub(in crate::api) struct BusinessView {
    /// Its id.
    id: String,
    /// Its title.
    title: TextView,
    /// ISO 4217 code of its currency.
    currency: String,
    /// IANA time zone of its business days.
    time_zone: String,
    /// The revision that new instances use.
    active_revision: Option<i64>,
    /// When it was created.
    created_at: String,
}

/// Shows a business.
pub(in crate::api) fn business(business: Business) -> BusinessView {
    BusinessView {
        id: business.id.0,
        title: TextView::from(&business.title),
        currency: business.currency,
        time_zone: business.time_zone,
        active_revision: business.active_revision,
        created_at: business.created_at.rfc3339(),
    }
}
