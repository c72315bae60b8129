//! The words of kamflow: plain data with public fields, known to every floor and knowing none of them.
//!
//! Shape and meaning only; what is done with these words stands in the floors above.

pub mod action;
pub mod actor;
pub mod command;
pub mod decision;
pub mod definitions;
pub mod directory;
pub mod event;
pub mod expression;
pub mod field;
pub mod finding;
pub mod form;
pub mod hierarchy;
pub mod history;
pub mod ids;
pub mod impact;
pub mod incident;
pub mod instance;
pub mod json;
pub mod lens;
pub mod money;
pub mod nearest;
pub mod pack;
pub mod page;
pub mod plugin;
pub mod process;
pub mod record;
pub mod record_access;
pub mod record_type;
pub mod refusal;
pub mod revision;
pub mod scope;
pub mod secret;
pub mod task;
pub mod text;
pub mod time;
pub mod timer;
pub mod window;
