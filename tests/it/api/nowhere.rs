//! Ids of nothing, in the places where the two businesses have theirs.

use super::outside::Outside;
use super::papers::Papers;
use super::world::Things;

impl Things {
    /// Ids that nothing has.
    pub fn nowhere() -> Things {
        let nothing = || "0199c1f0-7c1e-7d7a-9d5e-0d6f1f6f2a11.4".to_owned();
        Things {
            name: "nothing-there",
            record_type: "nothing_there",
            revision: "4711".to_owned(),
            instance: nothing(),
            incident: nothing(),
            stuck: nothing(),
            doomed_instance: nothing(),
            suspended: nothing(),
            decision: nothing(),
            record: nothing(),
            doomed: nothing(),
            double: nothing(),
            merged: [nothing(), nothing()],
            files: [nothing(), nothing()],
            open: nothing(),
            claimed: std::array::from_fn(|_| nothing()),
            user: nothing(),
            outside: Outside { jobs: std::array::from_fn(|_| [nothing(), nothing()]), outing: nothing() },
            glass: [nothing(), nothing(), nothing()],
            absence: nothing(),
            substitution: nothing(),
            position: nothing(),
            group: nothing(),
            papers: Papers {
                filter: nothing(),
                file: nothing(),
                approval: nothing(),
                vote: nothing(),
                asked: nothing(),
                digest: nothing(),
                standalone: nothing(),
            },
            unit: nothing(),
            colleague: nothing(),
            client: nothing(),
            removable: nothing(),
            old_key: nothing(),
        }
    }
}
