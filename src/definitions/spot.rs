//! The position index of a YAML file: for every value where it stands, its key, and how it was typed.

use crate::model::expression::Place;
use std::collections::HashMap;
use std::sync::Arc;

/// A value as it was typed.
#[derive(Debug, Clone)]
pub struct Spot {
    /// Line and column of its first character, from 1.
    pub start: (u32, u32),
    /// What it is.
    pub typed: Typed,
}

/// The three things a YAML value can be.
#[derive(Debug, Clone)]
pub enum Typed {
    /// A scalar.
    Scalar(Scalar),
    /// A list.
    List(Vec<Spot>),
    /// A map.
    Map(Entries),
}

/// A scalar as it was typed; nothing is interpreted.
#[derive(Debug, Clone)]
pub struct Scalar {
    /// Its text, quotes and escapes taken away.
    pub text: String,
    /// Whether it stands without quotes.
    pub plain: bool,
    /// Where the text itself begins: after the quote, or on the first line of a block.
    pub text_start: (u32, u32),
}

/// The entries of a map in document order.
#[derive(Debug, Clone, Default)]
pub struct Entries {
    list: Vec<Entry>,
    index: HashMap<String, usize>,
}

/// A key, where it stands, and its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Line and column of the key.
    pub start: (u32, u32),
    /// The value.
    pub value: Spot,
}

impl Entries {
    /// Adds an entry; gives the place of an earlier one with the same key, which it replaces.
    pub fn add(&mut self, entry: Entry) -> Option<(u32, u32)> {
        match self.index.get(&entry.key) {
            Some(&position) => Some(std::mem::replace(&mut self.list[position], entry).start),
            None => {
                self.index.insert(entry.key.clone(), self.list.len());
                self.list.push(entry);
                None
            }
        }
    }

    /// Gives an entry another key.
    pub fn rename(&mut self, from: &str, to: &str) {
        if let Some(position) = self.index.remove(from) {
            self.list[position].key = to.to_owned();
            self.index.insert(to.to_owned(), position);
        }
    }

    /// The entry of a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.index.get(key).map(|&position| &self.list[position])
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    fn get_mut(&mut self, key: &str) -> Option<&mut Entry> {
        self.index.get(key).map(|&position| &mut self.list[position])
    }
}

impl Spot {
    /// The value at the end of a path; for changes.
    pub fn find_mut(&mut self, path: &[String]) -> Option<&mut Spot> {
        path.iter().try_fold(self, |spot, step| match &mut spot.typed {
            Typed::Map(entries) => entries.get_mut(step).map(|entry| &mut entry.value),
            Typed::List(items) => step.parse().ok().and_then(|position: usize| items.get_mut(position)),
            Typed::Scalar(_) => None,
        })
    }
}

/// A place in a file that follows the shape of its data: `at.key("nodes").item(2).key("id")`. What is not there has
/// the place of what should hold it.
#[derive(Clone, Copy)]
pub struct At<'a> {
    file: &'a Arc<str>,
    spot: &'a Spot,
    key: Option<(u32, u32)>,
}

impl<'a> At<'a> {
    /// The whole file.
    pub fn root(file: &'a Arc<str>, spot: &'a Spot) -> At<'a> {
        At { file, spot, key: None }
    }

    /// The value of a key.
    pub fn key(self, key: &str) -> At<'a> {
        match &self.spot.typed {
            Typed::Map(entries) => match entries.get(key) {
                Some(entry) => At { spot: &entry.value, key: Some(entry.start), ..self },
                None => self,
            },
            _ => self,
        }
    }

    /// An entry of a list.
    pub fn item(self, position: usize) -> At<'a> {
        match &self.spot.typed {
            Typed::List(items) => match items.get(position) {
                Some(spot) => At { spot, key: None, ..self },
                None => self,
            },
            _ => self,
        }
    }

    /// One step down, by key or position.
    pub fn step(self, step: &str) -> At<'a> {
        match &self.spot.typed {
            Typed::List(_) => step.parse().map_or(self, |position| self.item(position)),
            _ => self.key(step),
        }
    }

    /// The keys of a map in document order.
    pub fn keys(self) -> Vec<&'a str> {
        match &self.spot.typed {
            Typed::Map(entries) => entries.list.iter().map(|entry| entry.key.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// What stands here.
    pub fn typed(self) -> &'a Typed {
        &self.spot.typed
    }

    /// The scalar that stands here.
    pub fn scalar(self) -> Option<&'a Scalar> {
        match &self.spot.typed {
            Typed::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// Where the value begins; an empty value has the place of its key.
    pub fn place(self) -> Place {
        match &self.spot.typed {
            Typed::Scalar(scalar) if scalar.plain && scalar.text.is_empty() => self.key_place(),
            _ => self.at(self.spot.start),
        }
    }

    /// Where the key of the value stands.
    pub fn key_place(self) -> Place {
        self.at(self.key.unwrap_or(self.spot.start))
    }

    /// Where the text of a scalar begins, after its quote.
    pub fn text_place(self) -> Place {
        self.at(self.scalar().map_or(self.spot.start, |scalar| scalar.text_start))
    }

    fn at(self, (line, column): (u32, u32)) -> Place {
        Place { file: Arc::clone(self.file), line, column }
    }
}
