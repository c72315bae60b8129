//! Chinese characters: simplified ones for traditional ones, and how they are read. The tables are those of OpenCC and
//! of pinyin-data, kept by the libraries that bring them.

use super::{Given, HostFunction, fail, put};
use crate::scripts::limits::{MAX_COMPARED_CHARS, charge};
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use pinyin::ToPinyinMulti;
use rhai::{Array, Dynamic};
use std::sync::LazyLock;

pub(super) const TABLE: &[HostFunction] = &[
    HostFunction {
        name: "simplified",
        signature: "simplified(text) -> text",
        text: "Traditional Chinese characters as simplified ones, by the tables of OpenCC, words before characters: 乾坤 stays, 餅乾 is 饼干.",
        add: |module| put(module, "simplified", simplified),
    },
    HostFunction {
        name: "pinyin",
        signature: "pinyin(text) -> list",
        text: "How every character is read, without tones, the usual reading first: `pinyin(\"银行\")` is [[\"yin\"], [\"xing\", \"hang\", \"heng\"]]. What is no Chinese character is its own reading.",
        add: |module| put(module, "pinyin", pinyin),
    },
    HostFunction {
        name: "sounds_alike",
        signature: "sounds_alike(a, b) -> bool",
        text: "Whether both texts are equally long and their characters, one by one, are the same or have a reading in common, tones aside.",
        add: |module| put(module, "sounds_alike", sounds_alike),
    },
];

/// None when the tables cannot be read; then a script that asks fails with a sentence.
static TABLES: LazyLock<Option<OpenCC>> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::T2s).ok());

fn simplified(text: &str) -> Given<String> {
    charge(text.len() / 100)?;
    if text.is_ascii() {
        return Ok(text.to_owned());
    }
    match &*TABLES {
        Some(tables) => Ok(tables.convert(text)),
        None => fail("the tables of traditional characters cannot be read"),
    }
}

fn pinyin(text: &str) -> Given<Array> {
    charge(text.len() / 100)?;
    let of = |sign: char| -> Dynamic {
        let list: Array = readings(sign).into_iter().map(|reading| reading.to_owned().into()).collect();
        if list.is_empty() { vec![Dynamic::from(sign.to_string())].into() } else { list.into() }
    };
    Ok(text.chars().map(of).collect())
}

fn sounds_alike(a: &str, b: &str) -> Given<bool> {
    charge((a.len() + b.len()) / 100)?;
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().max(b.len()) > MAX_COMPARED_CHARS {
        return fail(format!("texts of more than {MAX_COMPARED_CHARS} characters are not compared"));
    }
    let alike = |(a, b): (&char, &char)| a == b || readings(*a).iter().any(|one| readings(*b).contains(one));
    Ok(a.len() == b.len() && a.iter().zip(&b).all(alike))
}

/// The readings of a character, each once; none when it has none.
fn readings(sign: char) -> Vec<&'static str> {
    let mut readings = Vec::new();
    for one in sign.to_pinyin_multi().into_iter().flatten() {
        if !readings.contains(&one.plain()) {
            readings.push(one.plain());
        }
    }
    readings
}
