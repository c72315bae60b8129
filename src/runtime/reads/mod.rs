//! What the API reads. Every read applies what its caller may see; what may not be seen is not there.

mod break_glass;
mod business;
mod decisions;
mod definitions;
mod filter;
pub mod incidents;
mod instances;
mod people;
mod records;
mod tasks;
