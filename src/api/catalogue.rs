//! What problems are called, and what they say: titles of all codes and the Chinese of sentences.

mod approvals;
mod files;
mod jobs;
mod people;
mod provisioning;
mod records;
mod sentences;
mod tasks;
mod titles;

use super::translate::translate;
use crate::model::schema_sentences;
use crate::model::text::{Language, Text};
use actix_web::http::StatusCode;
use titles::TITLES;

/// The title of a code; of the status, when the code has none.
pub(super) fn title(code: &str, status: StatusCode) -> Text {
    match TITLES.iter().find(|(known, ..)| *known == code) {
        Some((_, en, zh)) => Text { en: (*en).to_owned(), zh: (*zh).to_owned() },
        None => Text::same(status.canonical_reason().unwrap_or("Problem")),
    }
}

/// The sentence in a language.
pub fn say(sentence: &str, language: Language) -> String {
    match language {
        Language::En => sentence.to_owned(),
        Language::Zh => {
            let tables = [
                sentences::SENTENCES,
                people::SENTENCES,
                records::SENTENCES,
                files::SENTENCES,
                provisioning::SENTENCES,
                jobs::SENTENCES,
                tasks::SENTENCES,
                approvals::SENTENCES,
            ];
            let of_schemas: Vec<(&str, &str)> =
                schema_sentences::SENTENCES.iter().map(|(_, english, chinese)| (*english, *chinese)).collect();
            let chinese = tables.into_iter().chain([&of_schemas[..]]).find_map(|table| translate(sentence, table));
            chinese.unwrap_or_else(|| sentence.to_owned())
        }
    }
}

/// All codes that have a title.
pub fn codes() -> impl Iterator<Item = &'static str> {
    TITLES.iter().map(|(code, ..)| *code)
}
