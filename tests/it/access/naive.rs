//! Relations and hierarchy read as they are written, one person and one record at a time: what the SQL must agree with.

use super::world::{PEOPLE, person};
use crate::support::random::Random;
use std::collections::BTreeSet;

/// A relation.
#[derive(Debug, Clone)]
pub enum Word {
    Anyone,
    Role(&'static str),
    Person(&'static str),
    Superior(&'static str),
    Direct(&'static str),
    Member(&'static str),
    Reader(&'static str),
}

impl Word {
    pub fn parse(text: &'static str) -> Word {
        if text == "anyone" {
            return Word::Anyone;
        }
        if let Some(role) = text.strip_prefix("role:") {
            return Word::Role(role);
        }
        match text.strip_suffix(')').and_then(|text| text.split_once('(')) {
            None => Word::Person(text),
            Some(("superior", field)) => Word::Superior(field),
            Some(("direct_superior", field)) => Word::Direct(field),
            Some(("member", field)) => Word::Member(field),
            Some((_, field)) => Word::Reader(field),
        }
    }

    pub fn text(&self) -> String {
        match self {
            Word::Anyone => "anyone".to_owned(),
            Word::Role(role) => format!("role:{role}"),
            Word::Person(field) => (*field).to_owned(),
            Word::Superior(field) => format!("superior({field})"),
            Word::Direct(field) => format!("direct_superior({field})"),
            Word::Member(field) => format!("member({field})"),
            Word::Reader(field) => format!("reader({field})"),
        }
    }
}

/// Positions: each has a holder or none, and one above it or none. Some were held by another until an hour ago.
pub struct Hierarchy {
    pub seats: Vec<Seat>,
}

pub struct Seat {
    pub holder: Option<String>,
    pub above: Option<usize>,
    /// Who held it before.
    pub before: Option<String>,
}

impl Hierarchy {
    /// More positions than people: vacant ones, and people with two.
    pub fn grown(random: &mut Random) -> Hierarchy {
        let seats = (0..PEOPLE + 3).map(|number| Seat {
            holder: (random.below(5) > 0).then(|| person(random.below(PEOPLE))),
            above: if number == 0 || random.below(8) == 0 { None } else { Some(random.below(number)) },
            before: (random.below(5) == 0).then(|| person(random.below(PEOPLE))),
        });
        Hierarchy { seats: seats.collect() }
    }

    pub fn above(&self, user: &str) -> BTreeSet<String> {
        self.ways(user).into_iter().flatten().collect()
    }

    pub fn next_above(&self, user: &str) -> BTreeSet<String> {
        self.ways(user).into_iter().filter_map(|way| way.into_iter().next()).collect()
    }

    /// From each position of a person up: the others who hold one, each once.
    fn ways(&self, user: &str) -> Vec<Vec<String>> {
        let own = self.seats.iter().filter(|seat| seat.holder.as_deref() == Some(user));
        let way = |seat: &Seat| {
            let (mut way, mut above) = (Vec::new(), seat.above);
            while let Some(seat) = above.map(|number| &self.seats[number]) {
                if let Some(holder) = seat.holder.as_ref().filter(|holder| *holder != user && !way.contains(*holder)) {
                    way.push(holder.clone());
                }
                above = seat.above;
            }
            way
        };
        own.map(way).collect()
    }
}
