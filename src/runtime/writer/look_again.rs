//! Approvals whose records were changed look at them again, in the transaction of the change and before anybody else's
//! turn: no vote is counted for what is not there any more.

use super::lane::Lane;
use crate::model::ids::InstanceId;
use crate::runtime::request::Change;
use crate::store::{StoreError, bindings};
use std::collections::BTreeMap;

/// How often what approvals lead to may change what others are about.
const MOST: usize = 100;

/// Has all of them look again; false: somebody else was faster with one, and the job is to be run again.
pub(super) fn look_again(lane: &mut Lane) -> Result<bool, StoreError> {
    for _ in 0..MOST {
        let touched = bindings::take_touched(lane.conn, &lane.job.actor.business)?;
        if touched.is_empty() {
            return Ok(true);
        }
        let mut by_root: BTreeMap<InstanceId, Vec<String>> = BTreeMap::new();
        for (root, approval) in touched {
            by_root.entry(root).or_default().push(approval);
        }
        for (root, approvals) in by_root {
            match lane.also(Change::LookAgain(root.clone(), approvals))? {
                Some(Ok(_)) => {}
                Some(Err(refusal)) => {
                    tracing::error!(%root, refusal.detail, "an approval could not look at its record again");
                }
                None => return Ok(false),
            }
        }
    }
    tracing::error!(
        "approvals changed what others are about again and again; they look when something else moves them"
    );
    Ok(true)
}
