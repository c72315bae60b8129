//! The part of rhai's own functions that scripts may call, and those that had to be mended.

use super::{Given, fail, put};
use crate::scripts::limits::MAX_STRING_SIZE;
use rhai::{Array, Dynamic, FnPtr, Map, Module};

/// Names by subject. What is missing here is refused at deployment.
pub const BUILT_IN: &[(&str, &[&str])] = &[
    (
        "text",
        &[
            "len",
            "is_empty",
            "contains",
            "starts_with",
            "ends_with",
            "index_of",
            "sub_string",
            "crop",
            "split",
            "split_rev",
            "replace",
            "trim",
            "to_upper",
            "to_lower",
            "make_upper",
            "make_lower",
            "pad",
            "truncate",
            "remove",
            "clear",
            "append",
            "pop",
            "get",
            "set",
            "chars",
            "to_chars",
            "to_string",
            "to_debug",
        ],
    ),
    (
        "lists",
        &[
            "push",
            "insert",
            "shift",
            "extract",
            "splice",
            "reverse",
            "chop",
            "drain",
            "retain",
            "filter",
            "find",
            "find_map",
            "reduce",
            "reduce_rev",
            "some",
            "all",
            "for_each",
            "range",
        ],
    ),
    ("maps", &["keys", "values", "mixin", "fill_with"]),
    (
        "numbers",
        &[
            "floor",
            "ceiling",
            "round_up",
            "round_down",
            "round_half_up",
            "round_half_down",
            "int",
            "fraction",
            "sign",
            "is_zero",
            "is_odd",
            "is_even",
            "to_int",
            "to_decimal",
            "sqrt",
        ],
    ),
    ("closures and checks", &["call", "curry", "type_of", "is_def_var", "is_def_fn", "is_shared", "name", "Fn"]),
];

/// Replaces functions of rhai that build before they count, or that swallow the errors of their callback.
pub(super) fn mend(module: &mut Module) {
    put(module, "replace", |text: &mut rhai::ImmutableString, find: &str, with: &str| replace(text, find, with));
    put(module, "replace", |text: &mut rhai::ImmutableString, find: char, with: &str| {
        replace(text, find.encode_utf8(&mut [0; 4]), with)
    });
    put(module, "replace", |text: &mut rhai::ImmutableString, find: &str, with: char| {
        replace(text, find, with.encode_utf8(&mut [0; 4]))
    });
    put(module, "pad", |_: &mut Array, _: i64, _: Dynamic| -> Given<()> {
        fail("a list cannot be padded; push what is missing")
    });
    put(module, "map", |_: &mut Map, _: FnPtr| -> Given<()> { fail("map works on lists; walk over keys() instead") });
}

fn replace(text: &mut rhai::ImmutableString, find: &str, with: &str) -> Given<()> {
    let grown = with.len().saturating_sub(find.len()).saturating_mul(text.matches(find).count());
    if text.len().saturating_add(grown) > MAX_STRING_SIZE {
        return fail(format!("replace would make a text of more than {MAX_STRING_SIZE} bytes"));
    }
    *text = text.replace(find, with).into();
    Ok(())
}
