//! The neutral expressions of the cases in our words: `contains(s, "a")` becomes `s.contains("a")`, a division keeps its
//! fraction, variables get the names that they have here.

use super::names::Names;
use std::collections::BTreeSet;

/// An expression that was read.
pub struct Read {
    /// In our words.
    pub text: String,
    /// The variables in it, as the case calls them.
    pub variables: BTreeSet<String>,
}

/// Reads an expression.
pub fn read(source: &str, names: &Names) -> Result<Read, String> {
    let words = words(source)?;
    let mut reader = Reader { words: &words, at: 0, names, variables: BTreeSet::new() };
    let text = reader.either()?;
    match reader.peek() {
        "" => Ok(Read { text, variables: reader.variables }),
        more => Err(format!("nothing is expected at \"{more}\" in the expression {source}")),
    }
}

/// An expression in our words.
pub fn translate(source: &str, names: &Names) -> Result<String, String> {
    read(source, names).map(|read| read.text)
}

/// A text as an expression that gives it.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' | '\\' => quoted.extend(['\\', sign]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            sign => quoted.push(sign),
        }
    }
    quoted + "\""
}

struct Reader<'r> {
    words: &'r [String],
    at: usize,
    names: &'r Names,
    variables: BTreeSet<String>,
}

impl Reader<'_> {
    fn peek(&self) -> &str {
        self.words.get(self.at).map_or("", String::as_str)
    }

    /// The next word, when it is one of these.
    fn one_of(&mut self, wanted: &[&'static str]) -> Option<&'static str> {
        let found = wanted.iter().copied().find(|word| *word == self.peek())?;
        self.at += 1;
        Some(found)
    }

    fn need(&mut self, word: &'static str) -> Result<(), String> {
        self.one_of(&[word]).map(|_| ()).ok_or_else(|| format!("\"{word}\" is expected, not \"{}\"", self.peek()))
    }

    fn either(&mut self) -> Result<String, String> {
        let mut text = self.both()?;
        while self.one_of(&["||", "or"]).is_some() {
            text = format!("({text} || {})", self.both()?);
        }
        Ok(text)
    }

    fn both(&mut self) -> Result<String, String> {
        let mut text = self.not()?;
        while self.one_of(&["&&", "and"]).is_some() {
            text = format!("({text} && {})", self.not()?);
        }
        Ok(text)
    }

    fn not(&mut self) -> Result<String, String> {
        if self.one_of(&["not"]).is_some() {
            return Ok(format!("!({})", self.not()?));
        }
        let left = self.sum()?;
        match self.one_of(&["==", "!=", "<=", ">=", "<", ">"]) {
            Some(sign) => Ok(format!("{left} {sign} {}", self.sum()?)),
            None => Ok(left),
        }
    }

    fn sum(&mut self) -> Result<String, String> {
        let mut text = self.product()?;
        while let Some(sign) = self.one_of(&["+", "-"]) {
            text = format!("({text} {sign} {})", self.product()?);
        }
        Ok(text)
    }

    fn product(&mut self) -> Result<String, String> {
        let mut text = self.sign()?;
        while let Some(sign) = self.one_of(&["*", "/", "%"]) {
            let right = self.sign()?;
            // Two whole numbers would give a whole number.
            let left = if sign == "/" { format!("1.0 * {text}") } else { text };
            text = format!("({left} {sign} {right})");
        }
        Ok(text)
    }

    fn sign(&mut self) -> Result<String, String> {
        match self.one_of(&["-", "!"]) {
            Some("-") => Ok(format!("-{}", self.sign()?)),
            Some(_) => Ok(format!("!({})", self.sign()?)),
            None => self.part(),
        }
    }

    fn part(&mut self) -> Result<String, String> {
        let mut text = self.value()?;
        loop {
            match self.one_of(&[".", "["]) {
                Some(".") => text = format!("{text}.{}", self.take()?),
                Some(_) => {
                    let place = self.either()?;
                    self.need("]")?;
                    text = format!("{text}[{place}]");
                }
                None => return Ok(text),
            }
        }
    }

    fn value(&mut self) -> Result<String, String> {
        let word = self.take()?;
        let first = word.chars().next().unwrap_or(' ');
        Ok(match word.as_str() {
            "(" => {
                let inside = self.either()?;
                self.need(")")?;
                format!("({inside})")
            }
            "[" => format!("[{}]", self.list("]")?.join(", ")),
            "true" | "false" => word,
            "null" => "()".to_owned(),
            _ if first == '"' => quoted(&word[1..]),
            _ if first.is_ascii_digit() => word,
            _ if first.is_alphabetic() || first == '_' => {
                if self.one_of(&["("]).is_some() {
                    return called(&word, &self.list(")")?);
                }
                let ours = self.names.variable(&word);
                self.variables.insert(word);
                ours
            }
            _ => return Err(format!("a value is expected, not \"{word}\"")),
        })
    }

    fn list(&mut self, end: &'static str) -> Result<Vec<String>, String> {
        let mut items = Vec::new();
        while self.one_of(&[end]).is_none() {
            if !items.is_empty() {
                self.need(",")?;
            }
            items.push(self.either()?);
        }
        Ok(items)
    }

    fn take(&mut self) -> Result<String, String> {
        let word = self.words.get(self.at).cloned().ok_or("the expression breaks off")?;
        self.at += 1;
        Ok(word)
    }
}

fn called(function: &str, arguments: &[String]) -> Result<String, String> {
    match (function, arguments) {
        ("contains", [whole, piece]) => Ok(format!("{whole}.contains({piece})")),
        _ => Err(format!("the cases have no function \"{function}\" of {} arguments", arguments.len())),
    }
}

/// The words of an expression; a text begins with a quotation mark and has none at its end.
fn words(source: &str) -> Result<Vec<String>, String> {
    const DOUBLE: [&str; 6] = ["&&", "||", "==", "!=", "<=", ">="];
    let mut words = Vec::new();
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        let long = |fits: fn(char) -> bool| rest.find(|c| !fits(c)).unwrap_or(rest.len());
        let (word, length) = match first {
            '"' | '\'' => text(rest, first)?,
            _ if first.is_ascii_digit() => {
                let length = long(|c| c.is_ascii_digit() || c == '.');
                (rest[..length].to_owned(), length)
            }
            _ if first.is_alphabetic() || first == '_' => {
                let length = long(|c| c.is_alphanumeric() || c == '_');
                (rest[..length].to_owned(), length)
            }
            _ => {
                let double = DOUBLE.into_iter().find(|double| rest.starts_with(double));
                let word = double.map_or_else(|| first.to_string(), str::to_owned);
                let length = word.len();
                (word, length)
            }
        };
        words.push(word);
        rest = rest[length..].trim_start();
    }
    Ok(words)
}

/// A text at the beginning of the rest, and how long it is there.
fn text(rest: &str, mark: char) -> Result<(String, usize), String> {
    let mut found = String::from("\"");
    let mut signs = rest.char_indices().skip(1);
    while let Some((at, sign)) = signs.next() {
        match sign {
            '\\' => found.extend(signs.next().map(|(_, sign)| sign)),
            _ if sign == mark => return Ok((found, at + 1)),
            sign => found.push(sign),
        }
    }
    Err(format!("a text has no end: {rest}"))
}
