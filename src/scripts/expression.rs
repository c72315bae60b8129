//! An expression, compiled: what it reads, and whether it needs a deep stack.

use super::calls::{self, Defined, Wrong};
use super::{failure, sandbox};
use rhai::{AST, ASTNode, Engine, Expr, ParseErrorType, Position, Scope, Stmt};
use std::collections::BTreeMap;

/// A compiled expression.
pub(super) struct Compiled {
    /// The parsed expression.
    pub ast: AST,
    /// The names it reads, and where first.
    pub reads: Vec<(String, Position)>,
    /// It holds a closure or a loop, so it may build a value of any depth.
    pub deep: bool,
    /// It only says where a value is, `found.records`: a name and properties; else nothing.
    pub path: Vec<String>,
}

/// Compiles a source; all that is wrong with it by itself.
pub(super) fn compile(engine: &Engine, source: &str) -> Result<Compiled, Vec<Wrong>> {
    let (ast, mut reads) = parse(engine, source, Scope::new()).map_err(|wrong| vec![wrong])?;
    for (name, at) in asked_for(&ast) {
        if !reads.iter().any(|(read, _)| *read == name) {
            reads.push((name, at));
        }
    }
    let mut wrong = not_an_expression(&ast);
    wrong.extend(calls::unknown_calls(&ast, &Defined::new()));
    if wrong.is_empty() {
        let deep = is_deep(&ast);
        let path = path(source, &reads);
        return Ok(Compiled { ast, reads, deep, path });
    }
    Err(wrong)
}

/// The steps of a source that is nothing but a path from the one name that it reads.
fn path(source: &str, reads: &[(String, Position)]) -> Vec<String> {
    let steps: Vec<String> = source.trim().split('.').map(str::to_owned).collect();
    let is_name = |step: &String| {
        step.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && step.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let is_path = matches!(reads, [(name, _)] if *name == steps[0]) && steps.iter().all(is_name);
    if is_path { steps } else { Vec::new() }
}

/// Compiles an expression on an engine of its own.
pub(super) fn alone(source: &str) -> Result<(Engine, Compiled), Vec<Wrong>> {
    let mut engine = sandbox::engine();
    let compiled = compile(&engine, source)?;
    sandbox::watch(&mut engine, std::iter::once(&compiled.ast), BTreeMap::new());
    Ok((engine, compiled))
}

/// Parses a source. rhai says which name is undefined, one at a time; each is noted, made known, and asked again, so
/// that rhai's own rules decide what is a variable from outside.
pub(super) fn parse(engine: &Engine, source: &str, mut scope: Scope) -> Result<(AST, Vec<(String, Position)>), Wrong> {
    let mut reads = Vec::new();
    loop {
        let error = match engine.compile_with_scope(&scope, source) {
            Ok(ast) => return Ok((ast, reads)),
            Err(error) => error,
        };
        match error.err_type() {
            ParseErrorType::VariableUndefined(name) if !scope.contains(name) => {
                scope.push_constant(name.clone(), ());
                reads.push((name.clone(), error.position()));
            }
            _ => return Err((error.position(), failure::of_parsing(&error))),
        }
    }
}

/// One statement that gives a value, and no functions.
fn not_an_expression(ast: &AST) -> Vec<Wrong> {
    let mut wrong: Vec<Wrong> = ast
        .iter_functions()
        .filter(|function| !function.name.starts_with("anon$"))
        .map(|function| (Position::NONE, format!("an expression cannot define a function (\"{}\")", function.name)))
        .collect();
    match ast.statements() {
        [Stmt::Expr(_) | Stmt::FnCall(..) | Stmt::If(..) | Stmt::Switch(..) | Stmt::Block(_)] => {}
        [] => wrong.push((Position::NONE, "this expression is empty".to_owned())),
        [Stmt::Assignment(_)] => {
            wrong.push((Position::NONE, "an expression gives a value and assigns none; compare with ==".to_owned()));
        }
        [first, ..] => {
            wrong.push((first.position(), "write one expression that gives a value, without statements".to_owned()));
        }
    }
    wrong
}

/// The names that `is_def_var("name")` asks for.
fn asked_for(ast: &AST) -> Vec<(String, Position)> {
    let mut names = Vec::new();
    ast.walk(&mut |path| {
        if let Some(ASTNode::Expr(Expr::FnCall(call, _))) = path.last()
            && call.name == "is_def_var"
            && let [Expr::StringConstant(name, at)] = &call.args[..]
        {
            names.push((name.to_string(), *at));
        }
        true
    });
    names
}

fn is_deep(ast: &AST) -> bool {
    let mut deep = ast.has_functions();
    ast.walk(&mut |path| {
        deep |= match path.last() {
            Some(ASTNode::Stmt(Stmt::While(..) | Stmt::Do(..) | Stmt::For(..))) => true,
            Some(ASTNode::Expr(Expr::FnCall(call, _))) => call.name == "Fn",
            _ => false,
        };
        true
    });
    deep
}
