//! The form of a user task, with the variables that it shows.

use super::text::TextView;
use crate::model::form::Form;
use crate::model::json::{Json, JsonMap};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The form of a user task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Form)]
pub(in crate::api) struct FormView {
    /// Its name.
    name: String,
    /// Its title.
    title: TextView,
    /// JSON Schema (2020-12) of what the person enters.
    #[schema(value_type = Object)]
    schema: Json,
    /// Labels of the properties.
    labels: BTreeMap<String, TextView>,
    /// Order of the properties on the page; those not named follow.
    order: Vec<String>,
    /// Names of the variables that are shown beside it, in this order.
    shows: Vec<String>,
    /// Their values.
    #[schema(value_type = Object)]
    shown: JsonMap,
}

/// Shows a form.
pub(in crate::api) fn form(form: Form, shown: JsonMap) -> FormView {
    FormView {
        name: form.name,
        title: TextView::from(&form.title),
        schema: form.schema,
        labels: form.labels.iter().map(|(name, label)| (name.clone(), TextView::from(label))).collect(),
        order: form.order,
        shows: form.shows,
        shown,
    }
}
