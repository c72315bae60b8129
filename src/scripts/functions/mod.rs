//! The functions that every script can call. One table: the sandbox registers it, `docs/scripts.md` shows it, and
//! `compile` refuses every name that is neither here nor a function of the plugin.

mod built_in;
mod chinese;
mod date;
mod hash;
mod list;
mod money;
mod number;
mod people;
mod text;

use rhai::{Engine, EvalAltResult, FuncRegistration, Module, RhaiNativeFunc, Shared, Variant};
use std::sync::OnceLock;

pub use built_in::BUILT_IN;

/// A function of the host.
pub struct HostFunction {
    /// Its name.
    pub name: &'static str,
    /// How it is called and what it gives, `similarity(a, b) -> decimal`.
    pub signature: &'static str,
    /// What it does, one sentence.
    pub text: &'static str,
    /// Puts it into a module.
    add: fn(&mut Module),
}

/// All functions of the host, by subject.
pub fn table() -> impl Iterator<Item = &'static HostFunction> {
    [text::TABLE, chinese::TABLE, hash::TABLE, number::TABLE, money::TABLE, date::TABLE, list::TABLE, people::TABLE]
        .into_iter()
        .flatten()
}

/// Whether a name can be called at all: a function of the host, or a built-in one that we let through.
pub(super) fn is_known(name: &str) -> bool {
    table().any(|function| function.name == name) || BUILT_IN.iter().any(|(_, names)| names.contains(&name))
}

/// Registers all functions.
pub(super) fn register(engine: &mut Engine) {
    static MODULE: OnceLock<Shared<Module>> = OnceLock::new();
    let module = MODULE.get_or_init(|| {
        let mut module = Module::new();
        table().for_each(|function| (function.add)(&mut module));
        money::operators(&mut module);
        built_in::mend(&mut module);
        module.into()
    });
    engine.register_type_with_name::<crate::model::money::Money>("money");
    engine.register_global_module(module.clone());
}

/// What a function of the host gives, or the sentence that it fails with.
type Given<T> = Result<T, Box<EvalAltResult>>;

/// Puts a function into a module.
fn put<A: 'static, const N: usize, const X: bool, R: Variant + Clone, const F: bool>(
    module: &mut Module,
    name: &str,
    function: impl RhaiNativeFunc<A, N, X, R, F> + Send + Sync + 'static,
) {
    FuncRegistration::new(name).in_global_namespace().with_purity(true).set_into_module(module, function);
}

/// Fails with a sentence.
fn fail<T>(sentence: impl Into<String>) -> Given<T> {
    Err(sentence.into().into())
}
