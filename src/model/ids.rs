//! Identifiers: opaque text made by us, one type each so that a task is never passed for an instance.
//!
//! Ids inside a root instance are derived from it (`{root}.{n}`), so the root of a task or a called instance can be
//! read off its id and the same command on the same state makes the same ids.

pub use super::node_id::NodeId;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $name(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                $name(text)
            }
        }
    };
}

id!(
    /// A business: the isolated tenant that every row belongs to.
    BusinessId
);
id!(
    /// A process instance, root (a UUIDv7) or called (`{root}.{n}`).
    InstanceId
);
id!(
    /// A user task, `{root}.{n}`.
    TaskId
);
id!(
    /// A timer, `{root}.{n}`.
    TimerId
);
id!(
    /// A subscription, `{root}.{n}`.
    SubscriptionId
);
id!(
    /// A message or signal on its way, `{root}.{place in its history}`, or a UUIDv7 when it came from outside.
    DeliveryId
);
id!(
    /// A job, `{root}.{n}`.
    JobId
);
id!(
    /// An incident, `{root}.{n}`.
    IncidentId
);
id!(
    /// A decision record, `{root}.{n}`.
    DecisionId
);
id!(
    /// A user: the login name, unique in the business.
    UserId
);
id!(
    /// A business record (UUIDv7).
    RecordId
);
id!(
    /// A merge of two records (UUIDv7).
    MergeId
);
id!(
    /// An uploaded file (UUIDv7).
    FileId
);

/// A token's number in its root instance.
pub type TokenId = u64;

/// A scope's number in its root instance.
pub type ScopeId = u64;

/// The serial number in an id inside the root: `7` of `0199-ab.7`; none for the root itself.
pub fn serial_in(id: &str) -> Option<u64> {
    id.split_once('.').and_then(|(_, serial)| serial.parse().ok())
}

/// The root instance that an id inside it belongs to: all before the first point.
///
/// ```
/// assert_eq!(kamflow::model::ids::root_of("0199-ab.7"), kamflow::model::ids::InstanceId::from("0199-ab"));
/// ```
pub fn root_of(id: &str) -> InstanceId {
    InstanceId(id.split('.').next().unwrap_or(id).to_owned())
}

/// A token as it is called outside of its root instance, `{root}.{n}`.
///
/// ```
/// use kamflow::model::ids::{token_name, token_number};
/// let root = "0199-ab".into();
/// assert_eq!(token_name(&root, 7), "0199-ab.7");
/// assert_eq!(token_number(&root, "0199-ab.7"), Some(7));
/// assert_eq!(token_number(&root, "0199-cd.7"), None);
/// ```
pub fn token_name(root: &InstanceId, token: TokenId) -> String {
    format!("{root}.{token}")
}

/// The number of a token in this root; none when the name is not one of its tokens.
pub fn token_number(root: &InstanceId, name: &str) -> Option<TokenId> {
    let number = name.strip_prefix(root.as_str())?.strip_prefix('.')?;
    number.parse().ok().filter(|token: &TokenId| token.to_string() == number)
}
