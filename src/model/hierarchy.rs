//! The hierarchy of people, computed from all periods of all positions: who stands above whom, how far, and when; and
//! whether a position would stand above itself at any time. Pure; the store keeps the result as rows.

use super::directory::Position;
use super::ids::UserId;
use super::time::Timestamp;
use super::window::Window;
use std::collections::BTreeMap;

/// At most so many positions stand one above the other; more is a mistake in the data, and its closure would explode.
pub const MOST_LEVELS: usize = 100;

/// In this time `superior` stands `depth` persons above `user`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Above {
    /// Who stands above.
    pub superior: UserId,
    /// Above whom.
    pub user: UserId,
    /// When.
    pub window: Window,
    /// How many persons up: 1 is the direct superior. The least, when several positions lead to the same person.
    pub depth: i64,
}

/// Why positions make no hierarchy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knot {
    /// From the position up to itself, or up to where there are too many.
    pub path: Vec<String>,
    /// The first instant at which it is so.
    pub from: Timestamp,
    /// Whether it comes back to where it began.
    pub circle: bool,
}

/// Everybody's superiors at all times, in order. Vacant positions are passed over: those without a holder, those whose
/// holder is not active any more (`inactive`: since when), those held by the person below, and those that are not valid
/// then. What is not valid leads on to where its last period before led, or else its first one. A person who comes twice
/// on the way up counts once, at the first place.
pub fn superiors(positions: &[Position], inactive: &BTreeMap<UserId, Timestamp>) -> Vec<Above> {
    let chart = Chart::of(positions, inactive);
    let mut found: BTreeMap<(UserId, UserId), Vec<(Window, i64)>> = BTreeMap::new();
    for position in positions {
        for period in &position.periods {
            let Some(user) = &period.user else { continue };
            let mut way = Way { chart: &chart, user, path: vec![&position.id], met: Vec::new(), found: &mut found };
            way.up(period.manager.as_deref(), period.window);
        }
    }
    let mut all = Vec::new();
    for ((superior, user), pieces) in found {
        for (window, depth) in nearest(&pieces) {
            all.push(Above { superior: superior.clone(), user: user.clone(), window, depth });
        }
    }
    all
}

/// The first knot in time, if there is one at any instant.
pub fn knot(positions: &[Position]) -> Option<Knot> {
    let nobody = BTreeMap::new();
    let chart = Chart::of(positions, &nobody);
    let met = positions.iter().filter_map(|position| chart.knot(&mut vec![&position.id], Window::ALWAYS));
    met.min_by_key(|knot| knot.from)
}

/// Positions with their gaps filled: at every instant each of them leads somewhere.
struct Chart<'a> {
    pieces: BTreeMap<&'a str, Vec<Piece<'a>>>,
}

/// A position for a time.
struct Piece<'a> {
    window: Window,
    holder: Option<&'a UserId>,
    manager: Option<&'a str>,
}

impl<'a> Chart<'a> {
    fn of(positions: &'a [Position], inactive: &BTreeMap<UserId, Timestamp>) -> Chart<'a> {
        let pieces = positions.iter().map(|position| (position.id.as_str(), pieces(position, inactive)));
        Chart { pieces: pieces.collect() }
    }

    /// What a position is in the parts of a time.
    fn within(&self, position: &str, window: Window) -> Vec<(Window, &Piece<'a>)> {
        let pieces = self.pieces.get(position).map(Vec::as_slice).unwrap_or_default();
        let from = pieces.partition_point(|piece| piece.window.to <= window.from);
        let parts = pieces[from..].iter().map_while(|piece| Some((piece.window.overlap(window)?, piece)));
        parts.collect()
    }

    /// Recursion is bounded by [`MOST_LEVELS`].
    fn knot(&self, path: &mut Vec<&'a str>, window: Window) -> Option<Knot> {
        let last = *path.last()?;
        let mut found: Option<Knot> = None;
        for (part, piece) in self.within(last, window) {
            let Some(manager) = piece.manager else { continue };
            let begin = path.iter().position(|id| *id == manager);
            path.push(manager);
            let here = if begin.is_some() || path.len() > MOST_LEVELS {
                let path = path[begin.unwrap_or(0)..].iter().map(|id| (*id).to_owned()).collect();
                Some(Knot { path, from: part.from, circle: begin.is_some() })
            } else {
                self.knot(path, part)
            };
            path.pop();
            let earlier = |knot: &Knot| found.as_ref().is_none_or(|found| knot.from < found.from);
            found = here.filter(earlier).or(found);
        }
        found
    }
}

/// The periods of a position, split where its holder stops being active, gaps filled.
fn pieces<'a>(position: &'a Position, inactive: &BTreeMap<UserId, Timestamp>) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let first = position.periods.first().and_then(|period| period.manager.as_deref());
    let (mut until, mut manager) = (Window::ALWAYS.from, first);
    for period in position.periods.iter().filter(|period| !period.window.is_empty()) {
        pieces.push(Piece { window: Window { from: until, to: period.window.from }, holder: None, manager });
        manager = period.manager.as_deref();
        let gone = period.user.as_ref().and_then(|user| inactive.get(user)).copied().unwrap_or(Window::ALWAYS.to);
        let gone = gone.clamp(period.window.from, period.window.to);
        let held = Window { from: period.window.from, to: gone };
        pieces.push(Piece { window: held, holder: period.user.as_ref(), manager });
        pieces.push(Piece { window: Window { from: gone, to: period.window.to }, holder: None, manager });
        until = period.window.to;
    }
    pieces.push(Piece { window: Window { from: until, to: Window::ALWAYS.to }, holder: None, manager });
    pieces.retain(|piece| !piece.window.is_empty());
    pieces
}

/// A walk up from a position of a person.
struct Way<'w, 'a> {
    chart: &'w Chart<'a>,
    user: &'a UserId,
    path: Vec<&'a str>,
    met: Vec<&'a UserId>,
    found: &'w mut BTreeMap<(UserId, UserId), Vec<(Window, i64)>>,
}

impl<'a> Way<'_, 'a> {
    /// Circles are refused before they are written; should one be there, the walk ends where it closes.
    fn up(&mut self, position: Option<&'a str>, window: Window) {
        let Some(position) = position.filter(|id| !self.path.contains(id) && self.path.len() <= MOST_LEVELS) else {
            return;
        };
        self.path.push(position);
        let chart = self.chart;
        for (part, piece) in chart.within(position, window) {
            let new = piece.holder.filter(|holder| *holder != self.user && !self.met.contains(holder));
            if let Some(holder) = new {
                self.met.push(holder);
                let depth = self.met.len() as i64;
                self.found.entry((holder.clone(), self.user.clone())).or_default().push((part, depth));
            }
            self.up(piece.manager, part);
            if new.is_some() {
                self.met.pop();
            }
        }
        self.path.pop();
    }
}

/// Overlapping pieces as ones that do not overlap, the least depth of each instant; neighbours of one depth are one.
fn nearest(pieces: &[(Window, i64)]) -> Vec<(Window, i64)> {
    let mut bounds: Vec<Timestamp> = pieces.iter().flat_map(|(window, _)| [window.from, window.to]).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let mut merged: Vec<(Window, i64)> = Vec::new();
    for pair in bounds.windows(2) {
        let window = Window { from: pair[0], to: pair[1] };
        let here = pieces.iter().filter(|(piece, _)| piece.contains(window.from));
        let Some(depth) = here.map(|(_, depth)| *depth).min() else { continue };
        match merged.last_mut().filter(|(last, of)| last.to == window.from && *of == depth) {
            Some((last, _)) => last.to = window.to,
            None => merged.push((window, depth)),
        }
    }
    merged
}
