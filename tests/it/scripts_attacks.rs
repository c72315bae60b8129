//! Attacks on the sandbox: each ends in a failure with a sentence, never in a hang, a crash or a leak.

use super::scripts::{call, compiled, definitions, place, plugin, run, sentences, with};
use kamflow::engine::evaluator::{Evaluator, Names};
use kamflow::model::expression::Expression;
use kamflow::model::json::Json;
use kamflow::scripts::{self, limits, stack};
use serde_json::json;

/// The message of the failure that the body of a function ends in.
fn stopped(body: &str) -> String {
    match run(body, json!({})) {
        Ok(value) => panic!("{body}\ngave {value}"),
        Err(failure) => {
            assert_eq!(failure.code, "script", "{}", failure.message);
            failure.message
        }
    }
}

/// The sentences that refuse the body of a function at deployment.
fn refused(body: &str) -> Vec<String> {
    let source = format!("fn f(i) {{ {body} }}");
    let compiled = scripts::compile(&with(plugin(&[("f.rhai", &source)], &["f"])));
    assert!(compiled.scripts.is_none(), "{body}");
    sentences(&compiled.findings)
}

fn ends(body: &str, part: &str) {
    let message = stopped(body);
    assert!(message.contains(part), "{body}\n{message}");
}

#[test]
fn endless_loops_run_out_of_operations() {
    let part = "used more than 500000 operations";
    ends("loop {}", part);
    ends("while true { let x = 1; }", part);
    ends("do {} while true", part);
    ends("let n = 0; for x in 0..9223372036854775807 { n += 1; } n", part);
    ends("try { loop {} } catch { 1 }", part);
}

#[test]
fn callbacks_share_one_budget() {
    let part = "used more than 500000 operations";
    ends("let l = []; for n in 0..1000 { l.push(n); } loop { l.filter(|x| x > 5); }", part);
    ends("let l = []; for n in 0..1000 { l.push(n); } for n in 0..1000 { l.sort(|a, b| b - a); }", part);
    ends("let l = [1, 2, 3]; l.for_each(|x| loop {}); 1", part);
}

#[test]
fn a_new_call_has_a_new_budget() {
    let source = "fn f(i) { if i.spin == true { loop {} } 1 }";
    let scripts = compiled(&with(plugin(&[("f.rhai", source)], &["f"])));
    assert!(call(&scripts, "f", json!({"spin": true})).is_err());
    assert_eq!(call(&scripts, "f", json!({"spin": false})), Ok(json!(1)));
}

#[test]
fn endless_recursion_is_stopped() {
    let source = "fn f(i) { f(i) }\nfn g(i) { h(i) }\nfn h(i) { 1 + g(i) }";
    let scripts = compiled(&with(plugin(&[("f.rhai", source)], &["f", "g"])));
    for function in ["f", "g"] {
        let message = call(&scripts, function, json!({})).unwrap_err().message;
        assert!(message.contains("more than 64 levels deep"), "{message}");
    }
    ends("let g = |g| g.call(g); g.call(g)", "more than 64 levels deep");
}

#[test]
fn recursion_inside_deep_expressions_fits_the_stack() {
    let deep = format!("{}f(i){}", "1 + (".repeat(28), ")".repeat(28));
    let scripts = compiled(&with(plugin(&[("f.rhai", &format!("fn f(i) {{ {deep} }}"))], &["f"])));
    assert!(call(&scripts, "f", json!({})).unwrap_err().message.contains("levels deep"));
}

#[test]
fn deep_expressions_are_refused_when_deployed() {
    let deep = format!("{}1{}", "(1 + ".repeat(100), ")".repeat(100));
    assert!(refused(&deep)[0].contains("nested more than 64 levels deep"));
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(refused(&deep)[0].contains("nested more than 64 levels deep"));
    let expression = Expression { source: deep.into(), at: place("p.yaml", 1, 1) };
    let failure = compiled(&definitions()).evaluate(&expression, &Names::default()).unwrap_err();
    assert!(failure.message.contains("nested more than 64 levels deep"), "{}", failure.message);
}

#[test]
fn values_do_not_grow_beyond_their_limits() {
    let part = "a value grew beyond the limit";
    ends(r#"let s = "x"; loop { s += s; }"#, part);
    ends(r#"let s = "x"; loop { s = `${s}${s}`; }"#, part);
    ends(r#"let s = "x"; s.pad(1000000000, 'y'); s"#, part);
    ends(r#"let s = "x"; s.pad(1000000000, "yz"); s"#, part);
    ends("let l = [1]; loop { l += l; }", part);
    ends("let l = []; loop { l.push(1); }", part);
    ends("let l = [1, 2]; loop { l = [l, l]; }", part);
    ends("let m = #{}; loop { m.a = m; m.b = m; m.c = m; }", part);
    let wide = "let b = []; for n in 0..1000 { b.push(n); } let m = #{};";
    ends(&format!("{wide} for n in 0..5000 {{ m[`k${{n}}`] = b; }}"), part);
    ends(&format!("{wide} let l = []; for n in 0..1000 {{ l.push(0); }} for n in 0..1000 {{ l[n] = b; }}"), part);
    ends(&format!("{wide} for n in 0..5000 {{ m[`k${{n}}`] = []; m[`k${{n}}`].push(b); }}"), part);
    ends(&format!("{wide} let grow = |n| {{ m[`k${{n}}`] = b; 1 }}; for n in 0..5000 {{ grow.call(n); }}"), part);
    ends("let m = #{a: 1}; loop { m = #{a: m, b: m}; }", part);
    ends(r#"let s = "x"; s.pad(400000, 'y'); [s, s]"#, part);
    ends("let l = []; for n in 0..5000 { l.push(n); } let k = l; k.map(|x| l)", part);
    ends("(0..9223372036854775807).map(|x| x)", "no function takes these values");
}

#[test]
fn functions_that_build_before_they_count_were_mended() {
    ends(
        r#"let s = "a"; s.pad(400000, 'a'); let t = s; s.replace("a", t); s"#,
        "replace would make a text of more than",
    );
    ends("let l = [1]; l.pad(9223372036854775807, [1, 2, 3]); l", "a list cannot be padded");
    ends("#{a: 1}.map(|x| x)", "map works on lists");
}

#[test]
fn a_value_nested_thousands_of_levels_deep_does_not_end_the_process() {
    ends("let l = []; for n in 0..2500 { l = [l]; } throw l", "");
    ends("let m = #{}; for n in 0..2500 { m = #{m: m}; } throw m", "");
    let source = "fn f(i) { let l = []; for n in 0..2500 { l = [l]; } l }";
    let scripts = compiled(&with(plugin(&[("f.rhai", source)], &["f"])));
    let failure = call(&scripts, "f", json!({})).unwrap_err();
    assert_eq!(failure.code, "output");
    assert!(failure.message.contains("nested more than 64 levels deep"), "{}", failure.message);
    let deep = (0..100).fold(json!(1), |value, _| json!([value]));
    assert_eq!(call(&scripts, "f", deep).unwrap_err().code, "input");
}

#[test]
fn a_thread_with_a_deep_stack_runs_scripts_in_place() {
    let thread = stack::spawn("writer", || {
        let here = std::thread::current().id();
        let bomb = run("let l = []; for n in 0..2500 { l = [l]; } 1", json!({}));
        (bomb, here == std::thread::current().id())
    });
    assert_eq!(thread.unwrap().join().unwrap(), (Ok(json!(1)), true));
}

#[test]
fn nothing_reaches_outside() {
    for (body, part) in [
        (r#"eval("1 + 1")"#, "\"eval\" is not available"),
        (r#"import "../secrets" as s; 1"#, "\"import\" is not available"),
        (r#"import "/etc/passwd" as s; 1"#, "\"import\" is not available"),
        (r#"print("x")"#, "\"print\" is not available"),
        (r#"debug("x")"#, "\"debug\" is not available"),
        ("this.x", "\"this\" is not available"),
        ("sleep(10)", "unknown function \"sleep\""),
        ("timestamp()", "unknown function \"timestamp\""),
        ("exit(1)", "unknown function \"exit\""),
        (r#"parse_json("{}")"#, "unknown function \"parse_json\""),
        ("rand()", "unknown function \"rand\""),
        (r#"Fn("sleep").call(1)"#, "unknown function \"sleep\""),
        (r#"Fn("sle" + "ep").call(1)"#, "Fn takes the name of a function as a literal text"),
        ("other::secret(1)", "other"),
        ("global::secret", ""),
    ] {
        if part.is_empty() {
            ends(body, "secret");
        } else {
            let found = refused(body);
            assert!(found.iter().any(|sentence| sentence.contains(part)), "{body}: {found:?}");
        }
    }
}

#[test]
fn arithmetic_never_wraps() {
    for (body, part) in [
        ("9223372036854775807 + 1", "overflow"),
        ("-9223372036854775807 - 2", "overflow"),
        ("let x = 9223372036854775807; x *= 2; x", "overflow"),
        ("let x = -9223372036854775807 - 1; -x", "overflow"),
        ("let x = -9223372036854775807 - 1; x / -1", "overflow"),
        ("let x = -9223372036854775807 - 1; x % -1", "overflow"),
        ("let x = -9223372036854775807 - 1; abs(x)", "overflow"),
        ("2 ** 64", "overflow"),
        ("2 ** -1", "negative power"),
        ("1 / 0", "Division by zero"),
        ("1 % 0", "zero"),
        ("1.0 / 0", "Division by zero"),
        ("1.0 % 0.0", "zero"),
        ("79228162514264337593543950335.0 + 1", "overflow"),
        ("79228162514264337593543950335.0 * 10", "overflow"),
        ("10.0 ** 40", "overflow"),
        ("79228162514264337593543950335.0.to_int()", "overflow"),
        (r#"money("92233720368547758.07", "CNY") + money("0.01", "CNY")"#, "too large"),
        (r#"money("92233720368547758.07", "CNY") * 2"#, "too large"),
        (r#"money("92233720368547758.08", "CNY")"#, "too large"),
        (r#"-money_minor(-9223372036854775807 - 1, "CNY")"#, "too large"),
        (r#"money("1", "CNY") / money("0", "CNY")"#, "cannot be divided"),
    ] {
        ends(body, part);
    }
}

#[test]
fn a_bad_comparator_ends_in_an_error_or_some_order() {
    ends(r#"let l = [3, 1, 2]; l.sort(|a, b| throw "no order"); l"#, "no order");
    ends(r#"let l = [3, 1, 2]; l.sort(|a, b| "x"); l"#, "the closure of sort gave a text");
    ends(r#"let l = [3, money("1", "CNY")]; l.sort(); l"#, "cannot be compared");
    let sorted = run(
        "let l = []; for n in 0..200 { l.push(n); } l.sort(|a, b| 1); l.sort(|a, b| -1); l.sort(|a, b| true); l.len()",
        json!({}),
    );
    assert_eq!(sorted, Ok(json!(200)));
}

#[test]
fn expensive_host_functions_are_paid_for() {
    let text = r#"let s = ""; s.pad(2000, 'x'); let t = ""; t.pad(2000, 'y'); loop { levenshtein(s, t); }"#;
    ends(text, "used more than 500000 operations");
    ends(r#"let s = ""; s.pad(2001, 'x'); levenshtein(s, "y")"#, "are not compared");
    ends(r#"let s = ""; s.pad(2001, 'x'); similarity(s, "y")"#, "are not compared");
}

#[test]
fn too_many_variables_and_functions_are_refused() {
    let many: String = (0..200).map(|n| format!("let v{n} = {n};")).collect();
    ends(&many, "more than 128 variables");
    let functions: String = (0..300).map(|n| format!("fn g{n}(i) {{ {n} }}\n")).collect();
    let found = scripts::compile(&with(plugin(&[("f.rhai", &functions)], &[])));
    assert!(found.scripts.is_none());
}

#[test]
fn closures_keep_nothing_between_calls() {
    let source = "fn f(i) { let n = 0; let count = || { n += 1; n }; count.call(); count.call() }";
    let scripts = compiled(&with(plugin(&[("f.rhai", source)], &["f"])));
    assert_eq!(call(&scripts, "f", json!({})), Ok(json!(2)));
    assert_eq!(call(&scripts, "f", json!({})), Ok(json!(2)));
    for body in ["|x| x", "0..5"] {
        assert_eq!(run(body, json!({})).unwrap_err().code, "output");
    }
}

#[test]
fn what_does_not_fit_never_enters() {
    let number = |text: &str| serde_json::from_str::<Json>(text).unwrap();
    for text in ["9223372036854775808", "1e40", "1e999999999999", "0.12345678901234567890123456789012"] {
        let failure = run("i.x", json!({"x": number(text)})).unwrap_err();
        assert_eq!(failure.code, "input", "{text}");
    }
    assert_eq!(run("i.x", json!({"x": {"amount": "1.999", "currency": "CNY"}})).unwrap_err().code, "input");
    let long = "x".repeat(limits::MAX_STRING_SIZE + 1);
    assert!(run("1", json!({"x": long})).unwrap_err().message.contains("beyond the limit"));
}
