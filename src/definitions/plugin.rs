//! A plugin folder to a plugin: manifest, scripts, test cases.

use super::json_schema;
use super::known::known;
use super::load::Loaded;
use super::names;
use super::shape::plugin::{PluginShape, PluginTestShape};
use crate::model::finding::Finding;
use crate::model::plugin::{Function, Plugin, PluginTest, Setting, SettingSource};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files of a plugin folder, those of an overlay in the place of the ones that they replace.
#[derive(Default)]
pub struct Folder {
    /// Scripts by file name: the path and the source.
    pub scripts: BTreeMap<String, (Arc<str>, Arc<str>)>,
    /// Test files.
    pub tests: Vec<Loaded<PluginTestShape>>,
}

/// The plugin of a folder.
pub fn convert(id: &str, file: &Loaded<PluginShape>, folder: &Folder, findings: &mut Vec<Finding>) -> Plugin {
    let (shape, at) = (&file.shape, file.at());
    names::key("plugin", &shape.plugin, id, at.key("plugin"), findings);
    let mut functions = BTreeMap::new();
    for (name, function) in &shape.functions {
        let at = at.key("functions").key(name);
        names::variable(name, at, findings);
        let files = folder.scripts.keys().map(String::as_str);
        known("script file", &function.script, files, "; put it beside plugin.yaml", at.key("script"), findings);
        json_schema::check(&function.input.0, at.key("input"), findings);
        json_schema::check(&function.output.0, at.key("output"), findings);
        let script = folder.scripts.get(&function.script).map(|(path, _)| Arc::clone(path));
        functions.insert(
            name.clone(),
            Function {
                name: name.clone(),
                script: script.unwrap_or_else(|| Arc::from(function.script.as_str())),
                input: function.input.0.clone(),
                output: function.output.0.clone(),
                at: at.key_place(),
            },
        );
    }
    let setting = |(name, setting): (&String, &super::shape::plugin::SettingShape)| {
        let value =
            Setting { value: setting.default.clone(), source: SettingSource::Default, title: setting.title.clone() };
        (name.clone(), value)
    };
    Plugin {
        id: shape.plugin.clone(),
        version: shape.version.clone(),
        title: shape.title.clone(),
        settings: shape.settings.iter().map(setting).collect(),
        reasons: shape.reasons.clone(),
        scripts: folder.scripts.values().cloned().collect(),
        tests: folder.tests.iter().flat_map(|test| tests(id, test, shape, findings)).collect(),
        at: at.key("plugin").place(),
        functions,
    }
}

fn tests(
    id: &str,
    file: &Loaded<PluginTestShape>,
    plugin: &PluginShape,
    findings: &mut Vec<Finding>,
) -> Vec<PluginTest> {
    let (shape, at) = (&file.shape, file.at());
    let what = format!("function in plugin \"{id}\" called");
    known(&what, &shape.test, plugin.functions.keys().map(String::as_str), "", at.key("test"), findings);
    let mut tests = Vec::new();
    for (position, case) in shape.cases.iter().enumerate() {
        let at = at.key("cases").item(position);
        if case.expect.is_some() == case.error.is_some() {
            let sentence = format!("the case \"{}\" says either \"expect\" or \"error\"", case.name);
            findings.push(Finding::error(at.place(), sentence));
        }
        tests.push(PluginTest {
            name: case.name.clone(),
            function: shape.test.clone(),
            input: case.input.clone(),
            expect: case.expect.clone(),
            error: case.error.clone(),
            at: at.place(),
        });
    }
    tests
}
