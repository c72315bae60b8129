//! What the API reads. Every read applies what its caller may see; what may not be seen is not there.

mod absences;
mod accounts;
mod approvals;
mod break_glass;
mod business;
mod decisions;
mod definitions;
mod diagrams;
mod files;
mod filter;
mod hierarchy;
pub mod incidents;
mod instances;
mod jobs;
mod masks;
mod merges;
mod organisation;
pub mod people;
mod reading;
mod record_cursor;
mod record_past;
mod records;
mod scim;
mod tasks;
pub mod tokens;
