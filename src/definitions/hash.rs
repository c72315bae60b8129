//! The content hash of a set of files: the same files give the same hash on every machine.

use crate::model::revision::Files;
use sha2::{Digest, Sha256};

/// SHA-256 in hex over every path and content in path order, each with its length before it.
pub fn hash(files: &Files) -> String {
    let mut digest = Sha256::new();
    for (path, content) in files {
        for part in [path.as_bytes(), content] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
