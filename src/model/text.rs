//! Text for people, in English and Chinese; both are first class.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A label in both languages, `{en: Customer intake, zh: 客户收集与核定}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Default)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Chinese.
    pub zh: String,
}

/// A language that people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

impl Language {
    /// Reads the tag.
    pub fn parse(tag: &str) -> Option<Language> {
        match tag {
            "en" => Some(Language::En),
            "zh" => Some(Language::Zh),
            _ => None,
        }
    }
}

impl Text {
    /// The same words in both languages, for names that have only one form.
    pub fn same(text: &str) -> Text {
        Text { en: text.to_owned(), zh: text.to_owned() }
    }

    /// The text in the asked language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}
