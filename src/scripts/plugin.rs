//! A plugin, compiled: all its files in one, so that its functions see one another whatever file they stand in.
//!
//! Top-level constants of every file and the map `settings` are visible in every function, by their plain names.

use super::calls::{self, Defined};
use super::expression::parse;
use super::names::meant;
use super::{convert, failure, limits, sandbox, schema};
use crate::model::expression::Place;
use crate::model::finding::Finding;
use crate::model::json::{Json, JsonMap};
use crate::model::plugin::{Function, Plugin};
use jsonschema::Validator;
use rhai::{AST, ASTFlags, Dynamic, Engine, Module, Scope, Stmt};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The constant map of the plugin's settings.
const SETTINGS: &str = "settings";

/// A compiled plugin.
pub(super) struct Unit {
    /// Its engine: the sandbox with its constants.
    pub engine: Engine,
    /// All its functions.
    pub ast: AST,
    /// Where each function is defined; closures have names too, and only a file.
    pub places: BTreeMap<String, Place>,
    /// What its manifest declares, by name.
    pub functions: BTreeMap<String, Checked>,
    /// SHA-256 of sources and settings, in hex.
    pub hash: String,
}

/// The schemas of a declared function.
pub(super) struct Checked {
    /// Of its argument.
    pub input: Validator,
    /// Of what it returns.
    pub output: Validator,
}

/// Compiles a plugin; none when a finding is an error.
pub(super) fn compile(plugin: &Plugin, findings: &mut Vec<Finding>) -> Option<Unit> {
    let before = findings.iter().filter(|finding| finding.is_error()).count();
    let mut engine = sandbox::engine();
    let constants = constant_names(&engine, plugin, findings);
    let asts = parse_files(&engine, plugin, &constants, findings);
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    let mut defined = Defined::new();
    let mut ast = AST::empty();
    for (file, parsed) in &asts {
        for function in parsed.iter_functions() {
            let here = failure::inside(file, definition(plugin, file, function.name));
            let other = places.insert(function.name.to_owned(), here.clone()).map(|place| place.file);
            if let Some(other) = other.filter(|other| other != file && !function.name.starts_with("anon$")) {
                let sentence = format!("the function \"{}\" is defined here and in {other}; rename one", function.name);
                findings.push(Finding::error(here, sentence));
            }
            defined.entry(function.name.to_owned()).or_default().insert(function.params.len());
        }
        ast.combine(parsed.clone_functions_only());
    }
    for (file, parsed) in &asts {
        let wrong = calls::unknown_calls(parsed, &defined);
        findings.extend(wrong.into_iter().map(|(at, sentence)| Finding::error(failure::inside(file, at), sentence)));
        findings.extend(reasons_without_text(plugin, file, parsed));
    }
    let functions = declared(plugin, &asts, findings);
    if asts.len() < plugin.scripts.len() || findings.iter().filter(|finding| finding.is_error()).count() > before {
        return None;
    }
    let constants = evaluated(&engine, plugin, &asts, &ast, findings)?;
    let mut module = Module::new();
    for (name, value) in &constants {
        module.set_var(name.as_str(), value.clone());
    }
    module.build_index();
    engine.register_static_module("global", module.into());
    sandbox::watch(&mut engine, asts.iter().map(|(_, ast)| ast), constants);
    Some(Unit { engine, ast, places, functions, hash: hash(plugin) })
}

/// The top-level constants of all files with the file of each.
fn constant_names(engine: &Engine, plugin: &Plugin, findings: &mut Vec<Finding>) -> BTreeMap<String, Arc<str>> {
    let mut names: BTreeMap<String, Arc<str>> = BTreeMap::new();
    for (file, source) in &plugin.scripts {
        // what does not parse is found by parse_files, which knows all constants
        let Ok((ast, _)) = parse(engine, source, Scope::new()) else { continue };
        for statement in ast.statements() {
            let at = failure::inside(file, statement.position());
            match statement {
                Stmt::Noop(_) => {}
                Stmt::Var(variable, flags, _) if flags.contains(ASTFlags::CONSTANT) => {
                    let name = variable.0.name.to_string();
                    if name == SETTINGS {
                        findings.push(Finding::error(
                            at,
                            "\"settings\" is the map of the plugin's settings; choose another name",
                        ));
                    } else if let Some(other) = names.insert(name.clone(), file.clone()) {
                        findings.push(Finding::error(
                            at,
                            format!("the constant \"{name}\" is defined here and in {other}; rename one"),
                        ));
                    }
                }
                _ => findings.push(Finding::error(
                    at,
                    "only constants (const) and functions (fn) may stand at the top of a script",
                )),
            }
        }
    }
    names
}

fn parse_files(
    engine: &Engine,
    plugin: &Plugin,
    constants: &BTreeMap<String, Arc<str>>,
    findings: &mut Vec<Finding>,
) -> Vec<(Arc<str>, AST)> {
    let mut asts = Vec::new();
    for (file, source) in &plugin.scripts {
        let mut scope = Scope::new();
        scope.push_constant(SETTINGS, ());
        constants.keys().for_each(|name| {
            scope.push_constant(name.as_str(), ());
        });
        match parse(engine, source, scope) {
            Ok((ast, unknown)) => {
                for (name, at) in unknown {
                    let known = constants.keys().map(String::as_str).chain([SETTINGS]);
                    let sentence = format!("unknown variable \"{name}\"{}", meant(&name, known));
                    findings.push(Finding::error(failure::inside(file, at), sentence));
                }
                asts.push((file.clone(), ast));
            }
            Err((at, sentence)) => findings.push(Finding::error(failure::inside(file, at), sentence)),
        }
    }
    asts
}

/// Where a function is defined, by its text: rhai does not keep it.
fn definition(plugin: &Plugin, file: &Arc<str>, name: &str) -> rhai::Position {
    let source = plugin.scripts.get(file).map_or("", |source| &**source);
    let line = source.lines().position(|line| {
        let rest = line.trim_start().trim_start_matches("private ").trim_start().strip_prefix("fn ");
        rest.is_some_and(|rest| {
            rest.trim_start().strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('('))
        })
    });
    rhai::Position::new(u16::try_from(line.unwrap_or(0) + 1).unwrap_or(u16::MAX), 1)
}

fn reasons_without_text(plugin: &Plugin, file: &Arc<str>, ast: &AST) -> Vec<Finding> {
    calls::reason_codes(ast)
        .into_iter()
        .filter(|(_, code)| !plugin.reasons.contains_key(code))
        .map(|(at, code)| {
            let near = meant(&code, plugin.reasons.keys().map(String::as_str));
            Finding::warning(
                failure::inside(file, at),
                format!("the reason \"{code}\" has no text in the manifest{near}"),
            )
        })
        .collect()
}

/// The declared functions whose schemas compile and whose script defines them with one parameter.
fn declared(plugin: &Plugin, asts: &[(Arc<str>, AST)], findings: &mut Vec<Finding>) -> BTreeMap<String, Checked> {
    let mut checked = BTreeMap::new();
    for (name, function) in &plugin.functions {
        if let Some(sentence) = missing(name, function, plugin, asts) {
            findings.push(Finding::error(function.at.clone(), sentence));
        }
        let mut validator = |schema: &Json, side: &str| {
            let wrong = |error| Finding::error(function.at.clone(), format!("the {side} of \"{name}\": {error}"));
            schema::compile(schema).map_err(|error| findings.push(wrong(error))).ok()
        };
        let (input, output) = (validator(&function.input, "input"), validator(&function.output, "output"));
        if let (Some(input), Some(output)) = (input, output) {
            checked.insert(name.clone(), Checked { input, output });
        }
    }
    checked
}

fn missing(name: &str, function: &Function, plugin: &Plugin, asts: &[(Arc<str>, AST)]) -> Option<String> {
    let file = &function.script;
    if !plugin.scripts.contains_key(file) {
        let near = meant(file, plugin.scripts.keys().map(|file| &**file));
        return Some(format!("the script {file} of the function \"{name}\" does not exist{near}"));
    }
    let (_, ast) = asts.iter().find(|(parsed, _)| parsed == file)?;
    let arities: Vec<usize> = ast.iter_functions().filter(|f| f.name == name).map(|f| f.params.len()).collect();
    if arities.contains(&1) {
        return None;
    }
    if arities.is_empty() {
        let near = meant(name, ast.iter_functions().map(|f| f.name).filter(|name| !name.starts_with("anon$")));
        return Some(format!("{file} does not define the function \"{name}\"{near}; write fn {name}(input) {{ … }}"));
    }
    Some(format!("the function \"{name}\" in {file} must have exactly one parameter; write fn {name}(input) {{ … }}"))
}

/// Evaluates the constants, file after file, each with those above it.
fn evaluated(
    engine: &Engine,
    plugin: &Plugin,
    asts: &[(Arc<str>, AST)],
    functions: &AST,
    findings: &mut Vec<Finding>,
) -> Option<BTreeMap<String, Dynamic>> {
    let mut scope = Scope::new();
    let settings = plugin.settings.iter().map(|(name, setting)| (name.clone(), setting.value.clone())).collect();
    match convert::from_json(&Json::Object(settings)) {
        Ok(settings) => {
            scope.push_constant_dynamic(SETTINGS, settings);
        }
        Err(sentence) => {
            findings.push(Finding::error(plugin.at.clone(), format!("the settings of \"{}\": {sentence}", plugin.id)));
            return None;
        }
    }
    for (file, ast) in asts {
        let run = functions.merge(&ast.clone_statements_only());
        if let Err(error) = limits::with_budget(|| engine.run_ast_with_scope(&mut scope, &run)) {
            let at = failure::inside(file, error.position());
            let failure = failure::of_function(*error, "a constant", |_| Some(at.clone()));
            findings.push(Finding::error(at, format!("this constant cannot be computed: {}", failure.message)));
            return None;
        }
    }
    Some(scope.iter_raw().map(|(name, _, value)| (name.to_owned(), value.clone())).collect())
}

/// Over everything that decides what the functions give: the scripts by file name, and the settings.
fn hash(plugin: &Plugin) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    };
    for (file, source) in &plugin.scripts {
        add(file.rsplit('/').next().unwrap_or(file));
        add(source);
    }
    let settings: JsonMap =
        plugin.settings.iter().map(|(name, setting)| (name.clone(), setting.value.clone())).collect();
    add(&Json::Object(settings).to_string());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
