//! What may be typed in each kind of file, key by key. The JSON Schemas for editors and the parser both come from
//! these types, so they cannot differ. What the words mean is decided above; the model has types of its own.

pub mod approval;
pub mod block;
pub mod break_glass;
pub mod event;
pub mod form;
pub mod job;
pub mod mapping;
pub mod matching;
pub mod node;
pub mod pack;
pub mod plugin;
pub mod process;
pub mod record;
pub mod repeat;
pub mod scalar;
pub mod scenario;
pub mod stages;
pub mod task;
pub mod task_timing;
pub mod work_access;
