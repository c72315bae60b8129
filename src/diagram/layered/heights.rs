//! How high each item stands: nothing touches, and joints are as straight as can be, the main path before all.

use super::super::simplex::{self, Span};
use super::net::{Item, Kind, Net};

/// The line of each item, from 0 on.
pub(super) fn find(net: &Net) -> Vec<i32> {
    let count = net.items.len();
    let mut spans = Vec::new();
    for column in &net.columns {
        for pair in column.windows(2) {
            let (upper, lower) = (&net.items[pair[0]], &net.items[pair[1]]);
            let least = upper.below + gap(upper, lower) + lower.above;
            spans.push(Span { tail: pair[0], head: pair[1], least, weight: 0 });
        }
    }
    // How far two ends are apart counts, whichever is higher: a variable before both of them says so.
    for (at, joint) in joints(net).enumerate() {
        let [one, other] = joint.ends;
        let least = one.offset.max(other.offset);
        for end in [one, other] {
            spans.push(Span { tail: count + at, head: end.item, least: least - end.offset, weight: joint.weight });
        }
    }
    let mut heights = simplex::solve(count + joints(net).count(), &spans);
    heights.truncate(count);
    let top = (0..count).map(|item| heights[item] - net.items[item].above).min().unwrap_or(0);
    heights.iter_mut().for_each(|height| *height -= top);
    heights
}

fn joints(net: &Net) -> impl Iterator<Item = &super::net::Joint> {
    net.joints.iter().filter(|joint| joint.ends[0].item != joint.ends[1].item)
}

/// Room between two items, one below the other.
fn gap(upper: &Item, lower: &Item) -> i32 {
    match (upper.kind, lower.kind) {
        (Kind::Lane, Kind::Lane) => 14,
        (Kind::Lane, _) | (_, Kind::Lane) => 16,
        (Kind::Room(_), Kind::Room(_)) => 24,
        _ => 12,
    }
}
