//! The pure core: [`apply::apply`] decides, [`evolve::evolve`] is the only mutation.
//!
//! No clock, no random, no input or output, no async; time, ids and the caller come in as arguments. The same command
//! on the same state gives the same events, byte for byte.
//!
//! `commands` — one file per command · `nodes` — one file per BPMN element · `walk` — moves ready tokens ·
//! `leave` — chooses flows · `scope` — opens, settles and cancels levels · `loops` — does an activity more than once ·
//! `subscriptions` — what is waited for · `task_clock` — reminders and escalations · `happen` — what becomes of those who waited · `throw` — sets events off ·
//! `outward` — errors and escalations find who catches them · `compensation` — undoes what was done ·
//! `incident` — keeps failures.

pub mod apply;
mod approvals;
mod arrived;
mod binding;
mod commands;
mod compensation;
mod condition;
mod conditions;
mod context;
mod duties;
mod error;
pub mod evaluator;
pub mod evolve;
mod happen;
mod incident;
mod intervention_error;
mod leave;
mod lifecycle;
mod loops;
mod mutex;
mod nodes;
mod outward;
mod scope;
mod subscriptions;
mod task_clock;
mod throw;
pub mod timers;
mod variables;
mod voting_error;
mod walk;
mod work;

pub use apply::{Transition, apply, apply_to};
pub use approvals::may_add_approver;
pub use commands::start::blank;
pub use context::{Context, Revision};
pub use duties::{Barrier, barrier, hands};
pub use error::EngineError;
pub use lifecycle::{Capacity, capacities, has, may_claim, verbs};
pub use work::given;
