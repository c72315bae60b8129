//! Cancel a root: its tasks, timers, incidents and called instances are taken away, and it ends.

use crate::engine::scope;
use crate::engine::work::Work;
use crate::model::instance::InstanceState;

pub(super) fn cancel(work: &mut Work) {
    scope::end_root(work, InstanceState::Cancelled, None);
}
