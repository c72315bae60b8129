//! The source of new ids: UUIDv7, so that they sort by the time they were made.

/// A new id.
pub fn new() -> String {
    uuid::Uuid::now_v7().to_string()
}
