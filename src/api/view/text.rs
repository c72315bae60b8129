//! A label in both languages.

use crate::model::text::Text;
use serde::Serialize;
use utoipa::ToSchema;

/// A label in both languages.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Text, example = json!({"en": "Review", "zh": "复核"}))]
pub(in crate::api) struct TextView {
    /// English.
    en: String,
    /// Chinese.
    zh: String,
}

impl From<&Text> for TextView {
    fn from(text: &Text) -> Self {
        TextView { en: text.en.clone(), zh: text.zh.clone() }
    }
}
