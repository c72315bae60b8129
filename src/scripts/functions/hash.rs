//! Hashes: the same text gives the same number on every machine.

use super::{Given, HostFunction, put};
use crate::scripts::limits::charge;
use sha2::{Digest, Sha256};

pub(super) const TABLE: &[HostFunction] = &[
    HostFunction {
        name: "sha256",
        signature: "sha256(text) -> text",
        text: "SHA-256 of the UTF-8 bytes, 64 hex digits.",
        add: |module| put(module, "sha256", sha256),
    },
    HostFunction {
        name: "stable_hash",
        signature: "stable_hash(text) -> whole number",
        text: "The first 63 bits of SHA-256, never negative; for ties and fair turns instead of chance.",
        add: |module| put(module, "stable_hash", stable_hash),
    },
];

fn sha256(text: &str) -> Given<String> {
    charge(text.len() / 100)?;
    Ok(Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect())
}

fn stable_hash(text: &str) -> Given<i64> {
    charge(text.len() / 100)?;
    let first = Sha256::digest(text).iter().take(8).fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
    Ok((first >> 1) as i64)
}
