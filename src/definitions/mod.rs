//! YAML to words: what was typed, what it means, and every problem at once as `file:line:column: sentence`.
//!
//! `folder` reads and writes the project folders, `resolve` chooses the packs of a business, `parse` makes the
//! definitions, `schemas` describes the files to editors. What expressions and scripts mean is left to `scripts`.

mod approval;
mod approval_subject;
mod break_glass;
mod call;
mod choices;
mod event;
mod events;
mod explain;
mod expression;
mod field;
mod field_limits;
mod flows;
pub mod folder;
mod form;
mod graph;
mod guard;
mod handlers;
mod hash;
mod job;
mod json_schema;
mod known;
mod layout;
mod levels;
mod lists;
mod load;
mod mapping;
mod names;
mod net;
mod node;
mod pack;
mod parse;
mod plugin;
mod process;
mod reach;
mod record;
mod record_access;
mod record_attachments;
mod record_chains;
mod record_match;
mod record_merge;
mod record_rules;
mod repeat;
mod resolve;
mod scenario;
mod scenario_step;
mod schema;
mod shape;
mod sorted;
mod soundness;
mod spot;
mod stage_order;
mod stages;
mod timer;
mod unset;
mod user_task;
mod work_access;
mod yaml;

pub use hash::hash;
pub use mapping::{Targets, mapping};
pub use parse::{Parsed, parse};
pub use resolve::resolve;
pub use schema::{schema_text, schemas};
pub use unset::check as unset;
