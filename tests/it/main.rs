//! Integration tests, one file an area.
#![allow(clippy::unwrap_used)]

mod blocks;
mod cases;
mod definitions;
