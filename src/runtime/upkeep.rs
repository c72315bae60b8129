//! What the worker keeps in order by itself, as changes of the writer.

/// Upkeep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upkeep {
    /// Forget what is kept for a time only: answers under idempotency keys, and revocations of tokens that expired.
    Tidy,
    /// Bring some more records of a type to the rules of the active revision.
    Rederive {
        /// The type.
        record_type: String,
    },
    /// See whether this program makes other rules of the active revision than its records were last brought to.
    Restamp,
    /// Forget instances of a process that ended long ago; a few of them.
    Forget {
        /// The process.
        process: String,
    },
}
