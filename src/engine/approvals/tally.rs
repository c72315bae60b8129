//! What the votes of a level come to.

use crate::model::approval::Mode;
use crate::model::voting::{Choice, Seat};

/// What they come to so far.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tally {
    /// Others have to vote yet.
    Open,
    /// The level has agreed.
    Agreed,
    /// It has not, and cannot any more.
    Refused,
}

/// Counts the seats of a level. A level without seats has agreed: what else becomes of it was decided when it was seated.
pub(super) fn tally(mode: &Mode, seats: &[Seat]) -> Tally {
    if seats.is_empty() {
        return Tally::Agreed;
    }
    let some = |choice: Choice| seats.iter().any(|seat| seat.decision == Some(choice));
    let (agreed, refused) = (some(Choice::Approve), some(Choice::Reject));
    let open = seats.iter().any(|seat| seat.decision.is_none());
    match mode {
        Mode::Any if agreed => Tally::Agreed,
        Mode::All | Mode::Sequential if agreed && !open && !refused => Tally::Agreed,
        Mode::Any | Mode::All | Mode::Sequential if refused || !open => Tally::Refused,
        Mode::Any | Mode::All | Mode::Sequential => Tally::Open,
        Mode::Quorum(quorum) => {
            let weigh = |wanted: Option<Choice>| -> i64 {
                let seats = seats.iter().filter(|seat| seat.decision == wanted);
                seats.fold(0, |sum: i64, seat| sum.saturating_add(seat.weight))
            };
            let (for_it, still) = (weigh(Some(Choice::Approve)), weigh(None));
            if seats.iter().any(|seat| seat.veto && seat.decision == Some(Choice::Reject)) {
                Tally::Refused
            } else if for_it >= quorum.quorum && !vetoable(seats) {
                Tally::Agreed
            } else if for_it.saturating_add(still) < quorum.quorum || !open {
                Tally::Refused
            } else {
                Tally::Open
            }
        }
    }
}

/// Whether somebody who has a veto has not said anything yet.
fn vetoable(seats: &[Seat]) -> bool {
    seats.iter().any(|seat| seat.veto && seat.decision.is_none())
}
