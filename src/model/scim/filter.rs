//! Filters as RFC 7644 3.4.2.2 writes them: `userName eq "li.na" and not (emails[type eq "work"] pr)`. Read here; which
//! attributes a list can be filtered by stands in `condition`.

use super::path;
use crate::model::json::Json;
use crate::model::refusal::Refusal;

/// Levels of parentheses at most.
const DEEPEST: usize = 20;
/// Comparisons of a filter at most.
const COMPARISONS_MOST: usize = 100;

/// A filter.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// All of these hold.
    All(Vec<Filter>),
    /// One of these holds.
    Any(Vec<Filter>),
    /// This does not hold.
    Not(Box<Filter>),
    /// One attribute is compared.
    Test(Test),
    /// Some entry of a list is like this: `emails[type eq "work"]`.
    Entry {
        /// The list, in lower case.
        attribute: String,
        /// What the entry is like.
        filter: Box<Filter>,
    },
}

/// One comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The attribute in lower case, without the URN of its schema: `emails.value`.
    pub attribute: String,
    /// How it is compared.
    pub operator: Operator,
    /// With what; null for `pr`.
    pub value: Json,
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Contains.
    Co,
    /// Begins with.
    Sw,
    /// Ends with.
    Ew,
    /// Is there.
    Pr,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
}

/// Reads a filter.
pub fn parse(text: &str) -> Result<Filter, Refusal> {
    let mut reader = Reader::new(text);
    let filter = reader.filter()?;
    match reader.rest.is_empty() {
        true => Ok(filter),
        false => Err(reader.expected("\"and\", \"or\" or the end")),
    }
}

/// Reads from the front.
pub(super) struct Reader<'t> {
    all: &'t str,
    /// What is not read yet.
    pub rest: &'t str,
    depth: usize,
    comparisons: usize,
}

impl<'t> Reader<'t> {
    pub fn new(all: &'t str) -> Reader<'t> {
        Reader { all, rest: all.trim(), depth: 0, comparisons: 0 }
    }

    /// `or` binds least, then `and`, then `not`.
    pub fn filter(&mut self) -> Result<Filter, Refusal> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(invalid(format!("the filter is nested deeper than {DEEPEST} levels")));
        }
        let mut any = Vec::new();
        loop {
            let mut all = vec![self.atom()?];
            while self.word("and") {
                all.push(self.atom()?);
            }
            any.push(one_or(all, Filter::All));
            if !self.word("or") {
                self.depth -= 1;
                return Ok(one_or(any, Filter::Any));
            }
        }
    }

    fn atom(&mut self) -> Result<Filter, Refusal> {
        if self.word("not") {
            self.need('(')?;
            let inside = self.filter()?;
            self.need(')')?;
            return Ok(Filter::Not(Box::new(inside)));
        }
        if self.eat('(') {
            let inside = self.filter()?;
            self.need(')')?;
            return Ok(inside);
        }
        let attribute = self.attribute()?;
        if self.eat('[') {
            let filter = Box::new(self.filter()?);
            self.need(']')?;
            return Ok(Filter::Entry { attribute, filter });
        }
        self.comparisons += 1;
        if self.comparisons > COMPARISONS_MOST {
            return Err(invalid(format!("a filter has at most {COMPARISONS_MOST} comparisons")));
        }
        let operator = self.operator()?;
        let value = if operator == Operator::Pr { Json::Null } else { self.value()? };
        Ok(Filter::Test(Test { attribute, operator, value }))
    }

    /// An attribute in lower case, without its URN.
    pub fn attribute(&mut self) -> Result<String, Refusal> {
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && !"_-$:.".contains(c));
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '$') {
            return Err(self.expected("an attribute"));
        }
        self.rest = rest.trim_start();
        Ok(path::plain(name))
    }

    fn operator(&mut self) -> Result<Operator, Refusal> {
        use Operator::*;
        let known = [Eq, Ne, Co, Sw, Ew, Pr, Gt, Ge, Lt, Le];
        let names = ["eq", "ne", "co", "sw", "ew", "pr", "gt", "ge", "lt", "le"];
        let found = known.into_iter().zip(names).find(|(_, name)| self.word(name));
        found.map(|(operator, _)| operator).ok_or_else(|| self.expected("an operator such as eq"))
    }

    /// A JSON text, number, true, false or null.
    fn value(&mut self) -> Result<Json, Refusal> {
        let end = match self.rest.strip_prefix('"') {
            Some(inside) => {
                let mut escaped = false;
                let end = inside.find(|sign| {
                    let ends = sign == '"' && !escaped;
                    escaped = sign == '\\' && !escaped;
                    ends
                });
                end.map(|end| end + 2)
            }
            None => self.rest.find(|sign: char| sign.is_whitespace() || ")]".contains(sign)),
        };
        let (written, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        match serde_json::from_str::<Json>(written) {
            Ok(value) if !value.is_object() && !value.is_array() => {
                self.rest = rest.trim_start();
                Ok(value)
            }
            _ => Err(self.expected("a value such as \"text\", true or 7")),
        }
    }

    /// Takes a word in any case, when it stands alone.
    fn word(&mut self, word: &str) -> bool {
        let found = self.rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        let alone = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || "_-$:.".contains(c));
        match found && alone(&self.rest[word.len()..]) {
            true => {
                self.rest = self.rest[word.len()..].trim_start();
                true
            }
            false => false,
        }
    }

    pub fn eat(&mut self, sign: char) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    pub fn need(&mut self, sign: char) -> Result<(), Refusal> {
        if self.eat(sign) { Ok(()) } else { Err(self.expected(&format!("\"{sign}\""))) }
    }

    pub fn expected(&self, what: &str) -> Refusal {
        let at = self.all.chars().count() - self.rest.chars().count() + 1;
        invalid(format!("the filter cannot be read at character {at}: {what} is expected there"))
    }
}

fn one_or(mut parts: Vec<Filter>, many: fn(Vec<Filter>) -> Filter) -> Filter {
    match parts.len() {
        1 => parts.remove(0),
        _ => many(parts),
    }
}

/// A filter that makes no sense, or is not served (`invalidFilter`).
pub(super) fn invalid(sentence: impl Into<String>) -> Refusal {
    Refusal::invalid("scim_filter", sentence)
}
