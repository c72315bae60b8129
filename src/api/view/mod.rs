//! Views: the JSON that goes out. camelCase, ids as text, times in RFC 3339, labels in both languages. Each view is
//! made from the words of `model` by a function named for it.

pub(super) mod absence;
pub(super) mod approval;
pub(super) mod break_glass;
pub(super) mod business;
pub(super) mod client;
pub(super) mod decision;
pub(super) mod deployment;
pub(super) mod eligibility;
pub(super) mod file;
pub(super) mod form;
pub(super) mod impact;
pub(super) mod import;
pub(super) mod incident;
pub(super) mod instance;
pub(super) mod job;
pub(super) mod merge;
pub(super) mod message;
pub(super) mod organisation;
pub(super) mod page;
pub(super) mod plugin;
pub(super) mod position;
pub(super) mod present;
pub(super) mod process_definition;
pub(super) mod record;
pub(super) mod signing_key;
pub(super) mod stages;
pub(super) mod summary;
pub(super) mod task;
pub(super) mod task_comment;
pub(super) mod task_count;
pub(super) mod task_filter;
pub(super) mod text;
pub(super) mod token;
pub(super) mod user;
