//! The limits of scripts, and the budget that a single evaluation may use up.
//!
//! The operation count decides and is the same everywhere. The deadline only guards the server against a single
//! operation that is slow; it is the one clock below `runtime`, and no script can read it.

use rhai::{Dynamic, Engine, EvalAltResult, Position};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// Operations of one call of a function or one evaluation of an expression, callbacks included.
pub const MAX_OPERATIONS: u64 = 500_000;
/// Wall-clock time of one call; a guard, see the head of this file.
pub const DEADLINE: Duration = Duration::from_secs(10);
/// Functions that wait for one another.
pub const MAX_CALL_LEVELS: usize = 64;
/// Depth of an expression or block, at the top of a script and inside functions.
pub const MAX_EXPRESSION_DEPTH: usize = 64;
/// Bytes of a text, or of all texts inside one value.
pub const MAX_STRING_SIZE: usize = 500_000;
/// Elements of a list, those of nested lists included.
pub const MAX_ARRAY_SIZE: usize = 10_000;
/// Entries of a map, those of nested maps included.
pub const MAX_MAP_SIZE: usize = 20_000;
/// Variables that exist at the same time in one function.
pub const MAX_VARIABLES: usize = 128;
/// Functions of one script file, closures included.
pub const MAX_FUNCTIONS: usize = 256;
/// Depth of a value that enters or leaves a script.
pub const MAX_VALUE_DEPTH: usize = 64;
/// Characters of a text that `levenshtein` and `similarity` compare.
pub const MAX_COMPARED_CHARS: usize = 2_000;

/// One operation in this many looks at the clock.
const OPERATIONS_PER_LOOK: u64 = 64;

#[derive(Clone, Copy, Default)]
struct Budget {
    operations: u64,
    deadline: Option<Instant>,
}

thread_local! {
    static BUDGET: Cell<Budget> = Cell::new(Budget::default());
}

/// Runs `work` with a fresh budget. The count is ours because rhai's own begins again in every callback.
pub(super) fn with_budget<T>(work: impl FnOnce() -> T) -> T {
    let outer = BUDGET.replace(Budget { operations: 0, deadline: Instant::now().checked_add(DEADLINE) });
    let result = work();
    BUDGET.set(outer);
    result
}

/// Takes the cost of a host function out of the budget, for those that work longer on longer texts.
pub(super) fn charge(operations: usize) -> Result<(), Box<EvalAltResult>> {
    let mut budget = BUDGET.get();
    budget.operations = budget.operations.saturating_add(operations as u64);
    BUDGET.set(budget);
    if budget.operations > MAX_OPERATIONS {
        return Err(EvalAltResult::ErrorTerminated(too_many(), Position::NONE).into());
    }
    Ok(())
}

/// Sets every limit on an engine.
pub(super) fn apply(engine: &mut Engine) {
    engine.set_max_call_levels(MAX_CALL_LEVELS);
    engine.set_max_expr_depths(MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_DEPTH);
    engine.set_max_string_size(MAX_STRING_SIZE);
    engine.set_max_array_size(MAX_ARRAY_SIZE);
    engine.set_max_map_size(MAX_MAP_SIZE);
    engine.set_max_variables(MAX_VARIABLES);
    engine.set_max_functions(MAX_FUNCTIONS);
    engine.set_max_modules(0);
    engine.on_progress(|_| step());
}

fn step() -> Option<Dynamic> {
    let mut budget = BUDGET.get();
    budget.operations += 1;
    BUDGET.set(budget);
    if budget.operations > MAX_OPERATIONS {
        return Some(too_many());
    }
    let look = budget.operations.is_multiple_of(OPERATIONS_PER_LOOK);
    let late = look && budget.deadline.is_some_and(|deadline| Instant::now() >= deadline);
    late.then(|| format!("it ran longer than {} seconds", DEADLINE.as_secs()).into())
}

fn too_many() -> Dynamic {
    format!("it used more than {MAX_OPERATIONS} operations; look for an endless loop").into()
}
