//! What can be seen in parsed scripts without running them: calls of functions that do not exist, and reason codes.

use super::functions;
use super::names::meant;
use rhai::{AST, ASTNode, Expr, Position, Stmt};
use std::collections::{BTreeMap, BTreeSet};

/// The functions of a plugin: name to the numbers of parameters that they are defined with.
pub(super) type Defined = BTreeMap<String, BTreeSet<usize>>;

/// Something wrong at a position.
pub(super) type Wrong = (Position, String);

/// Calls that can never succeed.
pub(super) fn unknown_calls(ast: &AST, defined: &Defined) -> Vec<Wrong> {
    let keys = map_keys(ast);
    let mut wrong = Vec::new();
    ast.walk(&mut |path| {
        let call = match path.last() {
            Some(ASTNode::Expr(Expr::FnCall(call, position))) => Some((call, *position, false)),
            Some(ASTNode::Expr(Expr::MethodCall(call, position))) => Some((call, *position, true)),
            Some(ASTNode::Stmt(Stmt::FnCall(call, position))) => Some((call, *position, false)),
            _ => None,
        };
        if let Some((call, position, method)) = call
            && !call.is_operator_call()
            && !call.is_qualified()
        {
            let sentence = wrong_call(&call.name, &call.args, method, defined, &keys);
            wrong.extend(sentence.map(|sentence| (position, sentence)));
        }
        true
    });
    wrong
}

fn wrong_call(name: &str, args: &[Expr], method: bool, defined: &Defined, keys: &BTreeSet<String>) -> Option<String> {
    if name == "Fn" {
        let named = match args {
            [Expr::StringConstant(text, _)] => text.to_string(),
            _ => return Some("Fn takes the name of a function as a literal text; write a closure instead".to_owned()),
        };
        return (!functions::is_known(&named) && !defined.contains_key(&named)).then(|| unknown(&named, defined));
    }
    if functions::is_known(name) || !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return None;
    }
    match defined.get(name) {
        Some(_) if method => {
            Some(format!("\"{name}\" is a function of this plugin; call {name}(x, …) instead of x.{name}(…)"))
        }
        Some(arities) if !arities.contains(&args.len()) => {
            let expected: Vec<String> = arities.iter().map(usize::to_string).collect();
            Some(format!("\"{name}\" takes {} arguments, not {}", expected.join(" or "), args.len()))
        }
        Some(_) => None,
        None if method && keys.contains(name) => None,
        None => Some(unknown(name, defined)),
    }
}

fn unknown(name: &str, defined: &Defined) -> String {
    let names = functions::table().map(|function| function.name);
    let names = names.chain(functions::BUILT_IN.iter().flat_map(|(_, names)| names.iter().copied()));
    let names = names.chain(defined.keys().map(String::as_str).filter(|name| !name.starts_with("anon$")));
    format!("unknown function \"{name}\"{}", meant(name, names))
}

/// Methods that put something into a list, map or text.
const GROWING: &[&str] = &["push", "insert", "append", "set", "mixin", "fill_with", "splice", "pad", "replace"];

/// The variables that are changed from within, `m.a = …`, `m["k"] += …`, `m.rows.push(…)`.
pub(super) fn growing_variables(ast: &AST) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    ast.walk(&mut |path| {
        match path.last() {
            Some(ASTNode::Stmt(Stmt::Assignment(assignment))) => names.extend(root(&assignment.1.lhs)),
            Some(ASTNode::Expr(Expr::MethodCall(call, _))) if GROWING.contains(&call.name.as_str()) => {
                // the chain may stand inside an argument of another one: every root on the way counts
                names.extend(path.iter().filter_map(|node| match node {
                    ASTNode::Expr(chain) => root(chain),
                    _ => None,
                }));
            }
            _ => {}
        }
        true
    });
    names
}

/// The variable that a chain of properties and indexes begins with.
fn root(chain: &Expr) -> Option<String> {
    match chain {
        Expr::Dot(parts, ..) | Expr::Index(parts, ..) => match &parts.lhs {
            Expr::Variable(variable, ..) => Some(variable.1.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// Every key of every map that stands written: `#{f: |x| x}.f(1)` is a call of what the map holds.
fn map_keys(ast: &AST) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    ast.walk(&mut |path| {
        if let Some(ASTNode::Expr(Expr::Map(map, _))) = path.last() {
            keys.extend(map.0.iter().map(|(key, _)| key.name.to_string()));
        }
        true
    });
    keys
}

/// The codes of `#{code: "…", params: …}` that stand written.
pub(super) fn reason_codes(ast: &AST) -> Vec<(Position, String)> {
    let mut codes = Vec::new();
    ast.walk(&mut |path| {
        if let Some(ASTNode::Expr(Expr::Map(map, _))) = path.last() {
            let has_params = map.0.iter().any(|(key, _)| key.name == "params");
            let code = map.0.iter().find(|(key, _)| key.name == "code");
            if let (true, Some((_, Expr::StringConstant(code, position)))) = (has_params, code) {
                codes.push((*position, code.to_string()));
            }
        }
        true
    });
    codes
}
