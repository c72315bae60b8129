//! The net that is laid out: links that lead back are found, rooms and labels get their columns, and what passes by a
//! column gets a lane there. Links to one room share their lanes.

use super::super::simplex::{self, Span};
use super::{Link, Room};
use std::cmp::Ordering;
use std::collections::{BTreeMap, VecDeque};

/// How much it counts that the main path is straight.
pub(super) const MAIN: i32 = 200;

/// What stands in a column.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub kind: Kind,
    pub column: usize,
    pub above: i32,
    pub below: i32,
    pub width: i32,
    /// Whether it is on the main path.
    pub main: bool,
    /// Whether it leads back.
    pub returns: bool,
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Room(usize),
    Label(usize),
    Lane,
}

/// Which side of the way between two columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Left,
    Right,
}

/// One end of a joint: so far below the line of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct End {
    pub item: usize,
    pub offset: i32,
    pub side: Side,
}

/// A piece of a link, in the channel to the left of a column.
#[derive(Debug, Clone)]
pub(super) struct Joint {
    pub channel: usize,
    pub ends: [End; 2],
    pub weight: i32,
}

/// Items in columns, and the joints between them.
#[derive(Debug, Clone, Default)]
pub(super) struct Net {
    pub items: Vec<Item>,
    /// Items of each column from the top down.
    pub columns: Vec<Vec<usize>>,
    pub joints: Vec<Joint>,
    /// The joints of each channel.
    pub channels: Vec<Vec<usize>>,
    /// Of each link its joints, and whether it goes from the first end to the second.
    pub routes: Vec<Vec<(usize, bool)>>,
}

/// A link, or the half of it on one side of its label.
struct Step {
    from: usize,
    offset: i32,
    to: usize,
    link: usize,
    usual: bool,
    back: bool,
}

pub(super) fn build(rooms: &[Room], links: &[Link]) -> Net {
    let back = returning(rooms.len(), links);
    let mut net = Net { routes: vec![Vec::new(); links.len()], ..Net::default() };
    let item = |kind, above, below, width| Item { kind, column: 0, above, below, width, main: false, returns: false };
    net.items
        .extend(rooms.iter().enumerate().map(|(at, room)| item(Kind::Room(at), room.above, room.below, room.width)));
    let mut steps = Vec::new();
    for (at, link) in links.iter().enumerate() {
        let (mut from, mut offset, usual) = (link.from, rooms[link.from].ports[link.port].line, link.port == 0);
        if let Some((width, height)) = link.label {
            let label = net.items.len();
            net.items.push(item(Kind::Label(at), height + 4, 4, width));
            steps.push(Step { from, offset, to: label, link: at, usual, back: false });
            (from, offset) = (label, 0);
        }
        steps.push(Step { from, offset, to: link.to, link: at, usual, back: back[at] });
    }
    let columns = columns(&net.items, &steps);
    net.items.iter_mut().zip(&columns).for_each(|(item, column)| item.column = *column);
    let main = main_path(rooms, &mut net.items, &steps);
    join(&mut net, &steps, &main);
    seat(&mut net);
    net
}

/// Which links lead back to where their path came from, from the first room on.
fn returning(count: usize, links: &[Link]) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Not,
        Open,
        Done,
    }
    let mut back = vec![false; links.len()];
    let mut seen = vec![Seen::Not; count];
    let out: Vec<Vec<usize>> = (0..count)
        .map(|room| {
            let mut out: Vec<usize> = (0..links.len()).filter(|&link| links[link].from == room).collect();
            out.sort_by_key(|&link| links[link].port);
            out
        })
        .collect();
    let sources = (0..count).filter(|&room| !links.iter().any(|link| link.to == room));
    let roots: Vec<usize> = std::iter::once(0).chain(sources).chain(0..count).filter(|&room| room < count).collect();
    for root in roots {
        if seen[root] != Seen::Not {
            continue;
        }
        seen[root] = Seen::Open;
        let mut path = vec![(root, 0)];
        while let Some((room, next)) = path.last_mut() {
            let Some(&link) = out[*room].get(*next) else {
                seen[*room] = Seen::Done;
                path.pop();
                continue;
            };
            *next += 1;
            let to = links[link].to;
            match seen[to] {
                Seen::Open => back[link] = true,
                Seen::Done => {}
                Seen::Not => {
                    seen[to] = Seen::Open;
                    path.push((to, 0));
                }
            }
        }
    }
    back
}

/// The column of each item: after all that lead to it, and as near to them as can be. A label follows its room.
fn columns(items: &[Item], steps: &[Step]) -> Vec<usize> {
    let forward = steps.iter().filter(|step| !step.back);
    let spans: Vec<Span> = forward
        .map(|step| {
            let weight = if matches!(items[step.to].kind, Kind::Label(_)) { 16 } else { 1 + i32::from(step.usual) };
            Span { tail: step.from, head: step.to, least: 1, weight }
        })
        .collect();
    simplex::solve(items.len(), &spans).into_iter().map(|column| usize::try_from(column).unwrap_or(0)).collect()
}

/// Finds the way of most nodes from the first room on usual links; it will be straight. Says which steps are on it.
fn main_path(rooms: &[Room], items: &mut [Item], steps: &[Step]) -> Vec<bool> {
    let mut from_end: Vec<usize> = (0..items.len()).collect();
    from_end.sort_by_key(|&item| std::cmp::Reverse(items[item].column));
    let mut best: Vec<(usize, Option<usize>)> = vec![(0, None); items.len()];
    for item in from_end {
        let own = match items[item].kind {
            Kind::Room(room) => rooms[room].nodes,
            Kind::Label(_) | Kind::Lane => 0,
        };
        let ways = steps.iter().enumerate().filter(|(_, step)| step.from == item && !step.back && step.usual);
        let mut ways: Vec<(usize, usize)> = ways.map(|(at, step)| (best[step.to].0, at)).collect();
        if matches!(items[item].kind, Kind::Room(room) if rooms[room].fair) {
            ways = ways.get(ways.len().saturating_sub(1) / 2).copied().into_iter().collect();
        }
        let longest = ways.into_iter().max_by_key(|(nodes, at)| (*nodes, std::cmp::Reverse(*at)));
        best[item] = longest.map_or((own, None), |(nodes, at)| (own + nodes, Some(at)));
    }
    let mut main = vec![false; steps.len()];
    let mut at = 0;
    loop {
        items[at].main = true;
        let Some(step) = best[at].1 else { return main };
        main[step] = true;
        at = steps[step].to;
    }
}

/// Makes lanes and joints. A lane is known by where it leads, in which direction, and its column.
fn join(net: &mut Net, steps: &[Step], main: &[bool]) {
    let mut lanes: BTreeMap<(usize, bool, usize), usize> = BTreeMap::new();
    let mut known: BTreeMap<(usize, [End; 2]), usize> = BTreeMap::new();
    let alone = |end: fn(&Step) -> usize, item| steps.iter().filter(|step| end(step) == item).count() == 1;
    for (step, &main) in steps.iter().zip(main) {
        let (first, last) = (net.items[step.from].column, net.items[step.to].column);
        let passed: Vec<usize> = if step.back { (last..=first).rev().collect() } else { (first + 1..last).collect() };
        let mut at = (step.from, step.offset);
        let mut before = first;
        for column in passed.into_iter().map(Some).chain([None]) {
            let (item, column) = match column {
                None => (step.to, last),
                Some(column) => (
                    *lanes.entry((step.to, step.back, column)).or_insert_with(|| {
                        let lane = Item {
                            kind: Kind::Lane,
                            column,
                            above: 0,
                            below: 0,
                            width: 0,
                            main: false,
                            returns: step.back,
                        };
                        net.items.push(lane);
                        net.items.len() - 1
                    }),
                    column,
                ),
            };
            net.items[item].main |= main;
            let weight = match (net.items[at.0].kind, net.items[item].kind) {
                _ if main => MAIN,
                // Behind a label a line goes straight on, and lanes are long.
                (Kind::Label(_), _) | (Kind::Lane, Kind::Lane) => 40,
                (Kind::Lane, _) => 8,
                _ if alone(|step| step.from, step.from) && alone(|step| step.to, step.to) => 6,
                _ if step.usual => 3,
                _ => 2,
            };
            let (joint, forward) = match column.cmp(&before) {
                Ordering::Greater => (between(at, (item, 0), column, weight), true),
                Ordering::Less => (between((item, 0), at, before, weight), false),
                Ordering::Equal => (turn(at, (item, 0), column, net.items[item].kind), true),
            };
            let place = *known.entry((joint.channel, joint.ends)).or_insert_with(|| {
                net.joints.push(joint);
                net.joints.len() - 1
            });
            net.routes[step.link].push((place, forward));
            (at, before) = ((item, 0), column);
        }
    }
}

/// The joint across the channel before a column.
fn between(left: (usize, i32), right: (usize, i32), column: usize, weight: i32) -> Joint {
    let ends = [(left, Side::Left), (right, Side::Right)].map(|((item, offset), side)| End { item, offset, side });
    Joint { channel: column, ends, weight }
}

/// A turn inside a column: out of a room into the lane that leads back, or out of that lane into its room.
fn turn(from: (usize, i32), to: (usize, i32), column: usize, kind: Kind) -> Joint {
    let (channel, side) = if kind == Kind::Lane { (column + 1, Side::Left) } else { (column, Side::Right) };
    Joint { channel, ends: [from, to].map(|(item, offset)| End { item, offset, side }), weight: 1 }
}

/// The first order of each column: as one comes by on a walk from the first item on.
fn seat(net: &mut Net) {
    let count = net.items.iter().map(|item| item.column + 1).max().unwrap_or(0);
    net.channels = vec![Vec::new(); count + 1];
    net.joints.iter().enumerate().for_each(|(at, joint)| net.channels[joint.channel].push(at));
    net.columns = vec![Vec::new(); count];
    let mut seen = vec![false; net.items.len()];
    let mut open: VecDeque<usize> = (0..net.items.len()).collect();
    while let Some(item) = open.pop_front() {
        if std::mem::replace(&mut seen[item], true) {
            continue;
        }
        net.columns[net.items[item].column].push(item);
        let channel = net.channels[net.items[item].column + 1].iter().map(|&joint| &net.joints[joint]);
        let next = channel.filter(|joint| joint.ends[0].item == item && joint.ends[1].side == Side::Right);
        next.rev().for_each(|joint| open.push_front(joint.ends[1].item));
    }
}
