//! Businesses, their revisions and the files of these.

use super::row;

row!(
    /// A business.
    BusinessRow, businesses = "businesses", (id), {
        id: String,
        title: String,
        currency: String,
        time_zone: String,
        active_revision: Option<i64>,
        created_at: i64,
    }
);

row!(
    /// A revision of a business.
    RevisionRow, revisions = "revisions", (business, number), {
        business: String,
        number: i64,
        hash: String,
        created_by: String,
        created_at: i64,
        note: String,
    }
);

row!(
    /// A file of a revision.
    RevisionFileRow, revision_files = "revision_files", (business, number, path), {
        business: String,
        number: i64,
        path: String,
        content_hash: String,
    }
);

row!(
    /// The content of files, once however many revisions hold it.
    FileContentRow, file_contents = "file_contents", (hash), {
        hash: String,
        content: String,
    }
);

diesel::allow_tables_to_appear_in_same_query!(revision_files, file_contents);
