//! Who stands above whom in each column: every item near the middle of its neighbours, as few crossings as can be found,
//! and what leads back below the main path.

use super::net::{End, MAIN, Net, Side};

/// Walks over all columns, there and back.
const WALKS: usize = 14;

pub(super) fn arrange(net: &mut Net) {
    keep_below(net);
    let mut best = (crossings(net, &positions(net)), net.columns.clone());
    for walk in 0..WALKS {
        let count = net.columns.len();
        for step in 0..count {
            let column = if walk % 2 == 0 { step } else { count - 1 - step };
            let towards = if walk % 2 == 0 { Side::Left } else { Side::Right };
            sort(net, column, towards);
        }
        keep_below(net);
        exchange(net);
        let crossings = crossings(net, &positions(net));
        if crossings < best.0 {
            best = (crossings, net.columns.clone());
        }
    }
    net.columns = best.1;
}

/// Where each item stands in its column.
fn positions(net: &Net) -> Vec<i32> {
    let mut positions = vec![0; net.items.len()];
    for column in &net.columns {
        for (position, &item) in (0..).zip(column) {
            positions[item] = position;
        }
    }
    positions
}

/// How high an end is, fine enough that several links out of one room differ.
fn height(positions: &[i32], end: &End) -> i64 {
    i64::from(positions[end.item]) * 10_000 + i64::from(end.offset.min(9_999))
}

/// Orders a column by the middle of the neighbours on one side; who has none there stays.
fn sort(net: &mut Net, column: usize, towards: Side) {
    let positions = positions(net);
    let mut middles: Vec<(i64, i64)> = vec![(0, 0); net.items.len()];
    for joint in
        [column, column + 1].iter().flat_map(|&channel| &net.channels[channel]).map(|&joint| &net.joints[joint])
    {
        for (own, other) in [(0, 1), (1, 0)] {
            let (own, other) = (&joint.ends[own], &joint.ends[other]);
            if own.side != other.side && other.side == towards || own.side == other.side && net.items[own.item].returns
            {
                let weight = i64::from(joint.weight);
                let middle = &mut middles[own.item];
                *middle = (
                    middle.0 + weight * (height(&positions, other) - i64::from(own.offset.min(9_999))),
                    middle.1 + weight,
                );
            }
        }
    }
    let key = |item: usize| middles[item].0 * 100 / middles[item].1.max(1);
    let slots: Vec<usize> =
        (0..net.columns[column].len()).filter(|&slot| middles[net.columns[column][slot]].1 > 0).collect();
    let mut movable: Vec<usize> = slots.iter().map(|&slot| net.columns[column][slot]).collect();
    movable.sort_by_key(|&item| key(item));
    slots.into_iter().zip(movable).for_each(|(slot, item)| net.columns[column][slot] = item);
}

/// Puts what leads back below the main path.
fn keep_below(net: &mut Net) {
    for column in &mut net.columns {
        let Some(main) = column.iter().position(|&item| net.items[item].main) else { continue };
        let (back, rest): (Vec<usize>, Vec<usize>) = column[..main].iter().partition(|&&item| net.items[item].returns);
        let after = column.split_off(main + 1);
        let main = column[main];
        *column = rest.into_iter().chain([main]).chain(back).chain(after).collect();
    }
}

/// Exchanges neighbours in a column as long as that spares crossings.
fn exchange(net: &mut Net) {
    let mut positions = positions(net);
    let mut now = crossings(net, &positions);
    for _ in 0..4 {
        let before = now;
        for column in 0..net.columns.len() {
            for slot in 1..net.columns[column].len() {
                let (upper, lower) = (net.columns[column][slot - 1], net.columns[column][slot]);
                if net.items[upper].main && net.items[lower].returns {
                    continue;
                }
                positions.swap(upper, lower);
                let then = around(net, &positions, column);
                positions.swap(upper, lower);
                let here = around(net, &positions, column);
                if then < here {
                    positions.swap(upper, lower);
                    net.columns[column].swap(slot - 1, slot);
                    now -= here - then;
                }
            }
        }
        if now == before {
            break;
        }
    }
}

/// Crossings in all channels.
fn crossings(net: &Net, positions: &[i32]) -> i64 {
    (0..=net.columns.len()).map(|channel| crossings_in(net, positions, channel)).sum()
}

/// Crossings on both sides of a column.
fn around(net: &Net, positions: &[i32], column: usize) -> i64 {
    crossings_in(net, positions, column) + crossings_in(net, positions, column + 1)
}

/// Pairs of joints that cross; a turn crosses what comes between its ends.
fn crossings_in(net: &Net, positions: &[i32], channel: usize) -> i64 {
    let mut across = Vec::new();
    let mut turns = Vec::new();
    for joint in net.channels[channel].iter().map(|&joint| &net.joints[joint]) {
        let heights = [height(positions, &joint.ends[0]), height(positions, &joint.ends[1])];
        match joint.ends[0].side == joint.ends[1].side {
            false => across.push((heights, joint.weight)),
            true => turns.push((heights, joint.ends[0].side)),
        }
    }
    let cost = |one: i32, other: i32| if one.max(other) >= MAIN { 3 } else { 2 };
    let mut count = 0;
    for (at, (one, weight)) in across.iter().enumerate() {
        for (other, other_weight) in &across[..at] {
            if (one[0] - other[0]).signum() * (one[1] - other[1]).signum() < 0 {
                count += cost(*weight, *other_weight);
            }
        }
        for (turn, side) in &turns {
            let at = one[usize::from(*side == Side::Right)];
            if turn[0].min(turn[1]) < at && at < turn[0].max(turn[1]) {
                count += cost(*weight, 0);
            }
        }
    }
    count
}
