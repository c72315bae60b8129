//! Where columns stand, and the path of every link: from its port along its joints to its room, with right angles.

use super::channel;
use super::net::{Kind, Net};
use super::{Laid, Link, Point, Room};
use std::collections::BTreeMap;

/// Between two tracks of a channel.
const TRACK: i32 = 12;
/// Before the first track, and after the last one, where arrowheads are.
const BEFORE: i32 = 14;
const AFTER: i32 = 20;
/// A channel without tracks.
const STRAIGHT: i32 = 28;

pub(super) fn draw(rooms: &[Room], links: &[Link], net: &Net, heights: &[i32]) -> Laid {
    let (lefts, tracks, width) = columns(net, heights);
    let left = |item: usize| lefts[item];
    let mut laid = Laid {
        width,
        height: (0..net.items.len()).map(|item| heights[item] + net.items[item].below).max().unwrap_or(0),
        line: heights.first().copied().unwrap_or(0),
        rooms: vec![Point { x: 0, y: 0 }; rooms.len()],
        labels: vec![None; links.len()],
        paths: Vec::new(),
    };
    for (at, item) in net.items.iter().enumerate() {
        let place = Point { x: left(at), y: heights[at] };
        match item.kind {
            Kind::Room(room) => laid.rooms[room] = place,
            Kind::Label(link) => laid.labels[link] = Some(place),
            Kind::Lane => {}
        }
    }
    for (link, route) in links.iter().zip(&net.routes) {
        let (port, from, to) = (rooms[link.from].ports[link.port], laid.rooms[link.from], laid.rooms[link.to]);
        let mut path = vec![Point { x: from.x + port.x, y: from.y + port.start }];
        path.push(Point { x: from.x + port.x, y: from.y + port.line });
        for &(joint, forward) in route {
            let [mut start, mut end] = net.joints[joint].ends.map(|end| channel::height(&end, heights));
            if !forward {
                (start, end) = (end, start);
            }
            if let Some(&x) = tracks.get(&joint) {
                path.extend([Point { x, y: start }, Point { x, y: end }]);
            }
        }
        path.push(Point { x: to.x + rooms[link.to].entry, y: to.y });
        laid.paths.push(corners(path));
    }
    laid
}

/// The left edge of each item, where the track of each joint is, and how wide all is.
fn columns(net: &Net, heights: &[i32]) -> (Vec<i32>, BTreeMap<usize, i32>, i32) {
    let mut lefts = vec![0; net.items.len()];
    let mut places = BTreeMap::new();
    let mut x = 0;
    for at in 0..=net.columns.len() {
        let joints: Vec<_> = net.channels[at].iter().map(|&joint| (joint, &net.joints[joint])).collect();
        let (tracks, count) = channel::tracks(&joints, heights);
        let outside = at == 0 || at == net.columns.len();
        for (joint, track) in tracks {
            places.insert(joint, x + BEFORE + i32::try_from(track).unwrap_or(0) * TRACK);
        }
        x += match i32::try_from(count).unwrap_or(0) {
            0 if outside => 0,
            0 => STRAIGHT,
            count => BEFORE + (count - 1) * TRACK + AFTER,
        };
        let Some(column) = net.columns.get(at) else { break };
        let width = column.iter().map(|&item| net.items[item].width).max().unwrap_or(0);
        for &item in column {
            // What is written at a line stands near where the line comes from.
            let spare = if matches!(net.items[item].kind, Kind::Label(_)) { 0 } else { width - net.items[item].width };
            lefts[item] = x + spare / 2;
        }
        x += width;
    }
    (lefts, places, x)
}

/// The same path without points on straight pieces.
fn corners(path: Vec<Point>) -> Vec<Point> {
    let mut corners: Vec<Point> = Vec::new();
    for point in path {
        if corners.last() == Some(&point) {
            continue;
        }
        if let [.., before, last] = corners[..]
            && (before.x == last.x && last.x == point.x || before.y == last.y && last.y == point.y)
        {
            corners.pop();
        }
        corners.push(point);
    }
    corners
}
