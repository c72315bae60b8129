//! Under what an answer is kept, so that a repetition gets the same one.

/// An `Idempotency-Key`, scoped to business, caller and route.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey {
    /// Method and path of the route, `POST /user-tasks/{id}/complete`, with the ids filled in.
    pub route: String,
    /// The key.
    pub key: String,
    /// SHA-256 of the request body, in hex.
    pub body_hash: String,
}
