//! The compiled scripts of a revision, and the engine's `Evaluator` on them.

use super::names::meant;
use super::plugin::{Checked, Unit};
use super::{convert, expression, failure, limits, reads, schema, stack};
use crate::engine::evaluator::{Evaluator, Names};
use crate::model::expression::{Expression, FunctionRef, Reads};
use crate::model::incident::Failure;
use crate::model::json::Json;
use crate::model::money::Money;
use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, Scope};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The compiled scripts of a revision. Cheap to clone.
#[derive(Clone)]
pub struct Scripts {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    expressions: HashMap<Arc<str>, expression::Compiled>,
    plugins: BTreeMap<String, Arc<Unit>>,
}

impl Scripts {
    pub(super) fn new(
        engine: Engine,
        expressions: HashMap<Arc<str>, expression::Compiled>,
        plugins: BTreeMap<String, Arc<Unit>>,
    ) -> Scripts {
        Scripts { inner: Arc::new(Inner { engine, expressions, plugins }) }
    }
}

impl Evaluator for Scripts {
    fn evaluate(&self, expression: &Expression, names: &Names) -> Result<Json, Failure> {
        if let Some(compiled) = self.inner.expressions.get(&expression.source) {
            return evaluate(&self.inner.engine, compiled, expression, names);
        }
        // an expression that is not of this revision: a test, a question of a person; compiled and forgotten
        let (engine, compiled) = stack::deep(|| expression::alone(&expression.source))
            .map_err(|sentence| Failure::new("script", format!("{}: {sentence}", expression.at)))?
            .map_err(|wrong| {
                let place = |(at, sentence)| format!("{}: {sentence}", failure::within(expression, at));
                Failure::new("script", wrong.into_iter().map(place).collect::<Vec<_>>().join("; "))
            })?;
        evaluate(&engine, &compiled, expression, names)
    }

    fn reads(&self, expression: &Expression) -> Vec<String> {
        let compiled = self.inner.expressions.get(&expression.source);
        compiled.into_iter().flat_map(|compiled| compiled.reads.iter().map(|(name, _)| name.clone())).collect()
    }

    fn has(&self, function: &FunctionRef) -> bool {
        self.find(function).is_ok()
    }

    fn call(&self, function: &FunctionRef, input: &Json) -> Result<Json, Failure> {
        self.call_checked(function, input).map_err(|failure| failure.with_input(input.clone()))
    }

    fn script_hash(&self, function: &FunctionRef) -> String {
        self.inner.plugins.get(&function.plugin).map(|unit| unit.hash.clone()).unwrap_or_default()
    }
}

fn evaluate(
    engine: &Engine,
    compiled: &expression::Compiled,
    expression: &Expression,
    names: &Names,
) -> Result<Json, Failure> {
    let stopped = |sentence: String| Failure::new("script", format!("{}: {sentence}", expression.at));
    if let Some(value) = at_path(&compiled.path, names) {
        let name = &compiled.path[0];
        return convert::through(value).map_err(|sentence| stopped(format!("the variable \"{name}\": {sentence}")));
    }
    let run = || {
        let mut scope = Scope::new();
        for (name, _) in &compiled.reads {
            // a name that was never set stays out of the scope: reading it fails, not reading it does not
            if let Some(json) = names.get(name) {
                let value = convert::from_json(json);
                let value = value.map_err(|sentence| stopped(format!("the variable \"{name}\": {sentence}")))?;
                scope.push_dynamic(name.as_str(), value);
            }
        }
        let value = limits::with_budget(|| engine.eval_ast_with_scope::<Dynamic>(&mut scope, &compiled.ast));
        let value = value.map_err(|error| failure::of_expression(*error, expression))?;
        convert::to_json(&value).map_err(stopped)
    };
    if compiled.deep { stack::deep(run) } else { stack::caught(run) }.unwrap_or_else(|sentence| Err(stopped(sentence)))
}

/// The value at a path, when every step is a property that is there; else rhai has the word. Most expressions of a
/// process only pass values on, and some of these values are large.
fn at_path<'n>(path: &[String], names: &Names<'n>) -> Option<&'n Json> {
    let (name, properties) = path.split_first()?;
    properties.iter().try_fold(names.get(name)?, |value, property| match Money::from_json(value) {
        Some(_) => None,
        None => value.as_object()?.get(property),
    })
}

impl Scripts {
    /// What an expression of the revision reads for certain; nothing of one that is not of the revision.
    pub fn certain_reads(&self, expression: &Expression) -> Reads {
        let compiled = self.inner.expressions.get(&expression.source);
        compiled.map(|compiled| reads::certain(&compiled.ast, &compiled.reads)).unwrap_or_default()
    }

    fn call_checked(&self, function: &FunctionRef, input: &Json) -> Result<Json, Failure> {
        let (unit, checked) = self.find(function)?;
        if let Some(places) = schema::mismatch(&checked.input, input) {
            return Err(Failure::new("input", format!("the input of {function} does not fit its schema: {places}")));
        }
        let stopped = |sentence: String| Failure::new("script", format!("{function}: {sentence}"));
        let output = stack::deep(|| {
            let argument = convert::from_json(input)
                .map_err(|sentence| Failure::new("input", format!("{function}: {sentence}")))?;
            let output = run(&unit.engine, &unit.ast, &function.function, argument).map_err(|error| {
                failure::of_function(*error, &function.function, |name| unit.places.get(name).cloned())
            })?;
            convert::to_json(&output).map_err(|sentence| Failure::new("output", format!("{function}: {sentence}")))
        })
        .unwrap_or_else(|sentence| Err(stopped(sentence)))?;
        match schema::mismatch(&checked.output, &output) {
            Some(places) => {
                Err(Failure::new("output", format!("what {function} returned does not fit its schema: {places}")))
            }
            None => Ok(output),
        }
    }

    fn find(&self, function: &FunctionRef) -> Result<(&Unit, &Checked), Failure> {
        let Some(unit) = self.inner.plugins.get(&function.plugin) else {
            let near = meant(&function.plugin, self.inner.plugins.keys().map(String::as_str));
            return Err(Failure::new("script", format!("there is no plugin \"{}\"{near}", function.plugin)));
        };
        let Some(checked) = unit.functions.get(&function.function) else {
            let near = meant(&function.function, unit.functions.keys().map(String::as_str));
            return Err(Failure::new("script", format!("there is no function \"{function}\"{near}")));
        };
        Ok((unit, checked))
    }
}

fn run(engine: &Engine, ast: &AST, function: &str, argument: Dynamic) -> Result<Dynamic, Box<EvalAltResult>> {
    engine.ensure_data_size_within_limits(&argument)?;
    let options = CallFnOptions::new().eval_ast(false);
    limits::with_budget(|| engine.call_fn_with_options(options, &mut Scope::new(), ast, function, (argument,)))
}
