//! The rhai engine that scripts run in: a chosen part of rhai's standard library, our functions, every limit.
//!
//! Not `Engine::new`: it has `sleep`, `timestamp`, `print` and a resolver that reads files, and switching single names
//! off does not remove functions. What is not put in here does not exist.

use super::{calls, functions, limits, order};
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage,
    BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{AST, Dynamic, Engine, Module, OptimizationLevel, Shared, Token};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Words of rhai that would reach outside, or change what stands written.
pub(super) const REFUSED: &[&str] = &["eval", "import", "export", "print", "debug", "this"];

/// Words that rhai keeps for a future of its own; here they are names like any other, `match.decision`.
const NAMES: &[&str] =
    &["match", "case", "new", "default", "package", "module", "public", "static", "shared", "thread"];

/// A new engine. Building one is cheap: the modules are shared.
pub(super) fn engine() -> Engine {
    static MODULES: OnceLock<Vec<Shared<Module>>> = OnceLock::new();
    let mut engine = Engine::new_raw();
    for module in MODULES.get_or_init(modules) {
        engine.register_global_module(module.clone());
    }
    for word in REFUSED {
        engine.disable_symbol(*word);
    }
    free_names(&mut engine);
    order::register(&mut engine);
    functions::register(&mut engine);
    limits::apply(&mut engine);
    engine.set_strict_variables(true);
    // everything that stands written is checked, also what can never run; and interning takes a lock
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_max_strings_interned(0);
    engine
}

// marked deprecated only to say that it may change; rhai is pinned by the lock file, and the tests watch
#[allow(deprecated)]
fn free_names(engine: &mut Engine) {
    engine.on_parse_token(|token, _, _| match token {
        Token::Reserved(word) if NAMES.contains(&word.as_str()) => Token::Identifier(word),
        token => token,
    });
}

/// Gives scripts their constants, and watches the variables that grow from within.
///
/// rhai looks at the size of what is put into a list or map, not at what the list or map becomes: with `m.a = m` or
/// `m.rows.push(big)` it would grow without end. So every variable that a script changes in that way is measured
/// whenever it is used.
// marked deprecated only to say that it may change; rhai is pinned by the lock file, and the tests watch
#[allow(deprecated)]
pub(super) fn watch<'a>(
    engine: &mut Engine,
    scripts: impl Iterator<Item = &'a AST>,
    constants: BTreeMap<String, Dynamic>,
) {
    let growing: BTreeSet<String> = scripts.flat_map(calls::growing_variables).collect();
    engine.on_var(move |name, index, context| {
        if growing.contains(name)
            && let Some(value) = context.scope().get(name)
        {
            context.engine().ensure_data_size_within_limits(value)?;
        }
        // an index says that the variable is one of the script's own
        Ok(if index == 0 { constants.get(name).cloned() } else { None })
    });
}

fn modules() -> Vec<Shared<Module>> {
    vec![
        ArithmeticPackage::new().as_shared_module(),
        BasicStringPackage::new().as_shared_module(),
        BasicIteratorPackage::new().as_shared_module(),
        BasicFnPackage::new().as_shared_module(),
        LogicPackage::new().as_shared_module(),
        BasicMathPackage::new().as_shared_module(),
        BasicArrayPackage::new().as_shared_module(),
        BasicMapPackage::new().as_shared_module(),
        MoreStringPackage::new().as_shared_module(),
    ]
}
