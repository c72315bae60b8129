//! The closure of the hierarchy against a plain walk, instant by instant, over organisations made up at random.

use kamflow::model::authority::Limits;
use kamflow::model::directory::{Period, Position};
use kamflow::model::hierarchy::{self, Above};
use kamflow::model::ids::UserId;
use kamflow::model::time::Timestamp;
use kamflow::model::window::Window;
use std::collections::BTreeMap;

const DAYS: i64 = 12;

#[test]
fn it_says_what_a_walk_at_every_instant_says() {
    let (mut rows, mut knots) = (0, 0);
    for seed in 0..3_000 {
        let mut dice = Dice(seed);
        let (positions, inactive) = organisation(&mut dice);
        let all = hierarchy::superiors(&positions, &inactive);
        let knot = hierarchy::knot(&positions);
        let circle =
            (-1..=DAYS).find(|day| positions.iter().any(|position| runs_in_a_circle(&positions, position, *day)));
        assert_eq!(knot.as_ref().map(|knot| knot.from.0.max(-1)), circle, "seed {seed}: {knot:?}");
        if let Some(knot) = knot {
            knots += 1;
            assert!(knot.circle && knot.path.len() >= 2 && knot.path.first() == knot.path.last(), "seed {seed}");
            continue;
        }
        for day in -1..=DAYS {
            let mut walked = BTreeMap::new();
            for position in &positions {
                walk(&positions, &inactive, position, day, &mut walked);
            }
            let said: BTreeMap<_, _> = all
                .iter()
                .filter(|above| above.window.contains(Timestamp(day)))
                .map(|above| ((above.user.clone(), above.superior.clone()), above.depth))
                .collect();
            assert_eq!(said, walked, "seed {seed}, day {day}");
        }
        assert_eq!(all, merged(all.clone()), "seed {seed}: sorted, and neighbours of one depth are one row");
        rows += all.len();
    }
    assert!(rows > 6_000 && knots > 200, "the dice made {rows} rows and {knots} circles: too few to prove anything");
}

#[test]
fn who_is_met_twice_counts_once_and_the_nearest_way_counts() {
    let positions = [
        seat("rep", "anna", Some("lead")),
        seat("lead", "bo", Some("region")),
        seat("region", "bo", Some("ceo")),
        seat("ceo", "carl", None),
        seat("project", "anna", Some("ceo")),
    ];
    let said: Vec<(String, i64)> = hierarchy::superiors(&positions, &BTreeMap::new())
        .into_iter()
        .filter(|above| above.user.as_str() == "anna")
        .map(|above| (above.superior.0, above.depth))
        .collect();
    assert_eq!(
        said,
        [("bo".to_owned(), 1), ("carl".to_owned(), 1)],
        "carl is two up by one position, one by the other"
    );
}

#[test]
fn a_tower_is_refused_before_its_closure_explodes() {
    let name = |floor: usize| format!("p{floor:04}");
    let tower: Vec<Position> = (0..5_000)
        .map(|floor: usize| seat(&name(floor), &format!("u{floor}"), floor.checked_sub(1).map(name).as_deref()))
        .collect();
    let knot = hierarchy::knot(&tower).unwrap();
    assert!(!knot.circle && knot.from == Window::ALWAYS.from, "{knot:?}");
    assert_eq!(hierarchy::knot(&tower[..=hierarchy::MOST_LEVELS - 1]), None);
}

/// What one position gives the person in it on a day, said as the page says it.
fn walk(
    positions: &[Position],
    inactive: &BTreeMap<UserId, Timestamp>,
    position: &Position,
    day: i64,
    found: &mut BTreeMap<(UserId, UserId), i64>,
) {
    let Some(user) = position.at(Timestamp(day)).and_then(|period| period.user.clone()) else { return };
    let mut met: Vec<UserId> = Vec::new();
    let mut next = manager(position, day);
    while let Some(position) = next.and_then(|id| positions.iter().find(|position| position.id == id)) {
        let holder = position.at(Timestamp(day)).and_then(|period| period.user.clone());
        let active = |holder: &UserId| inactive.get(holder).is_none_or(|since| day < since.0);
        if let Some(holder) = holder.filter(|holder| *holder != user && active(holder) && !met.contains(holder)) {
            met.push(holder.clone());
            let depth = found.entry((user.clone(), holder)).or_insert(i64::MAX);
            *depth = (*depth).min(met.len() as i64);
        }
        next = manager(position, day);
    }
}

/// The manager on a day; where the position is not valid, that of the last period before, else of the first.
fn manager(position: &Position, day: i64) -> Option<String> {
    let now = position.at(Timestamp(day));
    let before = position.periods.iter().rfind(|period| period.window.to.0 <= day);
    now.or(before).or(position.periods.first())?.manager.clone()
}

fn runs_in_a_circle(positions: &[Position], position: &Position, day: i64) -> bool {
    let mut next = manager(position, day);
    for _ in 0..=positions.len() {
        let Some(id) = next else { return false };
        next = positions.iter().find(|position| position.id == id).and_then(|position| manager(position, day));
    }
    true
}

/// The same rows, put together where they could be.
fn merged(mut all: Vec<Above>) -> Vec<Above> {
    all.sort();
    all.dedup_by(|later, earlier| {
        let same = (&later.superior, &later.user) == (&earlier.superior, &earlier.user);
        same && (later.window.from < earlier.window.to
            || (later.window.from == earlier.window.to && later.depth == earlier.depth))
    });
    all
}

/// Positions whose managers mostly stand above them, with holders that change, gaps, and people who leave.
fn organisation(dice: &mut Dice) -> (Vec<Position>, BTreeMap<UserId, Timestamp>) {
    let positions = 3 + dice.up_to(6);
    let made = (0..positions).map(|number| {
        let mut position = Position { id: format!("p{number}"), periods: Vec::new(), version: 1 };
        for _ in 0..=dice.up_to(4) {
            let (from, to) = (dice.up_to(DAYS), dice.up_to(DAYS));
            let bound = |dice: &mut Dice, at: i64| (dice.up_to(4) > 0).then_some(Timestamp(at));
            let window = Window::between(bound(dice, from.min(to)), bound(dice, from.max(to) + 1));
            let any = dice.up_to(40) == 0;
            let manager = if any { dice.up_to(positions) } else { dice.up_to(number + 1) - 1 };
            position.set(Period {
                window,
                unit: "u".to_owned(),
                title: "Seat".to_owned(),
                user: (dice.up_to(5) > 0).then(|| UserId(format!("u{}", dice.up_to(5)))),
                manager: (manager >= 0).then(|| format!("p{manager}")),
                limits: Limits::new(),
            });
        }
        position
    });
    let made = made.collect();
    let inactive = (0..5).filter_map(|user| {
        let since = dice.up_to(DAYS * 4);
        (since < DAYS).then(|| (UserId(format!("u{user}")), Timestamp(since)))
    });
    (made, inactive.collect())
}

/// The same throws for the same seed, everywhere.
struct Dice(u64);

impl Dice {
    /// 0 up to one less than `sides`.
    fn up_to(&mut self, sides: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % sides as u64) as i64
    }
}

fn seat(id: &str, user: &str, manager: Option<&str>) -> Position {
    let period = Period {
        window: Window::ALWAYS,
        unit: "u".to_owned(),
        title: id.to_owned(),
        user: Some(user.into()),
        manager: manager.map(str::to_owned),
        limits: Limits::new(),
    };
    Position { id: id.to_owned(), periods: vec![period], version: 1 }
}
