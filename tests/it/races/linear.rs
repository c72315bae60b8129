//! Whether a recorded history of calls could have happened one call after the other: the search of Wing and Gong, with the
//! memory of Lowe for what was tried before.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};

/// How a thing behaves when calls come one after the other.
pub trait Model {
    /// All that later answers depend on.
    type State: Clone + Eq + Hash;
    /// What is asked.
    type Call;
    /// What was answered.
    type Answer;

    /// The state after a call that was answered so; none: the thing would have answered otherwise.
    fn step(&self, state: &Self::State, call: &Self::Call, answer: &Self::Answer) -> Option<Self::State>;
}

/// A call from its beginning to its end.
#[derive(Debug, Clone)]
pub struct Recorded<C, A> {
    /// When it was sent.
    pub begin: u64,
    /// When its answer was there.
    pub end: u64,
    /// What was asked.
    pub call: C,
    /// What was answered.
    pub answer: A,
}

/// Counts moments: of two, the later one has the higher number.
#[derive(Default)]
pub struct Ticks(AtomicU64);

impl Ticks {
    /// A call, recorded.
    pub fn record<C, A>(&self, call: C, ask: impl FnOnce(&C) -> A) -> Recorded<C, A> {
        let begin = self.0.fetch_add(1, Ordering::SeqCst);
        let answer = ask(&call);
        Recorded { begin, end: self.0.fetch_add(1, Ordering::SeqCst), call, answer }
    }
}

/// An order in which the calls could have happened one after the other, each between its beginning and its end; else the
/// longest beginning of one that was found.
pub fn order<M: Model>(
    model: &M,
    first: M::State,
    history: &[Recorded<M::Call, M::Answer>],
) -> Result<Vec<usize>, Vec<usize>> {
    assert!(history.len() <= 128, "a history has 128 calls at most");
    let mut search = Search { model, history, tried: HashSet::new(), order: Vec::new(), longest: Vec::new() };
    if search.from(0, first) { Ok(search.order) } else { Err(search.longest) }
}

struct Search<'h, M: Model> {
    model: &'h M,
    history: &'h [Recorded<M::Call, M::Answer>],
    /// What is done, and the state that it led to: whoever comes there again gets no further.
    tried: HashSet<(u128, M::State)>,
    order: Vec<usize>,
    longest: Vec<usize>,
}

impl<M: Model> Search<'_, M> {
    fn from(&mut self, done: u128, state: M::State) -> bool {
        if self.order.len() == self.history.len() {
            return true;
        }
        if !self.tried.insert((done, state.clone())) {
            return false;
        }
        let open = |at: &usize| done & (1 << at) == 0;
        // What ended before another one began comes before it.
        let soonest = (0..self.history.len()).filter(open).map(|at| self.history[at].end).min().unwrap_or(u64::MAX);
        for at in (0..self.history.len()).filter(open) {
            let Recorded { begin, call, answer, .. } = &self.history[at];
            if *begin > soonest {
                continue;
            }
            let Some(next) = self.model.step(&state, call, answer) else { continue };
            self.order.push(at);
            if self.order.len() > self.longest.len() {
                self.longest.clone_from(&self.order);
            }
            if self.from(done | (1 << at), next) {
                return true;
            }
            self.order.pop();
        }
        false
    }
}
