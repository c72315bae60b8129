//! A layered layout from left to right (Sugiyama): rooms of any size joined by links become places and paths with right
//! angles. It knows nothing of processes. The steps stand one in a file: `net` breaks circles and finds the columns,
//! `order` who stands above whom, `heights` how high, `channel` and `paths` the ways between columns.

mod channel;
mod heights;
mod net;
mod order;
mod paths;

/// A point, in pixels from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// To the right.
    pub x: i32,
    /// Down.
    pub y: i32,
}

/// What a thing takes, measured around its line: the height at which arrows come in and go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Room {
    pub above: i32,
    pub below: i32,
    pub width: i32,
    /// How many nodes are in it: the main path leads by as many as it can.
    pub nodes: usize,
    /// Whether all ways out of it are alike, so that the one in the middle goes straight on.
    pub fair: bool,
    /// Where arrows end, from its left edge.
    pub entry: i32,
    /// Where links begin; the first is the usual one.
    pub ports: Vec<Port>,
}

/// Where a link begins: at `x` from the left edge of the room and `start` below its line; it goes on at `line` below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Port {
    pub x: i32,
    pub start: i32,
    pub line: i32,
}

/// What joins two rooms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Link {
    pub from: usize,
    pub port: usize,
    pub to: usize,
    /// Width and height of its label.
    pub label: Option<(i32, i32)>,
}

/// Where everything is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Laid {
    pub width: i32,
    pub height: i32,
    /// How high the line of the first room is.
    pub line: i32,
    /// Of each room its left edge and its line.
    pub rooms: Vec<Point>,
    /// Of each link the left end of the line that its label stands on.
    pub labels: Vec<Option<Point>>,
    /// Of each link the corners of its path.
    pub paths: Vec<Vec<Point>>,
}

/// Between two parts that nothing joins.
const APART: i32 = 34;

/// Lays rooms out. The first one is where people begin to read.
pub(super) fn lay(rooms: &[Room], links: &[Link]) -> Laid {
    let origin = Point { x: 0, y: 0 };
    let mut whole = Laid {
        rooms: vec![origin; rooms.len()],
        labels: vec![None; links.len()],
        paths: vec![Vec::new(); links.len()],
        ..Laid::default()
    };
    let parts = parts(rooms.len(), links);
    for part in 0..parts.iter().max().map_or(0, |last| last + 1) {
        let members: Vec<usize> = (0..rooms.len()).filter(|&room| parts[room] == part).collect();
        let inside: Vec<usize> = (0..links.len()).filter(|&link| parts[links[link].from] == part).collect();
        let at = |room: usize| members.binary_search(&room).unwrap_or_default();
        let own_rooms: Vec<Room> = members.iter().map(|&room| rooms[room].clone()).collect();
        let own_links = inside.iter().map(|&link| &links[link]);
        let own_links: Vec<Link> =
            own_links.map(|link| Link { from: at(link.from), to: at(link.to), ..link.clone() }).collect();
        let laid = connected(&own_rooms, &own_links);
        let down = if part == 0 { 0 } else { whole.height + APART };
        let moved = |point: Point| Point { x: point.x, y: point.y + down };
        members.iter().zip(laid.rooms).for_each(|(&room, point)| whole.rooms[room] = moved(point));
        inside.iter().zip(laid.labels).for_each(|(&link, point)| whole.labels[link] = point.map(moved));
        for (&link, path) in inside.iter().zip(laid.paths) {
            whole.paths[link] = path.into_iter().map(moved).collect();
        }
        whole.width = whole.width.max(laid.width);
        whole.height = down + laid.height;
        if part == 0 {
            whole.line = laid.line;
        }
    }
    whole
}

/// Which part each room is in; the part of the first room is 0.
fn parts(count: usize, links: &[Link]) -> Vec<usize> {
    let mut parts = vec![usize::MAX; count];
    let mut next = 0;
    for room in 0..count {
        if parts[room] != usize::MAX {
            continue;
        }
        parts[room] = next;
        let mut grown = true;
        while grown {
            grown = false;
            for link in links {
                for (from, to) in [(link.from, link.to), (link.to, link.from)] {
                    if parts[from] == next && parts[to] != next {
                        parts[to] = next;
                        grown = true;
                    }
                }
            }
        }
        next += 1;
    }
    parts
}

/// Lays out rooms that hang together.
fn connected(rooms: &[Room], links: &[Link]) -> Laid {
    let mut net = net::build(rooms, links);
    order::arrange(&mut net);
    let heights = heights::find(&net);
    paths::draw(rooms, links, &net, &heights)
}
