//! Which file is what: the folders of a pack and of a plugin, and a sentence about everything that is out of place.

use crate::model::nearest::nearest;

/// What a path of the project is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<'a> {
    /// A file of a pack: the pack's folder and what it is there.
    Pack(&'a str, PackPart<'a>),
    /// A file of a plugin: the plugin's folder and what it is there.
    Plugin(&'a str, PluginPart<'a>),
    /// For people only: `demo/`, Markdown.
    Ignored,
    /// Out of place, and why.
    Strange(String),
}

/// What a file of a pack is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackPart<'a> {
    /// `pack.yaml`.
    Head,
    /// `processes/<key>.yaml`.
    Process(&'a str),
    /// `records/<type>.yaml`.
    Record(&'a str),
    /// `forms/<form>.yaml`.
    Form(&'a str),
    /// `mappings/<mapping>.yaml`.
    Mapping(&'a str),
    /// `scenarios/<scenario>.yaml`.
    Scenario(&'a str),
    /// `stages/<list>.yaml`.
    Stages(&'a str),
    /// `plugins/<plugin>/…` of an overlay.
    Plugin(&'a str, PluginPart<'a>),
}

/// What a file of a plugin is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PluginPart<'a> {
    /// `plugin.yaml`.
    Manifest,
    /// `<name>.rhai`.
    Script(&'a str),
    /// `tests/<name>.yaml`.
    Test(&'a str),
}

const FOLDERS: [&str; 7] = ["processes", "records", "stages", "forms", "mappings", "scenarios", "plugins"];
const PLANNED: [&str; 2] = ["reports", "calendars"];

/// What the file at this path is.
pub fn part(path: &str) -> Part<'_> {
    if path.ends_with(".md") {
        return Part::Ignored;
    }
    if path.ends_with(".yml") {
        return Part::Strange("the name ends in .yml; name it .yaml".to_owned());
    }
    let steps: Vec<&str> = path.split('/').collect();
    match steps.as_slice() {
        ["workflows", pack, rest @ ..] if !rest.is_empty() => match pack_part(rest) {
            Ok(Some(part)) => Part::Pack(pack, part),
            Ok(None) => Part::Ignored,
            Err(sentence) => Part::Strange(sentence),
        },
        ["plugins", plugin, rest @ ..] if !rest.is_empty() => match plugin_part(rest) {
            Ok(Some(part)) => Part::Plugin(plugin, part),
            Ok(None) => Part::Ignored,
            Err(sentence) => Part::Strange(sentence),
        },
        ["workflows", _] => Part::Strange("a file of a pack stands in the pack's folder, workflows/<pack>/".to_owned()),
        ["plugins", _] => {
            Part::Strange("a file of a plugin stands in the plugin's folder, plugins/<plugin>/".to_owned())
        }
        _ => Part::Strange("only files in workflows/ and plugins/ are part of a revision".to_owned()),
    }
}

fn pack_part<'a>(steps: &[&'a str]) -> Result<Option<PackPart<'a>>, String> {
    match steps {
        ["demo", _, ..] => Ok(None),
        ["pack.yaml"] => Ok(Some(PackPart::Head)),
        ["processes", file] => Ok(Some(PackPart::Process(yaml(file)?))),
        ["records", file] => Ok(Some(PackPart::Record(yaml(file)?))),
        ["forms", file] => Ok(Some(PackPart::Form(yaml(file)?))),
        ["stages", file] => Ok(Some(PackPart::Stages(yaml(file)?))),
        ["mappings", file] => Ok(Some(PackPart::Mapping(yaml(file)?))),
        ["scenarios", file] => Ok(Some(PackPart::Scenario(yaml(file)?))),
        ["plugins", plugin, rest @ ..] if !rest.is_empty() => {
            Ok(plugin_part(rest)?.map(|part| PackPart::Plugin(plugin, part)))
        }
        [folder, _, ..] if PLANNED.contains(folder) => {
            Err(format!("{folder}/ belongs to the language but is not built yet; move its files away"))
        }
        [folder, _, _, ..] if FOLDERS.contains(folder) => Err(format!("{folder}/ has no folders inside")),
        [folder, _, ..] => {
            let near = nearest(folder, FOLDERS).map_or_else(
                || format!("; a pack has {}", FOLDERS.map(|folder| format!("{folder}/")).join(", ")),
                |near| format!("; did you mean {near}/?"),
            );
            Err(format!("a pack has no folder {folder}/{near}"))
        }
        [file] => Err(match nearest(file, ["pack.yaml"]) {
            Some(near) => format!("a pack has no file {file}; did you mean {near}?"),
            None => format!("a pack has no file {file}; only pack.yaml stands beside its folders"),
        }),
        [] => Err("this is not a file of a pack".to_owned()),
    }
}

fn plugin_part<'a>(steps: &[&'a str]) -> Result<Option<PluginPart<'a>>, String> {
    match steps {
        ["demo", _, ..] => Ok(None),
        ["plugin.yaml"] => Ok(Some(PluginPart::Manifest)),
        ["tests", file] => Ok(Some(PluginPart::Test(yaml(file)?))),
        [file] => match file.strip_suffix(".rhai") {
            Some(name) if !name.is_empty() => Ok(Some(PluginPart::Script(file))),
            _ => Err(match nearest(file, ["plugin.yaml"]) {
                Some(near) => format!("a plugin has no file {file}; did you mean {near}?"),
                None => format!("a plugin has no file {file}; it has plugin.yaml, *.rhai and tests/*.yaml"),
            }),
        },
        [folder, ..] => Err(match nearest(folder, ["tests"]) {
            Some(near) => format!("a plugin has no folder {folder}/; did you mean {near}/?"),
            None => format!("a plugin has no folder {folder}/; it has plugin.yaml, *.rhai and tests/*.yaml"),
        }),
        [] => Err("this is not a file of a plugin".to_owned()),
    }
}

fn yaml(file: &str) -> Result<&str, String> {
    file.strip_suffix(".yaml")
        .filter(|name| !name.is_empty())
        .ok_or_else(|| format!("{file} has no place here; only .yaml files have"))
}
