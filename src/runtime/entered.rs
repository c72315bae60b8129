//! What a person enters in a form: what is shown may come back as it is, what is computed is computed anew, and all of it fits.

use super::library::{Library, MISFIT};
use super::variables::read_only;
use crate::engine::evaluator::{Evaluator, Names};
use crate::model::form::Form;
use crate::model::incident::Failure;
use crate::model::instance::{Instance, TokenId};
use crate::model::json::{Json, JsonMap, step};
use crate::model::process::Process;
use crate::model::refusal::{FieldError, Refusal};

/// The variables that a token sees: its own level first, then those around it, up to its process.
pub fn layers(instance: &Instance, token: TokenId) -> Vec<&JsonMap> {
    let mut scope = instance.tokens.get(&token).and_then(|token| instance.scopes.get(&token.scope));
    let mut layers = Vec::new();
    while let Some(at) = scope {
        layers.push(&at.variables);
        scope = at.node.as_ref().and(at.parent).and_then(|parent| instance.scopes.get(&parent));
    }
    layers
}

impl Library {
    /// The variables that a form sets when a person sends this; without a form nothing may be sent.
    pub fn entered(&self, form: Option<&str>, layers: &[&JsonMap], sent: &JsonMap) -> Result<JsonMap, Refusal> {
        let declared = form.and_then(|form| self.definitions.forms.get(form));
        let fits = |values: &JsonMap| self.check_form(form, values);
        match declared {
            Some(form) => self.filled(form, layers, sent, fits),
            None => fits(sent).map(|()| sent.clone()),
        }
    }

    /// The start variables of a process when a person sends this: what its form computes is among them.
    pub fn started(&self, process: &Process, sent: &JsonMap) -> Result<JsonMap, Refusal> {
        let fits = |values: &JsonMap| self.check_input(&process.key, values);
        match process.form.as_ref().and_then(|form| self.definitions.forms.get(form)) {
            Some(form) => self.filled(form, &[], sent, fits),
            // Whether it fits is asked of every start.
            None => Ok(sent.clone()),
        }
    }

    /// What a form computes of the variables and of what is typed; what cannot be computed yet says why.
    pub fn computed(
        &self,
        form: &Form,
        layers: &[&JsonMap],
        typed: &JsonMap,
    ) -> impl Iterator<Item = (String, Result<Json, Failure>)> {
        form.computed.iter().map(move |(name, expression)| {
            let names = Names::new([&[typed][..], layers].concat());
            (name.clone(), self.scripts.evaluate(expression, &names))
        })
    }

    /// What was typed, without what is only shown, and with what is computed, when all of it fits.
    fn filled(
        &self,
        form: &Form,
        layers: &[&JsonMap],
        sent: &JsonMap,
        fits: impl Fn(&JsonMap) -> Result<(), Refusal>,
    ) -> Result<JsonMap, Refusal> {
        let (mut errors, mut failed, mut values) = (Vec::new(), Vec::new(), sent.clone());
        let there = Names::new(layers.to_vec());
        for name in form.read_only() {
            match values.remove(name) {
                Some(value) if there.get(name).unwrap_or(&Json::Null) != &value => errors.push(read_only(name)),
                _ => {}
            }
        }
        let given: Vec<(&String, Json)> =
            form.computed.keys().filter_map(|name| Some((name, values.remove(name)?))).collect();
        let typed = values.clone();
        for (name, computed) in self.computed(form, layers, &typed) {
            match computed {
                Ok(value) if given.iter().any(|(other, sent)| **other == name && *sent != value) => {
                    errors.push(read_only(&name));
                }
                Ok(value) => {
                    values.insert(name, value);
                }
                Err(failure) => failed.push(uncomputed(&name, failure)),
            }
        }
        match fits(&values) {
            Ok(()) if errors.is_empty() && failed.is_empty() => return Ok(values),
            Ok(()) => {}
            // What lacks because it could not be computed is told of as such.
            Err(refusal) => {
                errors.extend(
                    refusal.errors.into_iter().filter(|wrong| failed.iter().all(|one| one.pointer != wrong.pointer)),
                );
            }
        }
        // What was typed wrong is why something could not be computed, as far as anybody can tell.
        let errors = if errors.is_empty() { failed } else { errors };
        Err(Refusal::invalid("invalid_variables", MISFIT).with_errors(errors))
    }
}

fn uncomputed(name: &str, failure: Failure) -> FieldError {
    let detail = format!("\"{name}\" cannot be computed: {}", failure.message);
    FieldError { pointer: format!("/variables{}", step(name)), code: "not_computed".to_owned(), detail }
}
