//! The form of a user task, with all that a client needs to draw it.

use super::text::TextView;
use crate::model::form::{Form, SeenForm};
use crate::model::json::{Json, JsonMap};
use crate::model::text::Text;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The form of a user task, or of the start of a process.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Form)]
pub(in crate::api) struct FormView {
    /// Its name.
    name: String,
    /// Its title.
    title: TextView,
    /// The revision that it is of: that of the instance, whatever is deployed since; of a start, the active one.
    revision: i64,
    /// SHA-256 of all that is drawn of it, in hex.
    hash: String,
    /// JSON Schema (2020-12) of what the person enters, lists of values in place, with defaults.
    #[schema(value_type = Object)]
    schema: Json,
    /// Labels of the properties.
    labels: BTreeMap<String, TextView>,
    /// Labels of the values of properties that are codes: by property and value.
    value_labels: BTreeMap<String, BTreeMap<String, TextView>>,
    /// Order of the properties on the page; those not named follow.
    order: Vec<String>,
    /// Properties that are shown and not entered.
    read_only: Vec<String>,
    /// Properties that are computed from the variables and from what is typed, and not entered.
    computed: Vec<String>,
    /// The variables that the properties are named for, as they are now; of what is computed, what it comes to now.
    #[schema(value_type = Object)]
    values: JsonMap,
    /// Names of the variables that are shown beside it, in this order.
    shows: Vec<String>,
    /// Their values.
    #[schema(value_type = Object)]
    shown: JsonMap,
    /// The outcomes to choose from.
    outcomes: Vec<OutcomeView>,
}

/// An outcome to choose.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FormOutcome)]
struct OutcomeView {
    /// What is sent.
    outcome: String,
    /// What is shown; the outcome itself when the form has no label for it.
    label: TextView,
}

/// Shows a form.
pub(in crate::api) fn form(found: SeenForm) -> FormView {
    let SeenForm { form, revision, shown, present, outcomes } = found;
    let outcome = |outcome: String| OutcomeView {
        label: form.outcomes.get(&outcome).map_or_else(|| TextView::from(&Text::same(&outcome)), TextView::from),
        outcome,
    };
    let Form { name, title, schema, labels, values, order, shows, computed, .. } = &*form;
    FormView {
        name: name.clone(),
        title: TextView::from(title),
        revision,
        hash: form.hash(),
        schema: schema.clone(),
        labels: texts(labels),
        value_labels: values.iter().map(|(name, labels)| (name.clone(), texts(labels))).collect(),
        order: order.clone(),
        read_only: form.read_only().map(str::to_owned).collect(),
        computed: computed.keys().cloned().collect(),
        values: present,
        shows: shows.clone(),
        shown,
        outcomes: outcomes.into_iter().map(outcome).collect(),
    }
}

fn texts(labels: &BTreeMap<String, Text>) -> BTreeMap<String, TextView> {
    labels.iter().map(|(name, label)| (name.clone(), TextView::from(label))).collect()
}
