//! Lists: `map` and `sort` of our own. rhai's `map` counts only when it is done, and its `sort` swallows the errors
//! of the comparing function and then leaves any order.

use super::{Given, HostFunction, fail, put};
use crate::scripts::order::{compare, describe};
use rhai::{Array, Dynamic, FnPtr, FuncRegistration, Module, NativeCallContext};
use std::cmp::Ordering;

pub(super) const TABLE: &[HostFunction] = &[
    HostFunction {
        name: "map",
        signature: "list.map(|item| …) -> list",
        text: "The list of what the closure gives for every item.",
        add: |module| put(module, "map", map),
    },
    HostFunction {
        name: "sort",
        signature: "list.sort() or list.sort(|a, b| …)",
        text: "Sorts in place and keeps the order of equals; the closure gives a number (below zero: a first) or true when a comes first.",
        add: |module| {
            changing(module, "sort", |context: NativeCallContext, list: &mut Array| sort_by(&context, list, &None));
            for name in ["sort", "sort_by"] {
                changing(module, name, |context: NativeCallContext, list: &mut Array, by: FnPtr| {
                    sort_by(&context, list, &Some(by))
                });
            }
        },
    },
    HostFunction {
        name: "sort_by",
        signature: "list.sort_by(|a, b| …)",
        text: "The same as `sort` with a closure.",
        add: |_| {},
    },
];

fn changing<A: 'static, const N: usize, const X: bool>(
    module: &mut Module,
    name: &str,
    function: impl rhai::RhaiNativeFunc<A, N, X, (), true> + Send + Sync + 'static,
) {
    FuncRegistration::new(name).in_global_namespace().with_purity(false).set_into_module(module, function);
}

fn map(context: NativeCallContext, list: &mut Array, each: FnPtr) -> Given<Array> {
    let mut mapped = Dynamic::from_array(Array::with_capacity(list.len()));
    let mut unchecked = 0_usize;
    for item in list.iter() {
        let value: Dynamic = each.call_within_context(&context, (item.clone(),))?;
        let value = value.flatten();
        // small values are counted together, so that counting stays in proportion to the work
        unchecked += if value.is_array() || value.is_map() || value.is_string() { 64 } else { 1 };
        if let Ok(mut mapped) = mapped.as_array_mut() {
            mapped.push(value);
        }
        if unchecked >= 1024 {
            context.engine().ensure_data_size_within_limits(&mapped)?;
            unchecked = 0;
        }
    }
    mapped.into_array().or_else(|_| fail("a list was expected"))
}

fn sort_by(context: &NativeCallContext, list: &mut Array, by: &Option<FnPtr>) -> Given<()> {
    let items = std::mem::take(list);
    *list = merge_sort(context, items, by)?;
    Ok(())
}

/// A stable merge sort: it cannot panic whatever the closure answers, and stops at its first error.
fn merge_sort(context: &NativeCallContext, mut items: Array, by: &Option<FnPtr>) -> Given<Array> {
    if items.len() < 2 {
        return Ok(items);
    }
    let right = items.split_off(items.len() / 2);
    let mut left = merge_sort(context, items, by)?.into_iter().peekable();
    let mut right = merge_sort(context, right, by)?.into_iter().peekable();
    let mut sorted = Array::with_capacity(left.len() + right.len());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = if order(context, a, b, by)?.is_gt() { right.next() } else { left.next() };
        sorted.extend(next);
    }
    sorted.extend(left);
    sorted.extend(right);
    Ok(sorted)
}

fn order(context: &NativeCallContext, a: &Dynamic, b: &Dynamic, by: &Option<FnPtr>) -> Given<Ordering> {
    let Some(by) = by else { return Ok(compare(a, b)?) };
    let answer: Dynamic = by.call_within_context(context, (a.clone(), b.clone()))?;
    if answer.as_bool() == Ok(true) {
        return Ok(Ordering::Less);
    }
    if answer.is_bool() {
        let other: Dynamic = by.call_within_context(context, (b.clone(), a.clone()))?;
        return Ok(if other.as_bool() == Ok(true) { Ordering::Greater } else { Ordering::Equal });
    }
    match crate::scripts::order::number(&answer) {
        Some(number) => Ok(number.cmp(&rust_decimal::Decimal::ZERO)),
        None => fail(format!(
            "the closure of sort gave {}; it must give a number, or true when a comes first",
            describe(&answer)
        )),
    }
}
