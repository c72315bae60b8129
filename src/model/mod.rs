//! The words of kamflow: plain data with public fields, known to every floor and knowing none of them.
//!
//! Shape and meaning only; what is done with these words stands in the floors above.

pub mod absence;
pub mod action;
pub mod actor;
pub mod affected;
pub mod aggregate;
pub mod authority;
pub mod break_glass;
pub mod cell;
pub mod command;
pub mod decision;
pub mod definitions;
pub mod directory;
pub mod event;
pub mod expression;
pub mod field;
pub mod file;
pub mod filter;
pub mod finding;
pub mod form;
pub mod hierarchy;
pub mod history;
pub mod ids;
pub mod import;
pub mod incident;
pub mod instance;
pub mod json;
pub mod mapping;
pub mod merge;
pub mod money;
pub mod nearest;
pub mod org_import;
pub mod pack;
pub mod page;
pub mod plugin;
pub mod process;
pub mod record;
pub mod record_access;
pub mod record_type;
pub mod refusal;
pub mod revision;
<<<<<<< HEAD
pub mod scenario;
=======
pub mod scim;
>>>>>>> main
pub mod scope;
pub mod secret;
pub mod seen_record;
pub mod stage;
pub mod strict;
pub mod task;
pub mod text;
pub mod time;
pub mod timer;
pub mod window;
pub mod work_access;
