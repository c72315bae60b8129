//! What access beyond the rules can be asked for.

use crate::model::ids::{InstanceId, RecordId};

/// What access beyond the rules is asked for.
#[derive(Debug, Clone)]
pub enum Asked {
    /// A record.
    Record {
        /// Its type.
        record_type: String,
        /// Its id.
        id: RecordId,
    },
    /// An instance, root or called.
    Instance(InstanceId),
}
