//! What draws the start of a process: its start variables, with the words of its form where it has one.

use crate::model::actor::Actor;
use crate::model::form::{Form, SeenForm};
use crate::model::json::{Json, JsonMap};
use crate::model::process::Process;
use crate::model::refusal::Refusal;
use crate::model::text::Text;
use crate::runtime::Runtime;
use std::sync::Arc;

impl Runtime {
    /// The form that draws the start of a process, by what the caller's business goes by now.
    pub async fn start_form(&self, actor: &Actor, key: &str) -> Result<SeenForm, Refusal> {
        let library = self.definitions_of(actor, key).await?;
        let process = library.definitions.processes.get(key).ok_or_else(|| Refusal::not_found("process", key))?;
        let declared = process.form.as_ref().and_then(|form| library.definitions.forms.get(form));
        let form = drawn(process, declared.map(|form| &**form));
        let nothing = JsonMap::new();
        let computed = library.computed(&form, &[], &nothing);
        let present = computed.filter_map(|(name, value)| Some((name, value.ok()?))).collect();
        let (shown, outcomes) = (JsonMap::new(), Vec::new());
        Ok(SeenForm { form: Arc::new(form), revision: library.number, shown, present, outcomes })
    }
}

/// One schema decides what fits: that of the start variables. The form gives the words and the order.
fn drawn(process: &Process, declared: Option<&Form>) -> Form {
    let plain = Form {
        name: process.key.clone(),
        title: process.title.clone(),
        schema: process.input.clone(),
        labels: Default::default(),
        values: Default::default(),
        outcomes: Default::default(),
        order: Vec::new(),
        shows: Vec::new(),
        computed: Default::default(),
        at: process.at.clone(),
    };
    let mut form = match declared {
        Some(form) => Form { schema: plain.schema, outcomes: plain.outcomes, shows: plain.shows, ..form.clone() },
        None => plain,
    };
    let properties = form.schema.get("properties").and_then(Json::as_object).cloned().unwrap_or_default();
    for name in properties.into_iter().map(|(name, _)| name) {
        form.labels.entry(name.clone()).or_insert_with(|| Text::same(&name));
    }
    form
}
