//! The store, on both databases.

mod directory;
mod fixtures;
mod migrations;
mod readers;
mod records;
mod searches;
mod service;
mod transactions;
mod urls;
mod writes;
