//! Files, and the contents that they share. The parts of a content hold bytes, which no set-based statement carries.

use super::row;

row!(
    /// A file.
    FileRow, files = "files", (business, id), {
        business: String,
        id: String,
        name: String,
        media_type: String,
        bytes: i64,
        sha256: String,
        uploaded_at: i64,
        uploaded_by: String,
        attached_at: Option<i64>,
        of_tasks: bool,
    }
);

row!(
    /// A content that is still coming in.
    UploadRow, uploads = "uploads", (business, id), {
        business: String,
        id: String,
        started_at: i64,
    }
);

row!(
    /// A content, and the upload whose parts hold it.
    BlobRow, blobs = "blobs", (business, sha256), {
        business: String,
        sha256: String,
        upload: String,
        bytes: i64,
    }
);
