//! The rhai engine that scripts run in: a chosen part of rhai's standard library, our functions, every limit.
//!
//! Not `Engine::new`: it has `sleep`, `timestamp`, `print` and a resolver that reads files, and switching single names
//! off does not remove functions. What is not put in here does not exist.

use super::{functions, limits, order};
use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage,
    BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Engine, Module, OptimizationLevel, Shared};
use std::sync::OnceLock;

/// Words of rhai that would reach outside, or change what stands written.
const REFUSED: &[&str] = &["eval", "import", "export", "print", "debug", "this"];

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
    order::register(&mut engine);
    functions::register(&mut engine);
    limits::apply(&mut engine);
    engine.set_strict_variables(true);
    // our operators come before the built-in ones, which answer false where we refuse
    engine.set_fast_operators(false);
    // everything that stands written is checked, also what can never run; and interning takes a lock
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_max_strings_interned(0);
    engine
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
