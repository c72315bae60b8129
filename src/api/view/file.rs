//! A file, without its bytes.

use crate::model::file::File;
use serde::Serialize;
use utoipa::ToSchema;

/// An uploaded file.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StoredFile, example = json!({
    "id": "0199c1f0-7c1e-7d7a-9d5e-0d6f1f6f2a13", "name": "报价.pdf", "mediaType": "application/pdf", "bytes": 48211,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "uploadedAt": "2026-01-31T08:00:00Z", "uploadedBy": "alice"
}))]
pub(in crate::api) struct FileView {
    /// Its id: what a field of type file holds.
    id: String,
    /// What it is called.
    name: String,
    /// What it is.
    media_type: String,
    /// How long it is.
    bytes: i64,
    /// SHA-256 of its content, in hex; also the ETag of its content.
    sha256: String,
    /// When it was uploaded.
    uploaded_at: String,
    /// By whom.
    uploaded_by: String,
}

/// Shows a file.
pub(in crate::api) fn file(file: File) -> FileView {
    FileView {
        id: file.id.0,
        name: file.name,
        media_type: file.media_type,
        bytes: file.bytes,
        sha256: file.sha256,
        uploaded_at: file.uploaded_at.rfc3339(),
        uploaded_by: file.uploaded_by.0,
    }
}
