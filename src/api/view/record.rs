//! A business record, and its changes.

use crate::model::json::{Json, JsonMap};
use crate::model::record::FieldChange;
use crate::model::seen_record::{RecordVerb, SeenRecord};
use serde::Serialize;
use utoipa::ToSchema;

/// A business record.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Record, example = json!({
    "id": "0199c1f0-7c1e-7d7a-9d5e-0d6f1f6f2a11", "type": "opportunity", "version": 3,
    "createdAt": "2026-01-31T08:00:00Z", "createdBy": "alice",
    "updatedAt": "2026-02-01T08:00:00Z", "updatedBy": "bob",
    "fields": {"name": "Line 4", "owner": "alice", "amount": {"amount": "1234.50", "currency": "CNY"}},
    "allowedActions": ["update"], "readOnlyFields": ["owner"], "hiddenFields": ["margin"]
}))]
pub(in crate::api) struct RecordView {
    /// Its id.
    id: String,
    /// Its type.
    r#type: String,
    /// Counts its changes; also its ETag.
    version: i64,
    /// When it was created.
    created_at: String,
    /// Who created it.
    created_by: String,
    /// When it was last changed.
    updated_at: String,
    /// Who changed it last.
    updated_by: String,
    /// Its fields, as its type declares them; a field without a value is absent. Money is
    /// `{"amount": "1234.50", "currency": "CNY"}`.
    #[schema(value_type = Object)]
    fields: JsonMap,
    /// What the caller may do with it now: `update`, `delete`.
    #[schema(value_type = Vec<String>)]
    allowed_actions: Vec<RecordVerb>,
    /// Fields that the caller may not change, though others; empty when nothing may be changed.
    read_only_fields: Vec<String>,
    /// Fields that the caller may not read; they are absent from `fields` whether they have a value or not.
    hidden_fields: Vec<String>,
}

/// Shows a record.
pub(in crate::api) fn record(seen: SeenRecord) -> RecordView {
    let SeenRecord { record, allowed, read_only, hidden } = seen;
    RecordView {
        id: record.id.0,
        r#type: record.record_type,
        version: record.version,
        created_at: record.created_at.rfc3339(),
        created_by: record.created_by.0,
        updated_at: record.updated_at.rfc3339(),
        updated_by: record.updated_by.0,
        fields: record.fields,
        allowed_actions: allowed,
        read_only_fields: read_only,
        hidden_fields: hidden,
    }
}

/// One change of one field of a record.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FieldChange)]
pub(in crate::api) struct ChangeView {
    /// The version that the change made.
    version: i64,
    /// The field.
    field: String,
    /// Its value before; null when it had none.
    #[schema(value_type = Value)]
    old: Json,
    /// Its value after; null when it has none.
    #[schema(value_type = Value)]
    new: Json,
    /// Who.
    by: String,
    /// When.
    at: String,
    /// Why, when somebody said so.
    reason: Option<String>,
    /// The process instance that made it; read it at `/api/v1/process-instances/{id}`.
    instance: Option<String>,
    /// The client that acted as the person; null when the person acted itself.
    through: Option<String>,
}

/// Shows a change.
pub(in crate::api) fn change(change: FieldChange) -> ChangeView {
    ChangeView {
        version: change.version,
        field: change.field,
        old: change.old,
        new: change.new,
        by: change.by.0,
        at: change.at.rfc3339(),
        reason: change.reason,
        instance: change.instance,
        through: change.through,
    }
}
