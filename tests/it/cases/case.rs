//! A case as it is written: `tests/cases/README.md` explains every key.

use super::intervene::{self, Intervening};
use super::player::{Answer, Done, Player};
use kamflow::model::command::StartedBy;
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::revision::Files;
use kamflow::model::subscription::Awaited;
use kamflow::model::time::Duration;
use serde::Deserialize;
use serde_yaml::{Mapping, Value as Yaml};
use std::collections::BTreeMap;

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows, in one sentence.
    pub case: String,
    processes: BTreeMap<String, Mapping>,
    #[serde(default)]
    forms: BTreeMap<String, Mapping>,
    #[serde(default)]
    plugins: BTreeMap<String, Mapping>,
    /// Record types.
    #[serde(default)]
    records: BTreeMap<String, Mapping>,
    /// What the active revision has otherwise; the instance stays pinned to the one above.
    latest: Option<Latest>,
    /// What each action answers, one after the other; the last answer is given again and again.
    #[serde(default)]
    pub actions: BTreeMap<String, Vec<Answer>>,
    /// What is done, and what must come of it.
    pub steps: Vec<Step>,
}

/// The files of the active revision that differ.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Latest {
    #[serde(default)]
    processes: BTreeMap<String, Mapping>,
    #[serde(default)]
    plugins: BTreeMap<String, Mapping>,
}

/// One step: one verb with its details.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    start: Option<String>,
    claim: Option<String>,
    unclaim: Option<String>,
    /// Vote at this approval, with `outcome` and `to`.
    decide: Option<String>,
    to: Option<String>,
    /// Take back what this approval asks for.
    withdraw: Option<String>,
    /// Have `to` asked at this approval, too, who has the roles of the case and `variables` as attributes.
    add_approver: Option<String>,
    /// The record that the approvals of this node are about was changed by somebody else.
    changed: Option<String>,
    complete: Option<String>,
    /// Claim and complete.
    perform: Option<String>,
    advance: Option<String>,
    /// The timer of this event once more, whether it is set or not.
    fire: Option<String>,
    retry: Option<String>,
    /// Give the task of this node to somebody, back to the candidates, let somebody do it, give it back done.
    assign: Option<String>,
    delegate: Option<String>,
    resolve: Option<String>,
    #[serde(flatten)]
    intervention: Intervening,
    /// A message of this name comes, with `key` and `variables`.
    message: Option<String>,
    /// A signal of this name comes, with `variables`.
    signal: Option<String>,
    /// A receive task that waits for somebody to say so.
    trigger: Option<String>,
    /// An activity of an ad-hoc sub-process.
    activate: Option<String>,
    /// One more instance of an activity that is done for each, with `item`.
    add: Option<String>,
    key: Option<String>,
    #[serde(default)]
    item: Json,
    /// The event that starts the process, with `variables`.
    event: Option<String>,
    complete_job: Option<String>,
    fail_job: Option<String>,
    error_job: Option<String>,
    /// What came of the job.
    #[serde(default)]
    result: Json,
    /// Why the job failed, or the code of the error.
    because: Option<String>,
    /// When the job is tried again.
    after: Option<String>,
    by: Option<String>,
    pub outcome: Option<String>,
    #[serde(default)]
    pub variables: JsonMap,
    #[serde(default)]
    pub expect: Expect,
}

/// What must come of a step. What is not said is not compared, except incidents and refusals: unsaid means none.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub history: Option<Vec<String>>,
    pub state: Option<String>,
    pub open: Option<Vec<String>>,
    pub tasks: Option<BTreeMap<String, Json>>,
    pub jobs: Option<BTreeMap<String, Json>>,
    pub timers: Option<BTreeMap<String, String>>,
    /// Events that wait for a message, a signal, a condition or a person: event, what for.
    pub awaits: Option<BTreeMap<String, String>>,
    pub variables: Option<JsonMap>,
    pub unset: Option<Vec<String>>,
    #[serde(default)]
    pub incidents: BTreeMap<String, String>,
    pub refused: Option<String>,
    pub performed: Option<Vec<String>>,
    pub decisions: Option<BTreeMap<String, Json>>,
}

impl Case {
    /// Reads a case.
    pub fn parse(text: &str) -> Result<Case, String> {
        let case: Case = serde_yaml::from_str(text).map_err(|wrong| wrong.to_string())?;
        match case.steps.iter().find(|step| step.verbs().len() != 1) {
            Some(step) => Err(format!("a step has one verb; this one has {:?}", step.verbs())),
            None => Ok(case),
        }
    }

    /// The files of the active revision, when it is another one.
    pub fn latest(&self) -> Result<Option<Files>, String> {
        let Some(Latest { processes, plugins }) = self.latest.clone() else { return Ok(None) };
        self.written(
            &self.processes.clone().into_iter().chain(processes).collect(),
            &self.plugins.clone().into_iter().chain(plugins).collect(),
        )
        .map(Some)
    }

    /// The files of its revision.
    pub fn files(&self) -> Result<Files, String> {
        self.written(&self.processes, &self.plugins)
    }

    /// Files with the heads that would be the same in every case.
    fn written(
        &self,
        processes: &BTreeMap<String, Mapping>,
        plugins: &BTreeMap<String, Mapping>,
    ) -> Result<Files, String> {
        let mut files = Files::new();
        let mut add = |path: String, content: &Mapping| -> Result<(), String> {
            let text = serde_yaml::to_string(content).map_err(|wrong| wrong.to_string())?;
            files.insert(path, text.into_bytes());
            Ok(())
        };
        for (key, process) in processes {
            let path = format!("workflows/case/processes/{key}.yaml");
            add(path, &headed("process", key, process))?;
        }
        for (name, record) in &self.records {
            add(format!("workflows/case/records/{name}.yaml"), &headed("record", name, record))?;
        }
        for (form, properties) in &self.forms {
            let labels = properties.keys().map(|name| (name.clone(), text(name.as_str().unwrap_or_default())));
            let labels = Yaml::Mapping(labels.collect());
            let properties = Yaml::Mapping(properties.clone());
            let schema = Mapping::from_iter([("type".into(), "object".into()), ("properties".into(), properties)]);
            let parts = Mapping::from_iter([("schema".into(), Yaml::Mapping(schema)), ("labels".into(), labels)]);
            let file = headed("form", form, &parts);
            add(format!("workflows/case/forms/{form}.yaml"), &file)?;
        }
        let mut scripts = Vec::new();
        for (id, plugin) in plugins {
            let mut manifest = headed("plugin", id, plugin);
            manifest.insert("version".into(), "1.0.0".into());
            if let Some(Yaml::Mapping(sources)) = manifest.remove("scripts") {
                for (name, source) in sources {
                    let path = format!("plugins/{id}/{}", name.as_str().unwrap_or_default());
                    scripts.push((path, source.as_str().unwrap_or_default().as_bytes().to_vec()));
                }
            }
            add(format!("plugins/{id}/plugin.yaml"), &manifest)?;
        }
        files.extend(scripts);
        Ok(files)
    }
}

/// A definition with the head that it lacks: its key under its kind, and a title.
fn headed(kind: &str, key: &str, mapping: &Mapping) -> Mapping {
    let mut all = Mapping::from_iter([(kind.into(), key.into()), ("title".into(), text(key))]);
    all.extend(mapping.clone());
    all
}

/// The same text in both languages.
fn text(text: &str) -> Yaml {
    Yaml::Mapping(Mapping::from_iter([("en".into(), text.into()), ("zh".into(), text.into())]))
}

impl Step {
    fn verbs(&self) -> Vec<&'static str> {
        let said = [
            ("start", &self.start),
            ("claim", &self.claim),
            ("unclaim", &self.unclaim),
            ("decide", &self.decide),
            ("withdraw", &self.withdraw),
            ("add_approver", &self.add_approver),
            ("changed", &self.changed),
            ("complete", &self.complete),
            ("perform", &self.perform),
            ("advance", &self.advance),
            ("fire", &self.fire),
            ("retry", &self.retry),
            ("assign", &self.assign),
            ("delegate", &self.delegate),
            ("resolve", &self.resolve),
            ("complete_job", &self.complete_job),
            ("fail_job", &self.fail_job),
            ("error_job", &self.error_job),
            ("message", &self.message),
            ("signal", &self.signal),
            ("trigger", &self.trigger),
            ("activate", &self.activate),
            ("add", &self.add),
        ];
        let verbs = said.into_iter().filter(|(_, value)| value.is_some()).map(|(verb, _)| verb);
        verbs.chain(self.intervention.verbs()).collect()
    }

    /// Its verb.
    pub fn verb(&self) -> &'static str {
        self.verbs().first().copied().unwrap_or("nothing")
    }
}

/// Carries out a step; what happened.
pub fn carry_out(player: &mut Player, step: &Step) -> Result<Done, String> {
    let by = step.by.as_deref().unwrap_or("alice");
    let details = (step.outcome.clone(), step.variables.clone());
    match step {
        Step { start: Some(process), event: Some(event), .. } => {
            let event = StartedBy { node: event.as_str().into(), payload: details.1 };
            player.start(process, by, JsonMap::new(), Some(event))
        }
        Step { start: Some(process), .. } => player.start(process, by, details.1, None),
        Step { claim: Some(node), .. } => player.claim(node, by),
        Step { unclaim: Some(node), .. } => player.unclaim(node, by),
        Step { decide: Some(node), to, .. } => player.decide(node, by, (step.outcome.as_deref(), to.as_deref())),
        Step { withdraw: Some(node), .. } => player.withdraw(node, by),
        Step { add_approver: Some(node), to, .. } => {
            player.add_approver(node, by, to.as_deref().unwrap_or_default(), details.1)
        }
        Step { changed: Some(node), .. } => player.changed(node, by),
        Step { complete: Some(node), .. } => player.complete(node, by, details),
        Step { perform: Some(node), .. } => player.perform(node, by, details),
        Step { advance: Some(duration), .. } => player.advance(&duration.parse::<Duration>()?),
        Step { fire: Some(event), .. } => player.fire_again(event),
        Step { assign: Some(node), to, .. } => player.assign(node, by, to.as_deref()),
        Step { delegate: Some(node), to, .. } => player.delegate(node, by, to.as_deref().unwrap_or_default()),
        Step { resolve: Some(node), .. } => player.resolve(node, by, details.1),
        Step { retry: Some(node), .. } => player.retry(node, by, details.1),
        Step { message: Some(name), key, .. } => {
            player.receive(&Awaited::Message { name: name.clone(), key: key.clone() }, &details.1)
        }
        Step { signal: Some(name), .. } => player.receive(&Awaited::Signal { name: name.clone() }, &details.1),
        Step { trigger: Some(node), .. } => player.trigger(node),
        Step { activate: Some(node), .. } => player.activate(node, by),
        Step { add: Some(node), item, .. } => player.add_instance(node, item.clone(), by),
        Step { complete_job: Some(node), result, .. } => player.complete_job(node, result.clone()),
        Step { fail_job: Some(node), after, .. } => {
            let after = after.as_ref().map(|after| after.parse::<Duration>()).transpose()?;
            player.fail_job(node, step.because.clone().unwrap_or_default(), after)
        }
        Step { error_job: Some(node), .. } => {
            player.error_job(node, step.because.clone().unwrap_or_default(), details.1)
        }
        _ => intervene::carry_out(player, &step.intervention, by, details),
    }
}
