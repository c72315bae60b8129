//! Integration tests, one file an area.
#![allow(clippy::unwrap_used)]

mod cases;
mod definitions;
