//! What a call of a rule costs beside rhai itself: the assessment of an opportunity by its twenty questions, as kamflow calls
//! it, by rhai alone (no limits, no schemas, no JSON), and the sum of twenty answers by rhai alone.
//!
//! `cargo bench --bench script`, in the project folder.

use criterion::{Criterion, criterion_group, criterion_main};
use kamflow::definitions::{self, folder};
use kamflow::engine::evaluator::Evaluator;
use kamflow::model::expression::FunctionRef;
use kamflow::model::ids::BusinessId;
use kamflow::model::json::Json;
use kamflow::model::revision::Files;
use kamflow::scripts;
use rhai::{AST, CallFnOptions, Dynamic, Engine, Map, Module, OptimizationLevel, Scope};
use std::collections::BTreeMap;
use std::path::Path;

const FOLDER: &str = "plugins/opportunity-value";

const SUM: &str = r#"
fn assess(input) {
    let total = 0;
    for answer in input.answers.values() {
        if answer == "yes" { total += 1; }
    }
    #{total: total, high_value: total > 10}
}
"#;

/// A script whose constants its functions see, and nothing else of kamflow.
fn alone(sources: &[String]) -> (Engine, AST) {
    let mut engine = Engine::new();
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_max_expr_depths(64, 64);
    // Heads of files belong to a file of their own.
    let source = sources.join("\n").replace("//!", "//");
    let ast = engine.compile(source).expect("the script is rhai");
    let mut scope = Scope::new();
    engine.run_ast_with_scope(&mut scope, &ast).expect("constants have values");
    let mut constants = Module::new();
    for (name, _, value) in scope.iter() {
        constants.set_var(name, value);
    }
    constants.build_index();
    engine.register_global_module(constants.into());
    (engine, ast)
}

fn answers() -> Vec<(String, &'static str)> {
    (1..=20).map(|n| (format!("q{n:02}"), ["yes", "no", "yes", "unknown"][n % 4])).collect()
}

fn script(criterion: &mut Criterion) {
    let files: Files = folder::read(Path::new(".")).expect("the folders can be read");
    let resolved = definitions::resolve(&files, &BusinessId::from("default")).expect("the files are right");
    let parsed = definitions::parse(&resolved).definitions.expect("the files are right");
    let scripts = scripts::compile(&parsed).scripts.expect("the scripts are right");
    let assess = FunctionRef { plugin: "opportunity-value".into(), function: "assess".into() };
    let answers = answers();
    let input: Json = serde_json::json!({"answers": answers.iter().cloned().collect::<BTreeMap<_, _>>()});
    let answered: Map = answers.iter().map(|(question, answer)| (question.into(), (*answer).into())).collect();
    let argument: Map = [("answers".into(), Dynamic::from_map(answered))].into();

    let mut group = criterion.benchmark_group("script");
    group.bench_function("assess", |bencher| bencher.iter(|| scripts.call(&assess, &input).expect("it answers")));
    let source = |file: &str| std::fs::read_to_string(format!("{FOLDER}/{file}")).expect("the script is there");
    let assessment = [source("template.rhai"), source("assess.rhai")];
    for (name, sources) in [("assess by rhai alone", &assessment[..]), ("sum by rhai alone", &[SUM.to_owned()])] {
        let (engine, ast) = alone(sources);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let options = CallFnOptions::new().eval_ast(false);
                let mut scope = Scope::new();
                let given = (argument.clone(),);
                engine.call_fn_with_options::<Dynamic>(options, &mut scope, &ast, "assess", given).expect("it answers")
            })
        });
    }
    group.finish();
}

criterion_group!(benches, script);
criterion_main!(benches);
