//! What came of one job of a round.

use crate::model::refusal::Refusal;
use crate::runtime::request::Outcome;

/// What came of a job.
pub enum Verdict {
    /// Its answer, and whether it is a repetition.
    Answer(Box<Result<Outcome, Refusal>>, bool),
    /// It lost a race; it is run again.
    Again,
}

impl Verdict {
    /// An answer of now.
    pub fn answer(result: Result<Outcome, Refusal>) -> Verdict {
        Verdict::Answer(Box::new(result), false)
    }

    /// A kept answer.
    pub fn repeated(result: Result<Outcome, Refusal>) -> Verdict {
        Verdict::Answer(Box::new(result), true)
    }
}
