//! The store, on both databases.

mod archive;
mod directory;
pub mod fixtures;
mod forced;
mod loads;
mod log;
mod migrations;
mod races;
mod readers;
mod records;
mod replay;
mod reviews;
mod searches;
mod service;
mod transactions;
mod urls;
mod writes;
