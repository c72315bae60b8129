//! Builds the position index from the events of the YAML parser, and refuses what a definition never needs: duplicate
//! keys, anchors, aliases, merge keys, tags, a second document, endless nesting. Interprets no scalar.

use super::spot::{Entries, Entry, Scalar, Spot, Typed};
use crate::model::expression::Place;
use crate::model::finding::Finding;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput};
use std::sync::Arc;

/// Lists and maps inside one another, at most.
pub const DEPTH_LIMIT: usize = 64;
const DEEP: &str = "lists and maps are nested more than 64 deep here";
/// Values in one file, at most.
pub const NODE_LIMIT: usize = 100_000;

/// What the events of a file say.
pub struct Index {
    /// The document; none when it cannot be read to its end.
    pub root: Option<Spot>,
    /// What was refused.
    pub findings: Vec<Finding>,
    /// Whether the file can be read on in spite of the findings.
    pub readable: bool,
}

/// Reads the events of a file.
pub fn index(file: &Arc<str>, text: &str) -> Index {
    let mut reader = Reader {
        file,
        parser: Parser::new_from_str(text),
        nodes: 0,
        index: Index { root: None, findings: Vec::new(), readable: true },
    };
    match reader.document() {
        Ok(root) => reader.index.root = root,
        Err(stop) => reader.index.findings.push(stop),
    }
    reader.index.readable &= reader.index.root.is_some();
    reader.index
}

struct Reader<'a> {
    file: &'a Arc<str>,
    parser: Parser<'a, StrInput<'a>>,
    nodes: usize,
    index: Index,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<Option<Spot>, Finding> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(_) if root.is_some() => {
                    let sentence = "a second document begins here; write one document a file";
                    return Err(Finding::error(self.place(span.start), sentence));
                }
                Event::Nothing | Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd => {}
                event => root = Some(self.value(event, span, 0)?),
            }
        }
        if root.is_none() {
            let at = Place { file: Arc::clone(self.file), line: 1, column: 1 };
            return Err(Finding::error(at, "the file is empty"));
        }
        Ok(root)
    }

    fn value(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Spot, Finding> {
        self.nodes += 1;
        if self.nodes > NODE_LIMIT {
            let sentence = format!("the file has more than {NODE_LIMIT} values; split it");
            return Err(Finding::error(self.place(span.start), sentence));
        }
        if depth > DEPTH_LIMIT {
            return Err(Finding::error(self.place(span.start), DEEP));
        }
        let start = here(span.start);
        let typed = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse(span.start, anchor, tag.is_some());
                Typed::Scalar(self.scalar(&text, style, span))
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse(span.start, anchor, tag.is_some());
                Typed::List(self.list(depth)?)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse(span.start, anchor, tag.is_some());
                Typed::Map(self.map(depth)?)
            }
            Event::Alias(_) => {
                self.wrong(span.start, "an alias (*name) is not allowed; write the value again");
                Typed::Scalar(Scalar { text: String::new(), plain: true, text_start: start })
            }
            _ => return Err(Finding::error(self.place(span.start), "this is not YAML that can be read")),
        };
        Ok(Spot { start, typed })
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Spot>, Finding> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                (event, span) => items.push(self.value(event, span, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Entries, Finding> {
        let mut entries = Entries::default();
        loop {
            let (event, span) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(entries),
                Event::Scalar(..) | Event::Alias(_) => self.value(event, span, depth + 1)?,
                _ => return Err(Finding::error(self.place(span.start), "a key must be text, not a list or a map")),
            };
            let Typed::Scalar(Scalar { text: key, .. }) = key.typed else { continue };
            if key == "<<" {
                self.wrong(span.start, "a merge key (<<) is not allowed; write the keys again");
            }
            let (event, value_span) = self.next()?;
            let value = self.value(event, value_span, depth + 1)?;
            if let Some((line, _)) = entries.add(Entry { key: key.clone(), start: here(span.start), value }) {
                let at = self.place(span.start);
                let sentence = format!("duplicate key \"{key}\"; it stands already on line {line}");
                self.index.findings.push(Finding::error(at, sentence));
            }
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span) -> Scalar {
        if text.contains('\0') {
            self.wrong(span.start, "the character U+0000 is not text; remove it");
        }
        let (line, column) = here(span.start);
        let plain = style == ScalarStyle::Plain;
        let text_start = match style {
            ScalarStyle::Plain => (line, column),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => (line, column + 1),
            // The parser gives the first line with text; empty lines before it belong to the text too.
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let empty = text.len() - text.trim_start_matches('\n').len();
                (line.saturating_sub(empty as u32).max(1), column)
            }
        };
        Scalar { text: text.to_owned(), plain, text_start }
    }

    fn refuse(&mut self, at: Marker, anchor: usize, tag: bool) {
        if anchor > 0 {
            self.wrong(at, "an anchor (&name) is not allowed; write the value where it is needed");
        }
        if tag {
            self.wrong(at, "a tag (!name) is not allowed; write the value alone");
        }
    }

    fn wrong(&mut self, at: Marker, sentence: &str) {
        self.index.findings.push(Finding::error(self.place(at), sentence));
        self.index.readable = false;
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Finding> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(wrong)) => {
                let sentence = match wrong.info() {
                    info if info.contains("recursion limit") => DEEP.to_owned(),
                    info => format!("this is not YAML: {info}"),
                };
                Err(Finding::error(self.place(*wrong.marker()), sentence))
            }
            None => Ok((Event::StreamEnd, Span::empty(Marker::default()))),
        }
    }

    fn place(&self, at: Marker) -> Place {
        let (line, column) = here(at);
        Place { file: Arc::clone(self.file), line, column }
    }
}

fn here(at: Marker) -> (u32, u32) {
    (at.line().max(1) as u32, at.col() as u32 + 1)
}
