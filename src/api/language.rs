//! The language of an answer, from `Accept-Language` (RFC 9110): English or Chinese, English when nobody says.

use crate::model::text::Language;
use actix_web::http::header::{self, HeaderMap};

/// The language that the request asks for.
pub(super) fn of(headers: &HeaderMap) -> Language {
    headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).map_or(Language::En, negotiate)
}

/// The first of the best: `fr, zh;q=0.8, en;q=0.5` is Chinese.
fn negotiate(wanted: &str) -> Language {
    let mut best = (0, Language::En);
    for part in wanted.split(',') {
        let mut pieces = part.split(';').map(str::trim);
        let tag = pieces.next().unwrap_or_default().to_ascii_lowercase();
        let weight = pieces.find_map(|piece| piece.strip_prefix("q=")).map_or(1000, thousandths);
        let language = match tag.split('-').next() {
            Some("zh") => Language::Zh,
            Some("en" | "*") => Language::En,
            _ => continue,
        };
        if weight > best.0 {
            best = (weight, language);
        }
    }
    best.1
}

/// `0.85` as 850; what is not a weight counts as not wanted.
fn thousandths(weight: &str) -> u32 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = format!("{whole}{fraction:0<3}");
    if fraction.len() > 3 || whole.len() != 1 { 0 } else { digits.parse().unwrap_or(0).min(1000) }
}

/// The language tag of an answer.
pub(super) fn tag(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Zh => "zh",
    }
}
