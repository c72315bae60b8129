//! A channel between two columns: joints that are not straight go up or down on tracks. Joints that leave or reach the
//! same end share a track; others do not touch.

use super::net::{End, Joint, Side};
use std::collections::BTreeMap;

/// Joints on one track.
struct Group {
    joints: Vec<usize>,
    top: i32,
    bottom: i32,
    left: Vec<i32>,
    right: Vec<i32>,
}

/// The tracks of joints in one channel: the track of each joint that needs one, from the left, and how many there are.
pub(super) fn tracks(joints: &[(usize, &Joint)], heights: &[i32]) -> (BTreeMap<usize, usize>, usize) {
    let mut groups = groups(joints, heights);
    arrange(&mut groups);
    let mut taken: Vec<(usize, i32, i32)> = Vec::new();
    let mut tracks = BTreeMap::new();
    for group in &groups {
        let beside = taken.iter().filter(|(_, top, bottom)| *top <= group.bottom + 6 && group.top <= *bottom + 6);
        let track = beside.map(|(track, ..)| track + 1).max().unwrap_or(0);
        taken.push((track, group.top, group.bottom));
        tracks.extend(group.joints.iter().map(|&joint| (joint, track)));
    }
    let count = taken.iter().map(|(track, ..)| track + 1).max().unwrap_or(0);
    (tracks, count)
}

/// How high an end is.
pub(super) fn height(end: &End, heights: &[i32]) -> i32 {
    heights[end.item] + end.offset
}

fn groups(joints: &[(usize, &Joint)], heights: &[i32]) -> Vec<Group> {
    let sharing = |end: &End| joints.iter().filter(|(_, joint)| joint.ends.contains(end)).count();
    let mut groups: BTreeMap<End, Group> = BTreeMap::new();
    for (at, joint) in joints {
        let [from, to] = &joint.ends;
        if from.side != to.side && height(from, heights) == height(to, heights) {
            continue;
        }
        let shared = if sharing(to) > 1 { to } else { from };
        let empty = Group { joints: Vec::new(), top: i32::MAX, bottom: i32::MIN, left: Vec::new(), right: Vec::new() };
        let group = groups.entry(*shared).or_insert(empty);
        group.joints.push(*at);
        for end in [from, to] {
            let height = height(end, heights);
            (group.top, group.bottom) = (group.top.min(height), group.bottom.max(height));
            match end.side {
                Side::Left => group.left.push(height),
                Side::Right => group.right.push(height),
            }
        }
    }
    groups.into_values().collect()
}

/// Finds an order from left to right with few crossings: each group is tried at every place until nothing gets better.
fn arrange(groups: &mut Vec<Group>) {
    groups.sort_by_key(|group| (group.top + group.bottom, group.top));
    for _ in 0..8 {
        let mut better = false;
        for at in 0..groups.len() {
            let costs = |group: &Group, place: usize| -> i32 {
                let others = groups.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other);
                others
                    .enumerate()
                    .map(|(n, other)| if n < place { cost(other, group) } else { cost(group, other) })
                    .sum()
            };
            let place = (0..groups.len()).min_by_key(|&place| (costs(&groups[at], place), place.abs_diff(at)));
            if let Some(place) = place.filter(|&place| costs(&groups[at], place) < costs(&groups[at], at)) {
                let group = groups.remove(at);
                groups.insert(place, group);
                better = true;
            }
        }
        if !better {
            return;
        }
    }
}

/// What it costs that one group is to the left of another: crossings, and lines that would lie on one another.
fn cost(left: &Group, right: &Group) -> i32 {
    let crosses = |height: &&i32, group: &Group| group.top <= **height && **height <= group.bottom;
    let out = left.right.iter().filter(|height| crosses(height, right)).count();
    let into = right.left.iter().filter(|height| crosses(height, left)).count();
    let same = left.right.iter().filter(|height| right.left.contains(height)).count();
    i32::try_from(out + into + 20 * same).unwrap_or(i32::MAX)
}
