//! What an expression reads for certain, and what its value says of other names. Where it cannot be known it is left out.

use crate::model::expression::Reads;
use rhai::{AST, ASTFlags, Expr, Position, Stmt};
use std::collections::BTreeSet;

/// What a parsed expression reads of these names from outside.
pub(super) fn certain(ast: &AST, outside: &[(String, Position)]) -> Reads {
    let Reads { mut always, when_true, when_false } = of_all(ast.statements());
    always.retain(|name| outside.iter().any(|(read, _)| read == name));
    Reads { always, when_true, when_false }
}

/// A block: what its statements read up to the first that may leave it or has names of its own. Its value is that of its
/// only statement.
fn of_all(statements: &[Stmt]) -> Reads {
    if let [one] = statements {
        return of_statement(one).unwrap_or_default();
    }
    let known = statements.iter().map_while(of_statement);
    union(known)
}

fn of_statement(statement: &Stmt) -> Option<Reads> {
    Some(match statement {
        Stmt::Expr(expr) => of(expr),
        Stmt::FnCall(call, _) => of_call(&call.name, &call.args),
        Stmt::Block(block) => of_all(block.statements()),
        Stmt::If(branches, _) => {
            let (then, otherwise) = (of_all(branches.body.statements()), of_all(branches.branch.statements()));
            let mut reads = only(of(&branches.expr).always);
            reads.always.extend(then.always.intersection(&otherwise.always).cloned());
            reads
        }
        Stmt::Switch(switch, _) => only(of(&switch.0).always),
        Stmt::Share(_) | Stmt::Noop(_) => Reads::default(),
        _ => return None,
    })
}

fn of(expr: &Expr) -> Reads {
    match expr {
        Expr::Variable(variable, ..) => only(BTreeSet::from([variable.1.to_string()])),
        Expr::And(parts, _) => parts.iter().map(of).reduce(and).unwrap_or_default(),
        Expr::Or(parts, _) => parts.iter().map(|part| negated(of(part))).reduce(and).map(negated).unwrap_or_default(),
        Expr::Coalesce(parts, _) => only(parts.first().map(|first| of(first).always).unwrap_or_default()),
        Expr::FnCall(call, _) | Expr::MethodCall(call, _) => of_call(&call.name, &call.args),
        Expr::Dot(parts, flags, _) | Expr::Index(parts, flags, _) => {
            let mut always = of(&parts.lhs).always;
            // behind `?.` nothing is read when there is nothing
            if !flags.contains(ASTFlags::NEGATED) {
                always.extend(of(&parts.rhs).always);
            }
            only(always)
        }
        Expr::Array(items, _) => only(union(items.iter().map(of)).always),
        Expr::InterpolatedString(pieces, _) => only(union(pieces.iter().map(of)).always),
        Expr::Map(map, _) => only(union(map.0.iter().map(|(_, value)| of(value))).always),
        Expr::Stmt(block) => of_all(block.statements()),
        _ => Reads::default(),
    }
}

fn of_call(name: &str, args: &[Expr]) -> Reads {
    match (name, args) {
        ("is_def_var", [Expr::StringConstant(asked, _)]) => {
            Reads { when_true: BTreeSet::from([asked.to_string()]), ..Reads::default() }
        }
        ("!", [one]) => negated(of(one)),
        _ => only(union(args.iter().map(of)).always),
    }
}

/// Reads these, and its value says nothing.
fn only(always: BTreeSet<String>) -> Reads {
    Reads { always, ..Reads::default() }
}

fn negated(Reads { always, when_true, when_false }: Reads) -> Reads {
    Reads { always, when_true: when_false, when_false: when_true }
}

/// `a && b`: `b` is evaluated when `a` is true.
fn and(a: Reads, b: Reads) -> Reads {
    let when_true = [a.when_true.clone(), b.when_true, b.always.clone()].into_iter().flatten().collect();
    let by_b: BTreeSet<String> = [a.when_true, b.always, b.when_false].into_iter().flatten().collect();
    let when_false = a.when_false.intersection(&by_b).cloned().collect();
    Reads { always: a.always, when_true, when_false }
}

fn union(reads: impl Iterator<Item = Reads>) -> Reads {
    reads.fold(Reads::default(), |mut all, one| {
        all.always.extend(one.always);
        all
    })
}
