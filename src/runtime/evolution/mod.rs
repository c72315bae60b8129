//! Changing record types while records are there: what a revision would break is found before it is stored (`compare`),
//! records read by the new rules at once (`open` sets their lenses), and a batch of ordinary commands brings them there
//! (`work`). Reasons stand in `docs/decisions/0014-type-evolution.md`.

mod compare;
mod deploy;
mod each;
mod open;
mod progress;
mod tally;
mod together;
mod work;

pub use compare::Comparison;
pub use deploy::changes_types;
pub(super) use deploy::recheck;
pub(super) use open::{open, restamp};
pub(super) use work::rederive;

use crate::engine::evaluator::Evaluator;
use crate::model::definitions::Definitions;
use crate::model::ids::{BusinessId, UserId};
use crate::model::time::Timestamp;
use crate::plugins::Desk;
use crate::store::Connection;

/// Records looked at in one go.
const CHUNK: i64 = 500;

/// A desk for looking only.
fn looking<'a>(
    conn: &'a mut Connection,
    business: &'a BusinessId,
    actor: &'a UserId,
    definitions: &'a Definitions,
    scripts: &'a dyn Evaluator,
    new_id: &'a mut dyn FnMut() -> String,
) -> Desk<'a> {
    let now = Timestamp::default();
    Desk {
        conn,
        business,
        actor,
        now,
        through: None,
        instance: None,
        reason: None,
        definitions,
        scripts,
        pinned: None,
        new_id,
    }
}
